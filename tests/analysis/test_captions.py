from __future__ import annotations

import pytest

from rlkit.analysis.captions import smoothing


@pytest.mark.parametrize(
    ("window", "counts", "said"),
    [
        (1, [5], ""),
        (20, [20, 300], "moving average of 20 episodes"),
        (20, [12, 12], "mean of all 12 episodes, fewer than the 20 of the moving average"),
        (20, [12, 3], "mean of all 3 to 12 episodes, fewer than the 20 of the moving average"),
        (20, [1], "1 episode, fewer than the 20 of the moving average"),
        (20, [12, 300], "moving average of 20 episodes; 1 run has fewer, drawn as the mean of all of them"),
        (20, [12, 300, 4], "moving average of 20 episodes; 2 runs have fewer, drawn as the mean of all of them"),
    ],
)
def test_the_caption_claims_no_more_than_was_averaged(window: int, counts: list[int], said: str) -> None:
    assert smoothing(window, counts, "episodes") == said
