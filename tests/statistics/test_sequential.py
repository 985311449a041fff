from __future__ import annotations

import numpy as np

from rlkit.statistics.sequential import decided_at, sequential_p


def batches(rng: np.random.Generator, shift: float, looks: int = 4, size: int = 6) -> list[np.ndarray]:
    return [rng.normal(shift, 1.0, size) for _ in range(looks)]


def test_equal_ones_are_told_apart_at_any_look_as_seldom_as_the_level_says() -> None:
    rng = np.random.default_rng(0)
    told = [decided_at(batches(rng, 0), batches(rng, 0), 4, level=0.2, permutations=199) for _ in range(300)]
    share = np.mean([look is not None for look in told])
    assert 0.1 < share < 0.26  # 0.2 and 2.6 standard errors of 300 studies


def test_a_large_difference_is_told_early_and_a_small_one_late() -> None:
    rng = np.random.default_rng(1)
    large = [decided_at(batches(rng, 3), batches(rng, 0), 4, permutations=999) for _ in range(10)]
    assert all(look in (0, 1) for look in large)
    small = [decided_at(batches(rng, 1), batches(rng, 0), 4, permutations=999) for _ in range(20)]
    late = [look for look in small if look is not None]
    assert len(late) > 10
    assert np.mean(late) > 1


def test_what_was_decided_stays_so_when_more_seeds_come() -> None:
    rng = np.random.default_rng(2)
    ours, theirs = batches(rng, 1.5), batches(rng, 0)
    p = [sequential_p(ours[:looks], theirs[:looks], 4) for looks in (1, 2, 3, 4)]
    assert p == sorted(p, reverse=True)
    assert p[-1] < 0.01


def test_labels_that_cannot_be_that_rare_are_never_enough() -> None:
    """Five against five: the two most extreme of 252 ways are 0.8 %, however far apart the scores are."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        ours, theirs = [rng.normal(0.3, 0.1, 5)], [rng.normal(7.7, 0.1, 5)]
        assert decided_at(ours, theirs, 1, level=0.004) is None
        assert decided_at(ours, theirs, 1, level=0.012) == 0


def test_no_scores_and_equal_scores_decide_nothing() -> None:
    same = [np.full(5, 500.0)] * 3
    assert decided_at(same, same, 3) is None
    assert sequential_p(same, same, 3) == 1.0
    assert decided_at([], [], 3) is None
