"""A program: graph functions that share variables, described once and run by any backend. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from rlkit.contracts.tensor import Tensor, TensorSpec, Variable
from rlkit.noise.drawn import NoiseLayout

Arrays = Mapping[str, npt.NDArray[Any]]
Outputs = dict[str, Tensor]
_READING = {"ReadVariableOp", "ResourceGather", "ResourceGatherNd", "VariableShape"}
"""Operations that take a variable and leave it as it is."""


class Input(NamedTuple):
    """An input of a function that an earlier process has traced; else it is a `tf.TensorSpec`, which has a name too."""

    name: str


def _elsewhere(*_: Any, **__: Any) -> Any:
    raise AssertionError("what an earlier process has traced is called through its backend")


@dataclass(frozen=True)
class GraphFunction:
    """One function of a program: named inputs in a fixed order, named outputs."""

    name: str
    inputs: tuple[TensorSpec, ...]
    """`Input`s where an earlier process has traced it."""
    noise: NoiseLayout = field(default_factory=NoiseLayout)
    call: Callable[..., Outputs] = _elsewhere
    """Takes its inputs as keywords."""

    def specs(self) -> dict[str, TensorSpec]:
        """The inputs by name."""
        return {spec.name: spec for spec in self.inputs}

    @cached_property
    def traced(self) -> Any:
        """A concrete TensorFlow function, traced once."""
        from rlkit.programs.tracing import trace

        return trace(self.call, self.specs())

    @cached_property
    def assigns(self) -> bool:
        """Whether its graph may change variables: it hands them to an operation that does more than read."""
        operations = self.traced.graph.get_operations()
        takes = {one.type for one in operations if any(given.dtype.name == "resource" for given in one.inputs)}
        return not takes <= _READING


@dataclass(frozen=True)
class Program:
    """Graph functions and the variables that they share."""

    name: str
    functions: tuple[GraphFunction, ...]
    variables: Mapping[str, Variable]
    """None each where an earlier process has traced it: its backend has them."""
    example: Callable[[TensorSpec, np.random.Generator, int], npt.NDArray[Any]] = _elsewhere
    """A value for an input in round k of a comparison between backends: both signs, many branches."""

    def function(self, name: str) -> GraphFunction | None:
        """The function of that name, if there is one."""
        return next((known for known in self.functions if known.name == name), None)


class Bound(Protocol):
    """A function ready to be called with its inputs in order; returns its outputs in order."""

    def __call__(self, *inputs: Any) -> list[npt.NDArray[Any]]:
        """Call it; inputs that it does not read may be anything."""


class Backend(Protocol):
    """A program that can be called from the host, with variables of its own."""

    name: str
    """`litert`, `xla`, `graph` or `eager`."""

    def function(self, name: str) -> Bound:
        """The function of that name."""

    def outputs(self, name: str) -> tuple[str, ...]:
        """The names of a function's outputs, in the order in which it returns them."""

    def used(self, name: str) -> frozenset[str]:
        """The names of those inputs that a function reads; the others may be anything."""

    def read(self) -> Arrays:
        """All variables."""

    def write(self, values: Arrays) -> None:
        """Set all variables."""

    def policy(self) -> bytes | None:
        """A learner's program as a LiteRT model that acts elsewhere; None if TensorFlow runs it, call by call.

        It has at least `act_greedy` and the signatures that read and write all variables.

        Raises:
            NotConvertibleError: if LiteRT cannot run it.
        """
