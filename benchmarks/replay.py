"""What prioritised replay, by masses and by ranks, costs a step beside uniform replay, with room for a million steps.

`python benchmarks/replay.py --core 1` trains CartPole in both loops with either buffer, in turn, so many rounds. The
first run of each makes its programs, and is not counted. The price of the tree follows from its capacity, full or not.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from processes import pin
from report import add_report_arguments, parse, progress, provenance, publish, table

STEPS = {"cartpole_dqn": 60_000, "cartpole_dqn_compiled": 300_000}
BUFFERS = ("uniform", "prioritized", "rank_prioritized")


def main() -> None:
    parser = argparse.ArgumentParser(description="Prioritised beside uniform replay.")
    parser.add_argument("--capacity", type=int, default=1_000_000, help="steps kept (default: 1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="of all six (default: 3)")
    parser.add_argument("--core", type=int, help="run on this core alone")
    add_report_arguments(parser)
    arguments = parse(parser)
    pin(arguments.core)
    rounds, capacity = (1, 2_000) if arguments.quick else (arguments.rounds, arguments.capacity)
    rows = []
    for experiment, steps in STEPS.items():
        found: dict[str, list[float]] = {buffer: [] for buffer in BUFFERS}
        for turn in range(rounds + 1):
            for buffer, times in found.items():
                microseconds = step_time(experiment, buffer, capacity, 2_000 if arguments.quick else steps)
                progress(f"round {turn}  {experiment}, {buffer}: {microseconds:.1f} µs a step")
                times += [microseconds] if turn else []
        uniform, *others = found.values()
        cells = [f"{statistics.median(times):.1f}: {ratio(times, uniform)}" for times in others]
        rows.append([f"`{experiment}`, {steps:,} steps", f"{statistics.median(uniform):.1f}", *cells])
    head = [f"capacity {capacity:,}, µs a step", *(f"`{buffer}`" for buffer in BUFFERS)]
    publish("replay", f"{table(head, rows)}\n\n{provenance()}", arguments.write)


def ratio(times: list[float], uniform: list[float]) -> str:
    """Median, lowest and highest, round by round."""
    ratios = [ours / theirs for theirs, ours in zip(uniform, times, strict=True)]
    return f"{statistics.median(ratios):.2f} × ({min(ratios):.2f}–{max(ratios):.2f})"


def step_time(experiment: str, buffer: str, capacity: int, steps: int) -> float:
    """Microseconds of an environment step of a run, learning included."""
    import rlkit

    settings = [
        "stop=[]",
        "limits.episodes=null",
        f"limits.steps={steps}",
        f"buffer={{name: {buffer}, capacity: {capacity}}}",
        "recorders=[]",
        "evaluation.episodes=0",
    ]
    with tempfile.TemporaryDirectory() as out:
        result = rlkit.run(rlkit.load(experiment, settings, seed=0), out=Path(out), quiet=True)
    assert result.steps_per_second is not None
    return 1e6 / result.steps_per_second


if __name__ == "__main__":
    main()
