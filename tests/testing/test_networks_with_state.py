"""Networks with a state or noise, and heads with nested outputs: whole, and broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
import tensorflow as tf

from rlkit import Call, Nest, Spaces, Tensor, TensorSpec, component, parameter
from rlkit.testing import NetworkSuite
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.testing import HeadSuite

STATE = "test_a_state_has_the_structure_that_it_began_with"
STILL = "test_it_is_still_without_noise"
LEARNS = "test_its_losses_have_a_gradient_by_its_own_outputs_alone"
VALUES = "test_it_makes_action_values_of_features"
BONUS = "test_bonuses_count_as_reward_and_as_what_follows"


@component
class Recurrent:
    """A dense layer on a vector and on what it gave before, with noise, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def check(self, spaces: Spaces) -> None:
        if len(spaces.observation.shape) != 1:
            raise ValueError("vectors only")

    def build(self, inputs: TensorSpec, units: int | None = None) -> Any:
        return RecurrentLayer(self.how, inputs.shape[0], units or 4)


class RecurrentLayer(keras.Layer):  # type: ignore[misc]
    def __init__(self, how: str, width: int, units: int) -> None:
        super().__init__()
        self.how, self.units = how, units
        self.cell, self.last = keras.layers.Dense(6), keras.layers.Dense(units)
        self.cell.build((None, width + 6))
        self.last.build((None, 6))
        self.built = True

    def initial_state(self, rows: int) -> Nest:
        return (tf.zeros((1 if self.how == "one state for all" else rows, 6)),)

    def call(self, x: Tensor, noise: Any = None, state: Nest = ()) -> Any:
        (before,) = state
        if self.how != "one state for all":
            before = tf.concat([tf.cast(x, tf.float32), before], axis=-1)
        else:
            before = tf.concat([tf.cast(x, tf.float32), tf.repeat(before, x.shape[0], 0)], axis=-1)
        after = tf.tanh(self.cell(before))
        outputs = self.last(after)
        if noise is not None or self.how == "cannot be still":
            outputs = outputs + 0.1 * noise.normal((1, self.units))
        if self.how == "a state of float64":
            return outputs, (tf.cast(after, tf.float64),)
        if self.how == "a state that grows":
            return outputs, (10.0 ** (200.0 * tf.ones_like(after)),)
        return outputs, (after,)


@pytest.fixture(scope="module")
def recurrent() -> type[NetworkSuite]:
    return type("TestRecurrent", (NetworkSuite,), {"component": Recurrent()})


@pytest.mark.parametrize("test", [name for name in dir(NetworkSuite) if name.startswith("test_")])
def test_network_with_state_and_noise_conforms(recurrent: type[NetworkSuite], test: str) -> None:
    getattr(recurrent(), test)()


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("one state for all", STATE, "Recurrent.initial_state: the contract asks for a state of (5, …) each; found"),
        ("a state of float64", STATE, "Recurrent.call: the contract asks for float32 state as initial_state has it"),
        ("a state that grows", STATE, "Recurrent.call: the contract asks for finite state as initial_state has it"),
        ("cannot be still", STILL, "Recurrent.call: the contract asks for outputs without noise where `noise` is None"),
    ],
)
def test_broken_state_or_noise_is_told(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(NetworkSuite, Recurrent(how=how), test)


@component
class MeanAndSpread:
    """Values with a spread of their own, a nest of two outputs with noise, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def build(self, features: TensorSpec, actions: int) -> Any:
        return Streams(features.shape[0], actions, self.how)

    def values(self, out: Nest) -> Tensor:
        return out["mean"]

    def losses(self, rows: Rows, call: Call) -> Any:
        policy, bonus, next_bonus = rows.backup
        if self.how == "no next bonus":
            next_bonus = 0.0
        following = tf.reduce_sum(policy * (rows.next_out["mean"] + next_bonus), axis=-1)
        target = tf.stop_gradient(rows.reward + bonus + rows.discount * following)
        taken = tf.one_hot(rows.action, rows.out["mean"].shape[-1])
        td_error = target - tf.reduce_sum(taken * rows.out["mean"], axis=-1)
        spread = tf.reduce_sum(taken * rows.out["spread"], axis=-1)
        if self.how == "a layer that nobody trains":
            spread = tf.zeros_like(td_error)
        losses = rows.loss.value(td_error) + tf.square(spread - tf.stop_gradient(tf.abs(td_error)))
        return losses if self.how == "losses alone" else Costs(losses, td_error)


class Streams(keras.Layer):  # type: ignore[misc]
    def __init__(self, features: int, actions: int, how: str) -> None:
        super().__init__()
        self.how, self.actions = how, actions
        self.mean, self.spread = keras.layers.Dense(actions), keras.layers.Dense(actions)
        for layer in (self.mean, self.spread):
            if how != "built at the first call":
                layer.build((None, features))
        self.built = True

    def call(self, features: Tensor, noise: Any = None) -> Any:
        still = noise is None and self.how != "cannot be still"
        spread = self.spread(features) + (0.0 if still else 0.1 * noise.normal((1, self.actions)))
        return {"mean": self.mean(features), "spread": spread}


@pytest.fixture(scope="module")
def nested() -> type[HeadSuite]:
    return type("TestMeanAndSpread", (HeadSuite,), {"component": MeanAndSpread()})


@pytest.mark.parametrize("test", [name for name in dir(HeadSuite) if name.startswith("test_")])
def test_head_with_nested_outputs_and_noise_conforms(nested: type[HeadSuite], test: str) -> None:
    getattr(nested(), test)()


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("no next bonus", BONUS, "a td_error in which Backup.next_bonus counts; found"),
        ("a layer that nobody trains", LEARNS, "a gradient for every trainable variable; found one without"),
        ("losses alone", LEARNS, "Costs, losses and TD errors; found float32 of shape (6,)"),
        ("built at the first call", VALUES, "all variables created by build; found 0 then and 4 after a call"),
        ("cannot be still", VALUES, "MeanAndSpread.values: the contract asks for action values where `noise` is None"),
    ],
)
def test_broken_nested_head_is_told(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(HeadSuite, MeanAndSpread(how=how), test)
