"""A compiled environment's program for the host: converted, compared, and kept for equal components of a process."""

from __future__ import annotations

import functools
import itertools
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
from rlkit.programs.observed import check_observed
from rlkit.programs.played import drawn_for, played
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
    """Trace, convert and compare. Raises as `environment_program` and the checks of it do."""
    try:
        hash(environment)
    except TypeError:  # a parameter that is a mapping, for one
        return _made(environment)
    return _kept(environment)


def host_program(environment: CompiledEnvironment) -> tuple[Program, EnvironmentProgram]:
    """`reset` and `step` as a program with example inputs: states that occur."""
    made = environment_program(environment)
    states = _states(made, environment.episode_limit)

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        if spec.name.startswith(PART):
            return states[turn][int(spec.name.removeprefix(PART))]
        return drawn_for(spec, made.spaces, rng, turn)

    return Program("environment", (made.reset, made.step), {}, example), made


def _made(environment: CompiledEnvironment) -> Hosted:
    with quiet_autograph():
        program, made = host_program(environment)
        check_environment_again(environment, made)
        check_observed(environment, made)
        chosen = choose(program)
    pack = functools.partial(tf.nest.pack_sequence_as, made.state)
    return Hosted(made.spaces, chosen, made.parts, pack, made.reset.noise, made.step.noise)


_kept = cast("Callable[[CompiledEnvironment], Hosted]", functools.lru_cache(maxsize=64)(_made))


def _states(made: EnvironmentProgram, limit: int | None) -> list[list[npt.NDArray[Any]]]:
    """The state's parts after every so many random actions, for every round of a comparison."""
    states = (before for before, _ in played(made, limit, ROUNDS * _STEPS_APART))
    return [[given[name].numpy() for name in made.parts] for given in itertools.islice(states, 0, None, _STEPS_APART)]
