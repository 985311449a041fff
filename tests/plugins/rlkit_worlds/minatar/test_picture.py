"""Pictures of MinAtar boards."""

import numpy as np
import pytest

from rlkit_worlds.minatar.picture import CELL, picture
from tests.plugins.rlkit_worlds.minatar.games import GAMES


def test_each_channel_has_its_colour_and_empty_cells_are_black():
    board = np.zeros((10, 10, 10), bool)
    board[0, np.arange(10), np.arange(10)] = True
    pixels = picture(board)
    colours = pixels[0, CELL // 2 :: CELL]
    assert len(np.unique(colours, axis=0)) == 10
    assert colours.any(axis=1).all()
    assert not pixels[CELL:].any()
    assert (pixels[:CELL, :CELL] == colours[0]).all()


def test_of_several_channels_in_a_cell_the_last_shows():
    board = np.zeros((10, 10, 3), bool)
    board[2, 3] = True, False, True
    only = np.zeros((10, 10, 3), bool)
    only[2, 3, 2] = True
    np.testing.assert_array_equal(picture(board), picture(only))


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_a_game_renders_its_board(game):
    import tensorflow as tf

    from rlkit.noise.traced import TracedNoise

    state = tf.nest.map_structure(lambda x: x.numpy(), game.twin.reset(TracedNoise()))
    pixels = game.twin.render(state)
    assert pixels.shape == (320, 320, 3)
    assert pixels.dtype == np.uint8
    shown = pixels[CELL // 2 :: CELL, CELL // 2 :: CELL].any(-1)
    np.testing.assert_array_equal(shown, game.twin.observe(state).numpy().any(-1))
