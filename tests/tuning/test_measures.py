"""What a run counts for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rlkit
from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Mark
from rlkit.tuning.measures import Measure, measure_of
from rlkit.tuning.tuning_file import Goal


def run(folder: Path, returns: list[float], lengths: list[int]) -> Path:
    """What a run that finished leaves, of which ten seconds went into each episode."""
    folder.mkdir(exist_ok=True)
    told = {"format": 1, "experiment": "toy", "seed": 0, "status": "finished", "steps": sum(lengths)}
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")
    rows = []
    for number, (value, length) in enumerate(zip(returns, lengths, strict=True)):
        row = {"episode": number, "step": sum(lengths[: number + 1]), "length": length, "return": value}
        rows.append(json.dumps({**row, "terminated": True, "truncated": False, "seconds": 10.0 * (number + 1)}) + "\n")
    (folder / "episodes.jsonl").write_text("".join(rows), encoding="utf-8")
    return folder


def measure(name: str, by: str = "step", limit: float | None = 100.0) -> Measure:
    return Measure(name, by, limit, 3.5, 2)


@pytest.mark.parametrize(("by", "took"), [("step", 30), ("episode", 3), ("seconds", 30.0)])
def test_time_is_what_it_took_to_get_there_and_the_limit_if_it_did_not(tmp_path: Path, by: str, took: float) -> None:
    assert measure("time", by).score(run(tmp_path, [1, 2, 6, 9], [10, 10, 10, 10])) == took
    assert measure("time", by).score(run(tmp_path, [1, 2, 5], [10, 10, 10])) == 100
    assert measure("time", by).score(run(tmp_path, [], [])) == 100
    assert measure("time", by, limit=2).score(run(tmp_path, [1, 2, 6], [10, 10, 10])) == 2


def test_final_is_the_mean_over_the_last_tenth_of_the_steps(tmp_path: Path) -> None:
    assert measure("final").score(run(tmp_path, [9, 1, 2, 6], [85, 4, 5, 6])) == 4  # those that end after step 90
    assert measure("final").score(run(tmp_path, [9, 1], [1, 99])) == 1
    assert measure("final").score(run(tmp_path, [], [])) is None


def test_area_is_the_mean_height_of_the_curve_up_to_the_limit(tmp_path: Path) -> None:
    # As `rlkit compare` has it: the mean of the last two episodes holds from the end of one to the end of the next.
    assert measure("area").score(run(tmp_path, [2, 4], [40, 40])) == pytest.approx((40 * 2 + 40 * 2 + 20 * 3) / 100)
    assert measure("area").score(run(tmp_path, [2, 4, 9], [90, 5, 50])) == pytest.approx((95 * 2 + 5 * 3) / 100)
    assert measure("area", "episode", 4).score(run(tmp_path, [2, 4], [50, 7])) == pytest.approx((2 + 2 + 2 * 3) / 4)
    assert measure("area").score(run(tmp_path, [], [])) is None


def test_threshold_window_and_limit_are_the_experiments_own_unless_the_goal_says() -> None:
    experiment = rlkit.load("cartpole_dqn_compiled", ["limits={episodes: 7, steps_per_episode: 10, seconds: 3}"])
    here = Mark("here")
    assert measure_of(Goal("time", "step", here), experiment, Problems()) == ("time", "step", 70, 225, 50)
    assert measure_of(Goal("time", "episode", here), experiment, Problems()).limit == 7
    given = measure_of(Goal("time", "step", here, threshold=9.5, window=3), experiment, Problems())
    assert (given.threshold, given.window) == (9.5, 3)
    assert "is above 9.5 (a run that does not get there counts as its limit, 70)" in given.words
    assert measure_of(Goal("final", "step", here), experiment, Problems()).limit is None
