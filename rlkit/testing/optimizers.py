"""The suite of optimizers."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import tensorflow as tf

from rlkit.contracts.optimizer import Optimizer
from rlkit.contracts.tensor import Tensor
from rlkit.programs.program import GraphFunction, Outputs, Program
from rlkit.testing.component_suite import VECTOR
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.part_program import program_of
from rlkit.testing.verdict import finite, shown

_GOAL = (3.0, -2.0, 0.5)
_NUDGE = tf.TensorSpec((), tf.float32, name="nudge")


class OptimizerSuite(GraphSuite):
    """`component = Adam(learning_rate=0.01)`."""

    contract = Optimizer
    steps = 100
    """Within which the loss of a quadratic must fall."""

    def program(self) -> Program:
        """See `GraphSuite`."""
        return program_of(part := self._bound(), (self._step(part),))

    def test_it_builds_a_keras_optimizer_of_its_own_each_time(self) -> None:
        """Not yet bound to variables: its owner does that."""
        first, second = (self.with_schedules(VECTOR, by_update=True).build() for _ in range(2))
        for built in (first, second):
            found = isinstance(built, keras.optimizers.Optimizer)
            self.demand(found, "a keras.Optimizer", shown(built), "build")
            self.demand(not built.built, "an optimizer that is not bound to variables yet", "one that is", "build")
        self.demand(first is not second, "a new optimizer in every build", "the same object twice", "build")

    def test_the_loss_of_a_quadratic_falls(self) -> None:
        """½ |x − goal|², from x = 0."""
        part = self._bound()
        step = self.called(self._step(part), part)
        losses = [float(step(nudge=np.float32(0.0))["loss"]) for _ in range(self.steps)]
        self.demand(finite(losses), "finite losses on a quadratic", f"{losses[-1]} after {self.steps} steps")
        fell = losses[-1] < losses[0]
        asks = f"a quadratic's loss that falls within {self.steps} steps"
        self.demand(fell, asks, f"{losses[0]:.6g} at first and {losses[-1]:.6g} at last")

    def _bound(self) -> SimpleNamespace:
        weights = [keras.Variable(np.zeros(3, np.float32)), keras.Variable(np.zeros((1, 3), np.float32))]
        optimizer = self.with_schedules(VECTOR, by_update=True).build()
        optimizer.build(weights)
        return SimpleNamespace(optimizer=optimizer, weights=weights)

    def _step(self, part: SimpleNamespace) -> GraphFunction:
        def step(nudge: Tensor) -> Outputs:
            goal = tf.constant(_GOAL) + nudge
            gradients = [variable - goal for variable in part.weights]
            loss = tf.add_n([tf.reduce_sum(tf.square(gradient)) for gradient in gradients]) / 2.0
            part.optimizer.apply_gradients(zip(gradients, part.weights, strict=True))
            return {"loss": loss}

        return GraphFunction("step", (_NUDGE,), call=step)
