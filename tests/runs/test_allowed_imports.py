"""Imports that were allowed once: by whoever started the run, and for nobody else's folder."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rlkit.catalogue import plugins
from rlkit.cli.main import main
from rlkit.runs.allowed_imports import VARIABLE, as_remembered, remember

REGISTERS = "import gymnasium\ngymnasium.register('Pole-v0', 'gymnasium.envs.classic_control:CartPoleEnv')\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_cache: None) -> Path:
    """The current folder, with a module that registers an environment, and nothing allowed."""
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place])
    monkeypatch.setitem(os.environ, VARIABLE, "")  # so that what is set within a test is undone
    monkeypatch.delenv(VARIABLE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "remembered_poles.py").write_text(REGISTERS)
    monkeypatch.setattr(plugins, "BEGAN", time.time())  # as in a process that begins now: programs are kept
    return tmp_path


@pytest.fixture
def run(here: Path) -> Path:
    folder = here / "runs" / "poles" / "20261122-211530-seed0"
    folder.mkdir(parents=True)
    (folder / "experiment.yaml").write_text("environment: {id: 'remembered_poles:Pole-v0'}\n")
    remember(experiment("remembered_poles"), folder)
    return folder


def experiment(*imports: str) -> Any:
    return SimpleNamespace(environment=SimpleNamespace(imports=imports))


def allowed(folder: Path) -> str | None:
    with as_remembered(folder):
        return os.environ.get(VARIABLE)


def test_what_was_allowed_is_allowed_again_and_only_for_so_long(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert allowed(run) == "remembered_poles"
    assert VARIABLE not in os.environ
    monkeypatch.setenv(VARIABLE, "others")
    assert allowed(run) == "others,remembered_poles"
    assert os.environ[VARIABLE] == "others"
    monkeypatch.setenv(VARIABLE, "1")
    assert allowed(run) == "1"


def test_a_folder_that_was_copied_is_a_stranger_s(run: Path) -> None:
    copied = shutil.copytree(run, run.parent / "20261122-211531-seed0")
    assert allowed(copied) is None


def test_another_experiment_in_the_same_place_is_a_stranger_s(run: Path) -> None:
    with (run / "experiment.yaml").open("a") as file:
        file.write("seed: 1\n")
    assert allowed(run) is None


def test_a_module_of_that_name_elsewhere_is_another_module(
    run: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = here / "elsewhere"
    elsewhere.mkdir()
    shutil.copy("remembered_poles.py", elsewhere)
    monkeypatch.chdir(elsewhere)
    assert allowed(run) is None


def test_a_module_that_is_gone_is_asked_for_again(run: Path, here: Path) -> None:
    (here / "remembered_poles.py").unlink()
    assert allowed(run) is None


def test_nothing_is_kept_of_an_environment_that_imports_nothing(here: Path) -> None:
    (here / "experiment.yaml").touch()
    remember(experiment(), here)
    remember(SimpleNamespace(environment=object()), here)  # type: ignore[arg-type]
    assert not (here / "cache").exists()


def test_records_of_run_folders_that_are_gone_go_too(run: Path, here: Path) -> None:
    (record,) = (here / "cache" / "allowed").iterdir()
    shutil.rmtree(run)
    (here / "experiment.yaml").touch()
    remember(experiment("remembered_poles"), here)
    assert not record.exists() and len(list(record.parent.iterdir())) == 1


def test_a_cache_that_cannot_be_written_or_read_allows_nothing(
    run: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (record,) = (here / "cache" / "allowed").iterdir()
    record.write_text("[1]")
    assert allowed(run) is None
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(here / "remembered_poles.py"))
    remember(experiment("remembered_poles"), run)
    assert allowed(run) is None


def test_a_run_s_own_module_is_asked_for_once_and_a_stranger_s_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("poles.yaml").write_text(
        "{name: poles, environment: {name: gymnasium, id: 'remembered_poles:Pole-v0'}, agent: {name: dqn, "
        "batch_size: 4}, buffer: {name: uniform, capacity: 100}, limits: {steps: 20}, evaluation: {episodes: 0}}\n"
    )
    assert main(["run", "poles.yaml", "--quiet"]) == 2
    assert main(["run", "poles.yaml", "--quiet", "--allow-imports"]) == 0
    del os.environ[VARIABLE]
    assert main(["evaluate", "last", "--episodes", "1"]) == 0
    (folder,) = Path("runs/poles").iterdir()
    shutil.copytree(folder, "from_a_stranger")
    capsys.readouterr()
    assert main(["evaluate", "./from_a_stranger", "--episodes", "1"]) == 2
    assert "imports the module 'remembered_poles', that is, runs its code" in capsys.readouterr().err
