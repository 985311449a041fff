from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from rlkit import ExperimentError, load
from rlkit_recorders.parquet import Parquet
from tests.plugins.rlkit_recorders.events import EVALUATION, ended, episode, learned, run

pa: Any = pytest.importorskip("pyarrow", reason="needs the extra parquet")
pq: Any = pytest.importorskip("pyarrow.parquet")
OF_RUN = {"experiment": "pole", "run": "run-1", "seed": 7}


def parts(folder: Path, table: str) -> list[Path]:
    return sorted((folder / "parquet" / table).iterdir())


def test_the_rows_with_their_types_and_what_tells_runs_apart(tmp_path: Path) -> None:
    working = Parquet().start(run(tmp_path))
    working.episode_ended(episode(0, epsilon=1.0))
    working.episode_ended(episode(1, epsilon=0.5))
    working.metrics_logged(learned(100, loss=0.25))
    working.evaluation_ended(EVALUATION)
    working.run_ended(ended())
    episodes, metrics, evaluation = (
        pq.read_table(tmp_path / "parquet" / name) for name in ("episodes", "metrics", "evaluation")
    )
    own = {"terminated": True, "truncated": False, "seconds": 0.1}
    assert episodes.to_pylist()[0] == {
        **OF_RUN, "episode": 0, "step": 10, "length": 10, "return": 0.0, **own, "epsilon": 1.0
    }  # fmt: skip
    assert metrics.to_pylist() == [{**OF_RUN, "update": 100, "step": 500, "episode": 1, "loss": 0.25}]
    assert evaluation.to_pylist() == [
        {**OF_RUN, "step": 40, "episode": 4, "update": 6, "returns": [3.0, 5.0], "lengths": [10, 20], "seconds": 0.1}
    ]
    assert [str(kind) for kind in episodes.schema.types] == [
        "string", "string", "int64", "int64", "int64", "int64", "double", "bool", "bool", "double", "double"
    ]  # fmt: skip
    first = pq.ParquetFile(parts(tmp_path, "episodes")[0]).metadata.row_group(0).column(0)
    assert first.compression == "ZSTD"


def test_pandas_reads_a_table_by_its_folder(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    working = Parquet(rows=2).start(run(tmp_path))
    for number in range(5):
        working.episode_ended(episode(number))
    working.run_ended(ended())
    frame = pandas.read_parquet(tmp_path / "parquet" / "episodes")
    assert frame["return"].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert str(frame.dtypes["terminated"]) == "bool"


def test_a_run_that_is_killed_keeps_the_parts_that_were_written(tmp_path: Path) -> None:
    working = Parquet(rows=2).start(run(tmp_path))
    for number in range(5):
        working.episode_ended(episode(number))
    assert [path.name for path in parts(tmp_path, "episodes")] == ["part-00000.parquet", "part-00001.parquet"]
    assert pq.read_table(tmp_path / "parquet" / "episodes").column("episode").to_pylist() == [0, 1, 2, 3]
    assert sorted(path.name for path in (tmp_path / "parquet").iterdir()) == ["episodes"]


def test_rows_are_written_once_the_oldest_has_waited_long_enough(tmp_path: Path) -> None:
    working = Parquet(seconds=0.05).start(run(tmp_path))
    working.episode_ended(episode(0))
    assert not (tmp_path / "parquet").exists()
    time.sleep(0.06)
    working.episode_ended(episode(1))
    assert pq.read_table(tmp_path / "parquet" / "episodes").num_rows == 2


def test_a_column_that_comes_up_later_stands_in_every_part(tmp_path: Path) -> None:
    working = Parquet(rows=1).start(run(tmp_path))
    for number, reports in enumerate(({"epsilon": 1.0}, {"later": 3.0}, {})):
        working.episode_ended(episode(number, **reports))
    working.run_ended(ended())
    read = pq.read_table(tmp_path / "parquet" / "episodes")
    assert read.column("epsilon").to_pylist() == [1.0, None, None]
    assert read.column("later").to_pylist() == [None, 3.0, None]
    assert len({str(pq.read_schema(path)) for path in parts(tmp_path, "episodes")}) == 1


def test_a_run_in_which_nothing_happened_has_the_columns(tmp_path: Path) -> None:
    Parquet().start(run(tmp_path)).run_ended(ended("failed"))
    read = pq.read_table(tmp_path / "parquet" / "evaluation")
    assert read.num_rows == 0
    assert read.column_names == [*OF_RUN, "step", "episode", "update", "returns", "lengths", "seconds"]


def test_own_columns_win_over_reports_and_no_number_is_no_null(tmp_path: Path) -> None:
    working = Parquet().start(run(tmp_path))
    working.episode_ended(episode(3, step=-1.0, seed=-1.0, loss=float("nan")))
    working.run_ended(ended())
    (row,) = pq.read_table(tmp_path / "parquet" / "episodes").to_pylist()
    assert (row["step"], row["seed"]) == (40, 7)
    assert row["loss"] != row["loss"]


def test_a_missing_extra_is_told_when_the_experiment_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlkit_recorders.extras.find_spec", lambda name: None)
    with pytest.raises(ExperimentError, match=r"needs pyarrow: pip install 'rlkit-framework\[parquet\]'"):
        load("cartpole_dqn", ["recorders=[parquet]"])
