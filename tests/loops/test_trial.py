"""An experiment tried out: it ends in its time, and says what it did not get to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import rlkit
from rlkit.loops.trial import play
from rlkit.worlds import environment_check


def test_no_part_of_a_trial_takes_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(experiment: Any, seconds: float) -> Iterator[str]:
        yield f"checked for {seconds:g} s"

    monkeypatch.setattr(environment_check, "check_environment", check)
    lines = list(play(rlkit.load("cartpole_dqn"), 10**9, 1e-6))
    assert lines[0] == "checked for 1e-06 s"
    assert "that took 1e-06 s; the 1,000,000,000 steps of this trial were not reached" in lines
    assert lines[-1].startswith("evaluation ended after 1e-06 s with 0 of 1 greedy episodes")
