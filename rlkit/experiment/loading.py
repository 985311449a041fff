"""From a file, or a shipped experiment's name, to a checked experiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import discover
from rlkit.experiment.checking import check
from rlkit.experiment.errors import ExperimentError, Problem, Problems
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.nodes import MapNode, Mark, Scalar, Written
from rlkit.experiment.overrides import override
from rlkit.experiment.parts import Unwritable
from rlkit.experiment.reading import read
from rlkit.experiment.resolved import to_yaml
from rlkit.experiment.source import find, read_text
from rlkit.experiment.telling import OWN_KEYS
from rlkit.experiment.words import found, shown


def load(
    source: str,
    overrides: Sequence[str] = (),
    *,
    seed: int | None = None,
    catalogue: Catalogue | None = None,
    greedy: bool = False,
) -> Experiment:
    """Read and check an experiment.

    Args:
        source: a YAML file, or the name of an experiment that is shipped (`cartpole_dqn`).
        overrides: `buffer.capacity=10000`, applied in their order (`rlkit.experiment.overrides`).
        seed: instead of the file's and the overrides'.
        catalogue: what is installed; by default what discovery finds.
        greedy: for greedy episodes alone, so that recorded data need not be there any more.

    Raises:
        ExperimentError: with every problem found, each at its place.
    """
    problems = Problems()
    document = override(document_of(source, problems), overrides, problems)
    if seed is not None:
        mark = Mark("--seed")
        document = document.with_entry("seed", Written(mark, Scalar(mark, seed)))
    return checked(document, source, catalogue or discover(), problems, greedy=greedy)


def document_of(source: str, problems: Problems) -> MapNode:
    """What an experiment file says, or a shipped experiment's, before it is checked.

    Args:
        source: see `load`.
        problems: takes what the reader can read past.

    Raises:
        ExperimentError: it is no map, or cannot be read at all.
    """
    path = find(source)
    name = shown(str(path))
    text = read_text(path, name)
    document = read(text, Mark(name, 1, 1), problems)
    if not isinstance(document, MapNode):
        if isinstance(document, Scalar) and document.value is None:
            problems.add(document.mark, "", "holds nothing; an experiment has keys such as name, environment and agent")
        elif document is not None:
            problems.add(document.mark, "", f"found {found(document)}; an experiment is a map")
        problems.raise_any()
    assert isinstance(document, MapNode)
    return document


def reload(experiment: Experiment, assignments: Sequence[str]) -> Experiment:
    """The experiment with overrides applied to what its file says, and checked again.

    Raises:
        ExperimentError: with every problem found.
    """
    problems = Problems()
    document = override(experiment.document, assignments, problems)
    return checked(document, experiment.source, experiment.catalogue, problems)


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """The experiment with another seed, which must be one that a file may have; nothing else is checked again."""
    mark = Mark("--seed")
    document = experiment.document.with_entry("seed", Written(mark, Scalar(mark, seed)))
    return replace(experiment, seed=seed, checked={**experiment.checked, "seed": seed}, document=document)


def as_told(experiment: Experiment) -> Experiment:
    """The experiment, which its `document` describes; checked again if parts of it were replaced in Python.

    Raises:
        ExperimentError: if no experiment file can hold such a part, or it does not fit.
    """
    source = f"{shown(experiment.source)} (parts replaced in Python)"
    try:
        resolved = experiment.resolved
    except Unwritable as error:
        raise ExperimentError(Problem(source, "", str(error))) from None
    if resolved == experiment.checked:
        return experiment
    problems = Problems()
    document = read(to_yaml(resolved), Mark(source), problems)
    problems.raise_any()
    assert isinstance(document, MapNode)
    told = checked(document, experiment.source, experiment.catalogue, problems)
    for part in OWN_KEYS:
        if getattr(told, part) != getattr(experiment, part):
            raise ExperimentError(Problem(source, part, "is not what an experiment file can say of it"))
    return told


def from_text(text: str, source: str) -> Experiment:
    """The experiment that another process has checked and resolved; its paths are relative to `source`.

    Raises:
        ExperimentError: it cannot be used here: other packages are installed, say.
    """
    problems = Problems()
    document = read(text, Mark(shown(source)), problems)
    problems.raise_any()
    assert isinstance(document, MapNode)
    return checked(document, source, discover(), problems)


def checked(
    document: MapNode, source: str, catalogue: Catalogue, problems: Problems, *, greedy: bool = False
) -> Experiment:
    """The experiment that a document describes.

    Raises:
        ExperimentError: with all that `problems` has been told, and what was found now.
    """
    experiment = check(document, source, catalogue, problems, greedy=greedy)
    problems.raise_any()
    if experiment is None:
        raise ExperimentError(Problem(shown(source), "", "cannot be used"))
    return experiment
