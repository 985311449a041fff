"""What is recorded after each episode."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rlkit
from rlkit import EpisodeEnded
from rlkit_recorders.progress import ProgressLine

SMALL = ["limits.episodes=12", "evaluation.episodes=0", "recorders=[progress]"]


class Keeping:
    """A working recorder that keeps what it hears."""

    def __init__(self) -> None:
        self.events: list[EpisodeEnded] = []

    def episode_ended(self, event: EpisodeEnded) -> None:
        self.events.append(event)


def test_a_status_is_that_of_its_episode_whenever_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping = Keeping()
    monkeypatch.setattr(ProgressLine, "start", lambda self, run: keeping)
    result = rlkit.run(rlkit.load("cartpole_dqn", SMALL), out=tmp_path, quiet=True)
    means = [np.mean(result.returns[: episode + 1]) for episode in range(12)]
    assert [event.status for event in keeping.events] == [f"mean of last 50: {mean:.1f} of 225" for mean in means]
