from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from rlkit import ExperimentError, RunView, load
from rlkit_recorders.mlflow import MLflow
from rlkit_recorders.mlflow_store import absolute
from tests.plugins.rlkit_recorders.events import EVALUATION, ended, episode, learned, run

needs_mlflow = pytest.mark.skipif(
    find_spec("mlflow") is None or find_spec("alembic") is None, reason="needs the extra mlflow"
)


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database for all tests: to make its tables takes most of a second."""
    return f"sqlite:///{tmp_path_factory.mktemp('tracking')}/mlflow.db"


def kept(uri: str, of: RunView) -> Any:
    """The only run of an experiment, as MLflow tells it."""
    client = client_of(uri)
    (found,) = client.search_runs([client.get_experiment_by_name(of.experiment).experiment_id])
    return found


def client_of(uri: str) -> Any:
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=uri)


def history(uri: str, of: RunView, metric: str) -> list[tuple[int, float]]:
    points = client_of(uri).get_metric_history(kept(uri, of).info.run_id, metric)
    return sorted((point.step, point.value) for point in points)


@needs_mlflow
def test_parameters_metrics_tags_and_artifacts(uri: str, tmp_path: Path) -> None:
    resolved = {
        "name": "pole",
        "agent": {"name": "dqn", "gamma": 0.95, "double": True, "network": {"hidden": [64, 32], "layer": None}},
        "recorders": [{"name": "mlflow", "every": 2}],
        "odd=key": 1,
    }
    (tmp_path / "experiment.yaml").write_text("name: pole\n")
    (tmp_path / "learning_curve.png").write_bytes(b"a picture")
    view = run(tmp_path, experiment="all", resolved=resolved)
    working = MLflow(every=2, tracking_uri=uri).start(view)
    for number in range(4):
        working.episode_ended(episode(number, epsilon=0.5))
    working.metrics_logged(learned(7, loss=0.25))
    working.evaluation_ended(EVALUATION)
    working.run_ended(ended())
    found = kept(uri, view)
    assert found.info.run_name == "run-1"
    assert found.data.params == {
        "name": "pole",
        "agent.name": "dqn",
        "agent.gamma": "0.95",
        "agent.double": "true",
        "agent.network.hidden": "[64, 32]",
        "agent.network.layer": "null",
        "recorders.0.name": "mlflow",
        "recorders.0.every": "2",
        "odd_key": "1",
    }
    assert found.data.metrics == {
        "rollout/ep_rew_mean": 1.5,
        "rollout/ep_len_mean": 10,
        "rollout/epsilon": 0.5,
        "time/fps": pytest.approx(100),
        "time/total_timesteps": 40,
        "train/loss": 0.25,
        "eval/mean_reward": 4,
        "eval/mean_ep_length": 15,
    }
    assert history(uri, view, "rollout/ep_rew_mean") == [(20, 0.5), (40, 1.5)]
    assert history(uri, view, "train/loss") == [(35, 0.25)]
    told = {"seed": "7", "run_folder": str(tmp_path), "solved": "true", "stop_reason": "as the test has it"}
    assert told.items() <= found.data.tags.items()
    names = [artifact.path for artifact in client_of(uri).list_artifacts(found.info.run_id)]
    assert sorted(names) == ["experiment.yaml", "learning_curve.png"]


@needs_mlflow
@pytest.mark.parametrize(
    ("status", "told"), [("finished", "FINISHED"), ("interrupted", "KILLED"), ("failed", "FAILED")]
)
def test_how_a_run_ended(uri: str, tmp_path: Path, status: str, told: str) -> None:
    view = run(tmp_path, experiment=status)
    working = MLflow(tracking_uri=uri).start(view)
    assert kept(uri, view).info.status == "RUNNING"
    working.run_ended(ended(status))
    assert kept(uri, view).info.status == told
    assert kept(uri, view).data.tags["solved"] == str(status == "finished").lower()


@needs_mlflow
def test_metrics_are_sent_a_thousand_at_a_time_which_a_run_that_is_killed_keeps(uri: str, tmp_path: Path) -> None:
    view = run(tmp_path, experiment="batches")
    working = MLflow(tracking_uri=uri, every=1).start(view)
    for number in range(249):  # with four numbers each
        working.episode_ended(episode(number))
    assert kept(uri, view).data.metrics == {}
    working.episode_ended(episode(249))
    assert len(history(uri, view, "rollout/ep_rew_mean")) == 250
    working.episode_ended(episode(250))
    assert len(history(uri, view, "rollout/ep_rew_mean")) == 250
    working.run_ended(ended())
    assert len(history(uri, view, "rollout/ep_rew_mean")) == 251


@needs_mlflow
def test_metrics_are_sent_with_the_next_event_once_they_are_old(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rlkit_recorders.mlflow._SECONDS", 0.0)
    view = run(tmp_path, experiment="old")
    MLflow(tracking_uri=uri).start(view).metrics_logged(learned(1, **{"loss(q)": 0.5}))
    assert kept(uri, view).data.metrics == {"train/loss_q_": 0.5}


@needs_mlflow
def test_an_experiment_of_many_parameters_is_kept_whole(uri: str, tmp_path: Path) -> None:
    view = run(tmp_path, experiment="many", resolved={f"key{number}": number for number in range(230)})
    MLflow(tracking_uri=uri).start(view)
    assert len(kept(uri, view).data.params) == 230


@needs_mlflow
def test_by_default_all_is_in_the_run_folder_and_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    (folder / "experiment.yaml").write_text("name: pole\n")
    view = run(folder)
    MLflow().start(view).run_ended(ended())
    assert capfd.readouterr() == ("", "")
    assert not any(elsewhere.iterdir())
    assert sorted(path.name for path in (folder / "mlflow").iterdir()) == ["mlartifacts", "mlflow.db"]
    assert kept(f"sqlite:///{folder}/mlflow/mlflow.db", view).info.status == "FINISHED"


@needs_mlflow
def test_a_folder_beside_the_runs_counts_from_where_the_experiment_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # as the recorder sets it, but no longer than this test
    (tmp_path / "run").mkdir()
    (tmp_path / "left").mkdir()
    monkeypatch.chdir(tmp_path)
    recorder = MLflow(tracking_uri="mlruns")
    monkeypatch.chdir(tmp_path / "left")
    view = run(tmp_path / "run")
    working = recorder.start(view)
    working.metrics_logged(learned(1, loss=0.5))
    working.run_ended(ended())
    assert kept((tmp_path / "mlruns").as_uri(), view).data.metrics == {"train/loss": 0.5}
    assert not any((tmp_path / "left").iterdir())


@needs_mlflow
def test_the_variable_that_mlflow_reads_counts_where_the_file_names_no_place(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    view = run(tmp_path, experiment="variable")
    MLflow().start(view).run_ended(ended())
    assert kept(uri, view).info.status == "FINISHED"
    assert not (tmp_path / "mlflow").exists()


@needs_mlflow
def test_a_trial_leaves_nothing_where_runs_are_kept(tmp_path: Path) -> None:
    MLflow(tracking_uri=f"sqlite:///{tmp_path}/kept/mlflow.db").start(run(tmp_path, trial=True)).run_ended(ended())
    assert not (tmp_path / "kept").exists()
    assert (tmp_path / "mlflow" / "mlflow.db").exists()


@needs_mlflow
@pytest.mark.slow
def test_processes_that_begin_together_share_a_new_database(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from rlkit_recorders.mlflow import MLflow\n"
        "from tests.plugins.rlkit_recorders.events import ended, run\n"
        "MLflow(tracking_uri=sys.argv[1]).start(run(Path(sys.argv[2]))).run_ended(ended())\n"
    )
    uri = f"sqlite:///{tmp_path}/new/mlflow.db"
    started = [subprocess.Popen([sys.executable, "-c", program, uri, str(tmp_path)]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    client = client_of(uri)
    found = client.search_runs([client.get_experiment_by_name("pole").experiment_id])
    assert [one.info.status for one in found] == ["FINISHED"] * 4


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("runs/mlruns", "file:///here/runs/mlruns"),
        ("/there/my runs", "file:///there/my%20runs"),
        ("file:mlruns", "file:///here/mlruns"),
        ("file:///there", "file:///there"),
        ("sqlite:///mlflow.db", "sqlite:////here/mlflow.db"),
        ("sqlite:////there/mlflow.db", "sqlite:////there/mlflow.db"),
        ("http://localhost:5000", "http://localhost:5000"),
        ("postgresql+psycopg2://me@host/runs", "postgresql+psycopg2://me@host/runs"),
    ],
)
def test_places_are_told_from_the_working_folder(given: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "absolute", lambda path: Path("/here") / path)
    assert absolute(given) == meant


def test_a_place_of_no_known_kind_is_refused_with_its_line() -> None:
    with pytest.raises(
        ExperimentError, match=r"tracking_uri: found the scheme 'htp:'; allowed: a path, file:, sqlite:"
    ):
        load("cartpole_dqn", ["recorders=[{name: mlflow, tracking_uri: 'htp://localhost'}]"])
    with pytest.raises(ExperimentError, match="tracking_uri: found an empty text"):
        load("cartpole_dqn", ["recorders=[{name: mlflow, tracking_uri: ''}]"])


@pytest.mark.parametrize(
    ("uri", "missing"), [("http://localhost:5000", "mlflow"), ("sqlite:///a.db", "mlflow and sqlalchemy and alembic")]
)
def test_a_missing_extra_is_told_when_the_experiment_is_checked(
    uri: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rlkit_recorders.extras.find_spec", lambda name: None)
    with pytest.raises(ExperimentError, match=rf"needs {missing}: pip install 'rlkit-framework\[mlflow\]'"):
        load("cartpole_dqn", [f"recorders=[{{name: mlflow, tracking_uri: '{uri}'}}]"])
