"""Losses, bootstraps and heads that are broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Call, Tensor, TensorSpec, component, parameter
from rlkit_dqn.contracts.bootstrap import Backup, Estimates
from rlkit_dqn.contracts.head import Rows
from rlkit_dqn.heads.value import ValueHead
from rlkit_dqn.testing import BootstrapSuite, HeadSuite, LossSuite

PURE = "test_the_same_inputs_give_the_same_results"
FINDS = "test_the_core_finds_all_its_state"
POLICY = "test_it_gives_a_policy_over_allowed_actions"
hidden: list[Any] = []
kept: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_left_over() -> None:
    hidden.clear()
    kept.clear()


def hidden_one() -> Any:
    if not hidden:
        hidden.append(tf.Variable(1.0, name="hidden_one"))
    return hidden[0]


@component
class BrokenLoss:
    """The absolute TD error, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def value(self, td_error: Tensor) -> Any:
        match self.how:
            case "a mean":
                return tf.reduce_mean(tf.abs(td_error))
            case "signed":
                return td_error
            case "in units of the largest":
                return tf.abs(td_error) * tf.cast(tf.range(10), tf.float32)
            case "flat":
                return tf.cast(td_error != 0.0, tf.float32)
            case "tf.random":
                return tf.abs(td_error) * tf.random.uniform(())
            case "global variable":
                return tf.abs(td_error) * hidden_one()
        return tf.abs(td_error)


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("a mean", "test_it_costs_each_error_by_itself", "float32 losses of shape (10,); found float32 of shape ()"),
        ("signed", "test_it_costs_each_error_by_itself", "a loss that is least at 0; found"),
        ("in units of the largest", "test_it_costs_each_error_by_itself", "a loss of each TD error by itself"),
        ("flat", "test_its_gradient_leads_to_zero", "a gradient that leads to an error of 0; found"),
        ("tf.random", PURE, "draws by TensorFlow's operation RandomUniform"),
        ("global variable", FINDS, "'hidden_one:0' float32(), to which no attribute leads"),
    ],
)
def test_broken_loss_is_told_what_is_wrong(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(LossSuite, BrokenLoss(how=how), test)


@component
class BrokenBootstrap:
    """The softmax of the target's values, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def backup(self, estimates: Estimates, call: Call) -> Any:
        target = estimates.next_target
        match self.how:
            case "an action":
                return Backup(tf.argmax(target, axis=-1, output_type=tf.int32))
            case "values":
                return Backup(target)
            case "overflows":
                return Backup(tf.exp(target) / tf.reduce_sum(tf.exp(target), axis=-1, keepdims=True))
            case "forbidden too":
                return Backup(tf.nn.softmax(0.0 * target))
            case "tf.random":
                return Backup(tf.nn.softmax(target + tf.random.normal(target.shape)))
        return Backup(tf.nn.softmax(target))


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("an action", POLICY, "float32 probabilities of shape (1, 2); found int32 of shape (1,)"),
        ("values", POLICY, "probabilities of 0 to 1 that sum to 1 in each row; found [["),
        ("overflows", POLICY, "finite probabilities; found"),
        ("forbidden too", POLICY, "no share for what next_allowed forbids; found 0."),
        ("tf.random", PURE, "draws by TensorFlow's operation RandomStandardNormal"),
    ],
)
def test_broken_bootstrap_is_told_what_is_wrong(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(BootstrapSuite, BrokenBootstrap(how=how), test)


@component
class BrokenHead(ValueHead):
    """Plain action values, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def build(self, features: TensorSpec, actions: int) -> Any:
        if self.how == "one for all":
            kept.append(super().build(features, actions))
            return kept[0]
        return super().build(features, actions)

    def values(self, out: Tensor) -> Any:
        return tf.reduce_max(out, axis=-1) if self.how == "one value" else out

    def losses(self, rows: Rows, call: Call) -> Any:
        discount = 0.9 * tf.ones_like(rows.discount) if self.how == "bootstraps from the end" else rows.discount
        policy, bonus, next_bonus = rows.backup
        if self.how == "no bonus":
            bonus = 0.0
        target = rows.reward + bonus + discount * tf.reduce_sum(policy * (rows.next_out + next_bonus), axis=-1)
        prediction = tf.reduce_sum(rows.out * tf.one_hot(rows.action, rows.out.shape[-1]), axis=-1)
        if self.how == "gradient into the target":
            return tf.square(target - prediction), target - prediction
        td_error = tf.stop_gradient(target) - prediction
        if self.how == "no gradient":
            td_error = tf.stop_gradient(td_error)
        loss = tf.square(td_error)
        return (tf.reduce_mean(loss) if self.how == "a mean" else loss), td_error


LEARNS = "test_its_losses_have_a_gradient_by_its_own_outputs_alone"


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        (
            "one for all",
            "test_two_builds_differ_in_what_the_core_draws_alone",
            "variables of its own in every build; found",
        ),
        ("one value", "test_it_makes_action_values_of_features", "action values of shape (1, 1); found float32 of"),
        ("no bonus", "test_bonuses_count_as_reward_and_as_what_follows", "a td_error in which Backup.bonus counts"),
        ("a mean", LEARNS, "float32 losses of shape (6,); found float32 of shape ()"),
        ("no gradient", LEARNS, "a gradient by the outputs; found none"),
        ("gradient into the target", LEARNS, "a target without gradient (tf.stop_gradient); found one"),
        (
            "bootstraps from the end",
            "test_nothing_follows_where_the_discount_is_zero",
            "where the discount is 0; found",
        ),
    ],
)
def test_broken_head_is_told_what_is_wrong(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(HeadSuite, BrokenHead(how=how), test)
