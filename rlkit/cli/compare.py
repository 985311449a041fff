"""`rlkit compare`: what may be concluded from runs."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.cli import UsageError
from rlkit.cli.options import add_out

if TYPE_CHECKING:
    from rlkit.comparing.comparison import Comparison
    from rlkit.comparing.options import Options

_EXAMPLES = """\
examples:
  rlkit compare runs/exploration               a study: verdicts, and a table of its variants
  rlkit compare runs/dqn runs/pqn              all runs of two experiments
  rlkit compare runs/exploration --measure final             by how runs end, not by how soon they are solved
  rlkit compare runs/exploration --threshold 195 --by episode   episodes until the mean return is above 195
  rlkit compare runs/exploration --pairs all   every variant with every other, not with the first alone
  rlkit compare runs/atari --measure final --normalize Pong=-21:21 --normalize Breakout=0:400
  rlkit compare runs/exploration --format latex -o table.tex
  rlkit compare runs/exploration --json        for programs: all of it (docs/comparing.md)
  rlkit compare runs/exploration --rliable scores.npz        arrays as rliable takes them

Runs that differ in nothing but seed, recorders and environment are one variant. The measure is the time to the
threshold of the runs' own stop criterion where they have one in common and any reached it, else how they end."""


_OPTIONS = ("measure", "by", "threshold", "window", "base", "pairs")


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "compare",
        help="say what may be concluded from runs",
        description="Compare variants over their seeds: aggregates with intervals, and a plain verdict.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", metavar="RUN|STUDY", nargs="+", help="a study's folder or name, a folder of runs, a run"
    )
    add_comparison(parser)
    parser.add_argument("--format", choices=("text", "markdown", "csv", "latex"), help="of the table (default: text)")
    parser.add_argument("--json", action="store_true", help="print JSON: all there is to know")
    parser.add_argument(
        "--rliable", type=Path, metavar="FILE", help="write scores as arrays (runs, tasks) by variant, .npz"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there instead of printing it")
    add_out(parser)
    parser.set_defaults(execute=execute)


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how runs are compared."""
    parser.add_argument("--measure", choices=("time", "final", "area"), help="what runs are judged by")
    parser.add_argument(
        "--by", choices=("step", "episode", "seconds"), help="what times and areas count (default: step)"
    )
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="RETURN",
        help="that the mean return is to be above; asks for the measure time",
    )
    parser.add_argument(
        "--window", type=int, metavar="N", help="episodes in that mean (default: the runs' own, else 50)"
    )
    parser.add_argument("--base", metavar="VARIANT", help="what the others are compared with (default: the first)")
    parser.add_argument(
        "--pairs", choices=("base", "all"), help="compare with the base, or all with all (default: base)"
    )
    parser.add_argument(
        "--normalize", action="append", default=[], metavar="TASK=LOW:HIGH",
        help="scores that count as 0 and as 1 on a task; may be given again and again",
    )  # fmt: skip


def execute(args: argparse.Namespace) -> int:
    """Compare, and say what may be concluded."""
    from rlkit.comparing.tables import FORMATS
    from rlkit.runs.plain_json import json_page

    if args.json and args.format is not None:
        raise UsageError(f"found --json and --format {args.format}; one of them says what is printed")
    comparison = compared(args.names, args)
    text = json_page(comparison.document()).rstrip("\n") if args.json else FORMATS[args.format or "text"](comparison)
    try:
        if args.rliable is not None:
            from rlkit.comparing.rliable_scores import write_scores

            for note in write_scores(args.rliable, comparison):
                print(f"rlkit: warning: {note}", file=sys.stderr)
        if args.output is None:
            print(text)
        else:
            args.output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}") from error
    return 0


def compared(names: list[str], args: argparse.Namespace) -> Comparison:
    """The comparison that the options ask for; what they leave open, the study says."""
    from rlkit.comparing.comparison import compare
    from rlkit.comparing.errors import ComparisonError
    from rlkit.comparing.runs import gather

    try:
        options(args, {})  # what is wrong with the command is told before any folder is read
        gathered = gather(names, args.out)
        return compare(gathered, options(args, gathered.options))
    except ComparisonError as error:
        raise UsageError(str(error)) from error


def given_options(args: argparse.Namespace) -> list[str]:
    """Those of `add_comparison` that the command line has."""
    return [f"--{key}" for key in (*_OPTIONS, "normalize") if getattr(args, key, None) not in (None, [])]


def options(args: argparse.Namespace, told: Any, where: str = "compare") -> Options:
    """From the command line, over those of a study."""
    from rlkit.comparing.options import options_of

    given = {key: getattr(args, key) for key in _OPTIONS if getattr(args, key, None) is not None}
    if given.get("measure", "time") != "time" and "threshold" in given:
        raise UsageError(f"found --threshold with --measure {given['measure']}; a threshold goes with the measure time")
    texts = getattr(args, "normalize", [])
    bounds = dict(map(_bounds, texts))
    if len(bounds) < len(texts):
        raise UsageError("found --normalize twice for one task")
    if bounds:
        given["normalize"] = bounds
    return options_of({**told, **given}, where)


def _bounds(text: str) -> tuple[str, tuple[float, float]]:
    task, _, span = text.rpartition("=")
    low, _, high = span.partition(":")
    try:
        found = float(low), float(high)
    except ValueError:
        found = (0.0, 0.0)
    if not task or not found[0] < found[1] or not all(map(math.isfinite, found)):
        raise UsageError(
            f"found --normalize {text}; write, for one, --normalize CartPole-v1=0:500, the lower score first"
        )
    return task, found
