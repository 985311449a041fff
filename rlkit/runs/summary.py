"""What a person reads before and after a run."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.loops.choice import task_of
from rlkit.runs.folder import shown_path
from rlkit.runs.result import Result

if TYPE_CHECKING:
    from rlkit.experiment.experiment import Experiment

_LABEL = 12
"""Columns before the text of each line."""
_PROGRAMS = {"learner": "acting and learning", "selection": "sampling"}
_BACKENDS = {
    "litert": "LiteRT",
    "xla": "compiled TensorFlow",
    "graph": "TensorFlow graphs",
    "eager": "eager TensorFlow",
}
_PHASES = {"startup": "start-up", "training": "training", "evaluation": "evaluation", "total": "in all"}


def header(experiment: Experiment, folder: Path) -> str:
    """What is about to run, and where it will be kept."""
    return f"{subject(experiment)}, seed {experiment.seed}, in {shown_path(folder)}"


def subject(experiment: Experiment) -> str:
    """`cartpole_dqn: dqn on CartPole-v1`."""
    agent = experiment.catalogue.entry_of(experiment.agent).name
    return f"{experiment.name}: {agent} on {task_of(experiment)}"


def summary(result: Result, *, short: bool = False) -> str:
    """What came of a run, as aligned lines; `short` leaves out what run.json tells as well."""
    lines = _short(result) if short else _lines(result)
    return "\n".join(line(label, text) for label, text in lines)


def _short(result: Result) -> Iterator[tuple[str, str]]:
    yield from _outcome(result)
    for warning in result.warnings:
        yield "warning", warning
    yield "folder", shown_path(result.folder)


def _lines(result: Result) -> Iterator[tuple[str, str]]:
    yield from _outcome(result)
    phases = [f"{_seconds(result.seconds[key])} {words}" for key, words in _PHASES.items() if result.seconds.get(key)]
    yield "seconds", ", ".join(phases)
    if not result.steps and result.updates and result.seconds.get("training"):
        speed = result.updates / result.seconds["training"]
        yield "speed", f"{speed:,.0f} updates/s; {_backends(result.backends)}"
    if result.steps_per_second:
        whole = result.loop == "compiled" and result.backends["learner"] == "xla"
        ran = "one XLA program" if whole else _backends(result.backends)
        yield "speed", f"{result.steps_per_second:,.0f} steps/s; {ran}"
    if result.programs:
        yield "programs", result.programs
    if result.evaluation:
        yield "evaluation", ", ".join(f"{value:g}" for value in result.evaluation) + " (greedy episodes)"
    if result.rows:
        yield "rows", f"{result.rows['rows']:,} kept in {result.rows['file']}"
    for warning in result.warnings:
        yield "warning", warning
    yield "folder", shown_path(result.folder)
    for picture in sorted(result.folder.glob("*.png")):
        yield "picture", shown_path(picture)


def _outcome(result: Result) -> Iterator[tuple[str, str]]:
    verdict = result.status
    if verdict == "finished":
        verdict = "solved" if result.solved else "not solved"
    if result.stop_reason == verdict:  # `interrupted` needs no second word
        yield verdict, _counts(result)
    else:
        yield verdict, result.stop_reason
        yield "", _counts(result)
    if result.data:
        yield "data", _data(result.data)


def _data(data: Mapping[str, Any]) -> str:
    """`learned from 5,000 recorded rows alone; no step was taken`."""
    rows, of = data["rows"], data["of"]
    count = f"{rows:,} recorded rows" if rows == of else f"the newest {rows:,} of {of:,} recorded rows"
    if data["collects"]:
        return f"{count} were the first in the buffer"
    return f"learned from {count} alone; no step was taken"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2f}"


def _counts(result: Result) -> str:
    counts = {"episode": result.episodes, "step": result.steps, "update": result.updates}
    return ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for word, count in counts.items())


def _backends(backends: Mapping[str, str]) -> str:
    """`acting and learning in LiteRT, sampling in TensorFlow graphs`; programs that share a backend share its words."""
    programs: dict[str, list[str]] = {}
    for program, backend in backends.items():
        programs.setdefault(_BACKENDS.get(backend, backend), []).append(_PROGRAMS.get(program, program))
    return ", ".join(f"{_list(names)} in {backend}" for backend, names in programs.items())


def _list(names: list[str]) -> str:
    words = [word for name in names for word in name.split(" and ")]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def line(label: str, text: str) -> str:
    """A label and its text, wrapped to 100 columns."""
    if label in ("folder", "picture"):  # a path must stay in one piece
        return f"{label:<{_LABEL}}{text}"
    return textwrap.fill(
        text,
        width=100,
        initial_indent=f"{label:<{_LABEL}}",
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
        break_on_hyphens=False,
    )
