"""A compiled environment is played at random before it is trained in, and shows what its spaces say."""

from __future__ import annotations

import math
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Noise, Spaces, Tensor, Transition
from rlkit.faults.part_error import PartError
from rlkit.programs.environment_program import environment_program
from rlkit.programs.observed import check_observed
from rlkit.programs.played import played


class Walk:
    """A number that grows by one."""

    episode_limit: int | None = None

    def __init__(self, high: Any = math.inf, ends: float = 50.0, low: float = 0.0) -> None:
        self.high, self.ends, self.low = high, ends, low

    def spaces(self) -> Spaces:
        return Spaces(Array((2,), "float32", self.low, self.high), Discrete(3))

    def reset(self, noise: Noise) -> Any:
        return tf.constant(0.0)

    def observe(self, state: Any) -> Tensor:  # observe
        return tf.stack([state, state])

    def allowed(self, state: Any) -> Tensor:
        return tf.constant([False, True, False])

    def step(self, state: Any, action: Tensor, noise: Noise) -> Transition:
        after = state + tf.cast(action, tf.float32)
        return Transition(after, after, after >= self.ends)


def check(walk: Any) -> None:
    check_observed(walk, environment_program(walk))


@pytest.mark.parametrize(
    ("walk", "message"),
    [
        (Walk(high=9.0), "10 as an element of the observation; allowed: 0 to 9, as spaces"),
        (Walk(high=(60.0, 30.0)), "31 as an element of the observation; allowed: 0 to 30, as spaces"),
        (Walk(high=60.0, low=0.5), "0 as an element of the observation; allowed: 0.5 to 60, as spaces"),
    ],
)
def test_an_observation_beyond_its_bounds_is_refused(walk: Any, message: str) -> None:
    with pytest.raises(PartError, match=rf"^compiled_environment Walk, observe \({__file__}:\d+\): returned {message}"):
        check(walk)


def test_observations_on_their_bounds_pass_the_last_of_an_episode_included() -> None:
    check(Walk(high=50.0))
    check(Walk())


def test_an_episode_ends_at_its_limit() -> None:
    walk = Walk(high=9.0)
    walk.episode_limit = 9
    check(walk)


def test_random_play_keeps_to_the_mask_and_begins_anew_after_an_episode() -> None:
    steps = list(played(environment_program(Walk(ends=3.0)), None, 7))  # type: ignore[arg-type]
    assert [float(before["observation"][0]) for before, _ in steps] == [0, 1, 2, 0, 1, 2, 0]
    assert [float(after["reward"]) for _, after in steps] == [1, 2, 3, 1, 2, 3, 1]
