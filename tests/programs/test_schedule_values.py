"""What a schedule says is held to the range and the clock of the parameter that it stands for, before any step."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

import rlkit
from rlkit import Progress, Schedule, Tensor, component, parameter, value_of
from rlkit.cli.main import main
from rlkit.experiment.errors import ExperimentError
from rlkit.loops.for_experiment import ready_for
from rlkit.programs.schedule_error import ScheduleError
from rlkit.programs.schedules import WorkingSchedules
from rlkit_dqn import DQN, Adam, Boltzmann, Constant, EpsilonGreedy, Exponential, Linear

SPACES = rlkit.load("cartpole_dqn").spaces
SEVEN = "exploration: {name: epsilon_greedy, schedule: {name: constant, amount: 7}}"
FALLING = EpsilonGreedy(schedule=Linear(start=1, end=-1, over=100))
BY_UPDATE = Linear(start=1, end=0.5, over=9, by="update")


@component
class Half:
    """Half of another."""

    of: float | Schedule = parameter(default=1.0, doc="twice as much", at_most=1)

    def value(self, progress: Progress) -> Tensor:
        return value_of(self.of, progress) / 2.0


@component
class Odd:
    """Values that no parameter has."""

    wide: bool = parameter(default=False, doc="two numbers at a time")

    def value(self, progress: Progress) -> Tensor:
        return tf.zeros(2, tf.float64) if self.wide else 1.0 / tf.cast(progress.step, tf.float32)


def within(exploration: Any, total: int | None = None, **slots: Any) -> Any:
    agent = dataclasses.replace(DQN(batch_size=4), exploration=exploration, **slots)
    return WorkingSchedules(SPACES, total).within(agent).exploration


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (FALLING, "schedule: its value at step 51 is -0.01999998; allowed: at least 0 and at most 1"),
        (
            EpsilonGreedy(schedule=Half(of=Constant(amount=2.0))),
            "schedule.of: its value at step 0 is 2; allowed: at most",
        ),
        (EpsilonGreedy(schedule=Odd()), "schedule: its value at step 0 is inf; allowed: a finite number"),
        (EpsilonGreedy(schedule=Odd(wide=True)), "its value is float64 of the shape (2,); it must be a float32 scalar"),
        (
            Boltzmann(temperature=Exponential(start=1, decay=0.9, by="episode")),
            "temperature: its value at episode 829 is 0; allowed: above 0",
        ),
    ],
)
def test_a_value_out_of_the_range_of_its_parameter_is_refused(part: Any, words: str) -> None:
    with pytest.raises(ScheduleError, match=re.escape(words)) as refused:
        within(part)
    assert refused.value.parameter.startswith("exploration.")


def test_steps_that_no_run_takes_are_not_asked_of() -> None:
    within(FALLING, total=50)
    with pytest.raises(ScheduleError, match=r"at step 51 is -0\.019"):
        within(FALLING, total=51)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Linear(start=1, end=0.5, over=9), "progress.step; an optimizer counts updates, and nothing else"),
        (Exponential(start=1, decay=0.5, by="episode", end=0.1), "progress.episode;"),
        (Linear(start=1, end=0.5), "progress.step and progress.total;"),
        (Half(of=Linear(start=1, end=0.5, over=9)), "progress.step;"),
    ],
)
def test_an_optimizers_schedule_by_anything_but_updates_is_refused(rate: Schedule, words: str) -> None:
    with pytest.raises(ScheduleError, match=f"its value changes with {words}") as refused:
        within(EpsilonGreedy(), optimizer=Adam(learning_rate=rate))
    assert refused.value.parameter.startswith("optimizer.learning_rate")


def test_an_optimizers_schedule_by_update_or_by_nothing_is_held_to_its_range() -> None:
    within(EpsilonGreedy(), optimizer=Adam(learning_rate=Half(of=BY_UPDATE)))
    within(EpsilonGreedy(), optimizer=Adam(learning_rate=Constant(amount=0.1)))
    with pytest.raises(ScheduleError, match="at update 5 is 0; allowed: above 0"):
        within(EpsilonGreedy(), optimizer=Adam(learning_rate=dataclasses.replace(BY_UPDATE, end=-1, over=10)))


@pytest.mark.parametrize("environment", ["CartPole-v1", "{name: compiled, id: CartPole-v1}"])
def test_the_place_in_the_file_is_told_in_both_loops(
    environment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Constant, "ends")  # by which its value would be known without building it
    text = Path("experiments/cartpole_dqn.yaml").read_text()
    mine = re.sub("^exploration: .*$", SEVEN, text, flags=re.M)
    if environment != "CartPole-v1":
        mine = re.sub("^environment: .*$", f"environment: {environment}", mine, flags=re.M)
    (tmp_path / "mine.yaml").write_text(mine)
    with pytest.raises(ExperimentError) as refused:
        ready_for(rlkit.load(tmp_path / "mine.yaml"))
    line, column = mine[: mine.index("exploration:")].count("\n") + 1, SEVEN.index("schedule:") + 1
    words = "exploration.schedule: its value at step 0 is 7; allowed: at least 0 and at most 1"
    assert str(refused.value).endswith(f"mine.yaml:{line}:{column}: {words}")


@pytest.mark.parametrize("command", ["check --play", "run --quiet"])
def test_a_value_out_of_range_is_bad_input_to_the_commands(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delattr(Constant, "ends")
    assert main([*command.split(), "cartpole_dqn", "--set", SEVEN.replace(": ", "=", 1)]) == 2
    error = capsys.readouterr().err
    assert "exploration.schedule: its value at step 0 is 7; allowed: at least 0 and at most 1" in error
    assert "Traceback" not in error and error.count("\n") == 1


def test_a_schedule_that_needs_the_runs_length_is_refused_where_limits_do_not_tell() -> None:
    to_the_end = "exploration={name: epsilon_greedy, schedule: {name: linear, start: 1, end: 0}}"
    words = (
        "exploration.schedule: 'linear' must know how many steps the run may take; add limits.steps, or limits.episode"
    )
    with pytest.raises(ExperimentError, match=words):
        rlkit.load("cartpole_dqn", [to_the_end, "limits={seconds: 10}"])
    assert rlkit.load("cartpole_dqn", [to_the_end, "limits={steps: 100}"]).limits.total == 100
