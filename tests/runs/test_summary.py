from __future__ import annotations

import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from rlkit.experiment.experiment import Experiment
from rlkit.runs.result import Result, RunFailed
from rlkit.runs.summary import header, summary


def result(folder: Path, **changes: Any) -> Result:
    values: dict[str, Any] = {
        "folder": folder,
        "seed": 0,
        "status": "finished",
        "stop_reason": "mean return of the last 50 episodes is 226.1 > 225",
        "solved": True,
        "episodes": 265,
        "steps": 17222,
        "updates": 4300,
        "steps_per_second": 15912.3,
        "seconds": {"startup": 5.21, "training": 1.18, "evaluation": 0.08, "total": 6.6},
        "returns": np.ones(265),
        "lengths": np.ones(265, np.int64),
        "terminated": np.ones(265, np.bool_),
        "truncated": np.zeros(265, np.bool_),
        "evaluation": (500.0, 431.0),
        "loop": "stepwise",
        "backends": {"learner": "litert", "selection": "litert"},
        "warnings": (),
    }
    return Result(**{**values, **changes})


def test_a_solved_run_is_told_in_aligned_lines(tmp_path: Path) -> None:
    (tmp_path / "learning_curve.png").touch()
    assert summary(result(tmp_path)).splitlines() == [
        "solved      mean return of the last 50 episodes is 226.1 > 225",
        "            265 episodes, 17,222 steps, 4,300 updates",
        "seconds     5.2 start-up, 1.2 training, 0.08 evaluation, 6.6 in all",
        "speed       15,912 steps/s; acting, learning and sampling in LiteRT",
        "evaluation  500, 431 (greedy episodes)",
        f"folder      {tmp_path}",
        f"picture     {tmp_path / 'learning_curve.png'}",
    ]


@pytest.mark.parametrize(
    ("status", "solved", "said"),
    [("finished", False, "not solved"), ("failed", False, "failed")],
)
def test_a_run_that_did_not_solve_says_so_first(tmp_path: Path, status: str, solved: bool, said: str) -> None:
    text = summary(result(tmp_path, status=status, solved=solved, stop_reason="limit of 2,000 episodes"))
    assert text.splitlines()[0] == f"{said:<12}limit of 2,000 episodes"


def test_an_interrupted_run_is_told_in_one_line(tmp_path: Path) -> None:
    text = summary(result(tmp_path, status="interrupted", solved=False, stop_reason="interrupted"), short=True)
    assert text.splitlines()[0] == "interrupted 265 episodes, 17,222 steps, 4,300 updates"


def test_the_short_form_keeps_outcome_warnings_and_folder(tmp_path: Path) -> None:
    assert summary(result(tmp_path, warnings=("recorder x was switched off",)), short=True).splitlines() == [
        "solved      mean return of the last 50 episodes is 226.1 > 225",
        "            265 episodes, 17,222 steps, 4,300 updates",
        "warning     recorder x was switched off",
        f"folder      {tmp_path}",
    ]


def test_programs_on_different_backends_are_told_apart(tmp_path: Path) -> None:
    text = summary(result(tmp_path, backends={"learner": "xla", "selection": "litert"}))
    assert "acting and learning in compiled TensorFlow, sampling in LiteRT" in text


def test_the_compiled_loop_is_one_program_unless_it_is_debugged(tmp_path: Path) -> None:
    compiled = summary(result(tmp_path, loop="compiled", backends={"learner": "xla", "selection": "xla"}))
    assert "steps/s; one XLA program" in compiled
    debugged = summary(result(tmp_path, loop="compiled", backends={"learner": "eager", "selection": "eager"}))
    assert "acting, learning and sampling in eager TensorFlow" in debugged and "XLA" not in debugged


def test_a_run_that_failed_before_it_began_is_told_without_noise(tmp_path: Path) -> None:
    text = summary(
        result(
            tmp_path,
            status="failed",
            episodes=0,
            steps=1,
            updates=0,
            steps_per_second=0.0,
            backends={},
            evaluation=(),
            seconds={"startup": 0.0, "training": 0.0, "total": 9.0},
        )
    )
    assert "0 episodes, 1 step, 0 updates" in text
    assert "evaluation" not in text.splitlines()[-1]
    assert "speed" not in text
    assert "seconds     9.0 in all" in text


def test_a_long_warning_is_wrapped_and_a_long_path_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces" / ("deep" * 20)
    lines = summary(result(folder, warnings=("word " * 60,))).splitlines()
    assert f"folder      {folder}" in lines
    assert all(len(line) <= 100 for line in lines if not line.startswith("folder"))


def test_the_header_says_what_runs_and_where() -> None:
    experiment = SimpleNamespace(
        name="cartpole_dqn",
        seed=3,
        agent=object(),
        resolved={"environment": {"name": "gymnasium", "id": "CartPole-v1"}},
        catalogue=SimpleNamespace(entry_of=lambda agent: SimpleNamespace(name="dqn")),
    )
    assert header(cast(Experiment, experiment), Path("runs/x")) == "cartpole_dqn: dqn on CartPole-v1, seed 3, in runs/x"


def test_a_failure_crosses_process_borders(tmp_path: Path) -> None:
    failed = pickle.loads(pickle.dumps(RunFailed("environment x failed", tmp_path, result(tmp_path, status="failed"))))
    assert (str(failed), failed.message, failed.folder) == ("environment x failed", "environment x failed", tmp_path)
    assert failed.result.status == "failed"
