"""Environment steps a second of DQN on each MinAtar game: the compiled loop, and the stepwise loop on the original.

`python benchmarks/minatar_games.py` runs, for each game and each of three seeds, one after the other on one core:
`rlkit run experiments/minatar_breakout_dqn_compiled.yaml` and `minatar_breakout_dqn.yaml` with the game's id, the same
agent and settings, without evaluations and recorders. The figure is run.json's `steps_per_second`: all steps over the
training loop's seconds, the first 1,000 of them before learning starts.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from processes import pin, rlkit_run
from report import add_report_arguments, parse, progress, provenance, publish, seeds, table

GAMES = ("Breakout", "Asterix", "Freeway", "Seaquest", "SpaceInvaders")
COMPILED, STEPWISE = "minatar_breakout_dqn_compiled", "minatar_breakout_dqn"


def main() -> None:
    parser = argparse.ArgumentParser(description="Steps a second by MinAtar game, compiled and stepwise, one core.")
    parser.add_argument("games", nargs="*", default=list(GAMES), metavar="GAME", help=f"default: {' '.join(GAMES)}")
    parser.add_argument("--seeds", type=seeds, default=(0, 1, 2), help="like 0-2 (default)")
    parser.add_argument("--steps", type=int, default=40_000, help="environment steps a compiled run (default: 40000)")
    parser.add_argument("--stepwise-steps", type=int, default=10_000, help="and a stepwise one (default: 10000)")
    parser.add_argument("--core", type=int, help="the core that all processes are kept on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    unknown = sorted(set(arguments.games) - set(GAMES))
    if unknown:
        parser.error(f"games: found {', '.join(unknown)}; allowed are {', '.join(GAMES)}")
    if min(arguments.steps, arguments.stepwise_steps) <= 1000:
        parser.error("--steps, --stepwise-steps: learning starts at step 1,000, so more are needed")
    if arguments.quick:
        arguments.seeds, arguments.steps, arguments.stepwise_steps = arguments.seeds[:1], 3000, 2000
    pin(arguments.core)
    steps = {COMPILED: arguments.steps, STEPWISE: arguments.stepwise_steps}
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        for game in arguments.games:
            speeds: dict[str, list[float]] = {name: [] for name in steps}
            for seed in arguments.seeds:
                for name, limit in steps.items():
                    speeds[name].append(_speed(name, game, seed, limit, Path(cache)))
                    progress(f"{game}, seed {seed}, {name}: {speeds[name][-1]:,.0f} steps/s")
            ratio = statistics.median(speeds[COMPILED]) / statistics.median(speeds[STEPWISE])
            rows.append([f"MinAtar/{game}-v0", *map(_shown, speeds.values()), f"{ratio:.1f} ×"])
    head = [f"steps/s, median (lowest–highest) of seeds {', '.join(map(str, arguments.seeds))}"]
    head += [f"compiled, {arguments.steps:,} steps", f"stepwise, {arguments.stepwise_steps:,} steps", "ratio"]
    publish("minatar games", f"{table(head, rows)}\n\n{provenance()}", arguments.write)


def _speed(name: str, game: str, seed: int, steps: int, cache: Path) -> float:
    settings = {
        "environment.id": f"MinAtar/{game}-v0",
        "limits": f"{{steps: {steps}}}",
        "evaluation": "{episodes: 0}",
        "recorders": "[]",
    }
    _, manifest = rlkit_run(seed, settings, f"experiments/{name}.yaml", cache=cache)
    return float(manifest["steps_per_second"])


def _shown(speeds: list[float]) -> str:
    return f"{statistics.median(speeds):,.0f} ({min(speeds):,.0f}–{max(speeds):,.0f})"


if __name__ == "__main__":
    main()
