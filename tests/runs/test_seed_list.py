"""Seeds as text: what they stand for, and one sentence on what they cannot be."""

from __future__ import annotations

import pytest

from rlkit.runs.seed_list import MOST_SEEDS, SeedsError, checked, parse_seeds


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("10", tuple(range(10))),
        ("0-9", tuple(range(10))),
        ("1", (0,)),
        ("7-7", (7,)),
        ("3,5,8-10", (3, 5, 8, 9, 10)),
        ("9, 1", (9, 1)),
    ],
)
def test_a_number_is_how_many_and_ranges_and_lists_are_what_they_say(text: str, seeds: tuple[int, ...]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "found '' in the seeds ''"),
        ("0", "found 0 seeds"),
        ("-1", "found '-1' in the seeds '-1'"),
        ("3,", "found '' in the seeds '3,'"),
        ("1..5", "found '1..5'"),
        ("9-3", "ends before it begins"),
        ("1.5,2", "found '1.5'"),
        ("3,1-4", "found the seed 3 twice"),
        ("10001", f"found more than {MOST_SEEDS:,} seeds"),
        ("0-99999999999999999", f"found more than {MOST_SEEDS:,} seeds"),
        ("9223372036854775808,1", "found the seed 9223372036854775808; allowed: whole numbers from 0 to "),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(SeedsError) as caught:
        parse_seeds(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("seeds", [[], [True], [-1], [1.0]])
def test_seeds_from_python_are_checked_too(seeds: list[int]) -> None:
    with pytest.raises(SeedsError):
        checked(seeds)
