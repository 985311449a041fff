"""Packages built as wheels and installed by pip into fresh virtual environments."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path


def run(*command: str | Path, cwd: Path) -> str:
    """What a command printed; it must succeed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def wheel_of(project: Path, built: Path) -> Path:
    """The wheel of a project, in the folder `built`."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", built, project, cwd=project)
    return next(built.glob("*.whl"))


def python_with(wheel: Path, folder: Path) -> Path:
    """The interpreter of a fresh virtual environment with the wheel, and all that this environment has."""
    venv.create(folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    # addsitedir, unlike a plain path in a .pth file, heeds the .pth files of editable installations there.
    lines = [
        f"import site; site.addsitedir({sysconfig.get_path(name)!r})\n"
        for name in dict.fromkeys(("purelib", "platlib"))
    ]
    Path(packages, "running_environment.pth").write_text("".join(lines), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", python)  # one of its own would take seconds to install
    run(*pip, "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=folder)
    return python
