from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from rlkit import ExperimentError, ParameterError, load
from rlkit_recorders.wandb import WeightsAndBiases
from tests.plugins.rlkit_recorders.events import EVALUATION, ended, episode, learned, run
from tests.plugins.rlkit_recorders.wandb_file import records

spec = find_spec("wandb")
needs_wandb = pytest.mark.skipif(spec is None or spec.origin is None, reason="needs the extra wandb")


def of_kind(folder: Path, kind: str) -> list[Any]:
    return [getattr(record, kind) for record in records(folder) if record.WhichOneof("record_type") == kind]


def values(items: Any) -> dict[str, Any]:
    """Without wandb's own, whose names begin with `_`; a nested name is dotted."""
    names = {".".join(item.nested_key) or item.key: json.loads(item.value_json) for item in items}
    return {name: value for name, value in names.items() if not name.startswith("_")}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's folder."""
    folder = tmp_path_factory.mktemp("run")
    resolved = {"name": "pole", "agent": {"gamma": 0.95, "network": {"hidden": (64, 32), "layer": None}}}
    working = WeightsAndBiases(every=2).start(run(folder, resolved=resolved))
    for number in range(4):
        working.episode_ended(episode(number, epsilon=0.5))
    working.evaluation_ended(EVALUATION)
    working.metrics_logged(learned(7, loss=0.25))  # of a step before the evaluation's
    working.run_ended(ended("interrupted"))
    return folder


@needs_wandb
def test_the_usual_tags_by_environment_steps(recorded: Path) -> None:
    rollout = {"rollout/epsilon": 0.5, "rollout/ep_len_mean": 10, "time/fps": pytest.approx(100)}
    assert [values(line.item) for line in of_kind(recorded, "history")] == [
        {"global_step": 20, "rollout/ep_rew_mean": 0.5, "time/total_timesteps": 20, **rollout},
        {"global_step": 40, "rollout/ep_rew_mean": 1.5, "time/total_timesteps": 40, **rollout},
        {"global_step": 40, "eval/mean_reward": 4, "eval/mean_ep_length": 15},
        {"global_step": 35, "train/loss": 0.25},
    ]
    axes = {metric.name or metric.glob_name: metric.step_metric for metric in of_kind(recorded, "metric")}
    assert axes["*"] == "global_step"


@needs_wandb
def test_name_project_config_summary_and_end(recorded: Path) -> None:
    (begun,) = of_kind(recorded, "run")
    assert (begun.project, begun.display_name, begun.run_group) == ("pole", "run-1", "pole")
    assert values(begun.config.update) == {
        "name": "pole",
        "agent": {"gamma": 0.95, "network": {"hidden": [64, 32], "layer": None}},
    }
    summary: dict[str, Any] = {}
    for told in of_kind(recorded, "summary"):
        summary |= values(told.update)
    assert {"status": "interrupted", "solved": False, "episodes": 4, "steps": 40}.items() <= summary.items()
    assert of_kind(recorded, "exit")[-1].exit_code == 255


@needs_wandb
def test_nothing_is_said_nothing_left_running_and_all_is_in_the_run_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, elsewhere, cache = tmp_path / "run", tmp_path / "elsewhere", tmp_path / "cache"
    for path in (folder, elsewhere, cache):
        path.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr("rlkit_recorders.wandb._Service.ours", True)  # whatever other tests have imported
    before, environment = set(threading.enumerate()), dict(os.environ)
    running = children()
    working = WeightsAndBiases(project="others", mode="online").start(run(folder, trial=True))  # never uploaded
    working.run_ended(ended())
    assert capfd.readouterr() == ("", "")
    assert set(threading.enumerate()) == before
    assert children() == running
    assert not any(elsewhere.iterdir()) and not any(cache.iterdir())
    assert {name for name, value in os.environ.items() if environment.get(name) != value} <= {"WANDB_ERROR_REPORTING"}
    (begun,) = of_kind(folder, "run")
    assert begun.project == "others"


@needs_wandb
def test_of_two_runs_of_a_process_one_goes_on_when_the_other_ends(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    first, second = (WeightsAndBiases().start(run(folder)) for folder in folders)
    first.run_ended(ended())
    second.metrics_logged(learned(1, loss=0.5))
    second.run_ended(ended("failed"))
    assert [of_kind(folder, "exit")[-1].exit_code for folder in folders] == [0, 1]
    assert len(of_kind(folders[1], "history")) == 1


@needs_wandb
@pytest.mark.slow
def test_a_process_that_is_killed_leaves_nearly_all_that_wandb_had_been_given(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path; from rlkit_recorders.wandb import WeightsAndBiases\n"
        "from tests.plugins.rlkit_recorders.events import learned, run\n"
        "working = WeightsAndBiases().start(run(Path(sys.argv[1])))\n"
        "for number in range(2000): working.metrics_logged(learned(number, loss=0.5))\n"
        "time.sleep(1); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == -9
    assert len(of_kind(tmp_path, "history")) > 1500


def children() -> list[str]:
    command = ["ps", "-o", "comm=", "--ppid", str(os.getpid())]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return [name for name in listed.stdout.split() if name != "ps"]


def test_there_is_no_other_mode() -> None:
    with pytest.raises(
        ExperimentError, match=r"recorders\.0\.mode: found the text 'onlin'; allowed: offline or online"
    ):
        load("cartpole_dqn", ["recorders=[{name: wandb, mode: onlin}]"])
    with pytest.raises(ParameterError, match="every"):
        WeightsAndBiases(every=0)


def test_a_missing_extra_is_told_when_the_experiment_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlkit_recorders.extras.find_spec", lambda name: None)
    with pytest.raises(ExperimentError, match=r"needs wandb: pip install 'rlkit-framework\[wandb\]'"):
        load("cartpole_dqn", ["recorders=[wandb]"])
