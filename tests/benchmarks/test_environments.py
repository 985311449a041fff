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
    sys.modules.pop("environments", None)


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


def test_settings_for_the_peer_spell_out_pictures_and_targets() -> None:
    from environments import sb3_settings

    settings = sb3_settings(dict(rlkit.load("pong_dqn", ["buffer.capacity=20000"]).resolved))
    assert settings["kwargs"] == {"frameskip": 1}
    assert settings["network"]["name"] == "conv"
    assert (settings["capacity"], settings["adam_epsilon"]) == (20_000, 0.00015)
    assert settings["target_update"] == {"name": "hard", "every": 2_000}
    assert settings["exploration"]["schedule"]["over"] == 250_000
