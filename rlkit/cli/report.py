"""`rlkit report`: a comparison as one page, and as pictures."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rlkit.cli import UsageError
from rlkit.cli.compare import add_comparison, compared, given_options
from rlkit.cli.options import add_out

_EXAMPLES = """\
examples:
  rlkit report runs/exploration                      a study, into report.html
  rlkit report runs/dqn runs/pqn -o both.html        all runs of two experiments
  rlkit report runs/exploration --measure final      by how runs end
  rlkit report runs/exploration --figures pictures   PNG and SVG for papers as well
  rlkit report exploration.json                      what rlkit compare --json printed

The page is one file that needs no network: verdicts, scores with intervals, learning curves, each variant's difference
in configuration, every run with a link to its folder. docs/reports.md says how to read it."""

_LARGE = 1_000_000
"""Bytes."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "report",
        help="write a comparison as one page",
        description="Write what may be concluded from runs as one page: verdicts, curves, tables.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", metavar="RUN|STUDY", nargs="+",
        help="a study's folder or name, a folder of runs, a run; or a file that rlkit compare --json printed",
    )  # fmt: skip
    add_comparison(parser)
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("report.html"), metavar="FILE",
        help="the page, .html (default: report.html)",
    )  # fmt: skip
    parser.add_argument(
        "--figures", type=Path, metavar="DIR", help="write each picture into this folder too, as PNG and SVG"
    )
    add_out(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Write the page and the pictures, and say where they are."""
    if args.output.suffix not in (".html", ".htm"):
        raise UsageError(f"found the page '{args.output}'; a page ends in .html or .htm")
    document = _document(args)
    for verdict in document["verdicts"]:
        print(verdict["sentence"])
    write_report(document, args.output)
    if args.figures is not None:
        _write_figures(document, args.figures)
    return 0


def write_report(document: Mapping[str, Any], path: Path) -> None:
    """Write the page, and say where it is. Raises UsageError."""
    from rlkit.reporting.writing import write_page
    from rlkit.runs.folder import shown_path

    try:
        size = write_page(document, path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
    print(f"page        {shown_path(path)}")
    if size > _LARGE:
        print(f"warning     it has {size / 1e6:.1f} MB: {len(document['runs']):,} runs are many for one page")


def _document(args: argparse.Namespace) -> Mapping[str, Any]:
    if len(args.names) == 1 and args.names[0].endswith(".json"):
        from rlkit.reporting.document import DocumentError, read_document

        if given := given_options(args):
            raise UsageError(
                f"found {given[0]} beside {args.names[0]}, in which all is compared already; give it to the rlkit "
                "compare --json that writes such a file"
            )

        try:
            return read_document(Path(args.names[0]))
        except DocumentError as error:
            raise UsageError(str(error)) from error
    return compared(args.names, args).document()


def _write_figures(document: Mapping[str, Any], folder: Path) -> None:
    from rlkit.reporting.figures.files import write_figures

    try:
        written = write_figures(document, folder)
    except OSError as error:
        raise UsageError(f"cannot write pictures into {folder}: {error.strerror or error}") from error
    print(f"pictures    {len(written)} in {folder}")
