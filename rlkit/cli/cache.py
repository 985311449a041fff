"""`rlkit cache`: what is kept between runs so that they start at once."""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from rlkit.caching.entries import Found

_EXAMPLES = """\
examples:
  rlkit cache            what is kept, and how much room it takes
  rlkit cache --clear    remove all of it
  rlkit cache --json

programs are what experiments were converted to: a run that finds its own starts at once and needs no TensorFlow.
They follow from the agent with all its parameters, the spaces of the environment, and the versions and sources of all
that makes them; other seeds, limits, stop criteria and recorders share them. What was used longest ago makes room
when they take more than RLKIT_CACHE_MB megabytes (512 unless it is set). xla is what XLA compiled, allowed what your
own runs may import, so that --allow-imports is asked for once a run.

Nothing in it is ever needed: what is missing, damaged or out of date is made anew. RLKIT_CACHE_DIR puts it elsewhere,
RLKIT_NO_CACHE=1 or --no-cache (run, evaluate, check) does without."""

_PROGRAMS, _XLA, _ALLOWED = "programs", "xla", "allowed"


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "cache",
        help="list or clear what is kept so that runs start at once",
        description="List, or clear, what is kept between runs in the user's cache folder.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clear", action="store_true", help="remove all of it")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """List the cache, or clear it."""
    from rlkit.caching.entries import entries_in, files_in
    from rlkit.caching.folder import cache_folder

    folder = cache_folder()
    working = folder / _XLA / "working"  # of processes that are running; each clears its own away
    compiled = [file for file in files_in(folder / _XLA) if working not in file.path.parents]
    allowed = [file for file in files_in(folder / _ALLOWED) if file.path.suffix == ".json"]
    found = {_PROGRAMS: entries_in(folder / _PROGRAMS), _XLA: compiled, _ALLOWED: allowed}
    for files in found.values():
        files.sort(key=lambda file: file.used, reverse=True)
    if args.clear:
        return _clear(folder, found, as_json=args.json)
    print(_json(folder, found) if args.json else "\n".join(_lines(folder, found)))
    return 0


def _clear(folder: Path, found: dict[str, list[Found]], *, as_json: bool) -> int:
    left = 0
    for files in found.values():
        for file in files:
            try:
                file.path.unlink(missing_ok=True)
            except OSError as error:
                left += 1
                print(f"rlkit: error: cannot remove {file.path}: {error.strerror}", file=sys.stderr)
    for path in sorted((folder / _XLA).glob("**/"), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir()
    removed = [file for files in found.values() for file in files]
    if as_json:
        print(_json(folder, found))
    else:
        print(f"removed {_files(removed)} from {folder}" if removed else f"nothing is kept in {folder}")
    return 1 if left else 0


def _lines(folder: Path, found: dict[str, list[Found]]) -> list[str]:
    import datetime

    from rlkit.caching.entries import label_of, limit_bytes

    lines = [
        str(folder),
        f"{_PROGRAMS:<10}{_files(found[_PROGRAMS])}, at most {_size(limit_bytes())}: the longest unused makes room",
    ]
    for file in found[_PROGRAMS]:
        used = datetime.datetime.fromtimestamp(file.used).strftime("%Y-%m-%d %H:%M")
        lines.append(f"  {file.path.stem[:12]:<14}{_size(file.size):>8}  used {used}  {label_of(file.path)}".rstrip())
    return [*lines, *(f"{part:<10}{_files(found[part])}" for part in (_XLA, _ALLOWED))]


def _json(folder: Path, found: dict[str, list[Found]]) -> str:
    import json

    from rlkit.caching.entries import label_of

    told = {
        part: [
            {"file": str(file.path), "bytes": file.size, "used": file.used, "label": label_of(file.path)}
            for file in files
        ]
        for part, files in found.items()
    }
    return json.dumps({"folder": str(folder), **told}, ensure_ascii=False, indent=2)


def _files(files: list[Found]) -> str:
    count = len(files)
    return f"{count} file{'' if count == 1 else 's'}, {_size(sum(file.size for file in files))}"


def _size(size: int) -> str:
    return f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"
