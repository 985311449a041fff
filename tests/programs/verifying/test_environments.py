"""Compiled environments draw from their noise alone, in either loop."""

from __future__ import annotations

import time
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Noise, Spaces, Tensor, Transition, component, parameter
from rlkit.programs.environment_program import check_environment_again, environment_program
from rlkit.programs.verifying.error import HiddenRandomnessError

PLACE = r"\(.*test_environments.py:\d+\)"


@component
class Walk:
    """A number that moves as `how` says."""

    how: str = parameter(doc="what is wrong")
    episode_limit = 10

    def spaces(self) -> Spaces:
        return Spaces(Array((1,), "float32"), Discrete(2))

    def reset(self, noise: Noise) -> Any:
        return noise.uniform((1,))

    def observe(self, state: Any) -> Tensor:
        return state

    def step(self, state: Any, action: Tensor, noise: Noise) -> Transition:
        if self.how == "tf.random":
            state = state + tf.random.normal((1,))
        if self.how == "clock":
            state = state + float(time.monotonic_ns() % 10**6)
        return Transition(state, tf.constant(1.0), tf.constant(False))


def test_a_random_operation_is_refused() -> None:
    words = rf"^environment.step: compiled_environment Walk, step {PLACE} draws by .* RandomStandardNormal,"
    with pytest.raises(HiddenRandomnessError, match=words):
        environment_program(Walk(how="tf.random"))


def test_a_constant_that_is_another_when_it_is_traced_again_is_refused() -> None:
    walk = Walk(how="clock")
    with pytest.raises(
        HiddenRandomnessError,
        match=rf"^environment.step: compiled_environment Walk, step {PLACE} makes another constant",
    ):
        check_environment_again(walk, environment_program(walk))


def test_one_that_draws_from_its_noise_passes() -> None:
    walk = Walk(how="")
    check_environment_again(walk, environment_program(walk))
