"""The suite of heads."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit import Array, Discrete, Spaces, Tensor, working
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of
from rlkit_dqn.contracts.head import Head
from rlkit_dqn.losses.squared_error import SquaredError

_ROWS, _ACTIONS = 6, 3


class HeadSuite(GraphSuite):
    """`component = ValueHead()`."""

    contract = Head

    def program(self) -> Program:
        """See `GraphSuite`."""
        part = self._build(_ACTIONS)
        examples = {"action": lambda spec, rng: rng.integers(0, _ACTIONS, _ROWS).astype(np.int32)}
        return program_of(part, (self._values(part, _ACTIONS), self._losses(part)), examples)

    def test_it_reads_action_values_out_of_its_units(self) -> None:
        """`units` is an int of at least 1; `values` are (B, actions) float32."""
        for actions in (1, 2, 18):
            part = self._build(actions)
            values = self.called(self._values(part, actions), part)
            outputs = np.random.default_rng(0).normal(size=(_ROWS, self._units(part, actions))).astype(np.float32)
            found = values(outputs=outputs)["values"]
            self.demand_array(found, "float32", (_ROWS, actions), "action values", "values")

    def test_its_losses_have_a_gradient_by_the_outputs_alone(self) -> None:
        """(B,) float32 losses and TD errors; no gradient flows into the target."""
        learned = self._learn()
        self.demand_array(learned["losses"], "float32", (_ROWS,), "losses", "losses")
        self.demand_array(learned["td_error"], "float32", (_ROWS,), "TD errors", "losses")
        self.demand_array(learned["slope"], "float32", learned["slope"].shape, "gradient by the outputs", "losses")
        self.demand(learned["slope"].any(), "a gradient by the outputs", "none", "losses")
        asks = "a target without gradient (tf.stop_gradient)"
        self.demand(not learned["next_slope"].any(), asks, "one by the next outputs", "losses")

    def test_nothing_follows_where_the_discount_is_zero(self) -> None:
        """A row that ended in termination does not depend on the next observation."""
        one, other = self._learn(discount=0.0), self._learn(discount=0.0, following=5.0)
        asks = "losses that do not depend on the next outputs where the discount is 0"
        same = np.allclose(one["losses"], other["losses"], rtol=1e-5, atol=1e-6)
        self.demand(same, asks, f"{one['losses']} and {other['losses']}", "losses")

    def _build(self, actions: int) -> Head:
        part: Head = working(self.component, Spaces(Array((4,), "float32"), Discrete(actions)))
        return part

    def _units(self, part: Head, actions: int) -> int:
        units = part.units(actions)
        good = isinstance(units, int) and units >= 1
        self.demand(good, "an int of at least 1", f"{units!r} for {actions} actions", "units")
        return units

    def _learn(self, *, discount: float = 0.9, following: float = 1.0) -> dict[str, Any]:
        """The outputs of `losses` for fixed inputs; the next outputs are multiplied by `following`."""
        part, rng = self._build(_ACTIONS), np.random.default_rng(0)
        units = self._units(part, _ACTIONS)
        learned: dict[str, Any] = self.called(self._losses(part), part)(
            outputs=rng.normal(size=(_ROWS, units)).astype(np.float32),
            action=np.arange(_ROWS, dtype=np.int32) % _ACTIONS,
            reward=rng.normal(size=_ROWS).astype(np.float32),
            discount=np.full(_ROWS, discount, np.float32),
            next_outputs=np.float32(following) * rng.normal(size=(_ROWS, units)).astype(np.float32),
            next_policy=np.full((_ROWS, _ACTIONS), 1.0 / _ACTIONS, np.float32),
        )
        return learned

    def _values(self, part: Head, actions: int) -> GraphFunction:
        def values(outputs: Tensor) -> dict[str, Tensor]:
            return {"values": part.values(outputs)}

        return GraphFunction("values", values, (_floats("outputs", _ROWS, self._units(part, actions)),))

    def _losses(self, part: Head) -> GraphFunction:
        def losses(outputs: Tensor, next_outputs: Tensor, **rows: Tensor) -> dict[str, Tensor]:
            with tf.GradientTape() as tape:
                tape.watch((outputs, next_outputs))
                cost, td_error = part.losses(outputs, next_outputs=next_outputs, loss=SquaredError(), **rows)
            slopes = tape.gradient(cost, (outputs, next_outputs), unconnected_gradients="zero")
            return {"losses": cost, "td_error": td_error, "slope": slopes[0], "next_slope": slopes[1]}

        units = self._units(part, _ACTIONS)
        specs = (
            _floats("outputs", _ROWS, units),
            tf.TensorSpec((_ROWS,), tf.int32, name="action"),
            _floats("reward", _ROWS),
            _floats("discount", _ROWS),
            _floats("next_outputs", _ROWS, units),
            _floats("next_policy", _ROWS, _ACTIONS),
        )
        return GraphFunction("losses", losses, specs)


def _floats(name: str, *shape: int) -> Any:
    return tf.TensorSpec(shape, tf.float32, name=name)
