"""Ranges of parameters."""

from __future__ import annotations

import pytest

from rlkit.contracts.component import ParameterInfo


@pytest.mark.parametrize(
    ("info", "value", "words"),
    [
        (ParameterInfo(above=0), 1e-50, "found 1e-50, which is 0 as a float32; allowed: above 0"),
        (ParameterInfo(below=1), 0.999999999, "found 0.999999999, which is 1 as a float32; allowed: below 1"),
        (ParameterInfo(), 1e39, "found 1e+39, which is infinite as a float32; it must be a finite number"),
        (ParameterInfo(), -1e39, "found -1e+39, which is infinite as a float32; it must be a finite number"),
        (ParameterInfo(above=0), (1.0, 1e-50), "found 1e-50, which is 0 as a float32; allowed: above 0"),
        (ParameterInfo(at_most=0.1), 0.1000000001, "found 0.1000000001; allowed: at most 0.1"),
    ],
)
def test_a_number_must_be_in_the_range_as_a_float32_too(info: ParameterInfo, value: object, words: str) -> None:
    assert info.problem(value) == words


@pytest.mark.parametrize("value", [0.1, 0.3, 1e-38, 3e38, 10**40, True, None, "text"])
def test_bounds_are_rounded_as_numbers_are(value: object) -> None:
    assert ParameterInfo().problem(value) is None
    if value in (0.1, 0.3):
        assert ParameterInfo(at_least=value, at_most=value).problem(value) is None
