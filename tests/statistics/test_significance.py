from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from rlkit.statistics.significance import fewest_runs, holm, permutation_test, runs_to_tell, sign_flip_test


def gap(ours: np.ndarray, theirs: np.ndarray, axis: int) -> np.ndarray:
    return ours.mean(axis=axis) - theirs.mean(axis=axis)


@pytest.mark.parametrize(("n", "m", "error"), [(6, 5, 1e-12), (9, 9, 0.02)])
def test_the_permutation_test_is_the_exact_one(n: int, m: int, error: float) -> None:
    """Every way to share labels out is looked at where there are few; else so many are drawn."""
    rng = np.random.default_rng(3)
    ours, theirs = rng.exponential(size=n), rng.exponential(size=m) + 0.7
    exact = stats.permutation_test((ours, theirs), gap, permutation_type="independent", n_resamples=np.inf).pvalue
    assert permutation_test([ours], [theirs]) == pytest.approx(exact, abs=error)


@pytest.mark.parametrize(("n", "error"), [(9, 1e-12), (15, 0.02)])
def test_the_sign_flip_test_is_the_exact_one(n: int, error: float) -> None:
    differences = np.random.default_rng(4).normal(0.5, 1.0, n)
    pairs = (differences, np.zeros(n))
    exact = stats.permutation_test(pairs, gap, permutation_type="samples", n_resamples=np.inf).pvalue
    assert sign_flip_test([differences]) == pytest.approx(exact, abs=error)


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_no_p_value_is_below_what_so_few_labels_allow(offset: float) -> None:
    """Of 252 ways to share out ten scores two are as far apart; rounding must not make the seen one the only one."""
    rng = np.random.default_rng(5)
    for _ in range(20):
        ours, theirs = offset + rng.normal(0.3, 0.1, 5), offset + rng.normal(7.7, 0.1, 5)
        assert permutation_test([ours], [theirs]) == pytest.approx(2 / 252, abs=0.003)


def test_equal_scores_and_scores_that_are_no_numbers_tell_nothing() -> None:
    same = np.full(6, 500.0)
    assert permutation_test([same], [same]) == 1.0
    assert sign_flip_test([same - same]) == 1.0
    unknown = np.array([1.0, np.nan, 2.0])
    assert permutation_test([unknown], [same]) == 1.0
    assert sign_flip_test([unknown]) == 1.0


def test_tasks_count_alike_whatever_their_scale() -> None:
    rng = np.random.default_rng(6)
    ours, theirs = rng.normal(size=8), rng.normal(1.5, 1, 8)
    noise = rng.normal(size=8), rng.normal(size=8)
    small = permutation_test([ours, noise[0]], [theirs, noise[1]])
    assert permutation_test([ours, 1_000 * noise[0]], [theirs, 1_000 * noise[1]]) == small


def test_holms_correction_worked_out_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def test_so_many_runs_find_such_an_effect_with_the_power_that_was_asked_for() -> None:
    runs = runs_to_tell(0.5, np.sqrt(2 / 10), 10)
    assert runs == 63  # 2 (1.96 + 0.84)² / 0.5²
    rng = np.random.default_rng(7)
    found = stats.ttest_ind(rng.normal(0, 1, (2_000, runs)), rng.normal(0.5, 1, (2_000, runs)), axis=1).pvalue <= 0.05
    assert found.mean() == pytest.approx(0.8, abs=0.03)
    assert runs_to_tell(0.0, 1.0, 10) is None
    assert runs_to_tell(0.5, 0.0, 10) is None
    many = runs_to_tell(0.5, np.sqrt(2 / 10), 10, level=0.01)
    assert many is not None
    assert many > runs


@pytest.mark.parametrize(("level", "runs"), [(0.34, 2), (0.1, 3), (0.05, 4), (0.05 / 2, 5), (0.05 / 10, 6)])
def test_fewer_runs_than_these_tell_nothing_however_far_apart(level: float, runs: int) -> None:
    assert fewest_runs(level) == runs
    apart = [np.arange(runs) + 100.0], [np.arange(runs) * 1.0]
    assert permutation_test(*apart) <= 1.2 * level
    assert runs == 2 or permutation_test(apart[0][0][None, 1:], apart[1][0][None, 1:]) > 0.8 * level
    assert runs_to_tell(1000.0, 1.0, 3, level=level) == runs
