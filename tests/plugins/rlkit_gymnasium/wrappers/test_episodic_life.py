"""Each life is an episode, and the game goes on until it is over."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from rlkit_gymnasium import EpisodicLife, GymnasiumEnvironment
from tests.plugins.rlkit_gymnasium.wrappers.lives import Lives


def play(environment, seed):
    """One episode of action 2: the first frame shown, then each step's (frame, terminated, truncated)."""
    frames = [int(environment.reset(seed=seed)[0][0])]
    while True:
        observation, _, terminated, truncated, _ = environment.step(2)
        frames.append((int(observation[0]), terminated, truncated))
        if terminated or truncated:
            return frames


def test_a_lost_life_terminates_and_the_next_episode_goes_on_by_a_step_without_action():
    game = Lives(lost=(2, 4, 6))
    environment = EpisodicLife().wrap(game)
    assert play(environment, 10) == [0, (1, False, False), (2, True, False)]
    assert play(environment, 11) == [3, (4, True, False)]
    assert play(environment, 12) == [5, (6, True, False)]
    assert game.calls == ["reset(10)", "RIGHT", "RIGHT", "NOOP", "RIGHT", "NOOP", "RIGHT"]


def test_after_game_over_the_next_seed_begins_a_new_game():
    game = Lives(lost=(1,))
    environment = EpisodicLife().wrap(game)
    assert play(environment, 10) == play(environment, 11) == [0, (1, True, False)]
    assert game.calls == ["reset(10)", "RIGHT", "reset(11)", "RIGHT"]


def test_a_game_that_ends_in_the_step_without_action_begins_anew_with_the_seed():
    game = Lives(lost=(1, 2))
    environment = EpisodicLife().wrap(game)
    play(environment, 10)
    assert play(environment, 11) == [0, (1, True, False)]
    assert game.calls == ["reset(10)", "RIGHT", "NOOP", "reset(11)", "RIGHT"]


def test_a_life_lost_in_the_step_without_action_is_not_lost_again():
    environment = EpisodicLife().wrap(Lives(lost=(1, 2, 4)))
    play(environment, 10)
    assert play(environment, 11) == [2, (3, False, False), (4, True, False)]


def test_a_reset_amid_a_life_begins_a_new_game():
    game = Lives(lost=(5,))
    environment = EpisodicLife().wrap(game)
    environment.reset(seed=10)
    environment.step(2)
    assert environment.reset(seed=11)[0].tolist() == [0]
    assert game.calls[-1] == "reset(11)"


def test_a_truncated_game_begins_anew_even_where_a_life_was_lost():
    game = Lives(lost=(2, 9), most=2)
    environment = EpisodicLife().wrap(game)
    assert play(environment, 10) == [0, (1, False, False), (2, True, True)]
    assert play(environment, 11)[0] == 0
    assert "reset(11)" in game.calls


def test_what_has_no_lives_is_refused():
    with pytest.raises(ValueError, match=r"it serves Atari games \(ALE/…\) alone"):
        EpisodicLife().wrap(gymnasium.make("CartPole-v1"))


def test_breakout_has_five_episodes_in_a_game():
    pytest.importorskip("ale_py")
    made = GymnasiumEnvironment(id="ALE/Breakout-v5", wrappers=(EpisodicLife(),)).make(render=False)
    lives, rng = [], np.random.default_rng(0)
    for seed in range(6):
        lives.append(made.reset(seed=seed)[1]["lives"])
        terminated = False
        while not terminated:
            *_, terminated, _, _ = made.step(int(rng.integers(4)))
    assert lives == [5, 4, 3, 2, 1, 5]
