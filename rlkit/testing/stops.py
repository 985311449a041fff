"""The suite of stop criteria."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from rlkit.contracts.stop import EvaluationScore, History, Stop, Stopped
from rlkit.testing.component_suite import ComponentSuite
from rlkit.testing.verdict import ContractBroken, raised, shown

_EPISODES = (1, 2, 10, 300, 10_000)


class StopSuite(ComponentSuite):
    """`component = MeanReturn(threshold=225)`."""

    contract = Stop
    seconds = 0.02
    """What one answer may take after 10,000 episodes, in processor time: it is asked after every one of them."""

    def test_it_answers_none_or_a_reason_from_the_first_episode_on(self) -> None:
        """None or Stopped, its reason not empty; `describe`, if there is one, gives text. The arrays are read-only."""
        for history in _histories():
            asks = f"None or a Stopped after {len(history.returns)} episodes, the arrays of the history left alone"
            try:
                answer = self.component.met(history)
                words = self.component.describe(history) if hasattr(self.component, "describe") else ""
            except Exception as error:
                raise ContractBroken(f"{self.name}: the contract asks for {asks}; found {raised(error)}") from error
            self.demand(answer is None or isinstance(answer, Stopped), asks, shown(answer), "met")
            if answer is not None:
                self.demand(isinstance(answer.reason, str) and answer.reason, "a reason in words", f"{answer}", "met")
                self.demand(isinstance(answer.solved, bool), "solved as a bool", shown(answer.solved), "met")
            self.demand(isinstance(words, str), "text", shown(words), "describe")

    def test_its_answer_follows_from_the_history_alone(self) -> None:
        """Whatever it was asked before, so that a run which is resumed stops where the other would have."""
        histories = list(_histories())
        forwards = [self.component.met(history) for history in histories]
        backwards = [self.component.met(history) for history in reversed(histories)][::-1]
        anew = [dataclasses.replace(self.component).met(history) for history in histories]
        for first, *others, history in zip(forwards, backwards, anew, histories, strict=True):
            found = f"{first}, then {next((other for other in others if other != first), None)}"
            asks = f"one answer for one history (of {len(history.returns)} episodes), whatever it was asked before"
            self.demand(all(other == first for other in others), asks, found, "met")

    def test_its_answer_is_cheap(self) -> None:
        """The quickest of five answers after 10,000 episodes."""
        history = list(_histories())[-1]
        taken = []
        for _ in range(5):
            began = time.process_time()
            self.component.met(history)
            taken.append(time.process_time() - began)
        asks = f"an answer within {self.seconds * 1000:g} ms after 10,000 episodes"
        self.demand(min(taken) <= self.seconds, asks, f"{min(taken) * 1000:.0f} ms", "met")


def _histories() -> Iterator[History]:
    """Of one episode to many; returns that rise, stay and scatter."""
    rng = np.random.default_rng(0)
    for episodes in _EPISODES:
        for returns in (np.linspace(-100.0, 1000.0, episodes), np.zeros(episodes), rng.normal(0, 300, episodes)):
            lengths = _fixed(rng.integers(1, 500, episodes))
            steps = int(lengths.sum())
            scores = (EvaluationScore(steps // 2, (1.0, 2.0)), EvaluationScore(steps, (3.0,)))
            yield History(_fixed(returns), lengths, steps, steps // 4, steps / 10_000, scores[: episodes % 3])


def _fixed(array: Any) -> Any:
    array.flags.writeable = False
    return array
