"""Bonuses that are broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Call, Sample, Spaces, Tensor, component, parameter
from rlkit_dqn.testing import BonusSuite

OWN, PURE = "test_a_bonus_is_of_what_is_in_the_step", "test_valuing_changes_nothing"


@component
class OddBonus:
    """Pays the sum of an observation, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def build(self, spaces: Spaces) -> Any:
        return Paying(self.how)


class Paying:
    def __init__(self, how: str) -> None:
        self.how, self.asked = how, tf.Variable(0.0)

    def value(self, sample: Sample, call: Call) -> Tensor:
        paid = tf.reduce_sum(sample.steps.observation, axis=-1)
        match self.how:
            case "by place":
                return paid + tf.range(paid.shape[0], dtype=tf.float32)[:, None]
            case "by slot":
                return paid + tf.cast(sample.slots, tf.float32)[:, None]
            case "by chance":
                return paid + call.noise.normal(tuple(paid.shape))
            case "counting":
                self.asked.assign_add(1.0)
            case "beside the sample's mean":
                valid = tf.cast(sample.valid, tf.float32)
                return paid - tf.reduce_sum(paid * valid) / tf.reduce_sum(valid)
            case "beside the mean of all":
                return paid - tf.reduce_mean(paid)
            case "a row":
                return paid[:, 0]
        return paid


@pytest.mark.parametrize("how", ["", "by chance", "beside the sample's mean"])
def test_bonuses_of_what_is_in_the_step_conform(how: str) -> None:
    getattr(type("TestBonus", (BonusSuite,), {"component": OddBonus(how=how)})(), OWN)()


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("by place", OWN, "a bonus that does not depend on where a row stands in its sample; found ["),
        ("by slot", OWN, "a bonus that does not depend on where a row stands in its sample; found ["),
        (
            "beside the mean of all",
            OWN,
            "a bonus that does not depend on steps that are not valid; found another bonus",
        ),
        ("a row", OWN, "float32 bonuses of shape (6, 3); found float32 of shape (6,)"),
        ("counting", PURE, "OddBonus.value: the contract asks for no assignment in value; found that it changes "),
    ],
)
def test_broken_bonus_is_told_what_is_wrong(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(BonusSuite, OddBonus(how=how), test)
