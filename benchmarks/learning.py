"""Do the shipped experiments learn? Each trained for several seeds, then judged by greedy episodes.

`python benchmarks/learning.py EXPERIMENT… --seeds 0-4 --runs DIR` trains each experiment by the installed command for
each seed and keeps the runs in DIR; a run that DIR already holds, finished and of the very same resolved experiment, is
not made again. Then the weights at each run's end, and its best ones, play 100 greedy episodes in environments with a
seed of their own. `--curve STEPS` adds the curve of the training, beside a published one where `published.py` has it.
`--section NAME` names the section of the page that `--write` fills.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from processes import ROOT, measure, rlkit_command
from published import CURVES, CURVES_SOURCE, END_WINDOW, ENDS, ENDS_SOURCE, RESULTS, RESULTS_SOURCE
from report import add_report_arguments, parse, progress, provenance, publish, seeds, table

EVALUATION_SEED = 1000
WINDOW = 100
"""Episodes of training that a mean is taken over."""


class Outcome(NamedTuple):
    """One seed's run."""

    seed: int
    manifest: dict[str, Any]
    final: list[float]
    """Returns of greedy episodes with the weights at its end."""
    best: list[float]
    """The same with the weights that did best in its evaluations; those at its end if there was none before."""
    curve: list[dict[str, Any]]
    """Rows of episodes.jsonl."""
    evaluations: list[dict[str, Any]]
    """Rows of evaluation.jsonl."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Train experiments over seeds; returns of greedy episodes.")
    parser.add_argument("experiments", nargs="+", metavar="EXPERIMENT", help="a shipped one, by its name")
    parser.add_argument("--seeds", type=seeds, default=tuple(range(5)), help="like 0-4 (default)")
    parser.add_argument("--runs", type=Path, required=True, metavar="DIR", help="where runs are kept and looked for")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--episodes", type=int, default=100, help="greedy episodes a run (default: 100)")
    parser.add_argument("--curve", type=int, metavar="STEPS", help="also its course, by so many steps")
    parser.add_argument("--section", default="learning", help="of the page (default: learning)")
    add_report_arguments(parser)
    arguments = parse(parser)
    if arguments.quick:
        arguments.seeds, arguments.episodes = arguments.seeds[:1], 2
        arguments.settings.append("limits.steps=1500")
    sections: list[str] = []
    found: list[tuple[str, list[Outcome]]] = []
    for name in arguments.experiments:
        outcomes = [_outcome(name, seed, arguments) for seed in arguments.seeds]
        sections.append(_by_seed(name, outcomes))
        task = _task(name, arguments.settings)
        found.append((task, outcomes))
        if arguments.curve:
            sections.append(curve(task, outcomes, arguments.curve))
        if (task, outcomes[0].manifest["steps"]) in ENDS:
            sections.append(end(task, outcomes))
    publish(arguments.section, "\n\n".join([summary(found), *sections, provenance()]), arguments.write)


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
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    final = _greedy(folder, "final", arguments.episodes)
    best = _greedy(folder, "best", arguments.episodes) if "best" in manifest["weights"] else final
    progress(f"{name}, seed {seed}: greedy mean {np.mean(final):.1f} at the end, {np.mean(best):.1f} at best")
    return Outcome(seed, manifest, final, best, _rows(folder / "episodes.jsonl"), _rows(folder / "evaluation.jsonl"))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _task(name: str, settings: list[str]) -> str:
    """The environment's id; a compiled environment's is the name of a component."""
    import rlkit

    task = rlkit.load(ROOT / "experiments" / f"{name}.yaml", settings).resolved["environment"]["id"]
    return str(task["name"] if isinstance(task, dict) else task)


def _greedy(folder: Path, weights: str, episodes: int) -> list[float]:
    options = [f"--weights={weights}", f"--episodes={episodes}", f"--seed={EVALUATION_SEED}", "--json"]
    evaluated = json.loads(measure([*rlkit_command(), "evaluate", folder.absolute(), *options]).stdout)
    return [float(one) for one in evaluated["returns"]]


def _finished(name: str, seed: int, arguments: argparse.Namespace) -> Path | None:
    import rlkit
    from rlkit.experiment.resolved import to_yaml

    wanted = to_yaml(rlkit.load(ROOT / "experiments" / f"{name}.yaml", arguments.settings, seed=seed).resolved)
    return finished_run(arguments.runs / name, wanted)


def finished_run(folder: Path, resolved: str) -> Path | None:
    """The newest finished run whose `experiment.yaml`, seed included, is this text."""
    for manifest in sorted(folder.glob("*/run.json"), reverse=True):
        finished = json.loads(manifest.read_text(encoding="utf-8"))["status"] == "finished"
        if finished and (manifest.parent / "experiment.yaml").read_text(encoding="utf-8") == resolved:
            return manifest.parent
    return None


def _by_seed(name: str, outcomes: list[Outcome]) -> str:
    rows = [
        [
            str(outcome.seed),
            "yes" if outcome.manifest["solved"] else "no",
            f"{outcome.manifest['steps']:,}",
            f"{outcome.manifest['episodes']:,}",
            f"{last_returns(outcome.curve, outcome.manifest['steps']):.2f}",
            f"{np.mean(outcome.final):.2f} ± {np.std(outcome.final):.2f}",
            f"{np.mean(outcome.best):.2f} ± {np.std(outcome.best):.2f}",
        ]
        for outcome in outcomes
    ]
    head = [
        f"`{name}`, seed",
        "solved",
        "steps",
        "episodes",
        "last 100 training episodes",
        "greedy, final weights",
        "greedy, best weights",
    ]
    return table(head, rows)


def summary(found: list[tuple[str, list[Outcome]]]) -> str:
    """A row for each task, beside what is published of it; the source below."""
    columns = ["greedy episodes, mean over seeds (95 % interval)", "seeds", "solved"]
    columns += ["rlkit, final weights", "rlkit, best weights"]
    known = any(task in RESULTS for task, _ in found)
    rows = []
    for task, outcomes in found:
        row = [task, str(len(outcomes)), str(sum(outcome.manifest["solved"] for outcome in outcomes))]
        row.append(_interval([float(np.mean(outcome.final)) for outcome in outcomes]))
        row.append(_interval([float(np.mean(outcome.best)) for outcome in outcomes]))
        if known:
            one = RESULTS.get(task)
            row += ["", ""] if one is None else [f"{one.mean:.1f} ± {one.deviation:.1f}", one.trained]
        rows.append(row)
    notes = "Intervals: percentiles of 10,000 bootstrap samples of the seeds."
    if known:
        columns += ["published DQN", "its steps"]
        notes = f"Published: {RESULTS_SOURCE}. {notes}"
    return f"{table(columns, rows)}\n\n{notes}"


def _interval(means: list[float]) -> str:
    samples = np.random.default_rng(0).choice(means, (10_000, len(means))).mean(axis=1)
    low, high = np.quantile(samples, [0.025, 0.975])
    return f"{np.mean(means):.2f} ({low:.2f} to {high:.2f})"


def curve(task: str, outcomes: list[Outcome], interval: int) -> str:
    """Training returns at each multiple of so many steps that all runs have reached, with what is published of them."""
    last = min(outcome.manifest["steps"] for outcome in outcomes)
    published = CURVES.get(task, {})
    rows = []
    for mark in range(interval, last + 1, interval):
        found = [last_returns(outcome.curve, mark) for outcome in outcomes]
        greedy = [np.mean(row["returns"]) for outcome in outcomes for row in outcome.evaluations if row["step"] == mark]
        row = [f"{mark:,}", *(f"{one:.2f}" for one in found), f"{np.mean(found):.2f}"]
        row.append(f"{np.mean(greedy):.2f}" if greedy else "")
        if published:
            row.append(f"{np.mean(published[mark]):.2f}" if mark in published else "")
        rows.append(row)
    columns = [f"{task}: return of the last {WINDOW} training episodes at step"]
    columns += [*(f"seed {outcome.seed}" for outcome in outcomes), "mean", "greedy evaluation, mean"]
    if not published:
        return table(columns, rows)
    return f"{table([*columns, 'published'], rows)}\n\nPublished: {CURVES_SOURCE}."


def end(task: str, outcomes: list[Outcome]) -> str:
    """The end of trainings beside published ones of as many steps."""
    steps = outcomes[0].manifest["steps"]
    training = [
        np.mean([row["return"] for row in outcome.curve if row["step"] > steps - END_WINDOW]) for outcome in outcomes
    ]
    greedy = np.mean([np.mean(outcome.final) for outcome in outcomes])
    rows = [["rlkit", str(len(outcomes)), f"{np.mean(training):.2f} ± {np.std(training):.2f}", f"{greedy:.2f}"]]
    for one in ENDS[task, steps]:
        mean, deviation = one.training
        known = "" if one.greedy is None else str(one.greedy)
        rows.append([f"published, {one.settings}", str(one.seeds), f"{mean:.2f} ± {deviation:.2f}", known])
    columns = [f"{task} after {steps:,} steps", "seeds", f"training episodes of the last {END_WINDOW:,} steps"]
    return f"{table([*columns, 'greedy, final weights'], rows)}\n\nPublished: {ENDS_SOURCE}. ±: over seeds."


def last_returns(rows: list[dict[str, Any]], step: int) -> float:
    """Mean return of the last 100 episodes, or of those there are, that ended by this environment step."""
    return float(np.mean([row["return"] for row in rows if row["step"] <= step][-WINDOW:]))


if __name__ == "__main__":
    main()
