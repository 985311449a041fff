from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rlkit.cli.main import main
from rlkit.experiment.experiment import Experiment

MINE = """\
name: mine
environment: {name: gymnasium, id: CartPole-v1}
agent: {name: dqn, gamma: 0.9}
buffer: uniform
limits: {steps: 500}
"""

Check = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Runs the command in an empty folder with mine.yaml: exit status, lines of output, lines of errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("RLKIT_ALLOW_IMPORTS", raising=False)
    Path("mine.yaml").write_text(MINE)

    def check(*arguments: str) -> tuple[int, list[str], list[str]]:
        status = main(["check", *arguments])
        printed = capsys.readouterr()
        return status, printed.out.splitlines(), printed.err.splitlines()

    return check


def test_it_says_what_would_run_with_defaults_in_parentheses(check: Check) -> None:
    status, lines, errors = check("mine.yaml")
    assert (status, errors) == (0, [])
    assert lines[0] == "mine.yaml: experiment mine, seed 0 (in parentheses: defaults)"
    rows = {line[:16].strip(): line[18:] for line in lines[1:] if line[:16].strip()}
    assert rows["environment"] == "gymnasium, id: CartPole-v1 (kwargs: {}, count: 1, wrappers: [])"
    assert "                  observation: float32 array of shape (4,); action: 2 discrete choices" in lines
    assert rows["agent"].startswith("dqn, gamma: 0.9 (batch_size: 64, update_every: 4, learning_starts: null")
    assert rows["buffer"] == "uniform (capacity: 50000, storage: memory)"
    assert rows["bootstrap"] == "(max)"
    assert rows["stop"] == "none"
    assert rows["limits"].startswith("steps: 500 (episodes: null, updates: null,")
    assert rows["evaluation"] == "(episodes: 2, every: null)"
    assert rows["recorders"] == "none"
    assert rows["loop"].startswith("stepwise: ")
    assert rows["from"].startswith("rlkit-framework ")
    assert max(map(len, lines)) <= 100


def test_overrides_and_the_seed_count_as_written(check: Check) -> None:
    _, lines, _ = check("mine.yaml", "--set", "exploration=greedy", "--set", "buffer.capacity=900", "--seed", "7")
    assert lines[0].startswith("mine.yaml: experiment mine, seed 7 ")
    assert "  exploration     greedy" in lines
    assert "  buffer          uniform, capacity: 900 (storage: memory)" in lines


def test_every_file_is_checked_whatever_is_wrong_with_the_others(check: Check) -> None:
    Path("broken.yaml").write_text(MINE.replace("gamma: 0.9", "gama: 0.9, batch_size: 1.5"))
    status, lines, errors = check("broken.yaml", "missing.yaml", "mine.yaml")
    assert status == 2
    assert [error.partition(" ")[0] for error in errors] == ["broken.yaml:3:20:", "broken.yaml:3:43:", "missing.yaml:"]
    assert any(line.startswith("mine.yaml: experiment mine") for line in lines)


def test_a_shipped_experiment_is_checked_by_name(check: Check) -> None:
    status, lines, errors = check("cartpole_dqn")
    assert (status, errors) == (0, [])
    assert lines[0].startswith("cartpole_dqn: experiment cartpole_dqn, seed 1 ")


def test_parts_that_do_not_fit_each_other_or_the_environment_are_told(check: Check) -> None:
    assert check("mine.yaml", "--set", "buffer.capacity=10")[2] == [
        "mine.yaml:3:1: agent.batch_size: found 64; allowed: at most buffer.capacity (10)"
    ]
    status, _, errors = check("mine.yaml", "--set", "environment.id=Pendulum-v1")
    assert status == 2
    assert errors[0].startswith("mine.yaml:3:1: agent: agent dqn ")
    assert "discrete" in errors[0]


def test_a_wrong_environment_id_is_answered_with_the_right_one(check: Check) -> None:
    (error,) = check("mine.yaml", "--set", "environment.id=CartPol-v1")[2]
    assert error.startswith("--set environment.id=CartPol-v1: ")
    assert "CartPole" in error


def test_an_environment_id_that_imports_code_needs_a_flag(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("witness.py").write_text("import pathlib\npathlib.Path('imported').touch()\n")
    monkeypatch.syspath_prepend(str(Path.cwd()))
    status, _, errors = check("mine.yaml", "--set", "environment.id=witness:CartPole-v1")
    assert status == 2
    assert "--allow-imports" in errors[0]
    assert not Path("imported").exists()
    monkeypatch.setitem(os.environ, "RLKIT_ALLOW_IMPORTS", "")  # so that what the flag sets is undone
    assert check("mine.yaml", "--allow-imports", "--set", "environment.id=witness:CartPole-v1")[0] == 0
    assert Path("imported").exists()


def test_debug_shows_the_traceback_behind_a_problem(check: Check) -> None:
    wrong = ("--set", "environment.kwargs={nonsense: 1}")
    (error,) = check("mine.yaml", *wrong)[2]
    assert error.startswith("--set environment.kwargs={nonsense: 1}: environment CartPole-v1 refuses its arguments")
    status, _, errors = check("mine.yaml", "--debug", *wrong)
    assert (status, errors[0]) == (2, error)
    assert "In the author's own code, innermost last:" in errors


def test_play_builds_the_experiment_and_steps_it(check: Check) -> None:
    status, lines, _ = check("cartpole_dqn", "--play")
    played = [line for line in lines if line.startswith("  play ")]
    assert status == 0
    assert any("litert" in line for line in played)
    assert any("steps" in line for line in played)


def test_what_fails_in_play_is_told_in_a_line_with_its_place(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def play(experiment: Experiment, steps: int, seconds: float) -> Iterator[str]:
        yield f"{steps} steps to come"
        raise ZeroDivisionError("in the third step")

    monkeypatch.setattr("rlkit.loops.trial.play", play)
    status, lines, (error,) = check("mine.yaml", "--play")
    assert status == 1
    assert lines[-1] == "  play            500 steps to come"
    assert error.startswith("mine.yaml: ZeroDivisionError: in the third step at ")
    assert f"{__file__}:" in error
    assert "Traceback (most recent call last):" in check("mine.yaml", "--play", "--debug")[2]
