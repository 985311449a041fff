"""Graph functions from the methods of components: their noise and progress become inputs."""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from rlkit.contracts.data import Call, Progress
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.noise.traced import TracedNoise
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.programs.tracing import trace

PROGRESS = tf.TensorSpec((len(Progress._fields),), tf.int64, name="progress")
"""A `Progress` as one input."""


def as_progress(progress: Tensor) -> Progress:
    """The input `progress` taken apart; by slices, since LiteRT has no `tf.unstack` of int64."""
    return Progress(*(progress[place] for place in range(len(Progress._fields))))


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

    function = GraphFunction(name, (*inputs, *sources), layout, call)
    if not sources:
        vars(function)["traced"] = asked  # where `cached_property` looks for it
    return function


def with_call(name: str, body: Callable[..., Outputs], inputs: tuple[TensorSpec, ...] = ()) -> GraphFunction:
    """A graph function from `body(call, **inputs)`, `call` being a `Call` whose progress is an input too."""

    def called(noise: TracedNoise, progress: Tensor, **given: Tensor) -> Outputs:
        return body(Call(noise, as_progress(progress)), **given)

    return with_noise(name, called, (*inputs, PROGRESS))
