"""`rlkit check`: what an experiment file would run, and what is wrong with it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.cli.options import add_preparation, add_set, prepare

if TYPE_CHECKING:
    from rlkit.experiment.errors import ExperimentError
    from rlkit.experiment.experiment import Experiment

_EXAMPLES = """\
examples:
  rlkit check experiments/cartpole_dqn.yaml        a file: its parts, and the loop that would run it
  rlkit check cartpole_dqn mine.yaml               several; each is checked whatever is wrong with the others
  rlkit check cartpole_dqn --set buffer.capacity=10000 --set exploration=greedy
  rlkit check cartpole_dqn --play                  also build it, say what converts, and take some steps

Nothing is trained and nothing is written. Every problem of a file is told at once, each in a line of its own:
  mine.yaml:6:31: network.activation: found the text 'rellu'; allowed: relu or tanh; did you mean 'relu'?

exit status: 0 when every file can be run; 2 when something is wrong with one; 1 when one fails in --play."""

_STEPS = 500
"""Environment steps of --play: enough for the default agents to learn, and over within seconds."""
_SECONDS = 30.0
"""For each thing that --play tries: a slow environment takes fewer steps."""
_LABEL = 16
_UNBROKEN = "\xa0"
"""Stands for a space at which no line is broken."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "check",
        help="say what would run, and what is wrong with a file",
        description="Say what an experiment file would run, in which loop, and what is wrong with it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="an experiment file, or the name of one that comes with rlkit"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="instead of the file's seed")
    add_set(parser)
    parser.add_argument(
        "--play",
        action="store_true",
        help=f"also build it, say what converts, and take {_STEPS} steps with learning, {_SECONDS:g} s at most"
        " (imports TensorFlow if programs are to be made)",
    )
    parser.add_argument("--debug", action="store_true", help="show the tracebacks of plugins that fail")
    add_preparation(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Check every file; the exit status is that of the worst."""
    prepare(args)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    statuses = []
    for number, file in enumerate(args.files):
        if number:
            print()
        statuses.append(_check(file, args))
    return max(statuses)


def _check(file: str, args: argparse.Namespace) -> int:
    from rlkit.experiment.errors import ExperimentError
    from rlkit.experiment.loading import load
    from rlkit.loops.choice import loop_of
    from rlkit.runs.needs import check_needs

    try:
        experiment = load(file, args.assignments, seed=args.seed)
        check_needs(experiment, Path("runs"))
        loop = loop_of(experiment)
    except ExperimentError as error:
        _print_problems(error, args.debug)
        return 2
    for line in _description(experiment, loop):
        print(line)
    return _play(experiment, args.debug) if args.play else 0


def _print_problems(error: ExperimentError, debug: bool) -> None:
    from rlkit.runs.failure import describe_failure

    sys.stdout.flush()
    print(error, file=sys.stderr)
    for problem in error.problems:
        if debug and problem.cause is not None:
            print(f"\n{describe_failure(problem.cause, str(problem))}", file=sys.stderr)


def _play(experiment: Experiment, debug: bool) -> int:
    from rlkit.experiment.errors import ExperimentError
    from rlkit.faults.authors import one_line, where
    from rlkit.loops.learning import LearningDiverged
    from rlkit.loops.trial import play
    from rlkit.runs.failure import describe_failure
    from rlkit.runs.stopping import StopFault
    from rlkit.runs.trying import try_out
    from rlkit.runs.waiting import waiting
    from rlkit.worlds.world import ActionFailure, EnvironmentFailure

    lines = chain(try_out(experiment), play(experiment, _STEPS, _SECONDS))
    try:
        while True:
            with waiting("trying it out"):
                line = next(lines, None)
            if line is None:
                break
            print(f"  {'play':{_LABEL}}{line}", flush=True)
    except ExperimentError as error:
        _print_problems(error, debug)
        return 2
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit in a step among them
        # Their messages have the place.
        whole = isinstance(error, (StopFault, EnvironmentFailure, ActionFailure, LearningDiverged))
        place, told = ("", str(error)) if whole else (where(error), one_line(error))
        message = f"{experiment.source}: {told}" + (f" at {place}" if place else "")
        print(describe_failure(error, message) if debug else message, file=sys.stderr)
        return 1
    return 0


def _description(experiment: Experiment, loop: tuple[str, str]) -> Iterator[str]:
    yield f"{experiment.source}: experiment {experiment.name}, seed {experiment.seed} (in parentheses: defaults)"
    for key, value in experiment.resolved.items():
        if isinstance(value, list):
            parts = [_part(experiment, f"{key}.{index}", part) for index, part in enumerate(value)]
            yield from _rows(key, parts or ["none"])
        elif isinstance(value, dict):
            yield from _rows(key, [_part(experiment, key, value)])
        if key == "environment":
            yield from _rows("", [f"observation: {experiment.spaces.observation}; action: {experiment.spaces.action}"])
    yield from _rows("loop", [": ".join(loop)])
    used = dict.fromkeys(f"{entry.plugin.distribution} {entry.plugin.version}" for entry in experiment.entries)
    yield from _rows("from", [", ".join(used)])


def _rows(label: str, texts: list[str]) -> Iterator[str]:
    width = max(60, shutil.get_terminal_size((120, 24)).columns)
    indent = " " * (_LABEL + 2)
    for text in texts:
        first = f"  {label:{_LABEL}}"
        for line in textwrap.wrap(text, width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False):
            yield line.replace(_UNBROKEN, " ")
        label = ""


def _part(experiment: Experiment, path: str, part: dict[str, Any]) -> str:
    """`adam, learning_rate: 0.001 (beta_1: 0.9)`: what is not written in the file stands in parentheses."""
    from rlkit.experiment.nodes import lookup
    from rlkit.experiment.resolved import flow

    def written(inner: str) -> bool:
        return lookup(experiment.document, inner)[0] is not None

    texts = {key: f"{key}: {flow(value)}".replace(" ", _UNBROKEN) for key, value in part.items() if key != "name"}
    given = [text for key, text in texts.items() if written(f"{path}.{key}")]
    defaults = [text for key, text in texts.items() if not written(f"{path}.{key}")]
    if "name" in part:
        (given if written(path) else defaults).insert(0, part["name"])
    return ", ".join(given) + (" " if given and defaults else "") + (f"({', '.join(defaults)})" if defaults else "")
