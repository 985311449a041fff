from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imread

from rlkit import EpisodeEnded, ParameterError, RunEnded, RunView
from rlkit_recorders.learning_curve import LearningCurve, threshold


def ended(*, solved: bool) -> RunEnded:
    return RunEnded(status="finished", reason="", solved=solved, episodes=1, steps=4, updates=1, seconds=0.1)


def recorded(folder: Path, returns: list[float], *, solved: bool = True, stop: Any = None) -> Path:
    resolved = {"stop": stop} if stop else {}
    working = LearningCurve(window=2).start(
        RunView(experiment="cartpole", run_id="1", seed=0, folder=folder, resolved=resolved, limits={})
    )
    for episode, episode_return in enumerate(returns):
        working.episode_ended(
            EpisodeEnded(
                episode=episode,
                step=episode,
                update=0,
                length=1,
                episode_return=episode_return,
                terminated=True,
                truncated=False,
                seconds=0.0,
                reports={},
            )
        )
    working.run_ended(ended(solved=solved))
    return folder / "learning_curve.png"


def test_the_picture_lies_in_the_run_folder(tmp_path: Path) -> None:
    picture = recorded(tmp_path, [10.0, 20.0, 30.0], stop={"name": "mean_return", "threshold": 25})
    assert imread(picture).shape == (600, 1080, 4)


def test_a_run_that_was_not_solved_is_drawn_without_the_mark(tmp_path: Path) -> None:
    (tmp_path / "solved").mkdir()
    (tmp_path / "not").mkdir()
    solved = recorded(tmp_path / "solved", [10.0, 20.0, 30.0], solved=True)
    not_solved = recorded(tmp_path / "not", [10.0, 20.0, 30.0], solved=False)
    assert solved.read_bytes() != not_solved.read_bytes()


def test_a_run_without_an_episode_still_gets_its_picture(tmp_path: Path) -> None:
    assert recorded(tmp_path, []).exists()


@pytest.mark.parametrize(
    ("stop", "found"),
    [
        ({"name": "mean_return", "window": 50, "threshold": 225}, 225.0),
        ([{"name": "max_steps", "steps": 9}, {"name": "mean_return", "threshold": -110.5}], -110.5),
        (({"name": "max_steps", "steps": 9},), None),
        ("mean_return", None),
        (["mean_return"], None),
        ({"name": "odd", "threshold": True}, None),
        ((), None),
        (None, None),
    ],
)
def test_the_threshold_is_that_of_the_first_criterion_that_has_one(stop: Any, found: float | None) -> None:
    assert threshold(stop) == found


def test_the_window_is_at_least_one() -> None:
    with pytest.raises(ParameterError, match="window"):
        LearningCurve(window=0)


def test_finding_the_recorders_imports_nothing_that_takes_long() -> None:
    heavy = ("numpy", "matplotlib", "tensorflow", "keras", "mlflow", "pyarrow", "wandb")
    program = (
        "import sys, rlkit_recorders; print(sorted(rlkit_recorders.rlkit_recorders())); "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = ["csv", "learning_curve", "mlflow", "parquet", "progress", "tensorboard", "video", "wandb"]
    assert done.stdout == f"{names}\n[]\n"
