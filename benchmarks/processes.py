"""Child processes, measured: wall-clock seconds, peak memory, and what they printed.

Standard library only: on Linux a child's peak memory is at least that of the process that started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXPERIMENT = "experiments/cartpole_dqn.yaml"


@dataclass(frozen=True)
class Measured:
    """A process that ended well."""

    stdout: str
    seconds: float
    """From its start to its end, by the wall clock."""
    peak_mb: float
    """Its `ru_maxrss` in MiB."""


def measure(command: Sequence[str | Path], variables: Mapping[str, str] | None = None) -> Measured:
    """Run a command in the project's folder to its end; SystemExit with what it wrote if it fails.

    `variables` are added to its environment.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    environment |= variables or {}
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        stderr.seek(0)
        printed, complained = stdout.read(), stderr.read()
    if process.returncode != 0:
        words = " ".join(str(word) for word in command)
        raise SystemExit(f"{words}\nended with status {process.returncode}:\n{printed[-2000:]}{complained[-4000:]}")
    return Measured(printed, seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))


def trained(script: Path, seed: int, steps: int | None = None, *, python: str = sys.executable) -> tuple[Measured, Any]:
    """Run a script that takes SEED [STEPS] and prints one JSON line; the process and the line."""
    process = measure([python, script, str(seed), *([] if steps is None else [str(steps)])])
    return process, json.loads(process.stdout.strip().splitlines()[-1])


def rlkit_command() -> list[str]:
    """The installed program beside this interpreter."""
    program = Path(sys.executable).with_name("rlkit")
    return [str(program)] if program.exists() else [sys.executable, "-m", "rlkit"]


def rlkit_run(
    seed: int, settings: Mapping[str, object], experiment: str = EXPERIMENT, *, cache: Path | None = None
) -> tuple[Measured, dict[str, Any]]:
    """Run an experiment, the default one unless told, with `--set` settings; the process and its run.json.

    Programs are kept in the folder `cache`; without one nothing is kept, nor used that was kept before.
    """
    with tempfile.TemporaryDirectory() as out:
        options = [f"--seed={seed}", f"--out={out}", *(f"--set={key}={value}" for key, value in settings.items())]
        command = [*rlkit_command(), "run", experiment, *options]
        process = measure([*command, "--no-cache"] if cache is None else command, {"RLKIT_CACHE_DIR": str(cache)})
        (manifest,) = Path(out).glob("*/*/run.json")
        return process, json.loads(manifest.read_text(encoding="utf-8"))


def pin(core: int | None) -> None:
    """Keep this process, and those that it starts, on one core: the last one allowed unless told."""
    if not hasattr(os, "sched_setaffinity"):
        print("this system cannot pin a process to a core: the processes run where they are put", file=sys.stderr)
        return
    allowed = os.sched_getaffinity(0)
    if core is not None and core not in allowed:
        raise SystemExit(f"there is no core {core} for this process; allowed are {sorted(allowed)}")
    os.sched_setaffinity(0, {max(allowed) if core is None else core})
