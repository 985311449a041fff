"""What the benchmarks of other environments read and hand over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import rlkit

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("environments", "learning"):
        sys.modules.pop(name, None)


def test_speed_leaves_out_what_came_before_the_first_timed_episode() -> None:
    from environments import timed_speed

    rows = [{"step": 90, "seconds": 9.0}, {"step": 110, "seconds": 10.0}, {"step": 310, "seconds": 12.0}]
    assert timed_speed(rows, 100) == 100.0


def test_speed_of_one_episode_is_refused() -> None:
    from environments import timed_speed

    with pytest.raises(SystemExit, match="found 1 episodes"):
        timed_speed([{"step": 110, "seconds": 10.0}], 100)


def test_settings_for_the_peer_are_those_of_the_experiment() -> None:
    from environments import sb3_settings

    settings = sb3_settings(dict(rlkit.load("cartpole_dqn", ["environment.count=8"]).resolved))
    assert settings["id"] == "CartPole-v1"
    assert settings["count"] == 8
    assert settings["learning_starts"] == settings["batch_size"] == 64
    assert settings["target_update"] == {"name": "soft", "tau": 0.01}
    assert settings["exploration"]["decay"] == 0.995


def test_curve_counts_episodes_by_the_step_at_which_they_ended() -> None:
    from learning import mean_between

    rows = [{"step": 100, "return": 1.0}, {"step": 101, "return": 3.0}, {"step": 200, "return": 5.0}]
    assert mean_between(rows, 100, 200) == 4.0
