"""Many seeds: each as if alone, in one process or several, whatever becomes of the others."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rlkit
from rlkit.experiment.experiment import Experiment
from rlkit.runs import seeds
from rlkit.runs.folder import RunFolder
from rlkit.runs.manifest import manifest_of
from rlkit.runs.reading import read_rows
from rlkit.runs.result import Result
from rlkit.runs.settling import settle
from tests.conftest import PluginSite

SMALL = ["limits.episodes=12", "evaluation.episodes=1", "recorders=[]"]
"""The agent as shipped: its programs are kept, and serve the tests of other files too."""


def experiment(*overrides: str) -> Experiment:
    return rlkit.load("cartpole_dqn", [*SMALL, *overrides])


def told(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "run.json").read_text())
    return content


def kept(result: Result) -> tuple[Any, ...]:
    """All that a run leaves behind but times."""
    files = ("episodes", "metrics", "evaluation")
    rows = [row for file in files for row in read_rows(result.folder / f"{file}.jsonl").rows]
    own = [{key: value for key, value in row.items() if key != "seconds"} for row in rows]
    return own, told(result.folder)["weights"]["final"]["sha256"], (result.folder / "experiment.yaml").read_text()


def test_seeds_in_two_processes_are_those_of_one_process(tmp_path: Path) -> None:
    in_turn = rlkit.run_seeds(experiment(), (5, 0, 7), out=tmp_path)
    spread = rlkit.run_seeds(experiment(), (5, 0, 7), jobs=2, out=tmp_path)
    assert [result.seed for result in in_turn] == [result.seed for result in spread] == [5, 0, 7]
    for one, other in zip(in_turn, spread, strict=True):
        assert kept(one) == kept(other)
        for field in dataclasses.fields(Result):
            if field.name not in ("folder", "seconds", "steps_per_second", "programs"):
                assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name
    assert multiprocessing.active_children() == []


@pytest.mark.filterwarnings("ignore:.*out of date:UserWarning")
def test_what_the_check_warned_of_is_not_told_by_each_process_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outdated = experiment("environment.id=CartPole-v0", "limits.episodes=1")
    rlkit.run_seeds(outdated, (0, 1), jobs=2, out=tmp_path)
    assert "out of date" not in capfd.readouterr().err


FAILS_IN_THE_SECOND_RUN = """
from rlkit import component, hookimpl

runs = []

@component
class Fragile:
    def met(self, history):
        if len(history.returns) == 1:
            runs.append(1)
        if len(runs) == 2 and len(history.returns) == 3:
            raise FileNotFoundError("table.csv")

@hookimpl
def rlkit_stops():
    return {"fragile": Fragile}
"""


def test_a_run_that_fails_ends_no_other(tmp_path: Path, plugin_site: PluginSite) -> None:
    plugin_site.install("acme_stops", FAILS_IN_THE_SECOND_RUN)
    plugin_site.discover()
    fragile = experiment("stop=fragile", "limits.episodes=4")
    results = rlkit.run_seeds(fragile, range(3), out=tmp_path)
    assert [result.status for result in results] == ["finished", "failed", "finished"]
    assert "FileNotFoundError: table.csv" in results[1].stop_reason
    assert results[1].episodes == 3
    assert (results[1].folder / "error.txt").exists()


def test_every_seed_has_its_folder_where_they_were_asked_for_though_the_first_leaves_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carry_out(one: Experiment, folder: RunFolder, **_: Any) -> Result:
        os.chdir(tmp_path / "elsewhere")
        return settle(folder, one, "finished", "limit reached: 1 episodes")

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(seeds, "carry_out", carry_out)
    results = rlkit.run_seeds(experiment(), range(2), out="runs")
    assert [result.folder.parent for result in results] == [tmp_path / "runs" / "cartpole_dqn"] * 2


def test_the_signal_that_ended_a_seed_is_told_and_no_other_seed_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carry_out(one: Experiment, folder: RunFolder, **_: Any) -> Result:
        result = settle(folder, one, "interrupted" if one.seed else "finished", "")
        return dataclasses.replace(result, signal=signal.SIGTERM if one.seed else 0)

    monkeypatch.setattr(seeds, "carry_out", carry_out)
    ended = seeds.run_seeds(experiment(), range(3), jobs=1, out=tmp_path, quiet=True, debug=False)
    assert (len(ended.results), ended.interrupted, ended.signal) == (2, True, signal.SIGTERM)


def test_parts_that_were_replaced_in_python_run_in_other_processes_and_are_told(tmp_path: Path) -> None:
    loaded = experiment("limits.episodes=2")
    agent: Any = loaded.agent
    changed = dataclasses.replace(loaded, agent=dataclasses.replace(agent, gamma=0.5), stop=())
    for result in rlkit.run_seeds(changed, range(2), jobs=2, out=tmp_path):
        assert result.status == "finished"
        told = rlkit.load(result.folder / "experiment.yaml")
        assert (told.agent, told.stop) == (changed.agent, ())


def test_a_worker_that_is_killed_is_reported_and_its_place_is_taken(tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not any(path.stat().st_size for path in tmp_path.rglob("episodes.jsonl")):
            time.sleep(0.05)
        process = multiprocessing.active_children()[0]
        killed.append(process.pid or 0)
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    endless = experiment("stop.threshold=1000000", "limits={seconds: 3}")
    results = rlkit.run_seeds(endless, range(3), jobs=2, out=tmp_path)
    killer.join()
    assert sorted(result.status for result in results) == ["failed", "finished", "finished"]
    (failed,) = (result for result in results if result.status == "failed")
    assert failed.stop_reason == "its process was killed by signal 9"
    assert told(failed.folder)["status"] == "failed"
    assert told(failed.folder)["episodes"] == failed.episodes == len(failed.returns)
    assert (failed.folder / "error.txt").read_text() == "its process was killed by signal 9\n"
    assert multiprocessing.active_children() == []


def test_a_run_without_a_first_file_is_settled(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "cartpole_dqn", 4)
    result = settle(folder, rlkit.load("cartpole_dqn", seed=4), "failed", "its process was killed by signal 9")
    assert (result.seed, result.status, result.episodes, len(result.returns)) == (4, "failed", 0, 0)
    assert told(folder.path)["stop_reason"] == "its process was killed by signal 9"


def test_an_end_that_was_written_down_stands(tmp_path: Path) -> None:
    folder, found = RunFolder.create(tmp_path, "cartpole_dqn", 0), experiment()
    ended = manifest_of(found).to_dict() | {"status": "finished", "stop_reason": "solved it", "solved": True}
    folder.write_manifest(ended)
    result = settle(folder, found, "failed", "its process ended with exit status 1")
    assert (result.status, result.stop_reason, result.solved) == ("finished", "solved it", True)
    assert not (folder.path / "error.txt").exists()


@pytest.mark.parametrize(("seeds", "jobs"), [([1, 1], 1), ([], 1), ([0], 0)])
def test_what_makes_no_sense_is_refused_before_anything_runs(seeds: list[int], jobs: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="found"):
        rlkit.run_seeds(experiment(), seeds, jobs=jobs, out=tmp_path)
    assert list(tmp_path.iterdir()) == []
