"""What the benchmark of learning reads from runs, and which runs it takes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("learning", "published"):
        sys.modules.pop(name, None)


def run(folder: Path, status: str, resolved: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"status": status}), encoding="utf-8")
    (folder / "experiment.yaml").write_text(resolved, encoding="utf-8")
    return folder


def outcome(seed: int, *, returns: float) -> Any:
    from learning import Outcome

    rows = [{"step": step, "return": returns} for step in range(10_000, 100_001, 10_000)]
    evaluations = [{"step": 50_000, "returns": [returns, returns + 2]}]
    return Outcome(seed, {"steps": 100_000, "episodes": 10, "solved": True}, [1.0, 3.0], [5.0, 7.0], rows, evaluations)


def widths(text: str) -> set[int]:
    return {line.count("|") for line in text.splitlines() if line.startswith("|")}


def test_the_newest_finished_run_of_the_same_experiment_is_taken(tmp_path: Path) -> None:
    from learning import finished_run

    run(tmp_path / "20260101-000000-seed0", "finished", "seed: 0\n")
    newest = run(tmp_path / "20260102-000000-seed0", "finished", "seed: 0\n")
    run(tmp_path / "20260103-000000-seed0", "failed", "seed: 0\n")
    run(tmp_path / "20260104-000000-seed0", "finished", "seed: 0\nlimits: {steps: 5}\n")
    assert finished_run(tmp_path, "seed: 0\n") == newest


def test_a_run_of_a_changed_experiment_is_never_taken(tmp_path: Path) -> None:
    from learning import finished_run

    run(tmp_path / "20260101-000000-seed0", "finished", "seed: 0\n")
    assert finished_run(tmp_path, "seed: 1\n") is None


def test_a_return_at_a_step_is_that_of_the_hundred_episodes_that_ended_by_then() -> None:
    from learning import last_returns

    rows = [{"step": step, "return": float(step)} for step in range(1, 301)]
    assert last_returns(rows, 200) == pytest.approx(150.5)  # 101 to 200
    assert last_returns(rows, 2) == pytest.approx(1.5)


def test_a_curve_stands_beside_the_published_one_at_the_same_steps() -> None:
    from learning import curve

    text = curve("MinAtar/Breakout-v0", [outcome(0, returns=1.0), outcome(1, returns=3.0)], 50_000)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    assert lines[2] == ["50,000", "1.00", "3.00", "2.00", "3.00", "1.43"]
    assert lines[3] == ["100,000", "1.00", "3.00", "2.00", "", "3.48"]
    assert widths(text) == {7}


def test_a_curve_without_a_published_one_has_no_column_for_it() -> None:
    from learning import curve

    text = curve("MinAtar/Freeway-v0", [outcome(0, returns=1.0)], 50_000)
    assert "ublished" not in text
    assert widths(text) == {5}


def test_the_end_of_a_training_stands_beside_published_ones_of_as_many_steps() -> None:
    from learning import Outcome, end

    steps = 5_000_000
    rows = [{"step": 4_500_000, "return": 90.0}, {"step": 4_500_001, "return": 1.0}, {"step": steps, "return": 3.0}]
    other = [{"step": steps, "return": 4.0}]
    outcomes = [Outcome(seed, {"steps": steps}, [5.0, 7.0], [], one, []) for seed, one in enumerate([rows, other])]
    text = end("MinAtar/Asterix-v0", outcomes)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    assert lines[2] == ["rlkit", "2", "3.00 ± 1.00", "6.00"]
    assert lines[3] == ["published, Adam, learning rate 0.00025", "3", "13.25 ± 0.77", ""]
    assert widths(text) == {5}


@pytest.mark.parametrize(("tasks", "columns"), [(["Acrobot-v1", "MiniGrid-X"], 7), (["MiniGrid-X"], 5)])
def test_a_summary_has_as_many_cells_as_columns(tasks: list[str], columns: int) -> None:
    from learning import summary

    text = summary([(task, [outcome(0, returns=1.0), outcome(1, returns=1.0)]) for task in tasks])
    assert widths(text) == {columns + 1}
    assert "2.00 (2.00 to 2.00)" in text
    assert ("-76.6 ± 11.8" in text) == ("Acrobot-v1" in tasks)
