"""A search is checked before anything runs: the base, and every end and choice of the space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import discover
from rlkit.contracts.launcher import Launcher
from rlkit.experiment.errors import ExperimentError, Problem, Problems
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.launchers import launcher_at
from rlkit.experiment.loading import checked
from rlkit.experiment.nodes import MapNode, Mark, Node, Scalar, Written
from rlkit.experiment.overrides import assign
from rlkit.runs.launched import local_launcher
from rlkit.studies.based_file import base_document
from rlkit.tuning.measures import Measure, measure_of
from rlkit.tuning.strategies import check_strategies
from rlkit.tuning.tuning_file import Dimension, Range, TuningFile, Value


@dataclass(frozen=True)
class Tuning:
    """A search that can begin."""

    file: TuningFile
    base: Experiment
    """With what all trials have in common."""
    space: tuple[Dimension, ...]
    measure: Measure
    launcher: Launcher

    def experiment(self, values: Mapping[str, Value], name: str) -> Experiment:
        """The experiment of a trial.

        Raises:
            ExperimentError: these values do not go together.
        """
        changes = [(one, one.node(values[one.key])) for one in self.space if one.key in values]
        return _checked(self.file, changes, self.base.catalogue, name)


def check_tuning(file: TuningFile, catalogue: Catalogue | None = None, launcher: Launcher | None = None) -> Tuning:
    """Check everything that can be checked without a run.

    Args:
        file: what its file says.
        catalogue: what is installed; by default what discovery finds.
        launcher: instead of the file's.

    Raises:
        ExperimentError: with every problem, each once and at its place.
    """
    catalogue, problems, own = catalogue or discover(), list[Problem](), Problems()

    def noted(error: ExperimentError) -> None:
        problems.extend(problem for problem in error.problems if problem not in problems)

    space = file.space
    try:
        base = _checked(file, [], catalogue, None)
    except ExperimentError as error:
        noted(error)
        base = None
    if base is not None:
        first = [(one, one.ends()[0]) for one in space]
        for changes in _points(space, first):
            try:
                experiment = _checked(file, changes, catalogue, None)
            except ExperimentError as error:
                noted(error)
                continue
            space = tuple(_typed(one, experiment, own) for one in space)
    measure = measure_of(file.goal, base, own) if base is not None else None
    check_strategies(file.sampler, file.pruner, space, own)
    try:
        own.raise_any()
    except ExperimentError as error:
        noted(error)
    try:
        if launcher is None and file.launcher is not None:
            launcher = launcher_at(file.launcher, catalogue)
    except ExperimentError as error:
        noted(error)
    if problems:
        raise ExperimentError(*problems)
    assert base is not None and measure is not None
    return Tuning(file, base, space, measure, launcher or local_launcher())


def _points(
    space: Sequence[Dimension], first: Sequence[tuple[Dimension, Node]]
) -> Iterator[list[tuple[Dimension, Node]]]:
    """Every end and choice, the other keys at their first."""
    yield list(first)
    for place, one in enumerate(space):
        for node in one.ends()[1:]:
            yield [*first[:place], (one, node), *first[place + 1 :]]


def _checked(
    file: TuningFile, changes: Sequence[tuple[Dimension, Node]], catalogue: Catalogue, name: str | None
) -> Experiment:
    problems = Problems()
    document = base_document(file.base, file.base_mark, problems)
    for change in file.common:
        document = assign(document, change.key, change.value, change.mark, problems)
    for dimension, node in sorted(changes, key=lambda change: _depth(change[0].key)):
        document = assign(document, dimension.key, node, dimension.mark, problems)
    if name is not None:
        document = named(document, name)
    return checked(document, file.base, catalogue, problems)


def _depth(key: str) -> tuple[int, bool]:
    """A whole part is set before what lies within it, and its name before its parameters."""
    return key.count("."), not key.endswith(".name")


def named(document: MapNode, name: str) -> MapNode:
    """An experiment under another name."""
    mark = Mark(document.mark.source)
    return document.with_entry("name", Written(mark, Scalar(mark, name)))


def _typed(dimension: Dimension, experiment: Experiment, problems: Problems) -> Dimension:
    """A range that knows whether its parameter is a whole number: the experiment has made a number of its end."""
    if not isinstance(dimension, Range):
        return dimension
    whole = isinstance(told(experiment.resolved, dimension.key), int)
    if whole and dimension.step is not None and not float(dimension.step).is_integer():
        message = f"found {dimension.step}; the parameter is a whole number, and so is its step"
        problems.add(dimension.mark, f"space.{dimension.key}.step", message)
    return replace(dimension, whole=whole)


def told(value: Any, key: str) -> Any:
    """What stands at a dotted key of plain data; where it ends early, the deepest that is there."""
    for segment in key.split("."):
        if isinstance(value, Mapping):
            value = value.get(segment)
        elif isinstance(value, list) and segment.isdecimal() and int(segment) < len(value):
            value = value[int(segment)]
    return value
