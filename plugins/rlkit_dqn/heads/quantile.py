"""Quantiles of returns at fixed fractions."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Nest, Tensor, TensorSpec, component, parameter
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.heads.distributions import DUELING, HIDDEN, distributions_model
from rlkit_dqn.heads.quantile_regression import KAPPA, evenly, quantile_costs
from rlkit_dqn.layers.dense import LAYER, DenseLayer


@component
class QuantileHead:
    """Quantiles of an action's return, at the midpoints of `quantiles` equal parts of 0 to 1: QR-DQN.

    Learned by the quantile Huber loss (Dabney et al., 2018a, "Distributional reinforcement learning with quantile
    regression"). The TD error, and so the priority, is that of the means, as a scalar agent has it: the paper does not
    prioritise.
    """

    own_loss = True
    one_tensor = True

    quantiles: int = parameter(default=200, doc="quantiles an action", at_least=1, source="Dabney et al., 2018a")
    kappa: float = parameter(default=1.0, doc=KAPPA, above=0, source="Dabney et al., 2018a (QR-DQN-1)")
    dueling: bool = parameter(default=False, doc=DUELING)
    hidden: tuple[int, ...] = parameter(default=(), doc=HIDDEN, at_least=1)
    layer: Layer = parameter(default=DenseLayer(), doc=LAYER)

    def build(self, features: TensorSpec, actions: int) -> Any:
        """See `Head.build`: (B, n, quantiles) float32."""
        return distributions_model(
            features, self.hidden, actions, self.quantiles, dueling=self.dueling, layer=self.layer, name="quantile"
        )

    def values(self, out: Nest) -> Tensor:
        """The quantiles' means."""
        return tf.reduce_mean(out, axis=-1)

    def losses(self, rows: Rows, call: Call) -> Costs:
        """See `Head.losses`."""
        return quantile_costs(rows, evenly(rows.out), evenly(rows.next_out), self.kappa)
