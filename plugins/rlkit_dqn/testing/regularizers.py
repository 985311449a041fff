"""The suite of regularizers."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit import Array, Call, Discrete, Spaces, Tensor, TensorSpec, masked
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of, with_call
from rlkit_dqn.contracts.regularizer import Regularizer, Valued

_ROWS, _ACTIONS = 6, 4


class RegularizerSuite(GraphSuite):
    """`component = ConservativeQ(alpha=1.0)`."""

    contract = Regularizer

    def program(self) -> Program:
        """See `GraphSuite`."""
        part = self._build()
        examples = {"allowed": _mask, "action": lambda spec, rng: rng.integers(0, _ACTIONS, _ROWS).astype(np.int32)}
        return program_of(part, (_cost(part),), examples)

    def test_it_costs_each_row_by_itself(self) -> None:
        """(B,) float32, finite for values near and far, from a row's own values and action alone."""
        part = self._build()
        called = self.called(_cost(part), part)
        for scale in (0.0, 1e-3, 1.0, 1e4):
            given = _given(scale)
            cost = called(**given)["cost"]
            self.demand_array(cost, "float32", (_ROWS,), "costs", "cost")
            backwards = called(**{name: array[::-1] for name, array in given.items()})["cost"][::-1]
            found = f"{cost}, and in another order {backwards}"
            self.demand(np.allclose(cost, backwards, rtol=1e-5), "a cost of each row by itself", found, "cost")

    def test_its_gradient_leaves_forbidden_actions_alone(self) -> None:
        """Finite, not 0 everywhere, and 0 for the values of actions that are forbidden."""
        part = self._build()
        given = _given(1.0)
        slope = self.called(_cost(part), part)(**given)["slope"]
        self.demand_array(slope, "float32", (_ROWS, _ACTIONS), "gradient", "cost")
        self.demand(slope.any(), "a gradient by the values", f"{slope[0]}", "cost")
        forbidden = slope[~given["allowed"]]
        self.demand(not forbidden.any(), "no gradient by the values of forbidden actions", f"{forbidden}", "cost")

    def _build(self) -> Regularizer:
        part: Regularizer = self.working(Spaces(Array((4,), "float32"), Discrete(_ACTIONS)))
        return part


def _cost(part: Regularizer) -> GraphFunction:
    def cost(call: Call, values: Tensor, allowed: Tensor, action: Tensor) -> dict[str, Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(values)
            found = part.cost(Valued(masked(values, allowed), action, allowed), call)
        slope = tape.gradient(found, values)
        return {"cost": found, "slope": tf.zeros_like(values) if slope is None else slope}

    shape = (_ROWS, _ACTIONS)
    specs = (tf.TensorSpec(shape, tf.float32, name="values"), tf.TensorSpec(shape, tf.bool, name="allowed"))
    return with_call("cost", cost, (*specs, tf.TensorSpec((_ROWS,), tf.int32, name="action")))


def _given(scale: float) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    allowed = _mask(tf.TensorSpec((_ROWS, _ACTIONS)), rng)
    values = (scale * rng.normal(size=allowed.shape)).astype(np.float32)
    return {"values": values, "allowed": allowed, "action": allowed.argmax(axis=1).astype(np.int32)}


def _mask(spec: TensorSpec, rng: np.random.Generator) -> Any:
    """Two actions of each row at least: with one there is nothing to choose."""
    allowed = rng.random(tuple(spec.shape)) < 0.5
    allowed[:, :2] = True
    return allowed
