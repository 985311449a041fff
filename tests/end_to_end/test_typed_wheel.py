"""What an author's type checker sees of the wheel: its stubs, its markers, and the types of rlkit's own names."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("rlkit", "rlkit_dqn", "rlkit_gymnasium", "rlkit_recorders", "rlkit_worlds")
PLUGIN = """\
from __future__ import annotations

from rlkit import Call, Seen, Tensor, component, hookimpl, parameter


@component
class Doubling:
    factor: float = parameter(default=2.0, doc="of each value", above=0)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return values


@hookimpl
def rlkit_explorations() -> dict[str, type[Doubling]]:
    return {"doubling": Doubling}


reveal_type(Doubling(factor=3.0).factor)
Doubling(factor="three")
Doubling(3.0)
parameter(doc=3)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return next(folder.glob("*.whl"))


def test_every_package_of_the_wheel_is_marked_as_typed(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    assert {"rlkit/__init__.pyi", "rlkit/testing/__init__.pyi"} <= set(names)


def test_a_plugin_is_type_checked_against_the_installed_package(wheel: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    venv.create(tmp_path / "environment", symlinks=True)
    (packages,) = (tmp_path / "environment").glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(packages)
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"))
    (tmp_path / "acme_rl.py").write_text(PLUGIN)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}"),
            *("--python-executable", str(tmp_path / "environment" / "bin" / "python"), "acme_rl.py"),
        ],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in ("MYPYPATH", "PYTHONPATH")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if "note: " not in line or "Revealed" in line]
    text = 'has incompatible type "str"; expected "float"  [arg-type]'
    assert lines == [
        'acme_rl.py:19: note: Revealed type is "float"',
        f'acme_rl.py:20: error: Argument "factor" to "Doubling" {text}',
        'acme_rl.py:21: error: Too many positional arguments for "Doubling"  [call-arg]',
        'acme_rl.py:22: error: Argument "doc" to "parameter" has incompatible type "int"; expected "str"  [arg-type]',
        "Found 3 errors in 1 file (checked 1 source file)",
    ], done.stdout + done.stderr
