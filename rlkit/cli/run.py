"""`rlkit run`: train what an experiment file describes."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from rlkit.cli import UsageError

_EXAMPLES = """\
examples:
  rlkit run experiments/cartpole_dqn.yaml            a file
  rlkit run cartpole_dqn                             an experiment that comes with rlkit
  rlkit run cartpole_dqn --seed 3                    with another seed
  rlkit run cartpole_dqn --set buffer.capacity=10000 --set agent.gamma=0.99
  rlkit run cartpole_dqn --set exploration='{name: boltzmann, temperature: 0.5}'
  rlkit run cartpole_dqn --set limits.steps=5000     stop early
  rlkit run cartpole_dqn --out ~/runs --quiet       elsewhere, and only the outcome in words

The run is kept in DIR/<experiment>/<run id>/: run.json (what it is and how it ended), experiment.yaml (all that
was chosen; running that file repeats the run), episodes.jsonl, metrics.jsonl, evaluation.jsonl, checkpoints/ (the
final and the best weights), and what recorders add. Ctrl-C stops it cleanly and keeps everything.

exit status: 0 when it ran to its end, solved or not; 1 when something failed in the run; 2 when the experiment or
the command is wrong; 130 after Ctrl-C."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "run",
        help="train what an experiment file describes",
        description="Train what an experiment file describes, and keep what happened in a new folder.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="an experiment file, or the name of one that comes with rlkit")
    parser.add_argument("--seed", type=int, metavar="N", help="instead of the file's seed")
    parser.add_argument(
        "--set",
        dest="assignments",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one value of the file, checked as the file is; may be given again and again",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("runs"), metavar="DIR", help="where runs are kept (default: runs)"
    )
    parser.add_argument("--quiet", action="store_true", help="print the outcome only")
    parser.add_argument("--debug", action="store_true", help="run all graph code eagerly, for breakpoints; slow")
    parser.add_argument(
        "--allow-imports",
        action="store_true",
        help="let an environment id of the form module:Name-v0 import that module, which runs its code",
    )
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run, and say what came of it."""
    if args.allow_imports:
        os.environ["RLKIT_ALLOW_IMPORTS"] = "1"
    from rlkit.experiment.loading import load
    from rlkit.runs.atomic import WriteError
    from rlkit.runs.folder import FolderError
    from rlkit.runs.memory import MemoryShort
    from rlkit.runs.run import run
    from rlkit.runs.summary import summary

    experiment = load(args.file, args.assignments, seed=args.seed)
    try:
        result = run(experiment, out=args.out, quiet=args.quiet, debug=args.debug)
    except (FolderError, MemoryShort) as error:
        raise UsageError(str(error)) from error
    except WriteError as error:
        print(f"rlkit: error: {error}", file=sys.stderr)
        return 1
    if args.quiet:
        print(summary(result, short=True))
    return 130 if result.status == "interrupted" else 0
