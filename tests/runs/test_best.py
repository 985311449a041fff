"""The best weights: those of the highest mean return, by training or by evaluation."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit import Progress
from rlkit.runs.best import WINDOW, BestWeights


class Weights:
    """Weights whose only entry counts how often they were read."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self) -> dict[str, np.ndarray]:
        self.reads += 1
        return {"w": np.array([self.reads])}


def test_there_is_no_score_until_half_a_window_of_episodes_has_ended() -> None:
    best = BestWeights(Weights().read)
    best.consider(np.full(WINDOW // 2 - 1, 100.0), Progress(10, 0, 3))
    assert best.variables is None
    best.consider(np.full(WINDOW // 2, 100.0), Progress(20, 0, 3))
    assert best.facts["score"] == 100.0
    assert best.facts["step"] == 20


def test_weights_are_kept_only_when_the_mean_of_the_last_episodes_rises() -> None:
    weights = Weights()
    best = BestWeights(weights.read)
    returns = np.concatenate((np.full(60, 10.0), np.full(30, 20.0), np.full(60, 5.0)))
    for episodes in range(1, len(returns) + 1):
        best.consider(returns[:episodes], Progress(episodes, 0, 3))
    assert best.facts["episode"] == 89
    assert best.variables is not None
    assert best.variables["w"][0] == weights.reads == 31


def test_weights_that_are_at_hand_are_kept_without_reading_any() -> None:
    weights = Weights()
    best = BestWeights(weights.read)
    best.consider(np.full(WINDOW, 100.0), Progress(10, 0, 3), variables={"w": np.array([-1])})
    assert best.variables == {"w": np.array([-1])}
    assert weights.reads == 0


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_an_evaluation_without_a_mean_is_no_better_and_ends_no_run() -> None:
    best = BestWeights(Weights().read)
    best.consider_evaluation((np.inf, -np.inf), Progress(100, 5, 3))
    assert best.variables is None


def test_an_evaluation_is_scored_by_its_mean() -> None:
    best = BestWeights(Weights().read)
    best.consider_evaluation((10.0, 30.0), Progress(100, 5, 3))
    best.consider_evaluation((19.0,), Progress(200, 9, 3))
    assert best.facts == {"episode": 4, "step": 100, "update": 3, "score": 20.0, "by": "evaluation"}
