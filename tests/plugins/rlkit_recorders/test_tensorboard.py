from __future__ import annotations

import importlib.util
from collections import defaultdict
from pathlib import Path

import pytest

from rlkit import EpisodeEnded, EvaluationEnded, ExperimentError, MetricsLogged, RunEnded, RunView, load
from rlkit_recorders.tensorboard import TensorBoard


def episode(number: int) -> EpisodeEnded:
    return EpisodeEnded(
        episode=number,
        step=10 * (number + 1),
        update=0,
        length=10,
        episode_return=float(number),
        terminated=True,
        truncated=False,
        seconds=0.1 * (number + 1),
        reports={"epsilon": 0.5},
    )


def recorded(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """(step, value) of each point, by tag."""
    from tensorboardX.proto.event_pb2 import Event

    points: dict[str, list[tuple[int, float]]] = defaultdict(list)
    (file,) = (folder / "tensorboard").iterdir()
    data = file.read_bytes()
    while data:  # a record: its length, a checksum, the event, a checksum
        length = int.from_bytes(data[:8], "little")
        event = Event.FromString(data[12 : 12 + length])
        data = data[16 + length :]
        for value in event.summary.value:
            points[value.tag].append((event.step, pytest.approx(value.simple_value)))
    return dict(points)


def test_the_usual_tags_by_environment_steps(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    run = RunView(experiment="pole", run_id="1", seed=0, folder=tmp_path, resolved={}, limits={})
    working = TensorBoard(every=2).start(run)
    for number in range(4):
        working.episode_ended(episode(number))
    working.metrics_logged(MetricsLogged(update=5, step=35, episode=3, metrics={"loss": 0.25}))
    working.evaluation_ended(
        EvaluationEnded(step=40, episode=4, update=6, returns=(3.0, 5.0), lengths=(10, 20), seconds=0.1)
    )
    working.run_ended(RunEnded(status="", reason="", solved=False, episodes=4, steps=40, updates=6, seconds=1.0))
    assert recorded(tmp_path) == {
        "rollout/ep_rew_mean": [(20, 0.5), (40, 1.5)],
        "rollout/ep_len_mean": [(20, 10), (40, 10)],
        "rollout/epsilon": [(20, 0.5), (40, 0.5)],
        "time/fps": [(20, 100), (40, 100)],
        "time/total_timesteps": [(20, 20), (40, 40)],
        "train/loss": [(35, 0.25)],
        "eval/mean_reward": [(40, 4)],
        "eval/mean_ep_length": [(40, 15)],
    }


def test_a_missing_extra_is_told_when_the_experiment_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = importlib.util.find_spec
    monkeypatch.setattr(
        "rlkit_recorders.extras.find_spec", lambda name: None if name == "tensorboardX" else installed(name)
    )
    with pytest.raises(ExperimentError, match=r"pip install 'rlkit-framework\[tensorboard\]'"):
        load("cartpole_dqn", ["recorders=[tensorboard]"])
