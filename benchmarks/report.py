"""What the benchmarks print: Markdown tables that say how they were made, and go into docs/ in place."""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import os
import platform
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

_DISTRIBUTIONS = ("rlkit-framework", "tensorflow", "keras", "ai-edge-litert", "gymnasium", "numpy")


def add_report_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that every benchmark has."""
    parser.add_argument("--quick", action="store_true", help="tiny settings, to see that it works; no figure to keep")
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="put the table into this page's section of the same name as well"
    )


def parse(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The command's arguments; quick figures are never written."""
    arguments = parser.parse_args()
    if arguments.quick and arguments.write:
        parser.error("--quick gives no figure to keep: leave out --write")
    if arguments.write and not arguments.write.is_file():
        parser.error(f"--write: there is no page {arguments.write}")
    return arguments


def existing_file(text: str) -> Path:
    """An argument that names a file, made absolute: children run in the project's folder."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path.absolute()  # not resolved: a virtual environment's interpreter is a symbolic link


def seeds(text: str) -> tuple[int, ...]:
    """An argument like `0-29`, `0,3,5` or `7`."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part.strip())
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise argparse.ArgumentTypeError(f"found {text!r}; allowed are seeds like 0-29, 0,3,5 or 7")
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(dict.fromkeys(found))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column on the left, the others, figures, on the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def provenance(*more: str) -> str:
    """One line: the command, the day, the machine and its load, the versions."""
    load = f", load average {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    machine = f"{_processor()}, {os.cpu_count()} cores{load}"
    versions = [f"Python {platform.python_version()}"]
    for distribution in _DISTRIBUTIONS:
        try:
            versions.append(f"{distribution} {importlib.metadata.version(distribution)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return f"Made by `{_command()}` on {today}: {machine}; {', '.join([*versions, *more])}."


def publish(name: str, text: str, page: Path | None) -> None:
    """Print a section's text, and put it into the page between `<!-- table: NAME -->` and `<!-- end -->`."""
    print(text)
    if page is None:
        return
    old = page.read_text(encoding="utf-8")
    section = re.compile(rf"(<!-- table: {re.escape(name)} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    new, found = section.subn(lambda match: f"{match[1]}\n{text}\n\n{match[3]}", old)
    if found != 1:
        raise SystemExit(f"{page}: found {found} sections between '<!-- table: {name} -->' and '<!-- end -->', not one")
    page.write_text(new, encoding="utf-8")


def progress(text: str) -> None:
    """A word to whoever waits, apart from the table."""
    print(text, file=sys.stderr, flush=True)


def _command() -> str:
    """The command as anyone would give it: paths outside the project are nobody else's."""
    words = [f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]]
    public = ["PATH" if os.path.isabs(word) or word.startswith(("..", "~")) else word for word in words]
    return "python " + shlex.join(re.sub(r"=(/|\.\.|~).*", "=PATH", word) for word in public)


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
