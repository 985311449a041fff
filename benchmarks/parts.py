"""What each part of the value family costs a step beside plain DQN, in both loops, on one core.

`python benchmarks/parts.py` runs `cartpole_dqn` and `cartpole_dqn_compiled`, stop rule off, with one part exchanged at
a time. The parts take turns, so that what else the machine does meets all of them; a first run of each, which compiles
and keeps its programs, counts for nothing. The figure is `steps_per_second` of `run.json`, turned over.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

from processes import EXPERIMENT, pin, rlkit_run
from report import add_report_arguments, parse, progress, provenance, publish, table

COMPILED = "experiments/cartpole_dqn_compiled.yaml"
NOISY = {"network.layer": "noisy", "head.layer": "noisy", "exploration": "greedy"}
C51 = "{name: c51, low: 0, high: 20}"
PARTS: Mapping[str, Mapping[str, str]] = {
    "plain DQN": {},
    "`agent.n_step: 3`": {"agent.n_step": "3"},
    "`bootstrap: double`": {"bootstrap": "double"},
    "`bootstrap: munchausen`": {"bootstrap": "munchausen"},
    "`head.dueling: true`": {"head.dueling": "true"},
    "`buffer: prioritized`": {"buffer": "{name: prioritized, capacity: 100_000}"},
    "`layer: noisy`": NOISY,
    "`head: c51`": {"head": C51},
    "`head: quantile` (32)": {"head": "{name: quantile, quantiles: 32, kappa: 10}"},
    "`head: iqn` (8)": {"head": "{name: iqn, fractions: 8, kappa: 10}"},
    "`head: fqf` (8)": {"head": "{name: fqf, fractions: 8, kappa: 10}"},
    "Rainbow": {
        **NOISY,
        "agent.n_step": "3",
        "bootstrap": "double",
        "head": "{name: c51, low: 0, high: 20, dueling: true, layer: noisy}",
        "buffer": "{name: prioritized, capacity: 100_000}",
    },
}
"""The greatest discounted return of this task is 1 / (1 − 0.95) = 20."""
OFF = {"stop": "[]", "recorders": "[]", "evaluation": "{episodes: 0}", "limits.episodes": "null"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Parts: microseconds a step in both loops.")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each part and loop that count (default: 3)")
    parser.add_argument("--steps", type=int, default=20_000, help="of a compiled run (default: 20000)")
    parser.add_argument("--stepwise-steps", type=int, default=8_000, help="of a stepwise run (default: 8000)")
    parser.add_argument("--core", type=int, help="the core that all is kept on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    pin(arguments.core)
    rounds, steps = arguments.rounds, {EXPERIMENT: arguments.stepwise_steps, COMPILED: arguments.steps}
    if arguments.quick:
        rounds, steps = 1, dict.fromkeys(steps, 1_000)
    found: dict[tuple[str, str], list[float]] = {(part, file): [] for part in PARTS for file in steps}
    with tempfile.TemporaryDirectory() as cache:
        for turn in range(rounds + 1):
            for (part, file), times in found.items():
                settings = {**OFF, "limits.steps": steps[file], **PARTS[part]}
                _, manifest = rlkit_run(turn, settings, file, cache=Path(cache))
                microseconds = 1e6 / float(manifest["steps_per_second"])
                progress(f"round {turn}  {part}, {manifest['loop']}: {microseconds:.1f} µs a step")
                times += [microseconds] if turn else []
    rows = [[part, *(_shown(found, part, file) for file in steps)] for part in PARTS]
    head = ["µs a step, median (lowest–highest), × plain", "stepwise", "compiled"]
    publish("parts", f"{table(head, rows)}\n\n{provenance()}", arguments.write)


def _shown(found: Mapping[tuple[str, str], list[float]], part: str, file: str) -> str:
    times, plain = found[part, file], statistics.median(found["plain DQN", file])
    middle = statistics.median(times)
    return f"{middle:.1f} ({min(times):.1f}–{max(times):.1f}), {middle / plain:.1f} ×"


if __name__ == "__main__":
    main()
