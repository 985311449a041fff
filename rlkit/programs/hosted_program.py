"""A compiled environment's program for the host: converted, compared, and kept for equal components of a process."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Nest, TensorSpec
from rlkit.noise.drawn import NoiseLayout
from rlkit.programs.backends.choice import choose
from rlkit.programs.backends.comparison import ROUNDS
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.environment_program import PART, EnvironmentProgram, check_environment_again, environment_program
from rlkit.programs.examples import example_array, example_noise
from rlkit.programs.program import Program
from rlkit.programs.ready import Chosen

_STEPS_APART = 8
"""Between the states on which backends are compared."""


class Hosted(NamedTuple):
    """The programs of one component, ready to be called."""

    spaces: Spaces
    chosen: Chosen
    state: tuple[str, ...]
    """Names of the state's parts: inputs of `step`, outputs of both."""
    pack: Callable[[Sequence[Any]], Nest]
    """From the parts to the component's own structure."""
    reset_noise: NoiseLayout
    step_noise: NoiseLayout


def hosted(environment: CompiledEnvironment) -> Hosted:
    """Trace, convert and compare. Raises as `environment_program` and `check_environment_again` do."""
    try:
        hash(environment)
    except TypeError:  # a parameter that is a mapping, for one
        return _made(environment)
    return _kept(environment)


def host_program(environment: CompiledEnvironment) -> tuple[Program, EnvironmentProgram]:
    """`reset` and `step` as a program with example inputs: states that occur."""
    made = environment_program(environment)
    played = _played(made)

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        if spec.name.startswith(PART):
            return played[turn][int(spec.name.removeprefix(PART))]
        return _drawn(spec, made.spaces, rng, turn)

    return Program("environment", (made.reset, made.step), {}, example), made


def _made(environment: CompiledEnvironment) -> Hosted:
    with quiet_autograph():
        program, made = host_program(environment)
        check_environment_again(environment, made)
        chosen = choose(program)
    pack = functools.partial(tf.nest.pack_sequence_as, made.state)
    return Hosted(made.spaces, chosen, made.parts, pack, made.reset.noise, made.step.noise)


_kept = cast("Callable[[CompiledEnvironment], Hosted]", functools.lru_cache(maxsize=64)(_made))


def _played(made: EnvironmentProgram) -> list[list[npt.NDArray[Any]]]:
    """The state's parts after every so many random actions, for every round of a comparison."""
    rng, played = np.random.default_rng(0), list[list[npt.NDArray[Any]]]()
    given: dict[str, Any] = {}
    over = True
    for turn in range(ROUNDS * _STEPS_APART):
        if over:
            noise = {spec.name: tf.constant(example_noise(spec, rng)) for spec in made.reset.inputs}
            given, over = made.reset.traced(**noise), False
        if turn % _STEPS_APART == 0:
            played.append([given[name].numpy() for name in made.parts])
        others = [spec for spec in made.step.inputs if spec.name not in made.parts]
        drawn = {spec.name: tf.constant(_drawn(spec, made.spaces, rng)) for spec in others}
        given = made.step.traced(**{name: given[name] for name in made.parts}, **drawn)
        over = bool(given["terminated"]) or bool(given["truncated"])
    return played


def _drawn(spec: TensorSpec, spaces: Spaces, rng: np.random.Generator, turn: int = 0) -> npt.NDArray[Any]:
    """A random action, or noise; in a later turn with the ends of their ranges."""
    if spec.name == "action":
        return example_array(spaces.action, tuple(spec.shape), rng, turn)
    return example_noise(spec, rng, turn)
