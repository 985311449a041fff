"""What a run that went through should tell a person."""

from __future__ import annotations

from rlkit.contracts.data import Progress
from rlkit.runs.noticed import noticed

SECONDS = {"startup": 1.0, "training": 10.0, "evaluation": 1.0, "total": 12.0}
DECAYING = {"name": "epsilon_greedy", "start": 1.0, "end": 0.1, "decay": 0.99, "schedule": None}
LEARNED = Progress(100, 30, 25)
MOVED = {"epsilon": {1.0, 0.99}}


def told(
    progress: Progress = LEARNED,
    reports: dict[str, set[float]] = MOVED,
    seconds: dict[str, float] = SECONDS,
    exploration: object = DECAYING,
) -> list[str]:
    return list(noticed(progress, reports, seconds, exploration, None))


def test_an_ordinary_run_says_nothing() -> None:
    assert told() == []


def test_a_run_that_never_learned_says_so() -> None:
    (sentence,) = told(Progress(100, 30, 0))
    assert sentence.startswith("nothing was learned: no learning step came due within 100 steps")


def test_a_run_without_an_end_of_an_episode_says_so() -> None:
    (sentence,) = told(Progress(100, 0, 25), {})
    assert "no episode ended within 100 steps" in sentence
    assert "limits.steps_per_episode" in sentence


def test_an_epsilon_that_should_move_and_never_did_is_told() -> None:
    assert told(reports={"epsilon": {1.0}}) == ["epsilon stayed 1 in all 30 episodes"]


def test_a_constant_epsilon_is_nobodys_trouble() -> None:
    for exploration in (
        {**DECAYING, "end": 1.0},
        {**DECAYING, "decay": 1},
        {**DECAYING, "schedule": {"name": "constant", "amount": 0.1}},
        {"name": "greedy"},
        None,
    ):
        assert told(reports={"epsilon": {1.0}}, exploration=exploration) == []


def test_a_schedule_that_should_move_counts() -> None:
    exploration = {**DECAYING, "schedule": {"name": "linear", "start": 1.0, "end": 0.1, "over": 1000}}
    assert told(reports={"epsilon": {1.0}}, exploration=exploration) == ["epsilon stayed 1 in all 30 episodes"]


def test_an_evaluation_that_took_most_of_the_time_is_told() -> None:
    (sentence,) = told(seconds={**SECONDS, "evaluation": 90.0})
    assert sentence.startswith("evaluation took 90 of the 100 seconds")
