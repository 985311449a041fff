"""What is recorded after each episode."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import rlkit
from rlkit import EpisodeEnded
from rlkit.cli.main import main
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


def test_rows_that_were_asked_for_and_cannot_be_kept_are_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All else is kept, and solved is solved."""

    def start(self: ProgressLine, run: rlkit.RunView) -> Keeping:
        (run.folder / "rows.npz" / "in the way").mkdir(parents=True)
        return Keeping()

    monkeypatch.setattr(ProgressLine, "start", start)
    settings = [*SMALL, "save_rows=true", "stop={name: mean_return, window: 1, threshold: 1}"]
    options = [part for setting in settings for part in ("--set", setting)]
    assert main(["run", "cartpole_dqn", *options, "--out", str(tmp_path)]) == 1
    (folder,) = (tmp_path / "cartpole_dqn").iterdir()
    told = json.loads((folder / "run.json").read_text())
    assert told["status"] == "failed" and told["solved"] and not told["rows"]
    words = f"the rows, which save_rows asks for, are lost: cannot write {folder}/rows.npz"
    assert told["stop_reason"].startswith(words) and any(told["stop_reason"].endswith(one) for one in told["warnings"])
    assert "final" in told["weights"] and told["policy"]
    assert "are lost: cannot write" in " ".join(capsys.readouterr().out.split())
