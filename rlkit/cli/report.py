"""`rlkit report`: a comparison as a page, and its pictures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.cli import UsageError
from rlkit.cli.compare import add_comparison, compared
from rlkit.cli.options import add_out

if TYPE_CHECKING:
    from rlkit.comparing.comparison import Comparison

_EXAMPLES = """\
examples:
  rlkit report runs/exploration                      a study, into report.html
  rlkit report runs/dqn runs/pqn -o both.html        all runs of two experiments
  rlkit report runs/exploration --measure final      by how runs end
  rlkit report runs/exploration --figures pictures   PNG and SVG for papers as well

The page needs no network: verdicts, scores with intervals, learning curves, each variant's difference in configuration,
every run with a link to its folder. It can be read on a phone and printed."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "report",
        help="write a comparison as a page",
        description="Write what may be concluded from runs as one page that stands by itself.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", metavar="RUN|STUDY", nargs="+", help="a study's folder or name, a folder of runs, a run"
    )
    add_comparison(parser)
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("report.html"), metavar="FILE", help="default: report.html"
    )
    parser.add_argument("--figures", type=Path, metavar="DIR", help="write the pictures there, as PNG and SVG")
    add_out(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Write it, and say where it is."""
    comparison = compared(args.names, args)
    print("\n".join(comparison.sentences))
    try:
        write(comparison, args.output)
        print(f"page        {args.output}")
        if args.figures is not None:
            from rlkit.reporting.figures.files import write_figures

            for path in write_figures(comparison.document(), args.figures):
                print(f"picture     {path}")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or args.output}: {error.strerror or error}") from error
    return 0


def write(comparison: Comparison, path: Path) -> None:
    """The page of a comparison, whose links lead from there to the runs' folders.

    Raises:
        OSError: it cannot be written.
    """
    import os
    from urllib.parse import quote

    from rlkit.reporting.page import page
    from rlkit.runs.atomic import write_atomically

    def link(folder: str) -> str:
        try:
            return quote(Path(os.path.relpath(folder, path.parent)).as_posix())
        except ValueError:  # another drive
            return Path(folder).absolute().as_uri()

    write_atomically(path, page(comparison.document(), link))
