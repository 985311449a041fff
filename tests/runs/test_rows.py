from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, MetricsLogged
from rlkit.runs.atomic import WriteError
from rlkit.runs.reading import RowsError, read_episodes, read_rows
from rlkit.runs.rows import Rows


def episode(number: int = 0, **changes: Any) -> EpisodeEnded:
    values: dict[str, Any] = {
        "episode": number,
        "step": 20 * (number + 1),
        "update": 3,
        "length": 20,
        "episode_return": 20.0,
        "terminated": True,
        "truncated": False,
        "seconds": 0.25,
        "reports": {},
    }
    return EpisodeEnded(**{**values, **changes})


def parsed(path: Path) -> list[dict[str, Any]]:
    def refuse(constant: str) -> float:
        raise AssertionError(f"{constant} is not JSON")

    return [json.loads(line, parse_constant=refuse) for line in path.read_text().splitlines()]


def test_an_episodes_row_has_the_documented_keys(tmp_path: Path) -> None:
    Rows(tmp_path).append_episode(episode(reports={"epsilon": 0.995}))
    (row,) = parsed(tmp_path / "episodes.jsonl")
    assert row == {
        "episode": 0,
        "step": 20,
        "length": 20,
        "return": 20.0,
        "terminated": True,
        "truncated": False,
        "seconds": 0.25,
        "epsilon": 0.995,
    }


def test_rows_can_be_read_before_the_run_ends(tmp_path: Path) -> None:
    rows = Rows(tmp_path)
    for number in range(3):
        rows.append_episode(episode(number))
        assert len(parsed(tmp_path / "episodes.jsonl")) == number + 1


def test_metrics_and_evaluations_have_files_of_their_own(tmp_path: Path) -> None:
    rows = Rows(tmp_path)
    rows.append_metrics(MetricsLogged(update=100, step=400, episode=9, metrics={"loss": 0.5}))
    rows.append_evaluation(
        EvaluationEnded(step=400, episode=9, update=100, returns=(500.0, 12.0), lengths=(500, 12), seconds=0.1)
    )
    rows.close()
    assert parsed(tmp_path / "metrics.jsonl") == [{"update": 100, "step": 400, "episode": 9, "loss": 0.5}]
    assert parsed(tmp_path / "evaluation.jsonl") == [
        {"step": 400, "episode": 9, "update": 100, "returns": [500.0, 12.0], "lengths": [500, 12], "seconds": 0.1}
    ]


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e-300, 1.7976931348623157e308, -0.0, 5e-324])
def test_floats_read_back_as_the_same_floats(tmp_path: Path, value: float) -> None:
    Rows(tmp_path).append_episode(episode(episode_return=value))
    returns = read_episodes(tmp_path / "episodes.jsonl").returns
    assert returns.tobytes() == np.float64(value).tobytes()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan"), np.float64("inf")])
def test_a_number_that_is_not_finite_is_null(tmp_path: Path, value: float) -> None:
    Rows(tmp_path).append_episode(episode(reports={"td_error": value, "epsilon": 0.5}))
    (row,) = parsed(tmp_path / "episodes.jsonl")
    assert (row["td_error"], row["epsilon"]) == (None, 0.5)
    assert np.isnan(read_episodes(tmp_path / "episodes.jsonl").reports["td_error"]).all()


def test_numpy_numbers_become_plain_ones(tmp_path: Path) -> None:
    rows = Rows(tmp_path)
    rows.append_episode(
        episode(
            step=np.int64(7),
            terminated=np.bool_(True),
            episode_return=np.float64(2.5),
            reports={"epsilon": np.float32(0.1), "rows": np.asarray(3)},
        )
    )
    (row,) = parsed(tmp_path / "episodes.jsonl")
    assert (row["step"], row["terminated"], row["return"], row["rows"]) == (7, True, 2.5, 3)
    assert row["epsilon"] == float(np.float32(0.1))


def test_a_report_cannot_take_the_place_of_a_rows_own_key(tmp_path: Path) -> None:
    Rows(tmp_path).append_episode(episode(reports={"return": -1.0, "epsilon": 0.5}))
    (row,) = parsed(tmp_path / "episodes.jsonl")
    assert (row["return"], row["epsilon"]) == (20.0, 0.5)


def test_episodes_are_read_back_as_arrays(tmp_path: Path) -> None:
    rows = Rows(tmp_path)
    rows.append_episode(episode(0))
    rows.append_episode(episode(1, truncated=True, terminated=False, reports={"epsilon": 0.9}))
    read = read_episodes(tmp_path / "episodes.jsonl")
    assert read.step.tolist() == [20, 40]
    assert read.terminated.tolist() == [True, False]
    assert read.truncated.dtype == np.bool_
    assert np.isnan(read.reports["epsilon"][0])
    assert read.reports["epsilon"][1] == 0.9
    assert read.torn == ""


def test_no_episodes_are_empty_arrays(tmp_path: Path) -> None:
    Rows(tmp_path).close()
    read = read_episodes(tmp_path / "episodes.jsonl")
    assert read.returns.shape == (0,)
    assert read.torn == ""


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_torn_last_line_is_left_out_and_reported(tmp_path: Path, kept: int) -> None:
    rows = Rows(tmp_path)
    rows.append_episode(episode(0))
    rows.append_episode(episode(1))
    path = tmp_path / "episodes.jsonl"
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second[:kept])
    read = read_episodes(path)
    assert read.episode.tolist() == [0]
    assert read.torn == second[:kept].decode()


def test_a_damaged_line_in_the_middle_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"update": 1}\n{"upda\n{"update": 3}\n')
    with pytest.raises(RowsError, match=r"metrics\.jsonl:2: "):
        read_rows(path)


@pytest.mark.parametrize("line", ['{"other": 1}', "[1, 2]", "3", '{"episode": 0, "step": 1}'])
def test_rows_of_something_else_are_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "episodes.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(RowsError, match=r"episodes\.jsonl:1: "):
        read_episodes(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "episodes.jsonl").symlink_to("/dev/full")
    rows = Rows(tmp_path)
    with pytest.raises(WriteError, match=r"cannot write .*episodes\.jsonl: No space left on device"):
        rows.append_episode(episode())
