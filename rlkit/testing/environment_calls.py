"""A compiled environment as functions of arrays, its noise an input: traced, or called eagerly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.compiled_environment import CompiledEnvironment, Transition, spaces_of
from rlkit.contracts.spaces import Discrete
from rlkit.contracts.tensor import Nest, Tensor
from rlkit.noise.drawn import DrawnNoise, NoiseLayout
from rlkit.noise.philox import stream_key
from rlkit.noise.traced import TracedNoise
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.examples import example_array
from rlkit.programs.functions import with_noise
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.testing.verdict import demand, shown

Arrays = Mapping[str, npt.NDArray[Any]]
"""Of a state: `state_0`, … by leaf. Of a reset: these and `observation`, and `allowed` where there is a mask. Of a
step: also `reward`, `terminated`, `truncated`."""


class Played(NamedTuple):
    """One step of random play."""

    before: Arrays
    """The state."""
    action: npt.NDArray[Any]
    noise: tuple[npt.NDArray[Any], ...]
    after: Arrays


class EnvironmentCalls:
    """`reset` and `step`, each with what `observe` shows afterwards."""

    def __init__(self, environment: CompiledEnvironment) -> None:
        """Trace both.

        Raises:
            ContractBroken: if `step` returns something else than a Transition.
            Exception: whatever the environment's code raises.
        """
        self.environment, self.spaces = environment, spaces_of(environment)
        self.state: Nest = None
        """Of a reset: TensorSpecs in the structure of a state."""
        self.state_after: Nest = None
        """The same of a step, in that structure too."""
        action = self.spaces.action
        self.action_shape, dtype = ((), "int32") if isinstance(action, Discrete) else (action.shape, action.dtype)
        with quiet_autograph():
            self.reset = with_noise("reset", self._reset, ())
            _ = self.reset.traced  # shapes as they are: noise without inputs is constant, and hides what depends on it
            specs = [
                tf.TensorSpec(leaf.shape, leaf.dtype, name=f"state_{place}")
                for place, leaf in enumerate(tf.nest.flatten(self.state))
            ]
            self.step = with_noise("step", self._step, (*specs, tf.TensorSpec(self.action_shape, dtype, name="action")))

    def play(self, steps: int, *, seed: int = 0) -> Iterator[Played]:
        """Random actions from episode to episode, by the traced functions."""
        rng = np.random.default_rng(seed)
        draws = {
            function.name: DrawnNoise(stream_key(seed, function.name), function.noise)
            for function in (self.reset, self.step)
        }
        before: Arrays | None = None
        for turn in range(steps):
            if before is None:
                before = self.call(self.reset, {}, draws["reset"].at(turn))
            before_seen, before = before, state_in(before)
            action = self._action(before_seen, rng)
            noise = draws["step"].at(turn)
            after = self.call(self.step, {**before, "action": action}, noise)
            yield Played(before, action, noise, after)
            before = None if after["terminated"] or after["truncated"] else after

    def _action(self, seen: Arrays, rng: np.random.Generator) -> npt.NDArray[Any]:
        """A random one of those that are allowed."""
        if "allowed" in seen and seen["allowed"].any():
            return np.asarray(rng.choice(np.flatnonzero(seen["allowed"])), np.int32)
        return example_array(self.spaces.action, self.action_shape, rng)

    def call(self, function: GraphFunction, given: Arrays, noise: tuple[npt.NDArray[Any], ...]) -> Arrays:
        """The result of a traced function."""
        inputs = {**given, **noise_inputs(function, noise)}
        results = function.traced(**{name: tf.constant(value) for name, value in inputs.items()})
        return {name: value.numpy() for name, value in results.items()}

    def eagerly(
        self, function: GraphFunction, given: Arrays, noise: tuple[npt.NDArray[Any], ...]
    ) -> tuple[Arrays, NoiseLayout]:
        """The result of the environment's code, run as Python, and the noise that it asked for."""
        source = TracedNoise(**{name: tf.constant(value) for name, value in noise_inputs(function, noise).items()})
        body = self._reset if function is self.reset else self._step
        results = body(source, **{name: tf.constant(value) for name, value in given.items()})
        return {name: np.asarray(value) for name, value in results.items()}, source.layout

    def as_nest(self, state: Mapping[str, Any]) -> Nest:
        """A state as the environment knows it."""
        return tf.nest.pack_sequence_as(self.state, [state[f"state_{place}"] for place in range(len(state))])

    def _reset(self, noise: TracedNoise) -> Outputs:
        state = self.environment.reset(noise)
        if not tf.executing_eagerly():
            self.state = _specs(state)
        return self._named(state)

    def _step(self, noise: TracedNoise, action: Tensor, **state: Tensor) -> Outputs:
        transition = self.environment.step(self.as_nest(state), action, noise)
        of = f"{type(self.environment).__name__}.step"
        demand(isinstance(transition, Transition), of, "an rlkit.Transition", shown(transition))
        for name in ("reward", "terminated"):
            value = getattr(transition, name)
            demand(tf.is_tensor(value), of, f"a tensor as {name}", shown(value))
        if not tf.executing_eagerly():
            self.state_after = _specs(transition.state)
            asks = f"a state as `reset` gives it, {state_text(self.state)}"
            demand(_alike(self.state, self.state_after), of, asks, state_text(self.state_after))
        outcome = {name: tf.convert_to_tensor(getattr(transition, name)) for name in Transition._fields[1:]}
        return {**self._named(transition.state), **outcome}

    def _named(self, state: Nest) -> Outputs:
        leaves = {f"state_{place}": leaf for place, leaf in enumerate(tf.nest.flatten(_tensors(state)))}
        seen = {"observation": tf.convert_to_tensor(self.environment.observe(state))}
        if hasattr(self.environment, "allowed"):
            seen["allowed"] = tf.convert_to_tensor(self.environment.allowed(state))
        return {**leaves, **seen}


def noise_inputs(function: GraphFunction, noise: Sequence[Any]) -> dict[str, Any]:
    """What was drawn for a call, under the names of the function's inputs."""
    names = [spec.name for spec in function.inputs if spec.name in ("uniforms", "integers")]
    return dict(zip(names, noise, strict=True))


def state_in(results: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves of the state, of all that a reset or step gave."""
    return {name: value for name, value in results.items() if name.startswith("state_")}


def differs(found: Arrays, expected: Arrays) -> str | None:
    """Where results differ, or None: floats by more than 1e-5, relative above 1, all others at all."""
    for name, value in expected.items():
        other = found[name]
        if other.shape != value.shape or other.dtype != value.dtype:
            return f"{name} is {shown(other)}, not {shown(value)}"
        floats = value.dtype.kind == "f"
        apart = ~np.isclose(other, value, rtol=1e-5, atol=1e-5, equal_nan=True) if floats else other != value
        if np.any(apart):
            return f"{name} is {other[apart].flat[0]}, not {value[apart].flat[0]}"
    return None


def state_text(state: Nest) -> str:
    """TensorSpecs in a line: `{place: int32(), board: bool(10, 10)}`."""
    return str(tf.nest.map_structure(lambda leaf: f"{leaf.dtype.name}{leaf.shape}", state)).replace("'", "")


def _tensors(state: Nest) -> Nest:
    return tf.nest.map_structure(tf.convert_to_tensor, state)


def _specs(state: Nest) -> Nest:
    return tf.nest.map_structure(tf.type_spec_from_value, _tensors(state))


def _alike(first: Nest, second: Nest) -> bool:
    try:
        tf.nest.assert_same_structure(first, second)
    except (TypeError, ValueError):
        return False
    return True
