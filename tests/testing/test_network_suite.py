from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Spaces, TensorSpec, component, parameter
from rlkit.testing import NetworkSuite

ROWS = "test_it_gives_a_row_of_numbers_for_each_observation"
BUILDS = "test_two_builds_differ_in_what_the_core_draws_alone"
kept: list[Any] = []


def _by_numpy(shape: tuple[int, ...], dtype: Any = None) -> Any:
    return np.random.default_rng().normal(size=shape).astype(np.float32)


@component
class Broken:
    """A linear layer on a vector, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def check(self, spaces: Spaces) -> None:
        if len(spaces.observation.shape) != 1 or self.how == "reads nothing":
            raise ValueError("vectors only")

    def build(self, inputs: TensorSpec, units: int | None = None) -> Any:
        inputs = keras.Input(inputs.shape, dtype=inputs.dtype.name)
        x = inputs if self.how == "does not cast" else keras.ops.cast(inputs, "float32")
        units = 6 if units is None else units
        dense = keras.layers.Dense(units)
        match self.how:
            case "one unit too many":
                dense = keras.layers.Dense(units + 1)
            case "float64":
                dense = keras.layers.Dense(units, dtype="float64")
            case "cuts the gradient":
                x = keras.ops.stop_gradient(keras.layers.Dense(8, name="cut")(x))
            case "one network for all":
                kept.append(keras.Model(inputs, dense(x)))
                return kept[0] if kept[0].output.shape[-1] == units else kept[-1]
            case "random weights of its own":
                dense = keras.layers.Dense(units, kernel_initializer=_by_numpy)
            case "builds at the first call":
                return keras.Sequential([keras.layers.Dense(units)])
            case "ReLU that LiteRT drops":
                x = keras.layers.Dense(8, use_bias=False, activation="relu")(x)
            case "divides by zero":
                x = (x - x) / 0.0  # NaN whatever the weights, where infinities of one sign add up to another
        return keras.Model(inputs, dense(x))


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("one unit too many", ROWS, ("float32 outputs (from 1 observations", "of shape (1, 1); found", "(1, 2)")),
        ("float64", ROWS, ("float32 outputs", "found float64 of shape (1, 1)")),
        ("divides by zero", ROWS, ("finite outputs", "nan")),
        ("cuts the gradient", "test_the_gradient_reaches_every_trainable_variable", ("none for cut/bias, cut/kernel",)),
        ("builds at the first call", ROWS, ("0 then and 2 after a call",)),
        ("one network for all", BUILDS, ("variables of its own in every build", "in two")),
        (
            "random weights of its own",
            BUILDS,
            ("the same part in every build, whatever the seed; found that the variable", "begins as"),
        ),
        ("reads nothing", ROWS, ("a network that reads one of the suite's `observations`",)),
    ],
)
def test_broken_network_is_told_what_is_wrong(
    how: str, test: str, words: tuple[str, ...], sentence: Callable[..., str]
) -> None:
    kept.clear()
    message = sentence(NetworkSuite, Broken(how=how), test)
    assert all(word in message for word in words), message


def test_relu_that_litert_drops_is_found(sentence: Callable[..., str]) -> None:
    class Forward(NetworkSuite):
        """The gradient of Keras's ReLU does not convert, so that only acting is compared."""

        def program(self) -> Any:
            program = super().program()
            return type(program)(program.name, program.functions[:1], program.variables, program.example)

    message = sentence(Forward, Broken(how="ReLU that LiteRT drops"), "test_all_backends_agree")
    advice = "(rlkit.relu for ReLU, rlkit.scatter for rows that repeat)"
    assert f"TensorFlow's result on every backend {advice}; found in LiteRT forward outputs" in message


def test_network_that_does_not_convert_is_warned_of_and_passes() -> None:
    @component
    class Elu:
        """Its gradient has no counterpart in LiteRT."""

        def build(self, inputs: TensorSpec, units: int | None = None) -> Any:
            x = inputs = keras.Input(inputs.shape, dtype=inputs.dtype.name)
            x = keras.layers.Dense(4, activation="elu")(keras.layers.Flatten()(keras.ops.cast(x, "float32")))
            return keras.Model(inputs, keras.layers.Dense(units or 4)(x))

    under_test = type("TestElu", (NetworkSuite,), {"component": Elu()})()
    with pytest.warns(UserWarning, match="Elu does not run in LiteRT: LiteRT has no EluGrad"):
        under_test.test_all_backends_agree()


def test_network_that_needs_noise_is_given_noise() -> None:
    class Noisy(keras.Layer):  # type: ignore[misc]
        def __init__(self, units: int) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(units)

        def call(self, x: Any, noise: Any = None) -> Any:
            return self.dense(tf.cast(x, tf.float32)) + noise.normal((1, self.dense.units))

    @component
    class NoisyNetwork:
        """Adds noise to its outputs."""

        def check(self, spaces: Spaces) -> None:
            if len(spaces.observation.shape) != 1:
                raise ValueError("vectors only")

        def build(self, inputs: TensorSpec, units: int | None = None) -> Any:
            layer = Noisy(units or 4)
            layer.dense.build((None, *inputs.shape))
            layer.built = True
            return layer

    under_test = type("TestNoisy", (NetworkSuite,), {"component": NoisyNetwork()})()
    for test in (ROWS, BUILDS, "test_the_same_inputs_give_the_same_results"):
        getattr(under_test, test)()
