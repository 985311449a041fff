"""A compiled environment as a program of two pure functions, `reset` and `step`, for the host."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Nest, Tensor, TensorSpec
from rlkit.loops.backends.choice import choose
from rlkit.loops.backends.comparison import ROUNDS
from rlkit.loops.backends.quiet import quiet_autograph
from rlkit.loops.examples import example_array, example_noise
from rlkit.loops.noise import NoiseLayout, TracedNoise
from rlkit.loops.prepared import Chosen
from rlkit.loops.program import GraphFunction, Outputs, Program, with_noise
from rlkit.loops.state import variables_of
from rlkit.loops.transition_check import check_observation, check_state, check_transition, spec_of

_PART = "state_"
"""How the names of a state's parts begin."""
_STEPS_APART = 8
"""Between the states on which backends are compared."""


class Hosted(NamedTuple):
    """The programs of one component, ready to be called."""

    chosen: Chosen
    state: tuple[str, ...]
    """Names of the state's parts: inputs of `step`, outputs of both."""
    pack: Callable[[Sequence[Any]], Nest]
    """From the parts to the component's own structure."""
    reset_noise: NoiseLayout
    step_noise: NoiseLayout


def hosted(environment: CompiledEnvironment) -> Hosted:
    """Trace, convert and compare; kept for equal components of this process. Raises as `environment_program` does."""
    try:
        hash(environment)
    except TypeError:  # a parameter that is a mapping, for one
        return _made(environment)
    return _kept(environment)


def environment_program(environment: CompiledEnvironment) -> tuple[Program, Nest]:
    """The program, and the structure of the state as specs.

    Raises:
        ValueError: if shapes, dtypes or structures are not what the contract and `spaces` say.
    """
    spaces, found = environment.spaces(), dict[str, Any]()

    def reset(noise: TracedNoise) -> Outputs:
        state = tf.nest.map_structure(tf.convert_to_tensor, environment.reset(noise))
        found["state"] = tf.nest.map_structure(spec_of, state)
        return _named(state) | {"observation": observed(state)}

    def step(noise: TracedNoise, action: Tensor, **parts: Tensor) -> Outputs:
        state = tf.nest.pack_sequence_as(found["state"], [parts[name] for name in sorted(parts)])
        after, *outcome = environment.step(state, action, noise)
        after = tf.nest.map_structure(tf.convert_to_tensor, after)
        reward, terminated, truncated = (tf.convert_to_tensor(value) for value in outcome)
        found["after"] = tf.nest.map_structure(spec_of, after)
        found["outcome"] = [spec_of(value) for value in (reward, terminated, truncated)]
        signals = {"reward": reward, "terminated": terminated, "truncated": truncated}
        return _named(after) | signals | {"observation": observed(after)}

    def observed(state: Nest) -> Tensor:
        observation = tf.convert_to_tensor(environment.observe(state))
        found["observation"] = spec_of(observation)
        return observation

    begin = with_noise("reset", reset, ())
    check_state(environment, found["state"])
    check_observation(environment, spaces.observation, found["observation"])
    parts = [tf.TensorSpec(part.shape, part.dtype, name=name) for name, part in _named(found["state"]).items()]
    try:
        advance = with_noise("step", step, (*parts, _action(spaces)))
    except Exception:
        if "outcome" in found:  # `observe` failed, maybe on a state that is not its own
            check_transition(environment, found["state"], found["after"], found["outcome"])
        raise
    check_transition(environment, found["state"], found["after"], found["outcome"])
    played = _played(begin, advance, spaces)

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        if spec.name.startswith(_PART):
            return played[turn][int(spec.name.removeprefix(_PART))]
        return _drawn(spec, spaces, rng, turn)

    return Program("environment", (begin, advance), variables_of(environment, "environment"), example), found["state"]


def _made(environment: CompiledEnvironment) -> Hosted:
    with quiet_autograph():
        program, structure = environment_program(environment)
        chosen = choose(program)
    begin, advance = program.functions
    pack = functools.partial(tf.nest.pack_sequence_as, structure)
    return Hosted(chosen, tuple(_named(structure)), pack, begin.noise, advance.noise)


_kept = cast("Callable[[CompiledEnvironment], Hosted]", functools.lru_cache(maxsize=64)(_made))


def _played(begin: GraphFunction, advance: GraphFunction, spaces: Spaces) -> list[list[npt.NDArray[Any]]]:
    """The state's parts after every so many random actions: states that occur, for every round of a comparison."""
    rng, played = np.random.default_rng(0), list[list[npt.NDArray[Any]]]()
    parts = [spec.name for spec in advance.inputs if spec.name.startswith(_PART)]
    given: dict[str, Any] = {}
    over = True
    for turn in range(ROUNDS * _STEPS_APART):
        if over:
            noise = {spec.name: tf.constant(example_noise(spec, rng)) for spec in begin.inputs}
            given, over = begin.traced(**noise), False
        if turn % _STEPS_APART == 0:
            played.append([given[name].numpy() for name in parts])
        others = [spec for spec in advance.inputs if spec.name not in parts]
        drawn = {spec.name: tf.constant(_drawn(spec, spaces, rng)) for spec in others}
        given = advance.traced(**{name: given[name] for name in parts}, **drawn)
        over = bool(given["terminated"]) or bool(given["truncated"])
    return played


def _drawn(spec: TensorSpec, spaces: Spaces, rng: np.random.Generator, turn: int = 0) -> npt.NDArray[Any]:
    """A random action, or noise."""
    if spec.name == "action":
        return example_array(spaces.action, tuple(spec.shape), rng, turn + 1)
    return example_noise(spec, rng, turn)


def _named(state: Nest) -> Outputs:
    return {f"{_PART}{index:03d}": part for index, part in enumerate(tf.nest.flatten(state))}


def _action(spaces: Spaces) -> TensorSpec:
    space = spaces.action
    if isinstance(space, Discrete):
        return tf.TensorSpec((), tf.int32, name="action")
    return tf.TensorSpec(space.shape, space.dtype, name="action")
