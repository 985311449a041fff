"""The games show and accept what the package's do, and begin as they do."""

import gymnasium
import numpy as np
import pytest
import tensorflow as tf
from minatar import Environment

import rlkit
from rlkit_worlds import rlkit_compiled_environments
from tests.plugins.rlkit_worlds.minatar.games import GAMES
from tests.plugins.rlkit_worlds.minatar.playing import original
from tests.plugins.rlkit_worlds.minatar.recording import RecordedRandom, ServedNoise

_WORLDS = {name: world for name, world in rlkit_compiled_environments().items() if name.startswith("MinAtar/")}


def test_all_games_of_the_package_are_there():
    original("MinAtar/Breakout-v1")
    assert sorted(_WORLDS) == sorted(name for name in gymnasium.registry if name.startswith("MinAtar/"))


@pytest.mark.parametrize("identity", _WORLDS)
def test_spaces_and_the_meaning_of_actions_are_the_packages(identity):
    theirs, twin = original(identity), _WORLDS[identity]()
    assert twin.spaces() == rlkit.Spaces.of(theirs)
    assert list(twin.moves) == theirs.unwrapped.action_set
    assert twin.episode_limit == theirs.spec.max_episode_steps
    given = [int(twin.move(tf.constant(action), tf.constant(-1), 0.5)) for action in range(len(twin.moves))]
    assert given == theirs.unwrapped.action_set


@pytest.mark.parametrize("game", sorted({identity[:-1] for identity in _WORLDS}))
def test_the_two_forms_of_a_game_differ_in_their_actions_alone(game):
    """So that what is tested of one holds for the other."""
    all_moves, fewer = _WORLDS[f"{game}0"], _WORLDS[f"{game}1"]
    if game == "MinAtar/Seaquest-v":
        assert fewer is all_moves
        return
    assert fewer.__bases__ == (all_moves,)
    assert [name for name in vars(fewer) if not name.startswith("__")] == ["moves"]
    assert set(fewer.moves) < set(all_moves.moves)


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_episodes_begin_as_the_packages(game):
    random = RecordedRandom(0)
    package = Environment(game.name)
    package.random = package.env.random = random
    for _ in range(5):
        random.forget()
        package.reset()
        state = game.twin.reset(ServedNoise(np.zeros(0), np.array(game.begun(random.drawn), np.int64)))
        np.testing.assert_array_equal(game.twin.observe(state), package.state())
        ours, theirs = (
            game.canonical(tf.nest.map_structure(lambda x: np.asarray(x)[None], begun))
            for begun in (state, game.state(package))
        )
        tf.nest.map_structure(np.testing.assert_array_equal, ours, theirs)


def test_the_last_move_is_repeated_as_often_as_is_said():
    twin = _WORLDS["MinAtar/Breakout-v1"](sticky_action_prob=0.25)
    repeated = [int(twin.move(tf.constant(2), tf.constant(1), chance)) for chance in (0.0, 0.2499, 0.25, 0.9)]
    assert repeated == [1, 1, 3, 3]


def test_a_game_need_not_grow_harder():
    game = next(game for game in GAMES if game.name == "asterix")
    clocks, lanes = game.twin.reset(None)
    clocks = tf.tensor_scatter_nd_update(clocks, [[7]], [-1])
    for ramping, interval in ((True, 9), (False, 10)):
        twin = type(game.twin)(difficulty_ramping=ramping)
        after = twin.step((clocks, lanes), tf.constant(0), ServedNoise(tf.ones(3), tf.zeros(1, tf.int64)))
        assert int(after.state[0][3]) == interval
