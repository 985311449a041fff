"""The suite of layers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import tensorflow as tf

from rlkit import Call, Tensor, apply
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of, with_call
from rlkit_dqn.contracts.layer import Layer

_ROWS, _INPUTS, _UNITS = 5, 6, 4


class LayerSuite(GraphSuite):
    """`component = NoisyLayer(sigma=0.5)`."""

    contract = Layer

    def program(self) -> Program:
        """See `GraphSuite`. `learn` takes a small step down the gradient of the outputs' mean square."""
        part = self._part()
        return program_of(part, (_forward(part, _ROWS, _INPUTS), _learn(part, [])))

    def test_it_makes_rows_of_rows(self) -> None:
        """(B, inputs) to (B, units) float32, with noise and where `noise` is None, for one row and several.

        All variables are created by `build`, not at the first call; a call assigns none, since it acts, too.
        """
        for rows, inputs, units in ((1, 1, 1), (_ROWS, _INPUTS, _UNITS), (32, 3, 18)):
            part = self._part(inputs, units)
            before = [weight.numpy() for weight in part.layer.variables]
            x = np.random.default_rng(0).normal(size=(rows, inputs)).astype(np.float32)
            for noisy in (True, False):
                with self.asking("outputs" if noisy else "outputs where `noise` is None", "call"):
                    outputs = self.called(_forward(part, rows, inputs, noisy=noisy), part)(x=x)["outputs"]
                self.demand_array(outputs, "float32", (rows, units), "outputs", "call")
            after = [weight.numpy() for weight in part.layer.variables]
            found = f"{len(before)} then and {len(after)} after a call"
            self.demand(len(before) == len(after), "all variables created by build", found, "build")
            same = all((one == other).all() for one, other in zip(before, after, strict=True))
            self.demand(same, "a call that assigns nothing (`learned` may)", "that it assigns variables", "call")

    def test_the_gradient_reaches_every_trainable_variable(self) -> None:
        """From the outputs back, with noise."""
        missed: list[str] = []
        _learn(self._part(), missed)
        asks = "a gradient for every trainable variable"
        self.demand(not missed, asks, f"none for {', '.join(sorted(set(missed)))}", "call")

    def _part(self, inputs: int = _INPUTS, units: int = _UNITS) -> SimpleNamespace:
        return SimpleNamespace(layer=self.component.build(inputs, units, "layer"))


def _forward(part: SimpleNamespace, rows: int, inputs: int, *, noisy: bool = True) -> GraphFunction:
    def forward(call: Call, x: Tensor) -> dict[str, Tensor]:
        return {"outputs": apply(part.layer, x, call.noise if noisy else None)[0]}

    return with_call("forward", forward, (tf.TensorSpec((rows, inputs), tf.float32, name="x"),))


def _learn(part: SimpleNamespace, missed: list[str]) -> GraphFunction:
    """`missed` gets the variables without gradient."""

    def learn(call: Call, x: Tensor) -> dict[str, Tensor]:
        weights = part.layer.trainable_variables
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(apply(part.layer, x, call.noise)[0]))
        for weight, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
            if gradient is None:
                missed.append(weight.name)
            else:
                weight.assign(weight - 0.01 * gradient)
        if hasattr(part.layer, "learned"):
            part.layer.learned()
        return {"loss": loss}

    return with_call("learn", learn, (tf.TensorSpec((_ROWS, _INPUTS), tf.float32, name="x"),))
