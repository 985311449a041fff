"""Combinations are counted, and numbers taken apart, row by row."""

from __future__ import annotations

import pytest

from rlkit_gymnasium.counting import combinations, digits


def test_a_number_s_digits_are_row_major():
    assert [digits(number, (3, 2)) for number in range(6)] == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]
    assert digits(0, ()) == []


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [((10_001,), "10,001"), ((2,) * 49, "562,949,953,421,312"), ((2,) * 64, "1.8e+19"), ((2,) * 2000, "over 1e300")],
)
def test_too_many_combinations_are_told_by_their_number(sizes, shown):
    with pytest.raises(ValueError) as refused:
        combinations(sizes, "it")
    assert str(refused.value) == f"it has {shown} combinations; allowed: at most 10,000"
    assert combinations((100, 100), "it") == 10_000
