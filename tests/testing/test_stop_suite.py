from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from rlkit import History, Stopped, component, parameter
from rlkit.testing import StopSuite

ANSWERS = "test_it_answers_none_or_a_reason_from_the_first_episode_on"
ALONE = "test_its_answer_follows_from_the_history_alone"
asked: list[int] = []


@component
class Broken:
    """Does what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def met(self, history: History) -> Any:
        returns = history.returns
        match self.how:
            case "needs two episodes":
                return Stopped(f"{returns[-2]}", True) if returns[-2] > 225 else None
            case "sorts in place":
                returns.sort()
                return None
            case "gives a bool":
                return bool(returns.mean() > 225)
            case "gives no reason":
                return Stopped("", True)
            case "counts its questions":
                asked.append(1)
                return Stopped(f"asked {len(asked)} times", False)
            case "describes nothing":
                return None
        time.sleep(0) if self.how != "is slow" else sum(float(value) for value in returns for _ in range(200))
        return None

    def describe(self, history: History) -> Any:
        return None if self.how == "describes nothing" else "so far"


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("needs two episodes", ANSWERS, ("after 1 episodes", "IndexError")),
        ("sorts in place", ANSWERS, ("the arrays of the history left alone", "read-only")),
        ("gives a bool", ANSWERS, ("Broken.met: the contract asks for None or a Stopped", "found bool False")),
        ("gives no reason", ANSWERS, ("a reason in words", "reason=''")),
        ("describes nothing", ANSWERS, ("Broken.describe: the contract asks for text; found NoneType",)),
        ("counts its questions", ALONE, ("one answer for one history", "asked 1 times")),
        ("is slow", "test_its_answer_is_cheap", ("an answer within 20 ms after 10,000 episodes",)),
    ],
)
def test_broken_stop_is_told_what_is_wrong(
    how: str, test: str, words: tuple[str, ...], sentence: Callable[..., str]
) -> None:
    asked.clear()
    message = sentence(StopSuite, Broken(how=how), test)
    assert all(word in message for word in words), message
