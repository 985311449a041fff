"""What a reader is told before believing a comparison."""

from __future__ import annotations

from typing import Any

from rlkit.comparing.compared_run import ComparedRun
from rlkit.comparing.comparison import compare
from rlkit.comparing.options import Options
from tests.comparing.made import gathered, run

TIMED = Options(threshold=1.5, window=1)


def warnings(*runs: ComparedRun, **options: Any) -> str:
    return "\n".join(compare(gathered(*runs), Options(**options)).warnings)


def many(variant: str, count: int = 10, **more: Any) -> list[ComparedRun]:
    return [run(seed, variant=variant, **more) for seed in range(count)]


def test_enough_runs_of_equal_length_earn_no_warning() -> None:
    assert warnings(*many("a"), *many("b")) == ""


def test_few_seeds_and_single_ones() -> None:
    assert warnings(*many("a"), *many("b", 3)).startswith("3 seeds of a variant are few: another 3 may say otherwise")
    assert "a single seed of a variant is little" in warnings(*many("a"), *many("b", 1))


def test_what_has_nothing_to_be_compared_with() -> None:
    assert "a is the only variant with runs that count: there is nothing to compare it with" in warnings(*many("a"))
    assert "b and a have no task in common" in warnings(*many("a"), *many("b", task="two"))
    assert "no task in common" not in warnings(*many("a"), *many("a", task="two"), *many("b", task="two"))


def test_how_runs_end_says_little_once_they_end_by_being_solved() -> None:
    told = warnings(*many("a", solved=True), *many("b"), measure="final")
    assert told.startswith("10 of 20 runs ended as soon as they had solved their task")
    assert "solved their task" not in warnings(*many("a", solved=True), *many("b"), measure="area")


def test_runs_of_unequal_length_have_no_fair_end() -> None:
    assert "of unequal length: b has up to 80 steps, a up to 40" in warnings(*many("a"), *many("b", length=20))


def test_a_threshold_that_nobody_reached_tells_nothing_apart() -> None:
    told = warnings(*many("a"), *many("b"), threshold=99.0)
    assert "no run on one got there within 40 environment steps" in told


def test_runs_that_were_lost_before_the_others_are_told_with_what_that_takes_for_granted() -> None:
    short = [run(seed, [0.0, 0.0], variant="b") for seed in range(3)]
    rest = [run(seed, [0.0] * 4, variant="b") for seed in range(3, 10)]
    told = warnings(*many("a"), *short, *rest, threshold=1.5, window=1)
    assert "3 of 10 runs of b on one ended before 40 environment steps without getting there" in told
    assert "runs of a on one ended before" not in told


def test_the_best_of_several_was_chosen_by_the_seeds_that_are_told() -> None:
    assert "the best of 3 variants, chosen by these very seeds" in warnings(*many("a"), *many("b"), *many("c"))


def test_seconds_are_those_of_a_machine() -> None:
    assert "seconds depend on the machine" in warnings(*many("a"), *many("b"), by="seconds")
