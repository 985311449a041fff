"""`rlkit run`: train what an experiment file describes."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import Any

from rlkit.cli import UsageError
from rlkit.cli.options import add_launcher, add_out, add_preparation, add_set, chosen_launcher, prepare

_EXAMPLES = """\
examples:
  rlkit run experiments/cartpole_dqn.yaml            a file
  rlkit run cartpole_dqn                             an experiment that comes with rlkit
  rlkit run cartpole_dqn --seed 3                    with another seed
  rlkit run cartpole_dqn --seeds 10                  seeds 0 to 9, one after the other, compiled once
  rlkit run cartpole_dqn --seeds 3,5,8-10 --jobs 2   these five, spread over two processes
  rlkit run cartpole_dqn --seeds 100 --launcher '{name: ray, address: auto}'   on a cluster
  rlkit run cartpole_dqn --set buffer.capacity=10000 --set agent.gamma=0.99
  rlkit run cartpole_dqn --set exploration='{name: boltzmann, temperature: 0.5}'
  rlkit run cartpole_dqn --set limits.steps=5000     stop early
  rlkit run cartpole_dqn --out ~/runs --quiet       elsewhere, and only the outcome in words

The run is kept in DIR/<experiment>/<run id>/: run.json (what it is and how it ended), experiment.yaml (all that
was chosen; running that file repeats the run), episodes.jsonl, metrics.jsonl, evaluation.jsonl, checkpoints/ (the
final and the best weights), and what recorders add. Ctrl-C stops it cleanly and keeps everything.

With --seeds each seed has a folder of its own, and a summary over them comes at the end. One that fails ends no
other. Ctrl-C ends the runs that go on cleanly and starts no more; a second one stops hard.

exit status: 0 when it ran to its end, solved or not; 1 when something failed in a run; 2 when the experiment or
the command is wrong; 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."""


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
    seeds = parser.add_mutually_exclusive_group()
    seeds.add_argument("--seed", type=int, metavar="N", help="instead of the file's seed")
    seeds.add_argument(
        "--seeds", metavar="SEEDS", help="a run for each of these: how many (10), a range (0-9), a list (3,5,8-10)"
    )
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="spread --seeds over N processes, one core each (default: 1)"
    )
    add_launcher(parser)
    add_set(parser)
    add_out(parser)
    parser.add_argument("--quiet", action="store_true", help="print the outcome only")
    parser.add_argument("--debug", action="store_true", help="run all graph code eagerly, for breakpoints; slow")
    add_preparation(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run, and say what came of it."""
    prepare(args)
    from rlkit.runs.folder import FolderError, absolute

    try:
        args.out = absolute(args.out)
    except FolderError as error:
        raise UsageError(str(error)) from error
    if args.seeds is not None:
        return _execute_seeds(args)
    if args.jobs is not None:
        raise UsageError("found --jobs without --seeds; a single run takes one process")
    if args.launcher is not None:
        raise UsageError("found --launcher without --seeds; a single run is carried out here")
    from rlkit.experiment.loading import load
    from rlkit.runs.atomic import WriteError
    from rlkit.runs.run import run
    from rlkit.runs.summary import summary

    experiment = load(args.file, args.assignments, seed=args.seed)
    try:
        result = run(experiment, out=args.out, quiet=args.quiet, debug=args.debug)
    except FolderError as error:
        raise UsageError(str(error)) from error
    except WriteError as error:
        print(f"rlkit: error: {error}", file=sys.stderr)
        return 1
    if args.quiet:
        print(summary(result, short=True))
    return _status(result.signal) if result.status == "interrupted" else int(result.status == "failed")


def _status(number: int) -> int:
    """As a shell tells that a signal ended a program: 130 for Ctrl-C."""
    return 128 + (number or signal.SIGINT)


def _execute_seeds(args: argparse.Namespace) -> int:
    """Run many seeds, and say what came of them all."""
    from rlkit.experiment.loading import load
    from rlkit.runs.folder import FolderError
    from rlkit.runs.seed_list import SeedsError, parse_seeds
    from rlkit.runs.seeds import run_seeds
    from rlkit.runs.seeds_summary import seeds_summary

    try:
        seeds = parse_seeds(args.seeds)
        launcher = chosen_launcher(args)
        experiment = load(args.file, args.assignments)
        ended = run_seeds(
            experiment, seeds, jobs=args.jobs, launcher=launcher, out=args.out, quiet=args.quiet, debug=args.debug
        )
    except (SeedsError, FolderError) as error:
        raise UsageError(str(error)) from error
    if args.quiet:
        print(seeds_summary(ended.asked, ended.results, ended.seconds))
    if ended.failed:
        sys.stdout.flush()
        print(f"rlkit: error: {len(ended.failed)} of {len(ended.asked)} runs failed", file=sys.stderr)
    return _status(ended.signal) if ended.interrupted else 1 if ended.failed else 0
