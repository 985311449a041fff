"""Heads and a bootstrap that do something else than they say: each is found out by the demand that is about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
import tensorflow as tf

from rlkit import Call, Nest, Tensor, TensorSpec, component, parameter
from rlkit_dqn.contracts.bootstrap import Backup, Estimates
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.losses.squared_error import SquaredError
from rlkit_dqn.testing import BootstrapSuite, HeadSuite

POLICY, BY_ITSELF = "test_the_policy_decides_what_follows", "test_each_row_costs_by_itself"
LOSS = "test_the_loss_that_is_chosen_counts"


@component
class OddHead:
    """Action values, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")
    one_tensor = True

    def build(self, features: TensorSpec, actions: int) -> Any:
        inputs = keras.Input(features.shape)
        given = inputs - 0.5 * keras.ops.mean(inputs, axis=0, keepdims=True) if self.how == "mixed rows" else inputs
        return keras.Model(inputs, keras.layers.Dense(actions)(given))

    def values(self, out: Nest) -> Tensor:
        return out

    def losses(self, rows: Rows, call: Call) -> Costs:
        assert rows.loss is not None
        following = rows.next_out + rows.backup.next_bonus
        if self.how == "greedy whatever the policy":
            following = tf.reduce_max(following, axis=-1)
        else:
            following = tf.reduce_sum(rows.backup.policy * following, axis=-1)
        target = tf.stop_gradient(rows.reward + rows.backup.bonus + rows.discount * following)
        if self.how == "centred targets":
            target -= 0.5 * tf.reduce_mean(target)
        td_error = target - tf.reduce_sum(rows.out * tf.one_hot(rows.action, rows.out.shape[-1]), axis=-1)
        loss = SquaredError() if self.how == "a loss of its own" else rows.loss
        return Costs(loss.value(td_error), td_error)


@pytest.mark.parametrize("test", [POLICY, BY_ITSELF, LOSS])
def test_the_head_itself_conforms(test: str) -> None:
    getattr(type("TestHead", (HeadSuite,), {"component": OddHead()})(), test)()


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("greedy whatever the policy", POLICY, "losses that depend on Backup.policy"),
        ("centred targets", BY_ITSELF, "a td_error that no other row's reward changes"),
        ("mixed rows", BY_ITSELF, "values that no other row's features change"),
        ("a loss of its own", LOSS, "losses by Rows.loss, or own_loss = True"),
    ],
)
def test_an_odd_head_is_found_out(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(HeadSuite, OddHead(how=how), test)


@component
class BatchGreedy:
    """Greedy by the mean of the batch."""

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        mean = tf.reduce_mean(tf.where(estimates.next_allowed, estimates.next_target, 0.0), axis=0, keepdims=True)
        values = tf.where(estimates.next_allowed, mean + tf.zeros_like(estimates.next_target), -1e9)
        return Backup(tf.one_hot(tf.argmax(values, axis=-1), values.shape[-1]))


def test_a_bootstrap_that_mixes_rows_is_found_out(sentence: Callable[..., str]) -> None:
    told = sentence(BootstrapSuite, BatchGreedy(), "test_it_gives_a_policy_over_allowed_actions")
    assert "probabilities of a row by its own values" in told


@component
class NeighboursBonus:
    """Greedy, with the bonus of the row before."""

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        greatest = tf.reduce_max(tf.where(estimates.next_allowed, estimates.next_target, -1e9), axis=-1)
        policy = tf.one_hot(tf.argmax(estimates.next_target, axis=-1), estimates.next_target.shape[-1])
        return Backup(policy, bonus=tf.roll(greatest, 1, 0))


def test_a_bootstrap_that_pays_a_row_for_another_is_found_out(sentence: Callable[..., str]) -> None:
    told = sentence(BootstrapSuite, NeighboursBonus(), "test_it_gives_a_policy_over_allowed_actions")
    assert "bonuses of a row by its own values" in told
