"""`rlkit runs`: what has been run, newest first."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.cli import UsageError
from rlkit.runs.statuses import STATUSES

if TYPE_CHECKING:
    from rlkit.runs.finding import FoundRun

_EXAMPLES = """\
examples:
  rlkit runs                                   all runs in ./runs, newest first
  rlkit runs ~/runs                           of another folder
  rlkit runs --experiment cartpole_dqn         of one experiment
  rlkit runs --status failed                   finished, interrupted, failed or running
  rlkit runs --solved                          those that solved their task
  rlkit runs --json                            for programs: all of each run.json

mean is the mean return of the last 50 training episodes, evaluation that of the last greedy episodes. A run that was
killed stays `running`: nobody was left to write down its end."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "runs",
        help="list what has been run",
        description="List the runs in a folder, newest first.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folder", metavar="DIR", nargs="?", type=Path, default=Path("runs"), help="where runs are kept (default: runs)"
    )
    parser.add_argument("--experiment", metavar="NAME", help="only runs of this experiment")
    parser.add_argument("--status", choices=STATUSES, help="only runs that stand like this")
    parser.add_argument("--solved", action="store_true", help="only runs that solved their task")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Print the table."""
    import json

    from rlkit.runs.finding import RunNotFound, runs_in

    try:
        runs, others = runs_in(args.folder)
    except RunNotFound as error:
        raise UsageError(str(error)) from None
    if args.experiment is not None:
        _check_experiment(args.experiment, runs, args.folder)
    chosen = [run for run in runs if _wanted(run, args)]
    if args.json:
        rows = [{"run": run.run_id, "folder": str(run.folder), **run.manifest} for run in chosen]
        print(json.dumps({"runs": rows, "others": others}, ensure_ascii=False, indent=2))
        return 0
    if chosen:
        print("\n".join(_table(chosen)))
    else:
        print(f"no runs in {args.folder}" + (" that fit" if runs else ""))
    if studies := sorted(file.parent for file in args.folder.glob("*/plan.json")):
        named = ", ".join(map(str, studies))
        print(f"studies, whose runs are listed by themselves: {named}", file=sys.stderr)
    for sentence in others:
        print(f"left out: {sentence}", file=sys.stderr)
    return 0


def _check_experiment(name: str, runs: tuple[FoundRun, ...], folder: Path) -> None:
    from rlkit.catalogue.nearest import did_you_mean

    names = sorted({run.experiment for run in runs})
    if names and name not in names:
        nearest = did_you_mean(name, names) or ";"
        raise UsageError(f"no run of '{name}' in {folder}{nearest} experiments with runs: {', '.join(names)}")


def _wanted(run: FoundRun, args: argparse.Namespace) -> bool:
    return (
        (args.experiment is None or run.experiment == args.experiment)
        and (args.status is None or run.manifest.get("status") == args.status)
        and (not args.solved or run.manifest.get("solved") is True)
    )


_COLUMNS = (
    "run",
    "experiment",
    "seed",
    "status",
    "solved",
    "episodes",
    "steps",
    "mean",
    "evaluation",
    "steps/s",
    "when",
)
_LEFT = {"run", "experiment", "status", "solved", "when"}


def _table(runs: list[FoundRun]) -> list[str]:
    rows = [_COLUMNS, *(_cells(run) for run in runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return [
        "  ".join(
            cell.ljust(width) if name in _LEFT else cell.rjust(width)
            for name, cell, width in zip(_COLUMNS, row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _cells(run: FoundRun) -> tuple[str, ...]:
    told = run.manifest
    when = run.started
    over = told.get("status") != "running"
    return (
        run.run_id,
        run.experiment,
        str(told.get("seed", "-")),
        str(told.get("status", "-")),
        ("yes" if told.get("solved") else "no") if over else "-",
        _number(told.get("episodes"), ",.0f") if over else "-",
        _number(told.get("steps"), ",.0f") if over else "-",
        _number(told.get("mean_return"), ".1f"),
        _number(told.get("mean_evaluation"), ".1f"),
        _number(told.get("steps_per_second") or None, ",.0f"),
        f"{when[:4]}-{when[4:6]}-{when[6:8]} {when[9:11]}:{when[11:13]}",
    )


def _number(value: Any, form: str) -> str:
    return "-" if isinstance(value, bool) or not isinstance(value, (int, float)) else format(value, form)
