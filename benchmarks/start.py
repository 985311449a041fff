"""From the shell to solved: whole processes of the default experiment, with and without converted programs kept.

`python benchmarks/start.py` runs, for each of ten seeds, one after the other on one core: `rlkit run` with warm and
with cold programs, to its end (import, training until the stop criterion is met, evaluation, weights, picture);
`plain_dqn.py`, which ends as soon as it has solved the task; with `--baseline PATH` another script of its kind; and
Stable-Baselines3's DQN (`sb3_dqn.py --solve`, 100,000 steps at most) where it is installed or `--sb3-python PATH` names
an interpreter that has it. Seconds are by the wall clock, memory is `ru_maxrss` of the process.

Each trains as long as its own seed needs, so the seconds are given besides for seeds that needed at most 30,000 steps.
The time to the first step is that of a whole process of one step, without recorders and evaluation: more than the step
waits for. Warm programs lie in a folder of the benchmark's own that one untimed run has filled; a cold run finds an
empty one.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from processes import EXPERIMENT, Measured, measure, pin, rlkit_run, trained
from report import add_report_arguments, existing_file, parse, progress, provenance, publish, seeds, table

HERE = Path(__file__).resolve().parent
WARM, COLD = f"`rlkit run {EXPERIMENT}`, warm", f"`rlkit run {EXPERIMENT}`, cold"
PLAIN, GIVEN, SB3 = "`benchmarks/plain_dqn.py`", "the baseline given", "Stable-Baselines3's DQN"
STEPS, SB3_STEPS = 30_000, 100_000
SECONDS, FIRST_STEP_SECONDS, PEAK_MB = 4.0, 0.8, 130.0
MB = 2**20 / 1e6


class Run(NamedTuple):
    """One process."""

    seconds: float
    peak_mb: float
    """In 10⁶ bytes."""
    steps: int
    solved: bool


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds and memory from the shell to solved.")
    parser.add_argument("--seeds", type=seeds, default=tuple(range(10)), help="like 0-9 (default)")
    parser.add_argument("--rounds", type=int, default=10, help="processes of one step (default: 10)")
    parser.add_argument("--core", type=int, help="the core that all processes are kept on (default: the last)")
    parser.add_argument(
        "--baseline", type=existing_file, metavar="PATH", help="a script that takes SEED and prints such a line"
    )
    parser.add_argument(
        "--sb3-python", type=existing_file, metavar="PATH", help="an interpreter that has stable-baselines3"
    )
    add_report_arguments(parser)
    arguments = parse(parser)
    pin(arguments.core)
    with tempfile.TemporaryDirectory() as folder:
        _measure(arguments, Path(folder))


def _measure(arguments: argparse.Namespace, folder: Path) -> None:
    quick: bool = arguments.quick
    chosen, rounds = (arguments.seeds[:1], 2) if quick else (arguments.seeds, arguments.rounds)
    versions: dict[str, str] = {}
    settings = {"stop": "[]", "limits.steps": 2000} if quick else {}
    rlkit_run(0, {"limits.episodes": 1}, cache=folder / "warm")

    def rlkit(seed: int, cache: Path) -> Run:
        process, manifest = rlkit_run(seed, settings, cache=cache)
        return _run(process, manifest["steps"], manifest["solved"])

    def script(path: Path) -> Callable[[int], Run]:
        def run(seed: int) -> Run:
            process, line = trained(path, seed, 1500 if quick else None)
            return _run(process, line["steps"], line["solved"] is not None)

        return run

    def sb3(seed: int) -> Run:
        words: list[str | Path] = [HERE / "sb3_dqn.py", str(seed), str(2000 if quick else SB3_STEPS), "--solve"]
        process = measure([arguments.sb3_python or sys.executable, *words])
        line: dict[str, Any] = json.loads(process.stdout.strip().splitlines()[-1])
        versions.update(line["versions"])
        return _run(process, line["steps"], line["solved"] is not None)

    subjects: dict[str, Callable[[int], Run]] = {
        WARM: lambda seed: rlkit(seed, folder / "warm"),
        COLD: lambda seed: rlkit(seed, folder / f"cold{seed}"),
        PLAIN: script(HERE / "plain_dqn.py"),
    }
    if arguments.baseline:
        subjects[GIVEN] = script(arguments.baseline)
    if arguments.sb3_python or importlib.util.find_spec("stable_baselines3"):
        subjects[SB3] = sb3

    runs: dict[str, list[Run]] = {name: [] for name in subjects}
    for turn, seed in enumerate(chosen):
        order = list(subjects)
        shift = turn % len(order)  # nobody always has the same neighbour
        for name in order[shift:] + order[:shift]:
            run = subjects[name](seed)
            runs[name].append(run)
            progress(f"seed {seed}  {name}: {run.seconds:.2f} s, {run.steps:,} steps, {run.peak_mb:,.0f} MB")
    one_step = {"limits.steps": 1, "recorders": "[]", "evaluation.episodes": 0}
    first = [rlkit_run(turn, one_step, cache=folder / "warm")[0].seconds for turn in range(rounds)]
    more = [f"{name} {version}" for name, version in versions.items()]
    text = "\n".join([_table(runs, chosen), "", *_verdicts(runs[WARM], first)])
    publish("start", f"{text}\n\n{provenance(*more)}", arguments.write)


def _run(process: Measured, steps: int, solved: bool) -> Run:
    return Run(process.seconds, process.peak_mb * MB, steps, solved)


def _table(runs: dict[str, list[Run]], chosen: tuple[int, ...]) -> str:
    head = [
        f"seeds {', '.join(map(str, chosen))}, whole process",
        "solved",
        "steps, median",
        "seconds, median",
        "lowest–highest",
        f"seconds, median of at most {STEPS:,} steps",
        "peak MB, median",
        "highest",
    ]
    return table(head, [_row(name, found) for name, found in runs.items()])


def _row(name: str, found: list[Run]) -> list[str]:
    seconds, peaks, short = [run.seconds for run in found], [run.peak_mb for run in found], _short(found)
    return [
        name,
        f"{sum(run.solved for run in found)} of {len(found)}",
        f"{statistics.median(run.steps for run in found):,.0f}",
        f"{statistics.median(seconds):.2f}",
        f"{min(seconds):.2f}–{max(seconds):.2f}",
        f"{statistics.median(run.seconds for run in short):.2f} ({len(short)})" if short else "",
        f"{statistics.median(peaks):,.0f}",
        f"{max(peaks):,.0f}",
    ]


def _short(found: list[Run]) -> list[Run]:
    return [run for run in found if run.solved and run.steps <= STEPS]


def _verdicts(warm: list[Run], first: list[float]) -> list[str]:
    short, peak, begun = _short(warm), max(run.peak_mb for run in warm), statistics.median(first)
    lines = []
    if short:
        slowest = max(run.seconds for run in short)
        lines.append(
            f"- Warm, the slowest of {len(short)} seeds that needed at most {STEPS:,} steps: {slowest:.2f} s; under "
            f"{SECONDS:g} s is asked: {_word(slowest < SECONDS)}."
        )
    return [
        *lines,
        f"- Warm, from the shell to the first step: under {begun:.2f} s (median of {len(first)} processes of one step, "
        f"{min(first):.2f}–{max(first):.2f}); under {FIRST_STEP_SECONDS:g} s is asked: "
        f"{_word(begun < FIRST_STEP_SECONDS)}.",
        f"- Warm, peak memory: {peak:,.0f} MB at most; under {PEAK_MB:g} MB is asked: {_word(peak < PEAK_MB)}.",
    ]


def _word(met: bool) -> str:
    return "met" if met else "missed"


if __name__ == "__main__":
    main()
