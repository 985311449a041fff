"""Greedy episodes have an end, in both loops; what was cut is told."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

import rlkit
from rlkit.loops import evaluating
from rlkit.loops.compiled import greedy

COMMON = ["stop=[]", "recorders=[]", "evaluation.episodes=2", "network.hidden=[4]", "limits={steps: 100}"]
MOST = 2500


class Endless(gymnasium.Env[Any, Any]):
    """Never ends. In an object that has only been evaluated in, presses Ctrl-C at the step that it is told."""

    observation_space = gymnasium.spaces.Box(-1, 1, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, press_at: int = -1) -> None:
        self._press_at = press_at

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self._steps = 0
        return np.zeros(2, np.float32), {}

    def step(self, action: Any) -> Any:
        self._steps += 1
        if self._steps == self._press_at:
            os.kill(os.getpid(), signal.SIGINT)
        return np.zeros(2, np.float32), 1.0, False, False, {}


@pytest.fixture(autouse=True)
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluating, "MOST_STEPS", MOST)
    monkeypatch.setattr(greedy, "MOST_STEPS", MOST)
    if "rlkit-tests/Endless-v0" not in gymnasium.registry:
        gymnasium.register("rlkit-tests/Endless-v0", Endless)


def run(tmp_path: Path, *changes: str, name: str = "cartpole_dqn") -> rlkit.Result:
    return rlkit.run(rlkit.load(name, [*COMMON, *changes]), out=tmp_path)


ENDLESS = "environment={name: gymnasium, id: rlkit-tests/Endless-v0}"


def test_a_greedy_episode_that_nothing_ends_is_cut_and_told(tmp_path: Path) -> None:
    result = run(tmp_path, ENDLESS)
    assert result.status == "finished"
    assert result.evaluation == (MOST, MOST)
    assert result.warnings[0].startswith("2 greedy episodes were cut after 2,500 steps, since neither")


@pytest.mark.slow
def test_so_it_is_in_the_compiled_loop(tmp_path: Path) -> None:
    world = "environment={name: compiled, id: {name: GridWorld-v0, episode_limit: null}}"
    result = run(tmp_path, world, name="catch_dqn")
    assert result.loop == "compiled"
    assert len(result.evaluation) == 2
    assert result.warnings[0].startswith("2 greedy episodes were cut")


def test_the_experiments_own_limit_comes_first(tmp_path: Path) -> None:
    result = run(tmp_path, ENDLESS, "limits.steps_per_episode=30")
    assert result.evaluation == (30, 30)
    assert not any("cut" in warning for warning in result.warnings)


def test_evaluations_take_no_longer_than_limits_seconds(tmp_path: Path) -> None:
    result = run(tmp_path, ENDLESS, "limits.seconds=0.01", "limits.steps=100000")
    assert result.status == "finished"
    assert result.evaluation == ()
    assert any("evaluation ended after" in warning and "0 of 2 greedy" in warning for warning in result.warnings)


def test_one_ctrl_c_is_heard_in_an_evaluation(tmp_path: Path) -> None:
    result = run(tmp_path, "environment={name: gymnasium, id: rlkit-tests/Endless-v0, kwargs: {press_at: 200}}")
    assert (result.status, result.signal) == ("interrupted", signal.SIGINT)
    assert result.steps == 100
    assert result.evaluation == ()
