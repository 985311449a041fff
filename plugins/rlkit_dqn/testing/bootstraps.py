"""The suite of bootstraps."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Array, Discrete, Spaces, Tensor, working
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of
from rlkit_dqn.contracts.bootstrap import Bootstrap


class BootstrapSuite(GraphSuite):
    """`component = DoubleBootstrap()`."""

    contract = Bootstrap

    def program(self) -> Program:
        """See `GraphSuite`."""
        return program_of(part := self._build(4), (_next_policy(part, 6, 4),))

    def test_it_gives_a_policy(self) -> None:
        """(B, actions) float32: probabilities that sum to 1 in each row, for values near, far and equal."""
        for rows, actions in ((1, 2), (6, 4), (32, 18)):
            part, rng = self._build(actions), np.random.default_rng(0)
            next_policy = self.called(_next_policy(part, rows, actions), part)
            for scale in (0.0, 1e-3, 1.0, 1e4):
                online, target = (scale * rng.normal(size=(2, rows, actions))).astype(np.float32)
                policy = next_policy(online=online, target=target)["policy"]
                self.demand_array(policy, "float32", (rows, actions), "probabilities", "next_policy")
                asks, found = "probabilities of 0 to 1 that sum to 1 in each row", f"{policy[:3].tolist()} …"
                good = (policy >= 0).all() and np.allclose(policy.sum(axis=1), 1.0, atol=1e-5)
                self.demand(good, asks, found, "next_policy")

    def _build(self, actions: int) -> Bootstrap:
        part: Bootstrap = working(self.component, Spaces(Array((4,), "float32"), Discrete(actions)))
        return part


def _next_policy(part: Bootstrap, rows: int, actions: int) -> GraphFunction:
    def next_policy(online: Tensor, target: Tensor) -> dict[str, Tensor]:
        return {"policy": part.next_policy(online, target)}

    specs = tuple(tf.TensorSpec((rows, actions), tf.float32, name=name) for name in ("online", "target"))
    return GraphFunction("next_policy", next_policy, specs)
