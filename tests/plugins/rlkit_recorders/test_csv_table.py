from __future__ import annotations

import csv
from pathlib import Path

from rlkit import EpisodeEnded, RunEnded, RunView
from rlkit_recorders.csv import CSVTable


def episode(number: int, **reports: float) -> EpisodeEnded:
    return EpisodeEnded(
        episode=number,
        step=10 * (number + 1),
        update=0,
        length=10,
        episode_return=9.5,
        terminated=True,
        truncated=False,
        seconds=0.5,
        reports=reports,
    )


def test_a_row_an_episode_with_the_columns_of_the_first(tmp_path: Path) -> None:
    run = RunView(experiment="pole", run_id="1", seed=0, folder=tmp_path, resolved={}, limits={})
    working = CSVTable().start(run)
    working.episode_ended(episode(0, epsilon=1.0))
    written = (tmp_path / "progress.csv").read_text().splitlines()
    working.episode_ended(episode(1, epsilon=0.5, later=3.0))
    working.episode_ended(episode(2))
    working.run_ended(RunEnded(status="", reason="", solved=False, episodes=3, steps=30, updates=0, seconds=1.0))
    assert written == [
        "episode,step,length,return,terminated,truncated,seconds,epsilon",
        "0,10,10,9.5,True,False,0.5,1.0",
    ]
    with (tmp_path / "progress.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epsilon"] for row in rows] == ["1.0", "0.5", ""]
    assert rows[1].keys() == rows[0].keys()
