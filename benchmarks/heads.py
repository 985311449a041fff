"""What each head of the DQN agent costs, and whether it learns: steps a second in both loops, episodes until solved.

`python benchmarks/heads.py learning` trains `cartpole_dqn_compiled` with each head until it is solved, five seeds. A
run that is unsolved after 2,000 episodes is censored there. `python benchmarks/heads.py speed` times 10,000 steps of it
in the compiled loop and 3,000 of `cartpole_dqn` in the stepwise one, the heads in turn, on one core.
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
    "quantile": "{name: quantile, quantiles: 20, kappa: 10}",
    "iqn": "{name: iqn, fractions: 8, kappa: 10}",
    "iqn, a draw a row": "{name: iqn, fractions: 8, kappa: 10, shared: false}",
    "fqf": "{name: fqf, fractions: 8, kappa: 10}",
}
"""The greatest discounted return of this task is 1 / (1 − 0.95) = 20."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Heads: episodes until solved, steps a second.")
    parser.add_argument("what", choices=("learning", "speed"))
    parser.add_argument("--seeds", type=seeds, default=tuple(range(5)), help="learning: like 0-4 (default)")
    parser.add_argument("--jobs", type=int, default=1, help="learning: processes at a time (default: 1)")
    parser.add_argument("--heads", nargs="+", choices=HEADS, default=list(HEADS), metavar="HEAD", help="default: all")
    parser.add_argument("--times", type=int, default=3, help="speed: runs of each head and loop (default: 3)")
    parser.add_argument("--steps", type=int, default=10_000, help="speed: of a compiled run (default: 10000)")
    parser.add_argument("--stepwise-steps", type=int, default=3_000, help="speed: of a stepwise run (default: 3000)")
    parser.add_argument("--core", type=int, help="speed: the core that all is kept on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    chosen = {name: HEADS[name] for name in arguments.heads}
    if arguments.what == "learning":
        found, limit = (arguments.seeds[:1], 30) if arguments.quick else (arguments.seeds, LIMIT)
        rows = [_episodes(name, head, found, limit, arguments.jobs) for name, head in chosen.items()]
        head = ["head", "episodes until solved, by seed (+ unsolved)", "median"]
    else:
        pin(arguments.core)
        steps = {COMPILED: arguments.steps, EXPERIMENT: arguments.stepwise_steps}
        rows = _speeds(chosen, 1 if arguments.quick else arguments.times, steps)
        head = ["head; steps/s, median (lowest–highest)", "compiled", "stepwise"]
    publish(f"heads {arguments.what}", "\n\n".join([table(head, rows), provenance()]), arguments.write)


def _episodes(name: str, head: str, chosen: tuple[int, ...], limit: int, jobs: int) -> list[str]:
    import rlkit

    settings = [f"limits.episodes={limit}", "recorders=[]", f"head={head}"]
    with tempfile.TemporaryDirectory() as out:
        results = rlkit.run_seeds(rlkit.load(ROOT / COMPILED, settings), chosen, jobs=jobs, out=out)
    found = [(result.episodes, result.solved) for result in results]
    text = ", ".join(f"{episodes}" + ("" if solved else "+") for episodes, solved in found)
    median = statistics.median(episodes if solved else LIMIT for episodes, solved in found)
    progress(f"{name}: {text}")
    return [f"`{head}`", text, f"{median:.0f}" if median < LIMIT else f"≥ {LIMIT}"]


def _speeds(heads: Mapping[str, str], times: int, steps: Mapping[str, int]) -> list[list[str]]:
    """A row a head; the heads take turns, so that what else the machine does meets all of them."""
    found: dict[tuple[str, str], list[float]] = {(name, file): [] for name in heads for file in steps}
    with tempfile.TemporaryDirectory() as cache:
        for seed in range(times):
            for file, count in steps.items():
                for name, head in heads.items():
                    off = {"stop": "[]", "recorders": "[]", "evaluation": "{episodes: 0}", "limits.episodes": "null"}
                    settings = {**off, "limits.steps": count, "head": head}
                    _, manifest = rlkit_run(seed, settings, file, cache=Path(cache))
                    found[name, file].append(float(manifest["steps_per_second"]))
                    progress(f"{name}, {file}: {found[name, file][-1]:,.0f} steps/s")
    return [[f"`{head}`", *(_shown(found[name, file]) for file in steps)] for name, head in heads.items()]


def _shown(found: list[float]) -> str:
    return f"{statistics.median(found):,.0f} ({min(found):,.0f}–{max(found):,.0f})"


if __name__ == "__main__":
    main()
