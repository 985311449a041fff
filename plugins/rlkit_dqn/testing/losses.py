"""The suite of losses."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Array, Discrete, Spaces, Tensor
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of
from rlkit_dqn.contracts.loss import Loss

_ERRORS = np.array([0.0, 1e-3, -1e-3, 0.5, -0.5, 1.0, -1.0, 30.0, -30.0, 1e4], np.float32)
_SPEC = tf.TensorSpec(_ERRORS.shape, tf.float32, name="td_error")


class LossSuite(GraphSuite):
    """`component = Huber(threshold=1.0)`."""

    contract = Loss

    def program(self) -> Program:
        """See `GraphSuite`."""
        part: Loss = self.working(Spaces(Array((4,), "float32"), Discrete(3)))
        return program_of(part, (_value(part),))

    def test_it_costs_each_error_by_itself(self) -> None:
        """(B,) float32 from (B,), least at 0, each element from its own TD error alone."""
        cost = self._call(_ERRORS)["cost"]
        self.demand_array(cost, "float32", _ERRORS.shape, "losses", "value")
        self.demand((cost >= cost[0]).all(), "a loss that is least at 0", f"{cost} for {_ERRORS}", "value")
        backwards = self._call(_ERRORS[::-1])["cost"][::-1]
        asks = "a loss of each TD error by itself"
        self.demand(np.allclose(cost, backwards, rtol=1e-5), asks, f"{cost}, and in another order {backwards}", "value")

    def test_its_gradient_leads_to_zero(self) -> None:
        """Finite everywhere, nowhere away from an error of 0, and not 0 everywhere."""
        slope = self._call(_ERRORS)["slope"]
        self.demand_array(slope, "float32", _ERRORS.shape, "gradient", "value")
        towards = (slope * _ERRORS >= 0).all() and slope.any()
        self.demand(towards, "a gradient that leads to an error of 0", f"{slope} for {_ERRORS}", "value")

    def _call(self, td_error: Tensor) -> dict[str, Tensor]:
        part: Loss = self.working(Spaces(Array((4,), "float32"), Discrete(3)))
        outputs: dict[str, Tensor] = self.called(_value(part), part)(td_error=td_error)
        return outputs


def _value(part: Loss) -> GraphFunction:
    def value(td_error: Tensor) -> dict[str, Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(td_error)
            cost = part.value(td_error)
        slope = tape.gradient(cost, td_error)
        return {"cost": cost, "slope": tf.zeros_like(td_error) if slope is None else slope}

    return GraphFunction("value", (_SPEC,), call=value)
