"""`rlkit tune`: a search for better values of an experiment."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.cli import UsageError
from rlkit.cli.options import add_launcher, add_out, add_preparation, chosen_launcher, prepare

if TYPE_CHECKING:
    from rlkit.tuning.checking import Tuning
    from rlkit.tuning.search import Search

_EXAMPLES = """\
examples:
  rlkit tune cartpole --dry-run             the space of a search that comes with rlkit, and how long it would take
  rlkit tune my_tuning.yaml                 search, then test the winner on other seeds beside the base
  rlkit tune my_tuning.yaml --jobs 2        two trials at the same time (default: as many as there is room for)
  rlkit tune my_tuning.yaml --trials 80     more trials: goes on where the search ended
  rlkit tune my_tuning.yaml --trial 7       write the experiment file of trial 7

A search is kept in DIR/<its name>/: tuning.yaml, journal.log (Optuna's, for optuna-dashboard), the runs' folders, and
at the end best.yaml, history.png, importance.png, and the test as a study, for rlkit compare and rlkit report. The same
command goes on where it was stopped, and runs nothing twice. Several processes may work on one folder.

exit status: 0 when there is a winner and its test ran; 1 when no trial succeeded, or a run of the test failed; 2 when
the file or the command is wrong; 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "tune",
        help="search for better values, and test them on other seeds",
        description="Search for better values of an experiment, and say whether they hold on other seeds.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", metavar="FILE", help="a tuning file, a tuning's folder, or the name of one that comes with rlkit"
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything and show the space; run nothing")
    parser.add_argument("--jobs", type=int, metavar="N", help="trials at the same time")
    parser.add_argument("--trials", type=int, metavar="N", help="instead of the file's: how many in all")
    parser.add_argument("--name", metavar="NAME", help="instead of the file's: keep it as another search")
    add_launcher(parser)
    parser.add_argument("--trial", type=int, metavar="N", help="write the experiment file of a trial; run nothing")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="of --trial (default: trial-N.yaml in the tuning's folder)"
    )
    parser.add_argument("--again", action="store_true", help="run again what has failed of the test")
    add_out(parser)
    parser.add_argument("--quiet", action="store_true", help="print the outcome only")
    parser.add_argument("--debug", action="store_true", help="run all graph code eagerly, for breakpoints; slow")
    add_preparation(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Search, test, and say what came of it."""
    prepare(args)
    from rlkit.tuning.quiet import optuna_is_missing

    if optuna_is_missing():
        raise UsageError("rlkit tune needs Optuna: pip install 'rlkit-framework[tune]'")
    from rlkit.runs.atomic import WriteError
    from rlkit.runs.folder import FolderError, absolute
    from rlkit.studies.plan_file import StudyError
    from rlkit.tuning.search import TuningError

    for option in ("jobs", "trials"):
        if (value := getattr(args, option)) is not None and value < 1:
            raise UsageError(f"found --{option} {value}; at least 1 is needed")
    if args.output is not None and args.trial is None:
        raise UsageError("found --output without --trial; the search writes into its own folder")
    try:
        args.out = absolute(args.out)
        return _execute(args)
    except (FolderError, StudyError, TuningError) as error:
        raise UsageError(str(error)) from error
    except WriteError as error:
        print(f"rlkit: error: {error}", file=sys.stderr)
        return 1


def _execute(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from rlkit.runs.folder import shown_path
    from rlkit.tuning.checking import check_tuning
    from rlkit.tuning.folder import made, opened, own_folder, written
    from rlkit.tuning.reading import read_tuning

    file = read_tuning(args.file, name=args.name)
    if args.trials is not None:
        file = replace(file, trials=args.trials)
    tuning = check_tuning(file, launcher=chosen_launcher(args))
    given = None if args.name is not None else own_folder(args.file)
    folder: Path = given or args.out / file.name
    if args.dry_run:
        return _dry_run(tuning, shown_path(folder), args)
    if args.trial is not None:
        print(f"experiment  {shown_path(written(tuning, folder, args.trial, args.output))}")
        return 0
    with made(folder) as worker:
        return _search(opened(tuning, folder, worker), args)


def _dry_run(tuning: Tuning, shown: str, args: argparse.Namespace) -> int:
    from rlkit.runs.waiting import waiting
    from rlkit.studies.probe import estimate_of
    from rlkit.tuning.in_words import dry_run

    with waiting("trying the base for two seconds", quiet=args.quiet):
        estimate = estimate_of(tuning.base)
    places = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(dry_run(tuning, shown, estimate, args.jobs or places))
    return int(bool(estimate.failed))


def _search(search: Search, args: argparse.Namespace) -> int:
    from rlkit.runs.folder import shown_path
    from rlkit.runs.terminal import say
    from rlkit.studies.table import aligned
    from rlkit.tuning.in_words import header
    from rlkit.tuning.running import run_search
    from rlkit.tuning.table import LiveSearch, counted, rows_of, shown_of

    shown = shown_path(search.folder)
    if not args.quiet:
        say(header(search.tuning, shown))
        if search.study.get_trials(deepcopy=False):
            say(f"goes on     {counted(search)}")
    table = LiveSearch(quiet=args.quiet)
    try:
        progress = run_search(search, jobs=args.jobs, debug=args.debug, told=table.told)
    finally:
        table.clear()
    if len(search.ranked()):
        print("\n".join(aligned(rows_of(search))))
        print(shown_of(search))
    print(f"search      {counted(search)}")
    print(f"folder      {shown}")
    sys.stdout.flush()
    if progress.interrupted:
        print("rlkit: interrupted; the same command goes on with the search", file=sys.stderr)
        return 128 + (progress.signal or signal.SIGINT)
    if others := search.others_at_work():
        print(f"{others} trials go on in other processes; the last of them to end tests the winner")
        return 0
    return _test(search, args)


def _test(search: Search, args: argparse.Namespace) -> int:
    from rlkit.runs.folder import shown_path
    from rlkit.runs.seeds_summary import in_words
    from rlkit.runs.terminal import say
    from rlkit.studies.table import LiveTable, aligned
    from rlkit.studies.table import rows_of as study_rows
    from rlkit.tuning.pictures import draw_pictures
    from rlkit.tuning.winner import TestedElsewhere, is_base, plan_of_test, run_test, write_best

    ranked = search.ranked()
    if not ranked:
        print("rlkit: error: no trial succeeded, so there is no winner", file=sys.stderr)
        return 1
    best = ranked[0]
    print(f"winner      trial {best.number}; its experiment is {shown_path(write_best(search, best))}")
    for picture in draw_pictures(search):
        print(f"picture     {shown_path(picture)}")
    if is_base(search.tuning, best):
        print("verdict     the winner is the base itself: nothing better was found")
        return 0
    plan = plan_of_test(search.tuning, best)
    if not args.quiet:
        say(f"test        base and winner, {in_words(plan.seeds)}")
    table = LiveTable(quiet=args.quiet)
    try:
        progress = run_test(search, plan, jobs=args.jobs, debug=args.debug, again=args.again, told=table.told)
    except TestedElsewhere:
        print("test        another process runs it")
        return 0
    finally:
        table.clear()
    print("\n".join(aligned(study_rows(progress))))
    if progress.interrupted:
        print("rlkit: interrupted; the same command goes on with the test", file=sys.stderr)
        return 128 + (progress.signal or signal.SIGINT)
    failed = [state for state in progress.folder.runs.values() if state.state == "failed"]
    _conclude(search)
    if failed:
        print(f"rlkit: error: {len(failed)} runs of the test failed; --again runs them once more", file=sys.stderr)
    return int(bool(failed))


def _conclude(search: Search) -> None:
    """Say whether the winner holds, and write the test as a page."""
    from rlkit.cli.report import write_report
    from rlkit.comparing.errors import ComparisonError
    from rlkit.tuning.verdict import compared, verdict

    try:
        comparison = compared(search.folder)
    except ComparisonError as error:
        print(f"rlkit: warning: nothing may be concluded: {error}", file=sys.stderr)
        return
    for sentence in comparison.sentences:
        print(f"test        {sentence}")
    print(f"verdict     {verdict(comparison)}")
    for warning in comparison.warnings:
        print(f"warning     {warning}")
    write_report(comparison.document(), search.folder / "report.html")
