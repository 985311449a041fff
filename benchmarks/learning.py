"""Do the shipped experiments learn? Each trained for several seeds, then judged by greedy episodes.

`python benchmarks/learning.py EXPERIMENT… --seeds 0-4 --runs DIR` trains each experiment by the installed command for
each seed and keeps the runs in DIR; a run that DIR already holds, finished and of the very same resolved experiment, is
not made again. Then the weights at each run's end play 100 greedy episodes in environments with a seed of their own.
`--section NAME` names the section of the page that `--write` fills.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from processes import ROOT, measure, rlkit_command
from report import add_report_arguments, parse, progress, provenance, publish, seeds, table

EVALUATION_SEED = 1000
PUBLISHED = {
    "Acrobot-v1": (-76.639, 11.752, "100,000"),
    "LunarLander-v3": (154.382, 79.241, "100,000, on LunarLander-v2"),
    "MountainCar-v0": (-100.849, 9.925, "120,000"),
}
"""DQN's mean and standard deviation over the episodes of one trained agent, and its training steps."""
SOURCE = "RL Baselines3 Zoo, benchmark.md (one run each, greedy)"


class Outcome(NamedTuple):
    """One seed's run."""

    seed: int
    manifest: dict[str, Any]
    returns: list[float]
    """Of its greedy episodes."""
    curve: list[dict[str, Any]]
    """Rows of episodes.jsonl."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Train experiments over seeds; returns of greedy episodes.")
    parser.add_argument("experiments", nargs="+", metavar="EXPERIMENT", help="a shipped one, by its name")
    parser.add_argument("--seeds", type=seeds, default=tuple(range(5)), help="like 0-4 (default)")
    parser.add_argument("--runs", type=Path, required=True, metavar="DIR", help="where runs are kept and looked for")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--episodes", type=int, default=100, help="greedy episodes a run (default: 100)")
    parser.add_argument("--curve", type=int, metavar="STEPS", help="also training returns by so many steps")
    parser.add_argument("--section", default="learning", help="of the page (default: learning)")
    add_report_arguments(parser)
    arguments = parse(parser)
    if arguments.quick:
        arguments.seeds, arguments.episodes = arguments.seeds[:1], 2
        arguments.settings.append("limits.steps=1500")
    sections = []
    summaries = []
    for name in arguments.experiments:
        outcomes = [_outcome(name, seed, arguments) for seed in arguments.seeds]
        sections.append(_by_seed(name, outcomes))
        summaries.append(_summary(name, outcomes))
        if arguments.curve:
            sections.append(_curve(name, outcomes, arguments.curve))
    head = [
        "greedy episodes, mean over seeds (95 % interval)",
        "seeds",
        "solved",
        "rlkit",
        "published DQN",
        "its steps",
    ]
    source = f"Published: {SOURCE}. Intervals: percentiles of 10,000 bootstrap samples of the seeds."
    publish(arguments.section, "\n\n".join([table(head, summaries), source, *sections, provenance()]), arguments.write)


def _outcome(name: str, seed: int, arguments: argparse.Namespace) -> Outcome:
    folder = _finished(name, seed, arguments)
    if folder is None:
        assignments = [f"--set={one}" for one in arguments.settings]
        file = f"experiments/{name}.yaml"
        measure(
            [
                *rlkit_command(),
                "run",
                file,
                f"--seed={seed}",
                f"--out={arguments.runs.absolute()}",
                "--quiet",
                *assignments,
            ]
        )
        folder = _finished(name, seed, arguments)
        assert folder is not None
    weights = ["--weights=final", f"--episodes={arguments.episodes}", f"--seed={EVALUATION_SEED}", "--json"]
    evaluated = json.loads(measure([*rlkit_command(), "evaluate", folder.absolute(), *weights]).stdout)
    progress(f"{name}, seed {seed}: greedy mean {evaluated['mean']:.1f}")
    rows = [json.loads(line) for line in (folder / "episodes.jsonl").read_text(encoding="utf-8").splitlines()]
    return Outcome(seed, json.loads((folder / "run.json").read_text(encoding="utf-8")), evaluated["returns"], rows)


def _finished(name: str, seed: int, arguments: argparse.Namespace) -> Path | None:
    """The newest finished run of the same resolved experiment and seed."""
    import rlkit
    from rlkit.experiment.resolved import to_yaml

    wanted = to_yaml(rlkit.load(ROOT / "experiments" / f"{name}.yaml", arguments.settings, seed=seed).resolved)
    for manifest in sorted(arguments.runs.glob(f"{name}/*/run.json"), reverse=True):
        finished = json.loads(manifest.read_text(encoding="utf-8"))["status"] == "finished"
        if finished and (manifest.parent / "experiment.yaml").read_text(encoding="utf-8") == wanted:
            return Path(manifest.parent)
    return None


def _by_seed(name: str, outcomes: list[Outcome]) -> str:
    rows = [
        [
            str(outcome.seed),
            "yes" if outcome.manifest["solved"] else "no",
            f"{outcome.manifest['steps']:,}",
            f"{outcome.manifest['episodes']:,}",
            f"{np.mean([row['return'] for row in outcome.curve[-100:]]):.2f}",
            f"{np.mean(outcome.returns):.2f} ± {np.std(outcome.returns):.2f}",
        ]
        for outcome in outcomes
    ]
    head = [f"`{name}`, seed", "solved", "steps", "episodes", "last 100 training episodes", "greedy episodes"]
    return table(head, rows)


def _summary(name: str, outcomes: list[Outcome]) -> list[str]:
    means = np.array([np.mean(outcome.returns) for outcome in outcomes])
    samples = np.random.default_rng(0).choice(means, (10_000, means.size)).mean(axis=1)
    low, high = np.quantile(samples, [0.025, 0.975])
    solved = f"{sum(outcome.manifest['solved'] for outcome in outcomes)}"
    import rlkit

    task = rlkit.load(ROOT / "experiments" / f"{name}.yaml").resolved["environment"]["id"]
    mean, deviation, steps = PUBLISHED.get(task, (None, None, ""))
    published = "" if mean is None else f"{mean:.1f} ± {deviation:.1f}"
    shown = f"{means.mean():.2f} ({low:.2f} to {high:.2f})"
    return [f"{task}", str(len(outcomes)), solved, shown, published, steps]


def _curve(name: str, outcomes: list[Outcome], interval: int) -> str:
    last = min(outcome.manifest["steps"] for outcome in outcomes)
    marks = list(range(interval, last + 1, interval))
    rows = []
    for mark in marks:
        found = [mean_between(outcome.curve, mark - interval, mark) for outcome in outcomes]
        rows.append([f"{mark:,}", *(f"{one:.2f}" for one in found), f"{np.mean(found):.2f}"])
    names = [f"seed {outcome.seed}" for outcome in outcomes]
    return table([f"`{name}`, training return, mean of the {interval:,} steps before", *names, "mean"], rows)


def mean_between(rows: list[dict[str, Any]], after: int, until: int) -> float:
    """Mean return of the episodes that ended in (after, until] environment steps."""
    return float(np.mean([row["return"] for row in rows if after < row["step"] <= until]))


if __name__ == "__main__":
    main()
