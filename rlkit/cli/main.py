"""The program: choosing the command, and telling people what went wrong."""

from __future__ import annotations

import argparse
import re
import signal
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from rlkit.cli import UsageError
from rlkit.cli.streams import listened_streams

COMMANDS = ("run", "study", "tune", "compare", "report", "check", "plugins", "runs", "evaluate", "plot", "cache")

_EXAMPLES = """\
examples:
  rlkit run cartpole_dqn                       train on an experiment that comes with rlkit
  rlkit run my_experiment.yaml --seed 3        train on your own, with another seed
  rlkit study exploration                      run variants with many seeds, and compare them
  rlkit tune cartpole                          search for better values, test them on other seeds
  rlkit check my_experiment.yaml               say what would run, and what is wrong with the file
  rlkit plugins                                the parts that experiments can be made of
  rlkit plugins exploration boltzmann          one of them: its parameters, and YAML to paste
  rlkit runs                                   what has been run, newest first
  rlkit evaluate last --video agent.mp4        greedy episodes of the newest run, and a video of them
  rlkit plot last                              its learning curve
  rlkit report comparison.json                 a comparison as one page
  rlkit cache                                  what is kept so that runs start at once

rlkit COMMAND --help explains a command."""


class Parser(argparse.ArgumentParser):
    """Errors in the program's own form, and no abbreviated options: a new option must never change an old script."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, and exit with status 2."""
        self.exit(2, f"rlkit: error: {message} (see: {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status.

    0 when all went well, 1 when a run failed, 2 when what was asked for is wrong, 130 after Ctrl-C (143 and 129 after
    SIGTERM and SIGHUP), 141 when the reader of the output went away. A run goes on whoever listens, and its status is
    its own.
    """
    warnings.formatwarning = _in_a_line
    arguments = sys.argv[1:] if argv is None else argv
    with listened_streams() as (output, _):
        status = _execute(arguments)
        output.flush()
        if output.error is None or arguments[:1] == ["run"]:
            return status
        if isinstance(output.error, BrokenPipeError):
            return 141
        print(f"rlkit: error: cannot write to standard output: {_why(output.error)}", file=sys.stderr)
        return status or 1


def _why(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)


def _execute(argv: Sequence[str]) -> int:
    parser, commands = _parser()
    if not argv:
        parser.print_help()
        return 0
    try:
        if not argv[0].startswith("-") and argv[0] not in commands:
            _refuse_command(argv[0], parser)
        _refuse_before_command(argv, parser, commands)
        args, unknown = parser.parse_known_args(argv)
        if unknown or args.command is None:
            _refuse(unknown[0] if unknown else argv[0], commands[args.command] if args.command else parser)
    except SystemExit as stop:  # argparse's way to end after --help and after an error
        return int(stop.code or 0)
    try:
        status: int = args.execute(args)
    except KeyboardInterrupt as interrupt:
        print("rlkit: interrupted", file=sys.stderr)
        return 128 + int(getattr(interrupt, "signal", signal.SIGINT))
    except Exception as error:
        told = _for_people(error)
        if told is None:
            raise
        sys.stdout.flush()
        print(f"rlkit: error: {told[0]}", file=sys.stderr)
        return told[1]
    return status


def _parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    parser = Parser(
        prog="rlkit",
        description="Reinforcement-learning experiments assembled from plugins, described in YAML.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    subparsers = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"rlkit.cli.{name}").add_parser(subparsers)
    return parser, dict(subparsers.choices)


def _refuse_command(name: str, parser: argparse.ArgumentParser) -> NoReturn:
    from rlkit.catalogue.nearest import did_you_mean

    nearest = did_you_mean(name, COMMANDS)
    parser.error(f"found the command '{name}'{nearest or ';'} commands: {', '.join(COMMANDS)}")


def _refuse_before_command(
    argv: Sequence[str], parser: argparse.ArgumentParser, commands: dict[str, argparse.ArgumentParser]
) -> None:
    """Say where an option goes that a command knows and that stands before it, or without one."""
    option = argv[0].partition("=")[0]
    knowing = [name for name, command in commands.items() if option.startswith("--") and _knows(command, option)]
    if _knows(parser, option) or not knowing:
        return
    given = next((argument for argument in argv if argument in commands), None)
    command = given if given in knowing else "COMMAND"
    of = "" if given in knowing else f" ({', '.join(knowing)})"
    parser.error(f"found the option '{option}' before the command; it stands after it{of}: rlkit {command} … {option}")


def _knows(parser: argparse.ArgumentParser, option: str) -> bool:
    return re.search(rf"{re.escape(option)}\b(?!-)", parser.format_usage()) is not None


def _refuse(argument: str, parser: argparse.ArgumentParser) -> NoReturn:
    from rlkit.catalogue.nearest import did_you_mean

    if not argument.startswith("-"):
        parser.error(f"found '{argument}', which is one argument too many")
    known = ["help", *re.findall(r"--([a-z][a-z-]*)", parser.format_usage())]
    nearest = did_you_mean(argument.partition("=")[0].strip("-"), known).replace("'", "'--", 1)
    parser.error(f"found the option '{argument}'{nearest or ';'} options: --{', --'.join(known)}")


def _for_people(error: Exception) -> tuple[str, int] | None:
    """Message and exit status of an error that is no fault of the program's; None for one that is."""
    from rlkit.catalogue.catalogue import AmbiguousComponent, UnknownComponent, UnknownKind
    from rlkit.contracts.launcher import LauncherError
    from rlkit.experiment.errors import ExperimentError
    from rlkit.runs.folder import shown_path
    from rlkit.runs.result import RunFailed

    if isinstance(error, ExperimentError):
        count = len(error.problems)
        return (str(error) if count == 1 else f"{count} problems\n{error}"), 2
    if isinstance(error, (UsageError, LauncherError, UnknownKind, UnknownComponent, AmbiguousComponent)):
        return str(error), 2
    if isinstance(error, RunFailed):
        return f"{error}\nWhat was recorded until then is in {shown_path(error.folder)}", 1
    return None


def _in_a_line(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    """A warning for users is one line; others, for developers, keep the place in the code."""
    if category is UserWarning:
        return f"rlkit: warning: {message}\n"
    return _WITH_PLACE(message, category, filename, lineno, line)


_WITH_PLACE = warnings.formatwarning


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        from rlkit.catalogue.plugins import CORE_DISTRIBUTION

        print(f"rlkit {version(CORE_DISTRIBUTION)} ({CORE_DISTRIBUTION})")
        parser.exit(0)
