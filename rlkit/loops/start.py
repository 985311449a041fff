"""What variables begin with, whatever the seed: so that another run needs nothing to be built again."""

from __future__ import annotations

import numpy as np

from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.loops.next_seed import rebuilt
from rlkit.loops.prepared import Made, Prepared, Start
from rlkit.loops.program import Arrays


class SeedDependent(ValueError):
    """A part begins with something that follows from the seed and is not drawn by the core; the text names it."""


def start_of(prepared: Prepared, made: Made, agent: Agent, buffer: Buffer) -> Start:
    """What all variables begin with but those that the plan of weights draws.

    The working parts are built once more with another seed, which takes milliseconds.

    Raises:
        SeedDependent: something differs, or could.
    """
    other = rebuilt(made, agent, buffer, prepared.spaces, prepared.seed + 1)
    if other is None:
        raise SeedDependent("a part has variables that only tracing makes, or draws from NumPy's generator")
    for first, second in zip(made.built, other, strict=True):
        _compare(first, second)
    return made.built


def _compare(first: Arrays, second: Arrays) -> None:
    for name, value in first.items():
        if not np.array_equal(value, second[name], equal_nan=value.dtype.kind == "f"):
            raise SeedDependent(f"{name} begins as its component draws it from the seed")
