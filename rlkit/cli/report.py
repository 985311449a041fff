"""`rlkit report`: a comparison as one page, and as pictures."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rlkit.cli import UsageError

_EXAMPLES = """\
examples:
  rlkit compare runs/exploration --json -o exploration.json
  rlkit report exploration.json                        what was compared, into report.html
  rlkit report exploration.json --figures figures      and each picture as PNG and SVG

The page is one file that needs no network. docs/reports.md says how to read it."""

_LARGE = 1_000_000
"""Bytes."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "report",
        help="write a comparison as one page",
        description="Write a comparison of runs as one page: verdicts, curves, tables.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("document", metavar="FILE", type=Path, help="what rlkit compare --json printed")
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("report.html"), metavar="FILE",
        help="the page, .html (default: report.html)",
    )  # fmt: skip
    parser.add_argument(
        "--figures", type=Path, metavar="DIR", help="write each picture into this folder too, as PNG and SVG"
    )
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Write the page and the pictures, and say where they are."""
    from rlkit.reporting.writing import write_page

    if args.output.suffix not in (".html", ".htm"):
        raise UsageError(f"found the page '{args.output}'; a page ends in .html or .htm")
    document = _document(args)
    try:
        size = write_page(document, args.output)
    except OSError as error:
        raise UsageError(f"cannot write {args.output}: {error.strerror or error}") from error
    for verdict in document["verdicts"]:
        print(verdict["sentence"])
    print(f"page        {args.output}")
    if size > _LARGE:
        print(f"warning     it has {size / 1e6:.1f} MB: {len(document['runs']):,} runs are many for one page")
    if args.figures is not None:
        _write_figures(document, args.figures)
    return 0


def _document(args: argparse.Namespace) -> Mapping[str, Any]:
    from rlkit.reporting.document import DocumentError, read_document

    try:
        return read_document(args.document)
    except DocumentError as error:
        raise UsageError(str(error)) from error


def _write_figures(document: Mapping[str, Any], folder: Path) -> None:
    from rlkit.reporting.figures.files import write_figures

    try:
        written = write_figures(document, folder)
    except OSError as error:
        raise UsageError(f"cannot write pictures into {folder}: {error.strerror or error}") from error
    print(f"pictures    {len(written)} in {folder}")
