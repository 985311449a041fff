"""Does a long run keep its memory? Pong from pictures, whose ring fills as it runs; nothing else may grow.

`python benchmarks/memory_growth.py` starts `rlkit run experiments/pong_dqn.yaml` for 100,000 steps and reads the
process's resident memory, again and again, beside the step at which it is. The ring's memory is not taken before its
rows are written, so what its rows up to that step take, as `rlkit` states it, is subtracted: the rest must stay flat.
Linux only: it reads `/proc`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from processes import ROOT, rlkit_command
from report import add_report_arguments, parse, progress, provenance, publish, table

EXPERIMENT = "experiments/pong_dqn.yaml"
EVERY_SECONDS = 1.0
LIMIT = 20.0
"""MiB of growth that a run may show once it learns: allocators breathe."""


class Reading(NamedTuple):
    """The process at one moment."""

    step: int
    resident: float
    """MiB."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Resident memory of a Pong run, step by step.")
    parser.add_argument("--steps", type=int, default=100_000, help="environment steps (default: 100000)")
    parser.add_argument("--capacity", type=int, help="rows of the ring, instead of the experiment's")
    add_report_arguments(parser)
    arguments = parse(parser)
    settings = {"limits.steps": 4_000 if arguments.quick else arguments.steps, "evaluation.episodes": 0}
    if arguments.quick:
        settings["agent.learning_starts"] = 500
    if arguments.capacity:
        settings["buffer.capacity"] = arguments.capacity
    row, rows, starts = _ring([f"{key}={value}" for key, value in settings.items()])
    readings, outcome = _watch([f"--set={key}={value}" for key, value in settings.items()])
    beyond = [Reading(one.step, one.resident - row * min(one.step, rows)) for one in readings]
    learning = [one for one in beyond if one.step >= starts + 1_000] or beyond
    slope = float(np.polyfit([one.step for one in learning], [one.resident for one in learning], 1)[0]) * 100_000
    spread = max(one.resident for one in learning) - min(one.resident for one in learning)
    marks = np.linspace(starts, settings["limits.steps"], 9).astype(int)
    lines = []
    for mark in marks:
        nearest = min(range(len(readings)), key=lambda place: abs(readings[place].step - mark))
        step, resident = readings[nearest]
        filled = row * min(step, rows)
        lines.append([f"{step:,}", f"{resident:,.0f}", f"{filled:,.0f}", f"{beyond[nearest].resident:,.0f}"])
    head = ["step", "resident MiB", "of it rows of the ring", "the rest"]
    verdict = (
        f"- From the first {starts + 1_000:,} steps on, {len(learning)} readings: the rest changes by {slope:+.1f} MiB "
        f"per 100,000 steps (least squares) and spreads over {spread:.1f} MiB; a growth of at most {LIMIT:.0f} is "
        f"asked: {'met' if slope <= LIMIT else 'missed'}.\n"
        f"- The full ring of {rows:,} rows takes {row * rows / 1024:.2f} GiB, {row * 1024:.2f} KiB a row.\n"
        f"- {outcome['steps']:,} steps, {outcome['updates']:,} learning steps, {outcome['episodes']} episodes, "
        f"{outcome['steps_per_second']:,.0f} steps/s."
    )
    publish("memory growth", f"{table(head, lines)}\n\n{verdict}\n\n{provenance()}", arguments.write)


def _ring(assignments: list[str]) -> tuple[float, int, int]:
    """MiB a row of the ring, its rows, and the steps before learning starts."""
    import rlkit
    from rlkit.replay.of_experiment import buffer_of, replay_bytes

    experiment = rlkit.load(ROOT / EXPERIMENT, assignments)
    rows = buffer_of(experiment).capacity
    return replay_bytes(experiment) / rows / 2**20, rows, int(experiment.agent.learning_starts)  # type: ignore[attr-defined]


def _watch(assignments: list[str]) -> tuple[list[Reading], dict[str, float]]:
    """Run the experiment; readings from its first logged learning step on, and its run.json."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    readings: list[Reading] = []
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryFile("w+") as printed:
        command = [*rlkit_command(), "run", EXPERIMENT, "--quiet", f"--out={out}", *assignments]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=printed, stderr=printed)
        while process.poll() is None:
            time.sleep(EVERY_SECONDS)
            step, resident = _step(Path(out)), _resident(process.pid)
            # Once the run is over its ring is given back, whatever the step says.
            if step and _running(Path(out)) and (not readings or step > readings[-1].step):
                readings.append(Reading(step, resident))
                if len(readings) % 60 == 1:
                    progress(f"step {step:,}: {resident:,.0f} MiB")
        if process.returncode != 0 or not readings:
            printed.seek(0)
            raise SystemExit(f"the run ended with status {process.returncode}:\n{printed.read()[-4000:]}")
        (manifest,) = Path(out).glob("*/*/run.json")
        return readings, json.loads(manifest.read_text(encoding="utf-8"))


def _step(out: Path) -> int:
    """The newest step that the run has written down."""
    newest = 0
    for rows in out.glob("*/*/*.jsonl"):
        lines = rows.read_text(encoding="utf-8").splitlines()
        for line in lines[-2:]:
            try:
                newest = max(newest, int(json.loads(line)["step"]))
            except ValueError:
                continue  # half a row, still being written
    return newest


def _running(out: Path) -> bool:
    return any(json.loads(path.read_text(encoding="utf-8"))["status"] == "running" for path in out.glob("*/*/run.json"))


def _resident(pid: int) -> float:
    """MiB, 0 where the process has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0.0)


if __name__ == "__main__":
    main()
