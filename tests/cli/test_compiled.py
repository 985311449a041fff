"""`rlkit run` in the compiled loop: several seeds as the installed command, what follows in this process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rlkit.cli.main import main
from rlkit.runs.reading import read_episodes


def rlkit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("rlkit")
    return subprocess.run([str(program), *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Two seeds one after the other in one process."""
    folder = tmp_path_factory.mktemp("compiled")
    done = rlkit("run", "cartpole_dqn_compiled", "--seeds", "3-4", cwd=folder)
    return done, folder / "runs" / "cartpole_dqn_compiled"


def manifests(folder: Path) -> list[dict]:
    return sorted((json.loads(path.read_text()) for path in folder.glob("*/run.json")), key=lambda run: run["seed"])


def test_the_experiment_is_solved_by_every_seed_in_the_compiled_loop(solved) -> None:
    done, folder = solved
    assert done.returncode == 0, done.stderr
    runs = manifests(folder)
    assert [run["seed"] for run in runs] == [3, 4]
    assert all(run["solved"] and run["loop"] == "compiled" and not run["warnings"] for run in runs)
    assert {choice["backend"] for run in runs for choice in run["backends"].values()} == {"xla"}


def test_only_the_first_seed_waits_for_compilation(solved) -> None:
    first, *others = (run["seconds"]["startup"] for run in manifests(solved[1]))
    assert all(seconds < first / 4 for seconds in others)


def test_a_seed_among_others_gives_what_it_gives_alone(solved, tmp_path: Path) -> None:
    assert main(["run", "cartpole_dqn_compiled", "--seed", "4", "--quiet", "--out", str(tmp_path)]) == 0
    (alone,) = (tmp_path / "cartpole_dqn_compiled").iterdir()
    (among,) = solved[1].glob("*seed4")
    one, other = read_episodes(alone / "episodes.jsonl"), read_episodes(among / "episodes.jsonl")
    assert np.array_equal(one.returns, other.returns)
    with np.load(alone / "checkpoints/final.npz") as mine, np.load(among / "checkpoints/final.npz") as theirs:
        assert set(mine.files) == set(theirs.files)
        assert all(mine[name].tobytes() == theirs[name].tobytes() for name in mine.files)


def test_the_resolved_experiment_runs_again_and_evaluate_plays_its_agent(
    solved, capsys: pytest.CaptureFixture[str]
) -> None:
    (run,) = solved[1].glob("*seed3")
    assert main(["evaluate", str(run), "--episodes", "3"]) == 0
    assert "3 greedy episodes" in capsys.readouterr().out
    assert main(["check", str(run / "experiment.yaml")]) == 0
    assert "compiled: environment 'compiled' is graph code" in capsys.readouterr().out
