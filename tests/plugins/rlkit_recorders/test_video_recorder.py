from __future__ import annotations

from pathlib import Path

import pytest

from rlkit import EvaluationEnded, ExperimentError, RunView, load
from rlkit_recorders.video import Video


def evaluated(step: int) -> EvaluationEnded:
    return EvaluationEnded(step=step, episode=1, update=1, returns=(1.0,), lengths=(1,), seconds=0.1)


def test_every_other_evaluation_is_recorded_under_its_step(tmp_path: Path) -> None:
    asked: list[Path] = []
    run = RunView(
        experiment="pole", run_id="1", seed=0, folder=tmp_path, resolved={}, limits={}, record_episode=asked.append
    )
    working = Video(every=2, format="gif").start(run)
    for step in (100, 200, 300):
        working.evaluation_ended(evaluated(step))
    assert asked == [tmp_path / "videos" / "step000000100.gif", tmp_path / "videos" / "step000000300.gif"]
    assert (tmp_path / "videos").is_dir()


def test_a_run_without_frames_is_refused_at_the_start(tmp_path: Path) -> None:
    run = RunView(experiment="pole", run_id="1", seed=0, folder=tmp_path, resolved={}, limits={})
    with pytest.raises(RuntimeError, match="it needs frames"):
        Video().start(run)


@pytest.mark.parametrize(("format", "missing"), [("mp4", "imageio and imageio_ffmpeg"), ("gif", "imageio")])
def test_a_missing_extra_is_told_when_the_experiment_is_checked(
    format: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rlkit_recorders.extras.find_spec", lambda name: None)
    with pytest.raises(ExperimentError, match=rf"needs {missing}: pip install 'rlkit-framework\[video\]'"):
        load("cartpole_dqn", [f"recorders=[{{name: video, format: {format}}}]"])
