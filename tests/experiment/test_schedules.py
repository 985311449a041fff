"""The ends of schedules are held to their parameters' ranges when a file is checked, as far as the run goes."""

from __future__ import annotations

import re

import pytest

import rlkit

UPDATES = "limits={updates: 100}"
STEPS = "limits={steps: 1000}"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            ["agent.gamma={name: linear, start: 0.9, end: 1.5, over: 100}"],
            "agent.gamma.end: found 1.5; allowed: at least 0 and at most 1, as gamma must be",
        ),
        (["agent.gamma={name: linear, start: -0.1, end: 1.0, over: 9}"], "agent.gamma.start: found -0.1; allowed"),
        (["agent.gamma={name: constant, amount: 2}"], "agent.gamma.amount: found 2.0; allowed"),
        (
            ["optimizer.learning_rate={name: exponential, start: 0.1, decay: 0.99, by: update}"],
            "optimizer.learning_rate.end: found 0.0; allowed: above 0, as learning_rate must be",
        ),
        (
            ["agent.gamma={name: linear, start: 0.5, end: 3.0, over: 4000}", STEPS],
            "agent.gamma.end: its value at step 1000 is 1.125; allowed: at least 0 and at most 1",
        ),
        (
            ["exploration={name: epsilon_greedy, schedule: {name: linear, start: 1, end: -1}}", STEPS],
            "exploration.schedule.end: found -1.0; allowed: at least 0 and at most 1, as schedule must be",
        ),
    ],
)
def test_an_end_out_of_range_is_told_at_its_place(settings: list[str], said: str) -> None:
    with pytest.raises(rlkit.ExperimentError, match=re.escape(said)):
        rlkit.load("cartpole_dqn", settings)


@pytest.mark.parametrize(
    "settings",
    [
        ["agent.gamma={name: linear, start: 0.5, end: 1.0, over: 100}"],
        ["agent.gamma={name: linear, start: 0.5, end: 3.0, over: 1000000}", STEPS],
        ["optimizer.learning_rate={name: exponential, start: 0.1, decay: 0.99, end: 0.001, by: update}", UPDATES],
        ["optimizer.learning_rate={name: exponential, start: 0.1, decay: 1.0, by: update}"],
    ],
)
def test_what_stays_in_range_as_far_as_the_run_goes_passes(settings: list[str]) -> None:
    rlkit.load("cartpole_dqn", settings)


RATE = "optimizer={name: adam, learning_rate: {name: linear, start: 0.01, end: 0.001, over: 100%s}}"


@pytest.mark.parametrize(
    ("file", "setting", "path"),
    [
        ("cartpole_dqn", RATE % "", "optimizer.learning_rate"),
        ("cartpole_dqn", RATE % ", by: episode", "optimizer.learning_rate"),
        ("cartpole_pqn", RATE % "", "optimizer.learning_rate"),
        (
            "cartpole_dqn",
            f"bonus={{name: random_network, {(RATE % '').replace('=', ': ')}}}",
            "bonus.optimizer.learning_rate",
        ),
    ],
)
def test_a_schedule_of_an_optimizer_that_counts_steps_is_refused_whoever_s_it_is(
    file: str, setting: str, path: str
) -> None:
    with pytest.raises(rlkit.ExperimentError, match=rf"{path}: found 'linear' by \w+; an optimizer counts updates"):
        rlkit.load(file, [setting])


def test_a_schedule_of_an_optimizer_that_never_changes_may_count_steps() -> None:
    rlkit.load("cartpole_dqn", ["optimizer.learning_rate={name: linear, start: 0.01, end: 0.01, over: 100}"])
