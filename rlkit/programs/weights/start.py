"""What variables begin with, whatever the seed: so that another run needs nothing to be built again."""

from __future__ import annotations

import numpy as np

from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.programs.program import Arrays
from rlkit.programs.ready import Made, ReadyPrograms, Start
from rlkit.programs.state import constants_of
from rlkit.programs.weights.next_seed import rebuilt


class SeedDependent(ValueError):
    """A part begins with something that follows from the seed and is not drawn by the core; the text names it."""


def start_of(prepared: ReadyPrograms, made: Made, agent: Agent, buffer: Buffer) -> Start:
    """What all variables begin with but those that the plan of weights draws.

    The working parts are built once more with another seed, which takes milliseconds.

    Raises:
        SeedDependent: something differs, or could.
    """
    other = same_graphs(prepared, made, agent, buffer)
    for first, second in zip(made.built, other.built, strict=True):
        _compare(first, second, "begins as its component draws it from the seed")
    return made.built


def same_graphs(prepared: ReadyPrograms, made: Made, agent: Agent, buffer: Buffer) -> Made:
    """What the working parts are with another seed, if they have the same graphs.

    Raises:
        SeedDependent: a constant differs, or could.
    """
    other = rebuilt(made, agent, buffer, prepared.spaces, prepared.seed + 1)
    if other is None:
        raise SeedDependent("a part has variables that only tracing makes, or draws from NumPy's generator")
    # What is no variable may stand in a graph as a constant.
    for part, name in ((made.learner, "learner"), (made.selection, "selection")):
        _compare(constants_of(part, name), constants_of(getattr(other, name), name), "follows from the seed")
    return other


def _compare(first: Arrays, second: Arrays, words: str) -> None:
    for name, value in first.items():
        found = second.get(name)
        if found is None or not np.array_equal(value, found, equal_nan=value.dtype.kind == "f"):
            raise SeedDependent(f"{name} {words}")
