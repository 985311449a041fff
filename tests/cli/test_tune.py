"""`rlkit tune`, end to end."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import rlkit
from rlkit.cli.main import main
from rlkit.studies.folder import StudyFolder
from tests.conftest import PluginSite

TEXT = """
base: cartpole_dqn
set: {limits.steps: 30, evaluation.episodes: 0, recorders: []}
space: {environment.kwargs.max_episode_steps: {low: 15, high: 25}}
trials: 2
seeds: 1
test_seeds: 10-11
objective: final
"""
HERE = """
from collections.abc import Iterator
from rlkit import Ended, Interrupts, Orders, component, hookimpl, order_runner

RLKIT_API = 1

@component
class Here:
    \"\"\"Runs in this process, one after another.\"\"\"

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        run = order_runner()
        while not interrupts.count and (order := orders.take()) is not None:
            yield run(order)

@hookimpl
def rlkit_launchers():
    return {"here": Here}
"""
needs_optuna = pytest.mark.skipif(find_spec("optuna") is None, reason="needs the extra tune")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "toy.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@needs_optuna
def test_search_test_and_verdict(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], plugin_site: PluginSite
) -> None:
    plugin_site.install("rlkit_here", HERE)
    plugin_site.discover()
    command = ["tune", str(file), "--out", str(tmp_path), "--launcher", "here"]
    assert main(command) == 0
    captured = capfd.readouterr()
    lines = captured.out.splitlines()
    folder = tmp_path / "toy"
    assert lines[0] == f"toy: 2 trials of cartpole_dqn, seed 0 each, in {folder}"
    assert "search      2 of 2 trials: 2 complete" in lines
    assert any(line.startswith("verdict     ") for line in lines)
    assert "rlkit" not in captured.err and "Traceback" not in captured.err
    assert 15 <= rlkit.load(str(folder / "best.yaml")).environment.kwargs["max_episode_steps"] <= 25  # type: ignore[attr-defined]
    assert (folder / "history.png").stat().st_size > 1000
    runs = set(folder.rglob("run.json"))
    assert len(runs) == 6

    assert main([*command, "--quiet"]) == 0  # all is done: the outcome is told again
    again = capfd.readouterr().out.splitlines()
    assert again == [line for line in lines if line in again]
    assert set(folder.rglob("run.json")) == runs

    with StudyFolder(folder).held():
        assert main([*command, "--quiet"]) == 0
    assert "test        another process runs it" in capfd.readouterr().out

    assert main(["tune", str(folder), "--trial", "1", "-o", str(tmp_path / "one.yaml")]) == 0
    assert rlkit.load(str(tmp_path / "one.yaml")).name == "toy_trial_1"


@needs_optuna
def test_a_dry_run_shows_the_space_and_runs_nothing(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["tune", str(file), "--out", str(tmp_path / "out"), "--dry-run", "--jobs", "1"]) == 0
    told = capfd.readouterr().out
    assert "environment.kwargs.max_episode_steps  {low: 15, high: 25}  null" in told
    assert "2 runs at most for the search, and 4 for the test on seeds 10, 11" in told
    assert "wilcoxon with p_threshold 0.1 can stop a trial after 4 seeds at the soonest: with 1 it never does" in told
    assert not (tmp_path / "out").exists()


@needs_optuna
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--jobs", "0"], "found --jobs 0; at least 1 is needed"),
        (["--trials", "0"], "found --trials 0; at least 1 is needed"),
        (["-o", "x.yaml"], "found --output without --trial"),
        (["--trial", "0"], "there is no search in"),
        (["--launcher", "lokal"], "--launcher: found launcher 'lokal'; did you mean 'local'?"),
        (["--name", "a/b"], "--name: tune: found 'a/b'; allowed: up to 80 letters"),
    ],
)
def test_what_is_wrong_with_the_command_is_told(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["tune", str(file), "--out", str(tmp_path / "out"), *arguments]) == 2
    assert told in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_optuna_one_sentence_names_the_extra() -> None:
    program = "import sys; sys.modules['optuna'] = None; from rlkit.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "tune", "cartpole"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == "rlkit: error: rlkit tune needs Optuna: pip install 'rlkit-framework[tune]'\n"
