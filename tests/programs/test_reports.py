"""What parts report beside an episode's row."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import tensorflow as tf

from rlkit.contracts.events import EPISODE_KEYS
from rlkit.programs.ready import rank_exponent
from rlkit.programs.reports import report_function


class Reporting:
    def __init__(self, **values: float) -> None:
        self._values = values

    def report(self, progress: Any) -> dict[str, Any]:
        return {name: tf.constant(value) for name, value in self._values.items()}


def test_what_has_nothing_to_report_makes_no_function() -> None:
    assert report_function(Reporting(), "exploration") == ([], ())
    assert report_function(Reporting(epsilon=0.5), "exploration")[1] == ("epsilon",)


@pytest.mark.parametrize("name", EPISODE_KEYS)
def test_a_rows_own_keys_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"reports '{name}', which is a row's own key"):
        report_function(Reporting(**{name: 1.0}), "exploration")


@pytest.mark.parametrize("exponent", [-1, float("nan"), float("inf"), "steep"])
def test_an_exponent_of_ranks_that_makes_no_sense_is_refused(exponent: Any) -> None:
    with pytest.raises(ValueError, match="allowed: a finite number, at least 0"):
        rank_exponent(SimpleNamespace(draws_by_mass=True, rank_exponent=exponent))
    assert rank_exponent(SimpleNamespace(draws_by_mass=True, rank_exponent=0)) == 0.0
