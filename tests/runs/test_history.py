from __future__ import annotations

import numpy as np
import pytest

from rlkit.contracts.stop import EvaluationScore
from rlkit.runs.history import GrowingHistory


def grown(episodes: int) -> GrowingHistory:
    history = GrowingHistory()
    for episode in range(episodes):
        history.append(0.5 * episode, episode, terminated=episode % 2 == 0, truncated=episode % 3 == 0)
    return history


@pytest.mark.parametrize("episodes", [0, 1, 1024, 1025, 5000])
def test_every_episode_is_kept(episodes: int) -> None:
    history = grown(episodes)
    count = np.arange(episodes)
    assert history.episodes == episodes
    assert np.array_equal(history.returns, 0.5 * count)
    assert np.array_equal(history.lengths, count)
    assert np.array_equal(history.terminated, count % 2 == 0)
    assert np.array_equal(history.truncated, count % 3 == 0)


def test_a_view_has_what_stop_criteria_see() -> None:
    scores = (EvaluationScore(12, (500.0,)),)
    view = grown(3).view(40, 10, 1.5, scores)
    assert (view.steps, view.updates, view.seconds, view.evaluations) == (40, 10, 1.5, scores)
    assert (view.returns.dtype, view.lengths.dtype) == (np.float64, np.int64)
    assert view.returns.tolist() == [0.0, 0.5, 1.0]


def test_later_episodes_leave_a_view_as_it_was() -> None:
    history = grown(1000)
    view = history.view(0, 0, 0.0)
    for _ in range(3000):
        history.append(-1.0, 1, terminated=True, truncated=False)
    assert np.array_equal(view.returns, 0.5 * np.arange(1000))


def test_a_view_copies_nothing_and_cannot_be_written() -> None:
    history = grown(10)
    assert np.shares_memory(history.returns, history.view(0, 0, 0.0).returns)
    with pytest.raises(ValueError, match="read-only"):
        history.view(0, 0, 0.0).returns[0] = 1.0
