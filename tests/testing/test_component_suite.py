"""What every suite asks, shown on stop criteria."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from rlkit import History, ParameterError, Spaces, Stopped, component, parameter
from rlkit.testing import StopSuite

Sentence = Callable[..., str]


class Never:
    def met(self, history: History) -> Stopped | None:
        return None


@component
class Undocumented(Never):
    steps: int = parameter(default=1, doc="steps")


@component
class SilentParameter(Never):
    """Never stops."""

    steps: int = 1


@component
class DefaultBeyondItsRange(Never):
    """Never stops."""

    share: float = parameter(default=2.0, doc="a share", at_most=1)


@dataclass(frozen=True, kw_only=True)
class Unchecked(Never):
    """Never stops."""

    share: float = parameter(default=0.5, doc="a share", at_least=0, at_most=1)


@dataclass(frozen=True, kw_only=True)
class RefusesWithoutNaming(Never):
    """Never stops."""

    share: float = parameter(default=0.5, doc="a share")

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise KeyError("share")


@dataclass(frozen=True, kw_only=True)
class BlamesAnother(Never):
    """Never stops."""

    share: float = parameter(default=0.5, doc="a share")

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ParameterError("part", "found something")


@dataclass
class Changeable(Never):
    """Never stops."""


@component
class NoMet:
    """Lacks the contract's method."""


@component
class UnwritableParameter(Never):
    """Never stops."""

    folder: bytes = parameter(default=b"", doc="a folder")


@dataclass(frozen=True)
class Positional(Never):
    """Never stops."""

    steps: int = parameter(default=1, doc="steps")


@pytest.mark.parametrize(
    ("broken", "test", "words"),
    [
        (Undocumented(), "test_it_says_what_it_and_its_parameters_mean", "a docstring that says what .*; found none"),
        (
            SilentParameter(),
            "test_it_says_what_it_and_its_parameters_mean",
            "meaning of every .*; found none for steps",
        ),
        (Changeable(), "test_a_plugin_can_register_it", "found a dataclass that is not frozen"),
        (NoMet(), "test_a_plugin_can_register_it", r"it has no method met\(self, history\)"),
        (UnwritableParameter(), "test_a_plugin_can_register_it", "an experiment file cannot fill"),
        (Positional(), "test_a_plugin_can_register_it", "keyword-only parameters .*; found positional ones"),
        (Unchecked(), "test_it_refuses_values_out_of_range", r"about share = -1\.?0? \(allowed: at least 0.*accepted"),
        (RefusesWithoutNaming(), "test_it_refuses_values_out_of_range", r"a ParameterError .* an exception, KeyError"),
        (BlamesAnother(), "test_it_refuses_values_out_of_range", "a ParameterError about share = .* one about part"),
    ],
)
def test_broken_component_is_told_what_is_wrong(broken: Any, test: str, words: str, sentence: Sentence) -> None:
    assert re.search(words, sentence(StopSuite, broken, test))


def test_default_out_of_range_is_found_though_this_instance_is_fine(sentence: Sentence) -> None:
    message = sentence(StopSuite, DefaultBeyondItsRange(share=0.5), "test_its_defaults_are_within_their_ranges")
    assert message == (
        "DefaultBeyondItsRange: the contract asks for defaults within the parameter's own range; "
        "found share: found 2.0; allowed: at most 1"
    )


@component
class ChecksWith(Never):
    """Never stops; its check does what `how` says."""

    how: str = parameter(default="KeyError", doc="what check does")

    def check(self, spaces: Spaces) -> Any:
        if self.how == "KeyError":
            raise KeyError("observation")
        if self.how == "import":
            import tensorflow

            return tensorflow.constant(1)
        if self.how == "answer":
            return True
        raise ValueError("no such observation")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("KeyError", "an exception, KeyError: 'observation'"),
        ("import", "an exception, ModuleNotFoundError: import of tensorflow halted"),
        ("answer", "found True"),
    ],
)
def test_check_may_only_return_none_or_raise_value_error(how: str, words: str, sentence: Sentence) -> None:
    message = sentence(StopSuite, ChecksWith(how=how), "test_its_check_accepts_or_raises_value_error")
    assert "the contract asks for None or a ValueError" in message
    assert words in message


def test_check_that_refuses_all_spaces_is_allowed() -> None:
    under_test = type("TestChecks", (StopSuite,), {"component": ChecksWith(how="ValueError")})()
    under_test.test_its_check_accepts_or_raises_value_error()
