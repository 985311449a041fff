"""`rlkit study`: variants, environments and seeds, and what may be concluded."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING, Any

from rlkit.cli import UsageError
from rlkit.cli.compare import add_comparison, options
from rlkit.cli.options import add_launcher, add_out, add_preparation, chosen_launcher, prepare

if TYPE_CHECKING:
    from rlkit.comparing.options import Options
    from rlkit.contracts.launcher import Launcher
    from rlkit.studies.folder import StudyFolder
    from rlkit.studies.plan import Plan
    from rlkit.studies.running import Progress

_BATCH = 5
"""Seeds from one look to the next, unless the command says otherwise."""
_EXAMPLES = """\
examples:
  rlkit study experiments/studies/exploration.yaml --dry-run   what would run, and how long it would take
  rlkit study exploration                   a study that comes with rlkit: run it, compare its variants
  rlkit study my_study.yaml --jobs 2        two runs at the same time (default: one a core)
  rlkit study my_study.yaml --seeds 100-129 --name confirmed   with other seeds: does the verdict hold?
  rlkit study my_study.yaml --again         once more what has failed

A study is kept in DIR/<study's name>/: study.yaml (every value that was chosen), plan.json (each run and how it
stands), and the runs' folders. The same command goes on where it was stopped, and runs nothing twice: a run is done
if its experiment, its seed and the plugins that it uses are the same. A run that dies is made once more; one that
fails is kept apart, and ends no other.

exit status: 0 when all runs finished; 1 when some failed; 2 when the study or the command is wrong; 130 after Ctrl-C,
143 after SIGTERM, 129 after SIGHUP."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "study",
        help="run variants with many seeds, and compare them",
        description="Run the variants of an experiment with many seeds, and say what may be concluded.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", metavar="FILE", help="a study file, a study's folder, or the name of one that comes with rlkit"
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything and show the plan; run nothing")
    parser.add_argument("--jobs", type=int, metavar="N", help="runs at the same time (default: one a core)")
    parser.add_argument(
        "--seeds", metavar="SEEDS", help="instead of the file's: how many (10), which (0-9, or 3,5,8-10)"
    )
    parser.add_argument("--name", metavar="NAME", help="instead of the file's: keep it as another study")
    parser.add_argument("--again", action="store_true", help="run again what has failed")
    parser.add_argument(
        "--until-decided", action="store_true",
        help="run the seeds in batches, and no more of a variant once it is told apart from the base",
    )  # fmt: skip
    parser.add_argument("--batch", type=int, metavar="N", help="seeds of a batch, with --until-decided (default: 5)")
    add_comparison(parser)
    parser.add_argument("--no-report", action="store_true", help="write no report.html into the study's folder")
    add_launcher(parser)
    add_out(parser)
    parser.add_argument("--quiet", action="store_true", help="print the outcome only")
    parser.add_argument("--debug", action="store_true", help="run all graph code eagerly, for breakpoints; slow")
    add_preparation(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Plan, run, and say what came of it."""
    prepare(args)
    from rlkit.runs.atomic import WriteError
    from rlkit.runs.folder import FolderError, absolute
    from rlkit.runs.seed_list import SeedsError, parse_seeds
    from rlkit.studies.plan import plan_of
    from rlkit.studies.plan_file import StudyError
    from rlkit.studies.reading import read_study
    from rlkit.studies.running import folder_of

    if args.jobs is not None and args.jobs < 1:
        raise UsageError(f"found --jobs {args.jobs}; at least 1 is needed")
    if args.batch is not None and not args.until_decided:
        raise UsageError(f"found --batch {args.batch} without --until-decided, which is what runs seeds in batches")
    args.batch = _BATCH if args.batch is None else args.batch
    if args.batch < 2:
        raise UsageError(f"found --batch {args.batch}; at least 2 seeds are needed to tell anything")
    try:
        seeds = None if args.seeds is None else parse_seeds(args.seeds)
        args.out = absolute(args.out)
        plan = plan_of(read_study(args.file, name=args.name), seeds)
        settings, launcher = _comparison(plan, args), _launcher(plan, args)
        folder = folder_of(args.out, plan)
        if args.dry_run:
            return _dry_run(plan, folder, args)
        with folder.held():
            folder.batch = args.batch if args.until_decided else None
            folder.take_up(plan, again=args.again)
            return _run(plan, folder, launcher, settings, args)
    except (SeedsError, FolderError, StudyError) as error:
        raise UsageError(str(error)) from error
    except WriteError as error:
        print(f"rlkit: error: {error}", file=sys.stderr)
        return 1


def _run(plan: Plan, folder: StudyFolder, launcher: Launcher, settings: Options, args: argparse.Namespace) -> int:
    from rlkit.comparing.deciding import Deciding
    from rlkit.comparing.looks import Looks
    from rlkit.runs.folder import shown_path
    from rlkit.runs.terminal import say
    from rlkit.studies.plan_in_words import header
    from rlkit.studies.running import run_study
    from rlkit.studies.table import LiveTable, aligned, rows_of

    if not args.quiet:
        say(header(plan, folder, shown_path(folder.path)))
    looks = Looks(plan.seeds, args.batch)
    deciding = Deciding(plan, folder, settings, looks) if args.until_decided else None
    table = LiveTable(quiet=args.quiet)
    try:
        progress = run_study(
            plan,
            folder,
            launcher,
            jobs=args.jobs,
            debug=args.debug,
            told=table.told,
            first=deciding.first() if deciding else None,
            more=deciding.more if deciding else None,
        )
    finally:
        table.clear()
    print("\n".join(aligned(rows_of(progress))))
    _conclude(folder, args)
    return _status(progress)


def _launcher(plan: Plan, args: argparse.Namespace) -> Launcher:
    """The command line's, else the study's, else processes of this machine."""
    from rlkit.experiment.launchers import launcher_at
    from rlkit.runs.launched import local_launcher

    chosen = chosen_launcher(args)
    if chosen is not None:
        return chosen
    return launcher_at(plan.study.launcher) if plan.study.launcher is not None else local_launcher()


def _comparison(plan: Plan, args: argparse.Namespace) -> Options:
    """How the study is compared in the end: what is wrong with that is told before anything runs."""
    from rlkit.catalogue.nearest import did_you_mean
    from rlkit.comparing.errors import ComparisonError
    from rlkit.experiment.nodes import plain

    written = plan.study.compare
    try:
        found = options(args, plain(written) if written else {}, str(written.mark) if written else "compare")
    except ComparisonError as error:
        raise UsageError(str(error)) from error
    where = "--base" if args.base is not None or written is None else str(written.mark)
    if found.base is not None and found.base not in plan.variants:
        nearest = did_you_mean(found.base, plan.variants) or ";"
        raise UsageError(f"{where}: found the base '{found.base}'{nearest} variants: {', '.join(plan.variants)}")
    where = "--normalize" if args.normalize or written is None else str(written.mark)
    for task in found.normalize:
        if task not in plan.environments:
            nearest = did_you_mean(task, plan.environments) or ";"
            raise UsageError(f"{where}: found the task '{task}'{nearest} tasks: {', '.join(plan.environments)}")
    return found


def _conclude(folder: StudyFolder, args: argparse.Namespace) -> None:
    """Say what may be concluded, and write it as a page."""
    from rlkit.cli.report import write_report
    from rlkit.comparing.comparison import compare
    from rlkit.comparing.errors import ComparisonError
    from rlkit.comparing.runs import gather
    from rlkit.comparing.tables import text
    from rlkit.runs.folder import shown_path

    try:
        gathered = gather([str(folder.path)], folder.path.parent)
        comparison = compare(gathered, options(args, gathered.options))
    except ComparisonError as error:
        print(f"\nrlkit: warning: nothing may be concluded: {error}", file=sys.stderr)
        return
    print("", text(comparison), "", sep="\n")
    print(f"folder      {shown_path(folder.path)}")
    if not args.no_report:
        write_report(comparison.document(), folder.path / "report.html")


def _status(progress: Progress) -> int:
    states = list(progress.folder.runs.values())
    failed = [state for state in states if state.state == "failed"]
    sys.stdout.flush()
    if progress.interrupted:
        left = sum(state.state in ("waiting", "interrupted", "running") for state in states)
        print(
            f"rlkit: interrupted; {left} of {len(states)} runs are left, the same command goes on with them",
            file=sys.stderr,
        )
        return 128 + (progress.signal or signal.SIGINT)
    if failed:
        print(f"rlkit: error: {len(failed)} of {len(states)} runs failed", file=sys.stderr)
    return int(bool(failed))


def _dry_run(plan: Plan, folder: StudyFolder, args: argparse.Namespace) -> int:
    from rlkit.runs.folder import shown_path
    from rlkit.runs.waiting import waiting
    from rlkit.studies.plan_in_words import dry_run
    from rlkit.studies.probe import estimates

    with waiting("trying each experiment for two seconds", quiet=args.quiet):
        found = estimates(plan)
    print(dry_run(plan, folder, shown_path(folder.path), found, args.jobs))
    return int(any(estimate.failed for estimate in found.values()))
