"""The games step as the package's do: from the same state, with the same move and the same random numbers."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tests.plugins.rlkit_worlds.minatar.games import GAMES
from tests.plugins.rlkit_worlds.minatar.recording import recorded, replayed


def _check(game, count):
    steps = recorded(game, count, seed=0)
    after, observation, reward, terminated = replayed(game, steps)
    np.testing.assert_array_equal(terminated, steps.terminated)
    np.testing.assert_array_equal(reward, steps.reward)
    tf.nest.map_structure(np.testing.assert_array_equal, game.canonical(after), game.canonical(steps.after))
    np.testing.assert_array_equal(observation, steps.observation)
    assert steps.terminated.sum() > 2
    assert (steps.reward > 0).sum() > 2


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_a_few_episodes_equal_the_packages(game):
    _check(game, 10_000 if game.name == "freeway" else 3_000)  # Freeway's take 2,500 steps


@pytest.mark.parametrize(
    "game", [game for game in GAMES if game.name in ("seaquest", "space_invaders")], ids=lambda game: game.name
)
def test_steps_equal_the_packages_where_no_game_grows_harder(game):
    _check(game._replace(twin=dataclasses.replace(game.twin, difficulty_ramping=False)), 3_000)


@pytest.mark.slow
@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_a_hundred_thousand_steps_equal_the_packages(game):
    _check(game, 100_000)
