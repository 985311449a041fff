"""Exploration policies that are told of TD errors, say their probabilities, or hold a schedule that must be built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Call, Progress, Schedule, Seen, Spaces, Step, Tensor, component, parameter
from rlkit.testing import ExplorationSuite
from rlkit_dqn.schedules.linear import Linear

TESTS = [name for name in dir(ExplorationSuite) if name.startswith("test_")]
TOLD = "test_what_it_is_told_leaves_it_choosing"
SHARES = "test_its_probabilities_are_those_with_which_it_chooses"


@component
class BySurprise:
    """Boltzmann exploration, the hotter the more surprising what was learned; or broken as `how` says."""

    how: str = parameter(default="", doc="what is wrong")
    scale: float | Schedule = parameter(default=1.0, doc="of the temperature", above=0)

    def build(self, spaces: Spaces) -> Surprised:
        return Surprised(self.how, self.scale)


class Surprised:
    def __init__(self, how: str, scale: Any) -> None:
        self.how, self.scale = how, scale
        self.temperature = tf.Variable(1.0)

    def learned(self, td_error: Tensor, steps: Step, call: Call) -> Any:
        surprise = tf.reduce_mean(tf.abs(td_error))
        hotter = tf.clip_by_value(0.9 * self.temperature + 0.1 * surprise, 0.1, 10.0)
        self.temperature.assign(tf.reduce_mean(tf.sqrt(td_error)) if self.how == "the root of a TD error" else hotter)
        return surprise if self.how == "returns something" else None

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        perturbed = values / self._now(call.progress) + call.noise.gumbel(values.shape)
        # As a number that is not one would: an action that does not exist.
        lost = tf.math.is_nan(self.temperature)
        return tf.where(lost, -1, tf.argmax(perturbed, axis=-1, output_type=tf.int32))

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        match self.how:
            case "forbidden too":
                return tf.nn.softmax(tf.where(seen.allowed, values, 0.0))
            case "those of another temperature":
                return tf.nn.softmax(values / 100.0)
            case "do not sum to 1":
                return tf.nn.sigmoid(values)
        return tf.nn.softmax(values / self._now(call.progress))

    def _now(self, progress: Progress) -> Tensor:
        scale = self.scale.value(progress) if hasattr(self.scale, "value") else self.scale
        return scale * self.temperature


@component
class Halved:
    """Half of what another schedule says: it must be built, or has no value."""

    of: Schedule = parameter(default=Linear(start=2.0, end=1.0, over=1000), doc="twice this")

    def build(self, spaces: Spaces) -> HalvedNow:
        return HalvedNow(self.of)

    def value(self, progress: Progress) -> Tensor:
        raise AssertionError("a schedule that was not built was asked for its value")


class HalvedNow:
    def __init__(self, of: Schedule) -> None:
        self.of = of

    def value(self, progress: Progress) -> Tensor:
        return 0.5 * self.of.value(progress)


@pytest.fixture(scope="module")
def suite() -> type[ExplorationSuite]:
    return type("TestBySurprise", (ExplorationSuite,), {"component": BySurprise(scale=Halved())})


@pytest.mark.parametrize("test", TESTS)
def test_policy_that_is_told_and_holds_a_schedule_conforms(suite: type[ExplorationSuite], test: str) -> None:
    getattr(suite(), test)()


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("returns something", TOLD, "Surprised.learned: the contract asks for assignments, and nothing returned"),
        (
            "the root of a TD error",
            TOLD,
            "BySurprise.select: the contract asks for actions from 0 to 3; found [-1",
        ),
        ("forbidden too", SHARES, "BySurprise.probabilities: the contract asks for probabilities that sum to 1, 0 for"),
        ("those of another temperature", SHARES, "the shares of select over 2000 draws"),
        ("do not sum to 1", SHARES, "probabilities that sum to 1, 0 for forbidden actions; found ["),
    ],
)
def test_broken_policy_is_told(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(ExplorationSuite, BySurprise(how=how), test)


def test_schedule_out_of_its_parameters_range_is_told(sentence: Callable[..., str]) -> None:
    message = sentence(ExplorationSuite, BySurprise(scale=Linear(start=1.0, end=-1.0, over=100)), TOLD)
    assert "schedules that may stand there; found" in message
