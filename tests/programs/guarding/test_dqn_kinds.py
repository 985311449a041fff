"""Kinds that a plugin adds say in their contracts what their methods return."""

from __future__ import annotations

from typing import Any

import keras
import pytest
import tensorflow as tf

from rlkit import Call, component, parameter
from rlkit_dqn import ValueHead
from rlkit_dqn.contracts.bootstrap import Backup, Estimates
from rlkit_dqn.contracts.head import Costs, Rows
from tests.programs.guarding.tracing import refused, traced


@component
class Loss:
    how: str = parameter(doc="what is wrong")

    def value(self, td_error: Any) -> Any:  # value
        if self.how == "the mean":
            return tf.reduce_mean(td_error**2)  # the mean
        if self.how == "rounded":
            return tf.round(td_error**2)
        return None if self.how == "nothing" else td_error**2


@component
class Bootstrap:
    how: str = parameter(doc="what is wrong")

    def backup(self, estimates: Estimates, call: Call) -> Any:  # backup
        policy, rows = tf.nn.softmax(estimates.next_target), tf.reduce_max(estimates.next_target, -1)  # rows
        match self.how:
            case "values":
                return rows
            case "actions":
                return Backup(tf.argmax(estimates.next_target, -1))  # actions
            case "bonus":
                return Backup(policy, bonus=rows[:, None])  # bonus
            case "misspelt":
                return Backup(policy, next_bonus=estimates.next_value)  # misspelt
        return Backup(policy, rows) if self.how == "tensor" else Backup(policy, 0.5)


@component
class Head(ValueHead):
    how: str = parameter(doc="what is wrong")

    def build(self, features: Any, actions: int) -> Any:  # build
        if self.how == "blocked":
            entrance = keras.Input(features.shape)
            return keras.Model(entrance, keras.layers.Lambda(tf.stop_gradient)(keras.layers.Dense(actions)(entrance)))
        return keras.layers.Dense(actions) if self.how == "unbuilt" else super().build(features, actions)

    def values(self, out: Any) -> Any:
        return tf.reduce_max(out, -1) if self.how == "one value" else out  # one value

    def losses(self, rows: Rows, call: Call) -> Any:  # losses
        losses, td_error = super().losses(rows, call)  # inherited
        if self.how == "stopped":
            losses = tf.stop_gradient(losses)
        if self.how == "summed":
            losses = tf.reduce_sum(losses)  # summed
        return losses if self.how == "alone" else Costs(losses, td_error)


DIFFERENTIABLE = "allowed: what TensorFlow can differentiate"
BACKUP, LOSSES = "bootstrap Bootstrap, backup {at}: ", "head Head, losses {at}: "


@pytest.mark.parametrize(
    ("part", "at", "message"),
    [
        (Loss(how="the mean"), "the mean", "loss Loss, value {at}: returned float32 (); allowed: float32 (4,)"),
        (
            Loss(how="nothing"),
            "value",
            "loss Loss, value {at}: returned None (is a return missing?); allowed: float32 (4,)",
        ),
        (
            Bootstrap(how="values"),
            "rows",
            BACKUP + "returned float32 (4,); allowed: a Backup(policy, bonus, next_bonus)",
        ),
        (Bootstrap(how="actions"), "actions", BACKUP + "returned policy int64 (4,); allowed: float32 (4, 3)"),
        (Bootstrap(how="bonus"), "bonus", BACKUP + "returned bonus float32 (4, 1); allowed: float32 (4,)"),
        (
            Bootstrap(how="misspelt"),
            "misspelt",
            BACKUP + "AttributeError: 'Estimates' object has no attribute 'next_value'",
        ),
        (
            Head(how="unbuilt"),
            "build",
            "head Head, build {at}: returned Dense; allowed: its variables created (Dense.build was not called)",
        ),
        (
            Head(how="one value"),
            "one value",
            "head Head, values {at}: returned float32 (1,); allowed: float32 (None, None)",
        ),
        (
            Loss(how="rounded"),
            "value",
            f"loss Loss, value {{at}}: lets no gradient through to td_error; {DIFFERENTIABLE}",
        ),
        (Head(how="stopped"), "losses", LOSSES + f"lets no gradient through to rows.out; {DIFFERENTIABLE}"),
        (
            Head(how="blocked"),
            "build",
            f"head Head, build {{at}}: its layers let no gradient through to any weight; {DIFFERENTIABLE}",
        ),
        (Head(how="summed"), "summed", LOSSES + "returned losses float32 (); allowed: float32 (4,)"),
        (Head(how="alone"), "inherited", LOSSES + "returned float32 (4,); allowed: a Costs(losses, td_error)"),
    ],
)
def test_a_part_of_dqn_is_held_to_its_contract(part: Any, at: str, message: str) -> None:
    refused(__file__, at, message, **{type(part).__name__.lower(): part})


@pytest.mark.parametrize("how", ["tensor", "number"])
def test_a_bonus_is_a_tensor_or_a_number(how: str) -> None:
    traced(bootstrap=Bootstrap(how=how))
