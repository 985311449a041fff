"""What each head of the DQN agent costs, and whether it learns: steps a second in both loops, episodes until solved.

`python benchmarks/heads.py` trains `cartpole_dqn_compiled` with each head until it is solved, five seeds, and then
times 20,000 steps of it in the compiled loop and 4,000 of `cartpole_dqn` in the stepwise one, in turn, on one core. A
run that is unsolved after 2,000 episodes is censored there.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

from episodes_to_solve import LIMIT
from processes import EXPERIMENT, ROOT, pin, rlkit_run
from report import add_report_arguments, parse, progress, provenance, publish, seeds, table

COMPILED = "experiments/cartpole_dqn_compiled.yaml"
HEADS: Mapping[str, str] = {
    "value": "{name: value}",
    "c51": "{name: c51, low: 0, high: 20}",
    "quantile": "{name: quantile, quantiles: 51}",
    "iqn": "{name: iqn, fractions: 8}",
    "iqn, a draw a row": "{name: iqn, fractions: 8, shared: false}",
    "fqf": "{name: fqf, fractions: 8}",
}
"""The greatest discounted return of this task is 1 / (1 − 0.95) = 20."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Heads: episodes until solved, steps a second, one core.")
    parser.add_argument("--seeds", type=seeds, default=tuple(range(5)), help="like 0-4 (default)")
    parser.add_argument("--times", type=int, default=3, help="timed runs of each head and loop (default: 3)")
    parser.add_argument("--steps", type=int, default=20_000, help="of a timed compiled run (default: 20000)")
    parser.add_argument("--stepwise-steps", type=int, default=4_000, help="and of a stepwise one (default: 4000)")
    parser.add_argument("--core", type=int, help="the core that all processes are kept on (default: the last)")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time while learning (default: 1)")
    add_report_arguments(parser)
    arguments = parse(parser)
    chosen, times, limit = arguments.seeds, arguments.times, LIMIT
    if arguments.quick:
        chosen, times, limit = chosen[:1], 1, 30
    learned = {name: _episodes(name, head, chosen, limit, arguments.jobs) for name, head in HEADS.items()}
    pin(arguments.core)
    speeds = _speeds(times, {COMPILED: arguments.steps, EXPERIMENT: arguments.stepwise_steps})
    rows = [
        [
            f"`{head}`",
            learned[name][0],
            learned[name][1],
            *(_shown(speeds[name, file]) for file in (COMPILED, EXPERIMENT)),
        ]
        for name, head in HEADS.items()
    ]
    columns = ["head", "episodes until solved, by seed (+ unsolved)", "median"]
    head = [*columns, "compiled steps/s, median (lowest–highest)", "stepwise steps/s"]
    publish("heads", "\n\n".join([table(head, rows), provenance()]), arguments.write)


def _episodes(name: str, head: str, chosen: tuple[int, ...], limit: int, jobs: int) -> tuple[str, str]:
    import rlkit

    settings = [f"limits.episodes={limit}", "recorders=[]", f"head={head}"]
    with tempfile.TemporaryDirectory() as out:
        results = rlkit.run_seeds(rlkit.load(ROOT / COMPILED, settings), chosen, jobs=jobs, out=out)
    found = [(result.episodes, result.solved) for result in results]
    text = ", ".join(f"{episodes}" + ("" if solved else "+") for episodes, solved in found)
    median = statistics.median(episodes if solved else LIMIT for episodes, solved in found)
    progress(f"{name}: {text}")
    return text, f"{median:.0f}" if median < LIMIT else f"≥ {LIMIT}"


def _speeds(times: int, steps: Mapping[str, int]) -> dict[tuple[str, str], list[float]]:
    """By head and experiment; the heads take turns, so that what else the machine does meets all of them."""
    found: dict[tuple[str, str], list[float]] = {(name, file): [] for name in HEADS for file in steps}
    with tempfile.TemporaryDirectory() as cache:
        for seed in range(times):
            for file, count in steps.items():
                for name, head in HEADS.items():
                    off = {"stop": "[]", "recorders": "[]", "evaluation": "{episodes: 0}", "limits.episodes": "null"}
                    settings = {**off, "limits.steps": count, "head": head}
                    _, manifest = rlkit_run(seed, settings, file, cache=Path(cache))
                    found[name, file].append(float(manifest["steps_per_second"]))
                    progress(f"{name}, {file}: {found[name, file][-1]:,.0f} steps/s")
    return found


def _shown(found: list[float]) -> str:
    return f"{statistics.median(found):,.0f} ({min(found):,.0f}–{max(found):,.0f})"


if __name__ == "__main__":
    main()
