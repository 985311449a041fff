from __future__ import annotations

import math

import pytest

from rlkit.reporting.numbers import compact, interval, number, probability


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (12345.6, "12,346"), (225.3401, "225.3"), (0.81234, "0.8123"), (-3.0, "-3"), (1000, "1,000"),
        (0.000012, "0.000012"), (1.2e-9, "1e-09"), (100, "100"), (None, "–"), (math.nan, "–"), (math.inf, "–"),
    ],
)  # fmt: skip
def test_numbers_have_four_digits_and_keep_what_stands_before_the_point(value: float | None, text: str) -> None:
    assert number(value) == text


def test_fewer_digits_where_asked_for() -> None:
    assert number(2.1424, 3) == "2.14"
    assert number(1234.5, 3) == "1,234"  # half to even


def test_intervals() -> None:
    assert interval({"estimate": 1.5, "low": 1, "high": None}) == "1.5 (1 to –)"
    assert interval({"estimate": None, "low": 1, "high": 2}) == interval(None) == "–"


def test_small_probabilities_are_said_to_be() -> None:
    assert [probability(value) for value in (0.0, 0.00099, 0.0421, 1.0, None)] == ["< 0.001"] * 2 + [
        "0.042",
        "1.000",
        "–",
    ]


def test_drawn_data_is_short() -> None:
    assert [compact(value) for value in (0.123456, 123456.0, 0.0, 7.0)] == [0.1235, 123500, 0, 7]
    assert isinstance(compact(7.0), int)
