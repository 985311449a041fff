"""A program: graph functions that share variables, described once and run by any backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor, TensorSpec, Variable
from rlkit.loops.noise import NoiseLayout, TracedNoise
from rlkit.loops.tracing import trace

Arrays = Mapping[str, npt.NDArray[Any]]
Outputs = dict[str, Tensor]
PROGRESS = tf.TensorSpec((3,), tf.int64, name="progress")
"""(step, episode, update) of a `Progress`, as one input."""

_READING = {"ReadVariableOp", "ResourceGather", "ResourceGatherNd", "VariableShape"}
"""Operations that take a variable and leave it as it is."""


def as_progress(progress: Tensor) -> Progress:
    """The input `progress` taken apart; by slices, since LiteRT has no `tf.unstack` of int64."""
    return Progress(progress[0], progress[1], progress[2])


@dataclass(frozen=True)
class GraphFunction:
    """One function of a program: named inputs in a fixed order, named outputs."""

    name: str
    call: Callable[..., Outputs]
    """Takes its inputs as keywords."""
    inputs: tuple[TensorSpec, ...]
    noise: NoiseLayout = field(default_factory=NoiseLayout)

    def specs(self) -> dict[str, TensorSpec]:
        """The inputs by name."""
        return {spec.name: spec for spec in self.inputs}

    @cached_property
    def traced(self) -> Any:
        """A concrete TensorFlow function, traced once."""
        return trace(self.call, self.specs())

    @cached_property
    def assigns(self) -> bool:
        """Whether its graph may change variables: it hands them to an operation that does more than read."""
        operations = self.traced.graph.get_operations()
        used = {operation.type for operation in operations if any(one.dtype == tf.resource for one in operation.inputs)}
        return not used <= _READING


@dataclass(frozen=True)
class Program:
    """Graph functions and the variables that they share."""

    name: str
    functions: tuple[GraphFunction, ...]
    variables: Mapping[str, Variable]
    example: Callable[[TensorSpec, np.random.Generator, int], npt.NDArray[Any]]
    """A value for an input in round k of a comparison between backends: both signs, many branches."""


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


def with_noise(name: str, body: Callable[..., Outputs], inputs: tuple[TensorSpec, ...]) -> GraphFunction:
    """A graph function from `body(noise, **inputs)`: what noise it asks for becomes inputs of it.

    Tracing it once without finds the shapes; that trace serves where it asks for none.
    """
    probe: list[TracedNoise] = []

    def ask(**given: Tensor) -> Outputs:
        probe.append(TracedNoise())
        return body(probe[-1], **given)

    asked = trace(ask, {spec.name: spec for spec in inputs})
    layout = probe[-1].layout
    sources = []
    if layout.uniforms:
        sources.append(tf.TensorSpec((layout.uniforms,), tf.float32, name="uniforms"))
    if layout.integers:
        sources.append(tf.TensorSpec((layout.integers,), tf.int64, name="integers"))

    def call(uniforms: Tensor = None, integers: Tensor = None, **given: Tensor) -> Outputs:
        return body(TracedNoise(uniforms, integers), **given)

    function = GraphFunction(name, call, (*inputs, *sources), layout)
    if not sources:
        vars(function)["traced"] = asked  # where `cached_property` looks for it
    return function
