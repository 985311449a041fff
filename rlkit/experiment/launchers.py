"""Where runs are to be carried out, as a person says it: `--launcher ray`, `--launcher '{name: ray, address: …}'`."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import discover
from rlkit.contracts.launcher import Launcher
from rlkit.experiment.building import Builder
from rlkit.experiment.errors import ExperimentError, Problems
from rlkit.experiment.nodes import MapNode, Mark, Node, Written
from rlkit.experiment.reading import read

_KIND = "launcher"


def launcher_from(text: str, *, place: str = "--launcher", catalogue: Catalogue | None = None) -> Launcher:
    """The launcher that a text names, with the parameters that it gives.

    Args:
        text: YAML, a name or a map with `name` and parameters.
        place: where it was written, for messages.
        catalogue: what is installed; by default what discovery finds.

    Raises:
        ExperimentError: with every problem found; its paths are the launcher's own, `address` for one.
    """
    try:
        return _launcher(text, Mark(place), catalogue or discover())
    except ExperimentError as error:
        own = (replace(problem, path=problem.path.removeprefix(_KIND).lstrip(".")) for problem in error.problems)
        raise ExperimentError(*own) from None


def launcher_at(node: Node, catalogue: Catalogue | None = None) -> Launcher:
    """The launcher that a file's value names. Raises ExperimentError."""
    return _built(node, catalogue or discover(), Problems())


def _launcher(text: str, mark: Mark, catalogue: Catalogue) -> Launcher:
    problems = Problems()
    node = read(text, mark, problems)
    problems.raise_any()
    assert node is not None
    return _built(node, catalogue, problems)


def _built(node: Node, catalogue: Catalogue, problems: Problems) -> Launcher:
    mark = node.mark
    builder = Builder(MapNode(mark, {_KIND: Written(mark, node)}), catalogue, problems)
    launcher = builder.part(node, (catalogue.kind(_KIND),), _KIND)
    builder.unknown.note(problems, frozenset())
    problems.raise_any()
    return cast("Launcher", launcher)
