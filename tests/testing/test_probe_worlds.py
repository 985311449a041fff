"""The known values against value iteration over what the worlds really do."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit.testing import Bandit, Chain, DelayedReward, Endings
from rlkit.testing.worlds import ProbeWorld

WORLDS = [Bandit(), Bandit(rewards=(2.0, -3.0)), Chain(), Chain(length=7), DelayedReward(), DelayedReward(delay=1)]


def value_iteration(world: ProbeWorld, gamma: float) -> np.ndarray:
    """(places, actions): a terminated step ends the sum of rewards, a truncated one does not."""
    places, actions = world.observation_space.shape[0], int(world.action_space.n)
    values = np.zeros((places, actions))
    for _ in range(2000):
        best = values.max(axis=1)
        for place in range(places):
            for action in range(actions):
                world.place = place
                after, reward, terminated, _ = world.move(action)
                values[place, action] = reward + (0.0 if terminated else gamma * best[after])
    return values


@pytest.mark.parametrize("gamma", [0.5, 0.95])
@pytest.mark.parametrize("world", [*WORLDS, Endings()], ids=lambda world: type(world).__name__)
def test_known_values_are_those_of_value_iteration(world: ProbeWorld, gamma: float) -> None:
    known = world.known_values(gamma)
    places = known.observations.argmax(axis=1)
    np.testing.assert_allclose(known.values, value_iteration(world, gamma)[places], atol=1e-9)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: type(world).__name__)
def test_every_episode_terminates_under_random_actions(world: ProbeWorld) -> None:
    world.action_space.seed(0)
    observation, _ = world.reset(seed=0)
    assert world.observation_space.contains(observation)
    terminated = truncated = False
    for _ in range(2000):
        observation, _, terminated, truncated, _ = world.step(world.action_space.sample())
        assert world.observation_space.contains(observation)
        if terminated:
            break
    assert terminated and not truncated


def test_endings_begin_at_both_places_by_the_seed() -> None:
    world = Endings()
    starts = [int(world.reset(seed=seed)[0].argmax()) for seed in range(50)]
    assert set(starts) == {0, 1}
    assert starts == [int(world.reset(seed=seed)[0].argmax()) for seed in range(50)]
    for place, (terminated, truncated) in ((0, (False, True)), (1, (True, False))):
        world.reset(seed=starts.index(place))
        observation, reward, *ended, _ = world.step(np.int64(0))
        assert (int(observation.argmax()), reward, *ended) == (place, 1.0, terminated, truncated)
