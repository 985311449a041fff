"""Whether the DQN agent learns with each head: episodes until solved. What a head costs, `parts.py` tells.

`python benchmarks/heads.py` trains `cartpole_dqn_compiled` with each head until it is solved, five seeds. A run that is
unsolved after 2,000 episodes is censored there.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Mapping

from episodes_to_solve import LIMIT
from processes import ROOT
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
    parser = argparse.ArgumentParser(description="Heads: episodes until solved.")
    parser.add_argument("--seeds", type=seeds, default=tuple(range(5)), help="like 0-4 (default)")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time (default: 1)")
    parser.add_argument("--heads", nargs="+", choices=HEADS, default=list(HEADS), metavar="HEAD", help="default: all")
    add_report_arguments(parser)
    arguments = parse(parser)
    found, limit = (arguments.seeds[:1], 30) if arguments.quick else (arguments.seeds, LIMIT)
    rows = [_episodes(name, HEADS[name], found, limit, arguments.jobs) for name in arguments.heads]
    head = ["head", "episodes until solved, by seed (+ unsolved)", "median"]
    publish("heads", f"{table(head, rows)}\n\n{provenance()}", arguments.write)


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


if __name__ == "__main__":
    main()
