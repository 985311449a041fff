"""Seeds as a file has them: how many, which, or a list."""

from __future__ import annotations

from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Node, plain
from rlkit.experiment.words import found
from rlkit.runs.seed_list import SeedsError, checked, parse_seeds


def seeds_of(node: Node, path: str, problems: Problems) -> tuple[int, ...]:
    """The seeds that stand at `path`; none where they are a problem."""
    value = plain(node)
    try:
        if isinstance(value, list):
            return checked(value)
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            return parse_seeds(str(value))
    except SeedsError as error:
        problems.add(node.mark, path, str(error))
        return ()
    problems.add(node.mark, path, f"found {found(node)}; allowed: how many (10), which (0-9), or a list")
    return ()
