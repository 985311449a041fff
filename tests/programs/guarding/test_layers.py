"""What a network and an optimizer build is looked at where it is built."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import component, output_spec, parameter
from rlkit.programs.guarding.components import Guards
from tests.programs.guarding.tracing import refused, traced


@component
class Network:
    how: str = parameter(doc="what is wrong")

    def build(self, inputs: Any, units: int | None = None) -> Any:  # build
        entrance = keras.Input(inputs.shape)
        match self.how:
            case "a function":
                return lambda observation: observation
            case "nothing":
                return None
            case "without variables":
                return keras.layers.Dense(8)
            case "misspelt":
                return keras.layers.Dense(inputs.units)  # misspelt
            case "rows of rows":
                return keras.Model(entrance, keras.layers.Reshape((2, 2))(entrance))
            case "float16":
                return keras.Model(entrance, keras.layers.Dense(8, dtype="float16")(entrance))
            case "one output too many":
                return keras.Model(entrance, keras.layers.Dense((units or 8) + 1)(entrance))
            case "unbuilt inside":
                return Lazy()
        return Custom(self.how)


class Custom(keras.layers.Layer):
    def __init__(self, how: str) -> None:
        super().__init__()
        self.how, self.built = how, True

    def call(self, inputs: Any) -> Any:
        if self.how == "numpy in call":
            return np.tanh(inputs)  # numpy in call
        if self.how == "misspelt in call":
            return tf.tanh(inputs) * self.scale  # misspelt in call
        return tf.tanh(inputs)


class Lazy(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.inner, self.built = keras.layers.Dense(8), True

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs)


BUILD, FEATURES = "network Network, build {at}: ", "allowed: float32 (B, any number of features)"


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        ("a function", "build", BUILD + "returned the function <lambda>; allowed: an instance of keras's Layer"),
        ("nothing", "build", BUILD + "returned None (is a return missing?); allowed: an instance of keras's Layer"),
        (
            "without variables",
            "build",
            BUILD + "returned Dense; allowed: its variables created (Dense.build was not called)",
        ),
        (
            "unbuilt inside",
            "build",
            BUILD
            + "returned a Lazy without variables; allowed: its variables created (it made 2 when it was first called)",
        ),
        ("misspelt", "misspelt", BUILD + "AttributeError: 'ObservationSpec' object has no attribute 'units'"),
        ("rows of rows", "build", BUILD + "gives float32 (B, 2, 2); " + FEATURES),
        ("float16", "build", BUILD + "gives float16 (B, 8); " + FEATURES),
        (
            "numpy in call",
            "numpy in call",
            "network Network, call {at}: NotImplementedError: Cannot convert a symbolic …",
        ),
        (
            "misspelt in call",
            "misspelt in call",
            "network Network, call {at}: AttributeError: 'Custom' object has no attribute 'scale'",
        ),
    ],
)
def test_a_network_is_held_to_its_contract(how: str, at: str, message: str) -> None:
    refused(__file__, at, message, network=Network(how=how))


def test_one_output_too_many_is_named() -> None:
    network = Guards().component(Network(how="one output too many"), "network")
    with pytest.raises(ValueError, match=r"gives float32 \(B, 4\); allowed: float32 \(B, 3\)"):
        network.build(tf.TensorSpec((4,), tf.float32), 3)


def test_a_layer_of_ones_own_passes_and_is_left_as_it_is() -> None:
    parts: Any = traced(network=Network(how=""))
    assert type(parts.learner.online.torso) is Custom
    assert output_spec(parts.learner.online.torso, tf.TensorSpec((4,), tf.float32)).shape == (4,)


@component
class Optimizer:
    how: str = parameter(doc="what is wrong")

    def build(self) -> Any:  # build an optimizer
        match self.how:
            case "nothing":
                return None
            case "its class":
                return keras.optimizers.SGD
            case "built":
                optimizer = keras.optimizers.SGD(0.1)
                optimizer.build([keras.Variable(0.0)])
                return optimizer
        return Momentum(0.1)


class Momentum(keras.optimizers.SGD):
    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        self.assign_sub(variable, gradient * self.factor)  # misspelt in a step


OPTIMIZER = "optimizer Optimizer, build {at}: "


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        (
            "nothing",
            "build an optimizer",
            OPTIMIZER + "returned None (is a return missing?); allowed: an instance of keras's Optimizer",
        ),
        (
            "its class",
            "build an optimizer",
            OPTIMIZER + "returned the class SGD; allowed: an instance of keras's Optimizer",
        ),
        (
            "built",
            "build an optimizer",
            OPTIMIZER + "returned SGD; allowed: one that is not yet built: whoever uses it calls build(variables)",
        ),
        (
            "in a step",
            "misspelt in a step",
            "agent 'dqn', learn {at}: AttributeError: 'Momentum' object has no attribute 'factor'",
        ),
    ],
)
def test_an_optimizer_is_held_to_its_contract(how: str, at: str, message: str) -> None:
    refused(__file__, at, message, optimizer=Optimizer(how=how))
