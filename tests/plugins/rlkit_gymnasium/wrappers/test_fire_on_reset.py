"""FIRE is pressed at the start of each episode, where there is one."""

from __future__ import annotations

import gymnasium
import pytest
from gymnasium.wrappers import TransformAction

from rlkit_gymnasium import EpisodicLife, FireOnReset, FrameStack, GymnasiumEnvironment
from tests.plugins.rlkit_gymnasium.wrappers.lives import Lives


def test_fire_follows_each_reset_and_its_frame_is_the_first_that_is_shown():
    game = Lives(meanings=("NOOP", "RIGHT", "FIRE"))
    environment = FireOnReset().wrap(game)
    observation, info = environment.reset(seed=10)
    assert (observation.tolist(), info) == ([1], {"frame": 1})
    environment.step(1)
    environment.reset(seed=11)
    assert game.calls == ["reset(10)", "FIRE", "RIGHT", "reset(11)", "FIRE"]


def test_a_game_that_fire_ends_is_reset_again_without_the_seed():
    game = Lives(lost=(1,))
    assert FireOnReset().wrap(game).reset(seed=10)[0].tolist() == [0]
    assert game.calls == ["reset(10)", "FIRE", "reset(None)"]


def test_fire_is_pressed_for_each_life():
    game = Lives(lost=(3, 6))
    environment = FireOnReset().wrap(EpisodicLife().wrap(game))
    environment.reset(seed=10)
    assert [environment.step(2)[2] for _ in range(2)] == [False, True]
    assert environment.reset(seed=11)[0].tolist() == [5]
    assert game.calls == ["reset(10)", "FIRE", "RIGHT", "RIGHT", "NOOP", "FIRE"]


def test_outside_of_a_stack_the_frames_are_not_taken_for_stacked_ones():
    # Pressing FIRE moves the stack that the reset began, which is then no first frame repeated.
    wrappers = (FrameStack(size=2), FireOnReset())
    assert GymnasiumEnvironment(id="ALE/Breakout-v5", wrappers=wrappers).stack == 1
    assert GymnasiumEnvironment(id="ALE/Breakout-v5", wrappers=wrappers[::-1]).stack == 2


def test_games_without_fire_and_others_are_refused():
    with pytest.raises(ValueError) as refused:
        FireOnReset().wrap(Lives(meanings=("NOOP", "UP", "DOWN")))
    assert str(refused.value) == "the game has no action FIRE; it has NOOP, UP, DOWN"
    with pytest.raises(ValueError, match=r"it serves Atari games \(ALE/…\) alone"):
        FireOnReset().wrap(gymnasium.make("CartPole-v1"))
    fewer = TransformAction(Lives(), lambda action: action + 1, gymnasium.spaces.Discrete(2))
    with pytest.raises(
        ValueError, match=r"its? serves the game's own actions \(NOOP, FIRE, RIGHT\), and the action is"
    ):
        FireOnReset().wrap(fewer)


def test_breakout_s_ball_is_under_way_after_a_reset():
    pytest.importorskip("ale_py")
    made = GymnasiumEnvironment(id="ALE/Breakout-v5", wrappers=(FireOnReset(),)).make(render=False)
    assert made.reset(seed=0)[1]["episode_frame_number"] == 4
