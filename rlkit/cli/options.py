"""Options that several commands share: each with one name, one help text and one effect."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rlkit.contracts.launcher import Launcher


def add_set(parser: argparse.ArgumentParser) -> None:
    """Add `--set KEY=VALUE`, kept as `assignments`."""
    parser.add_argument(
        "--set",
        dest="assignments",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one value of a file, checked as the file is; may be given again and again",
    )


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add `--out DIR`."""
    parser.add_argument(
        "--out", type=Path, default=Path("runs"), metavar="DIR", help="where runs are kept (default: runs)"
    )


def add_launcher(parser: argparse.ArgumentParser) -> None:
    """Add `--launcher NAME`, which `chosen_launcher` reads."""
    parser.add_argument(
        "--launcher",
        metavar="NAME",
        help="where runs are carried out: a launcher's name, or '{name: ray, address: …}' with its parameters (see: "
        "rlkit plugins launcher)",
    )


def chosen_launcher(args: argparse.Namespace) -> Launcher | None:
    """The launcher that was named, if one was. Raises ExperimentError."""
    if args.launcher is None:
        return None
    from rlkit.experiment.launchers import launcher_from

    return launcher_from(args.launcher)


def add_preparation(parser: argparse.ArgumentParser) -> None:
    """Add `--no-cache` and `--allow-imports`, which `prepare` carries out."""
    parser.add_argument(
        "--no-cache", action="store_true", help="neither use nor keep converted programs (see: rlkit cache --help)"
    )
    parser.add_argument(
        "--allow-imports",
        action="store_true",
        help="let an environment id of the form module:Name-v0 import that module, which runs its code; asked for once "
        "a run (in scripts: RLKIT_ALLOW_IMPORTS=1, or the names of modules with commas between)",
    )


def prepare(args: argparse.Namespace) -> None:
    """Do what the options of `add_preparation` ask for, before anything else."""
    if args.allow_imports:
        os.environ["RLKIT_ALLOW_IMPORTS"] = "1"
    if args.no_cache:
        from rlkit.caching.switch import stop_caching

        stop_caching()
