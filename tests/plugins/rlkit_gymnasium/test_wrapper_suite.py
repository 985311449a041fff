"""The suite of wrappers tells broken ones what they break."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from rlkit import component
from rlkit.testing import ContractBroken
from rlkit_gymnasium.testing import WrapperSuite


@component
class Nothing:
    """Forgets to return."""

    def wrap(self, environment):
        return None


@component
class Untrue:
    """Says that observations stay, and stacks them."""

    keeps_observations = True

    def wrap(self, environment):
        return gymnasium.wrappers.FrameStackObservation(environment, 2)


@component
class Unseeded:
    """Draws from a generator that no reset seeds."""

    def wrap(self, environment):
        rng = np.random.default_rng()
        return gymnasium.wrappers.TransformReward(environment, lambda reward: rng.random())


@component
class Outside:
    """Leaves its own space."""

    def wrap(self, environment):
        space = gymnasium.spaces.Box(10, 11, (4,), np.float32)
        return gymnasium.wrappers.TransformObservation(environment, lambda observation: observation, space)


@component
class Zeros:
    """Pads a stack by zeros."""

    stack = 3

    def wrap(self, environment):
        return gymnasium.wrappers.FrameStackObservation(environment, 3, padding_type="zero")


@pytest.mark.parametrize(
    ("broken", "test", "words"),
    [
        (Nothing, "it_gives_an_environment", "a gymnasium.Env"),
        (Untrue, "it_gives_an_environment", "observations as they are"),
        (Unseeded, "the_seed_of_reset_decides_what_it_draws", "the same episode from the same seed"),
        (Outside, "its_observations_are_in_their_space", "observations in Box"),
        (Zeros, "a_stack_moves_by_one_frame_a_step", "one frame repeated at the start"),
    ],
)
def test_what_a_broken_wrapper_breaks_is_told(broken, test, words):
    suite = type("TestBroken", (WrapperSuite,), {"component": broken()})()
    with pytest.raises(ContractBroken, match=words):
        getattr(suite, f"test_{test}")()
