"""`rlkit plot`: one or several runs in one picture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.cli import UsageError
from rlkit.cli.options import add_out

if TYPE_CHECKING:
    from rlkit.runs.finding import FoundRun

_EXAMPLES = """\
examples:
  rlkit plot last                                    the newest run's returns, into plot.png
  rlkit plot runs/cartpole_dqn/*                     runs of one experiment: mean and spread over their seeds
  rlkit plot cartpole_dqn cartpole_boltzmann -o both.svg
  rlkit plot runs/exploration                        a study: a curve a variant
  rlkit plot last --y evaluation                     greedy returns by step, where the run was evaluated on its way
  rlkit plot last --y loss --x seconds --smooth 1    a learning metric, unsmoothed, by seconds of training
  rlkit plot last --y evaluation --x update          where recorded data is all there is, and no step is taken
  rlkit plot last --y epsilon                        what a component reports

Runs whose experiments differ in nothing but the seed (and in recorders) share a colour: their mean as far as all of
them go, and a band of ± 1 standard deviation over them; each run is a thin line behind."""

_X = {"step": "environment steps", "episode": "episodes", "seconds": "seconds of training", "update": "updates"}


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "plot",
        help="draw one or several runs",
        description="Draw learning curves of one or several runs into one picture.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "runs",
        metavar="RUN",
        nargs="+",
        help="a run's folder or id, an experiment's name (its newest), a study, or last",
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("plot.png"), metavar="FILE",
        help=".png, .svg or .pdf (default: plot.png)",
    )  # fmt: skip
    parser.add_argument("--x", choices=tuple(_X), default="step", help="the horizontal axis (default: step)")
    parser.add_argument(
        "--y",
        default="return",
        metavar="WHAT",
        help="return, evaluation, a learning metric or a report (default: return)",
    )
    parser.add_argument(
        "--smooth", type=_positive, metavar="N",
        help="mean of so many points; 1 for none (default: 20 for returns, 1 for evaluations, 10 for others)",
    )  # fmt: skip
    parser.add_argument("--title", default="", metavar="TEXT", help="above the picture")
    add_out(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Draw, and say where the picture is."""
    from rlkit.analysis.captions import smoothing
    from rlkit.analysis.comparison import SUFFIXES, draw_comparison
    from rlkit.analysis.groups import Curve, grouped
    from rlkit.runs.curves import CurveMissing, read_curve, read_resolved
    from rlkit.runs.finding import RunNotFound

    if args.output.suffix not in SUFFIXES:
        raise UsageError(f"found the picture '{args.output}'; a picture ends in {', '.join(SUFFIXES)}")
    curves: dict[Path, Curve] = {}
    try:
        for run in (run for name in args.runs for run in _runs(name, args.out)):
            x, y = read_curve(run, args.x, args.y)
            seed = run.manifest.get("seed", 0)
            curves[run.folder.resolve()] = Curve(run.experiment, seed, read_resolved(run), x, y)
    except (RunNotFound, CurveMissing) as error:
        raise UsageError(str(error)) from error
    smooth = args.smooth or {"return": 20, "evaluation": 1}.get(args.y, 10)
    groups = grouped([curve.smoothed(smooth) for curve in curves.values()])
    y_label = {"return": "return of an episode", "evaluation": "mean return of greedy episodes"}.get(args.y, args.y)
    points = {"return": "episodes", "evaluation": "evaluations"}.get(args.y, "points")
    note = smoothing(smooth, [len(curve.y) for curve in curves.values()], points)
    try:
        draw_comparison(args.output, groups, x_label=_X[args.x], y_label=y_label, title=args.title, note=note)
    except OSError as error:
        raise UsageError(f"cannot write {args.output}: {error.strerror or error}") from error
    for group in groups:
        print(group.label)
        for seed in group.repeated:
            told = f"seed {seed} of {group.name} was run more than once; each of its runs counts in mean and spread"
            print(f"rlkit: warning: {told}", file=sys.stderr)
    print(f"picture     {args.output}")
    return 0


def _runs(name: str, out: Path) -> list[FoundRun]:
    """The run that is meant, or all finished runs of a study. Raises UsageError and RunNotFound."""
    from rlkit.runs.finding import find, read_run
    from rlkit.studies.plan_file import StudyError, read_plan, study_folder

    folder = study_folder(name, out)
    if folder is None:
        return [find(name, out)]
    try:
        states = read_plan(folder)[1]
    except StudyError as error:
        raise UsageError(str(error)) from error
    finished = [folder / state.folder for state in states if state.folder and state.state == "finished"]
    if not finished:
        raise UsageError(f"{folder} is a study none of whose runs has finished")
    return [read_run(path) for path in finished]


def _positive(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"found '{text}'; allowed: a whole number, at least 1")
    return value
