"""Verdicts: directions, pairs, few and lost runs, and the sentences that tell them."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlkit.comparing.measures import Measure
from rlkit.comparing.p_values import p_value, pairs_won
from rlkit.comparing.sentences import sentence
from rlkit.comparing.verdict import Verdict
from rlkit.comparing.verdicts import corrected, over_all, pair
from tests.comparing.made import FINAL, TIME, scores

TOP = 1e9


def verdict(a: Any, b: Any, measure: Measure = FINAL, until: float = TOP) -> Verdict:
    found = pair(a, b, measure, until, 0.95, permutations=999)
    assert found is not None
    return found


def told(found: Verdict, measure: Measure = FINAL, tasks: int = 1) -> str:
    return sentence(corrected([found])[0], measure, tasks, 0.95)


@given(st.integers(2, 12), st.integers(2, 12), st.integers(0, 99), st.booleans())
@settings(max_examples=30)
def test_two_variants_that_change_places_have_the_opposite_verdict(n: int, m: int, seed: int, timed: bool) -> None:
    rng = np.random.default_rng(seed)
    a, b = scores("a", rng.lognormal(3, 1, n)), scores("b", rng.lognormal(3.5, 1, m))
    measure = TIME if timed else FINAL
    there, back = verdict(a, b, measure), verdict(b, a, measure)
    opposite = 1 / back.effect.estimate if timed else -back.effect.estimate
    assert there.effect.estimate == pytest.approx(opposite)
    assert there.improvement.estimate == pytest.approx(1 - back.improvement.estimate)
    assert there.improvement.low == pytest.approx(1 - back.improvement.high)
    assert there.paired is (n == m >= 10)


@given(st.integers(1, 9), st.floats(0.01, 1e4), st.floats(-50, 50))
@settings(max_examples=30)
def test_units_change_no_verdict(seed: int, scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.normal(0, 1, 7), rng.normal(1, 1, 9)
    plain = verdict(scores("a", one), scores("b", other))
    other_units = verdict(scores("a", one * scale + shift), scores("b", other * scale + shift))
    assert other_units.p == plain.p
    assert other_units.improvement == plain.improvement
    assert other_units.effect.low == pytest.approx(plain.effect.low * scale, rel=1e-6, abs=1e-9)


def test_where_nothing_differs_nothing_is_told() -> None:
    same = scores("a", [3.0] * 12), scores("b", [3.0] * 12)
    for measure in (FINAL, TIME):
        found = verdict(*same, measure)
        assert (found.p, found.decided, found.more_seeds, found.improvement.estimate) == (1.0, False, None, 0.5)
    assert "no difference at all in environment steps" in told(verdict(*same, TIME), TIME)


def test_seeds_that_both_ran_are_pairs_and_pairs_tell_more() -> None:
    rng = np.random.default_rng(0)
    luck = rng.normal(0, 10, 12)
    a, b = luck, luck + 1 + rng.normal(0, 0.5, 12)
    together, apart = verdict(scores("a", a), scores("b", b)), verdict(scores("a", a), scores("b", b, first=50))
    assert (together.paired, apart.paired) == (True, False)
    assert together.decided and not apart.decided
    assert together.effect.high - together.effect.low < (apart.effect.high - apart.effect.low) / 5
    fewer = verdict(scores("a", a), scores("b", b[:11]))
    assert (fewer.paired, fewer.seeds) == (False, (12, 11))


def test_a_run_that_was_lost_has_beaten_nobody() -> None:
    a = scores("a", [50.0] * 6)
    lost = scores("b", [10.0] * 6, False)  # given up at 10: nobody knows whether they would have been sooner
    assert pairs_won(lost, a, TIME, 60.0).tolist() == [[0.5] * 6] * 6
    assert pairs_won(lost, a, TIME, 10.0).tolist() == [[0.5] * 6] * 6  # nor what a would have been, up to 10
    found = over_all([(a, lost, 60.0)] * 2, TIME, 0.95)
    assert found is not None
    assert (found.effect.estimate, found.decided) == (0.5, False)
    watched = scores("b", [60.0] * 6, False)
    assert pairs_won(a, watched, TIME, 60.0).tolist() == [[1.0] * 6] * 6


def test_a_test_by_log_rank_scores_knows_of_those_that_were_lost() -> None:
    rng = np.random.default_rng(0)
    sooner, later = rng.uniform(10, 20, 12), rng.uniform(40, 60, 12)
    a, b = scores("a", later), scores("b", np.append(sooner, [12.0]), [True] * 12 + [False])
    assert p_value(a, b, TIME, 60.0, paired=False, permutations=999) == 0.001
    assert p_value(a, a, TIME, 60.0, paired=True, permutations=999) == 1.0


def test_over_tasks_the_probabilities_are_averaged() -> None:
    easy = scores("a", [1.0, 2.0], task="x"), scores("b", [3.0, 4.0], task="x"), 0.0
    hard = scores("a", [1.0, 3.0], task="y"), scores("b", [2.0], task="y"), 0.0
    none = scores("a", [1.0], task="z"), scores("b", [], task="z"), 0.0
    found = over_all([easy, hard, none], FINAL, 0.95)
    assert found is not None
    assert (found.effect.estimate, found.seeds, found.task) == (0.75, (4, 3), None)
    assert over_all([easy, none], FINAL, 0.95) is None
    assert pair(*none[:2], FINAL, 0.0, 0.95) is None


def test_a_few_far_runs_decide_no_direction_over_tasks() -> None:
    """One enormous score a task: the mean says b, most runs say a, and so must the test."""
    rng = np.random.default_rng(0)
    tasks = []
    for place in range(6):
        a, b = rng.normal(1, 0.1, 10), rng.normal(0, 0.1, 10)
        b[0] = 1e6
        tasks.append((scores("a", a, task=str(place)), scores("b", b, task=str(place)), 0.0))
    found = over_all(tasks, FINAL, 0.95)
    assert found is not None
    assert corrected([found])[0].better == "a"


def test_more_seeds_are_those_that_would_be_enough_for_all_comparisons() -> None:
    rng = np.random.default_rng(3)
    a, b = scores("a", rng.normal(0, 1, 10)), scores("b", rng.normal(0.4, 1, 10))
    alone, among = pair(a, b, FINAL, 0.0, 0.95), pair(a, b, FINAL, 0.0, 0.95, comparisons=20)
    assert alone is not None and alone.more_seeds is not None
    assert among is not None and among.more_seeds is not None
    assert among.more_seeds > 1.5 * alone.more_seeds


SEVEN, FAR = [float(k) for k in range(7)], [float(k) + 20 for k in range(7)]


@pytest.mark.parametrize(
    ("found", "measure", "words"),
    [
        (verdict(scores("a", FAR), scores("b", SEVEN)), FINAL, "b ends with a mean return 20.0 lower than a (95 %"),
        (verdict(scores("a", SEVEN), scores("b", FAR)), FINAL, "b ends with a mean return 20.0 higher than a (95 %"),
        (verdict(scores("a", FAR), scores("b", SEVEN), TIME), TIME, "b needs 87 % fewer environment steps than a (95"),
        (verdict(scores("a", SEVEN), scores("b", FAR), TIME), TIME, "b needs 7.67 times as many environment steps as"),
        (
            verdict(scores("a", SEVEN), scores("b", [k + 1 for k in SEVEN], first=9)), FINAL,
            "b and a are not distinguishable (the mean return of b was 1.0 higher, 95 % interval of the difference -",
        ),
        (
            verdict(scores("a", SEVEN), scores("b", [k + 1 for k in SEVEN], first=9), TIME), TIME,
            "b and a are not distinguishable (b took 1.33 times as many environment steps, 95 % interval 0.",
        ),
    ],
)  # fmt: skip
def test_a_sentence_says_who_and_which_way(found: Verdict, measure: Measure, words: str) -> None:
    text = told(found, measure)
    assert text.startswith(words)
    assert "7 seeds each)" in text
    assert text.endswith(".")


def test_a_sentence_over_tasks_names_the_winner_first() -> None:
    tasks = [(scores("a", FAR, task=t), scores("b", SEVEN, task=t), 0.0) for t in "xyz"]
    found = over_all(tasks, FINAL, 0.95)
    assert found is not None
    assert told(found, tasks=3).startswith(
        "a is better than b over all tasks: a run of it wins with a probability of 100 % (95 % interval "
    )


def test_a_sentence_says_that_the_number_of_comparisons_is_what_keeps_two_from_being_told_apart() -> None:
    found = replace(verdict(scores("a", SEVEN), scores("b", FAR)), p=0.02, adjusted_p=0.2)
    assert "; alone the difference would be told, among all comparisons of this page" in sentence(found, FINAL, 1, 0.95)


def test_unequal_numbers_of_seeds_are_told_in_the_order_of_the_variants() -> None:
    found = verdict(scores("a", SEVEN), scores("b", FAR[:5]))
    assert "b ends" in told(found)
    assert "5 and 7 seeds" in told(found)


def test_a_single_run_each_decides_nothing_and_claims_nothing() -> None:
    for measure in (FINAL, TIME):
        found = verdict(scores("a", [1.0]), scores("b", [9.0]), measure)
        assert (found.decided, found.p) == (False, 1.0)
        assert found.improvement.low < 0.3


def test_which_of_two_is_named_first_decides_nothing() -> None:
    rng = np.random.default_rng(1)
    for name in ("final", "time"):
        for _ in range(8):
            a = scores("a", 100.0 + 10.0 * rng.normal(size=9))
            b = scores("b", 110.0 + 10.0 * rng.normal(size=9))
            measure = FINAL if name == "final" else TIME
            one, other = pair(a, b, measure, 500.0, 0.95), pair(b, a, measure, 500.0, 0.95)
            assert one is not None and other is not None
            assert (one.p, one.more_seeds, one.decided) == (other.p, other.more_seeds, other.decided)
            assert (one.a, one.b, one.seeds) == (other.b, other.a, other.seeds[::-1])
            turned = (lambda x: 1.0 / x) if name == "time" else (lambda x: -x)
            assert (turned(other.effect.low), turned(other.effect.high)) == pytest.approx(
                (one.effect.high, one.effect.low)
            )
            assert other.improvement.low == pytest.approx(1.0 - one.improvement.high)


def test_a_single_run_decides_nothing_however_many_it_is_beside() -> None:
    alone = pair(scores("a", np.array([100.0])), scores("b", 170.0 + np.arange(40.0)), FINAL, 0.0, 0.95)
    assert alone is not None and alone.p < 0.05 and not alone.decided


def test_runs_lost_on_the_way_need_as_many_more_as_their_own_test_says() -> None:
    rng = np.random.default_rng(0)
    times = [rng.exponential(400.0, 20), rng.exponential(300.0, 20)]
    lost = rng.uniform(100.0, 900.0, 20)
    seen = [one <= lost for one in times]
    a, b = (scores(name, np.minimum(one, lost), known) for name, one, known in zip("ab", times, seen, strict=True))
    found = pair(a, b, TIME, 900.0, 0.95)
    assert found is not None and found.more_seeds is not None
    z = NormalDist().inv_cdf(1 - found.p / 2)
    assert found.more_seeds >= 20 * (2.8 / z) ** 2 - 21


def test_what_ties_makes_distinguishable_only_by_luck_asks_for_no_millions_of_seeds() -> None:
    never = np.full(4, 6000.0)
    there = verdict(scores("a", never), scores("b", np.array([5606.0, 6000.0, 6000.0, 6000.0])))
    assert (there.p, there.paired) == (1.0, False)
    assert there.more_seeds is not None
    assert there.more_seeds < 100
