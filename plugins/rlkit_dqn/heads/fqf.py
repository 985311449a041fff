"""Quantiles of returns at fractions that are learned."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Nest, Tensor, TensorSpec, component, parameter
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.heads.distributions import taken
from rlkit_dqn.heads.quantile_regression import COSINES, IMPLICIT_HIDDEN, KAPPA, quantile_costs


@component
class FQFHead:
    """The quantile function, and a layer that proposes for each observation at which fractions to ask it.

    Yang et al. (2019), "Fully parameterized quantile function for distributional reinforcement learning". The
    proposal learns by the gradient of the 1-Wasserstein error between the quantile function and its steps (proposition
    1), whose value is no part of the loss; no other gradient flows into it, and none of its into the features. The TD
    error, and so the priority, is that of the means. The entropy of the fractions is not rewarded.
    """

    own_loss = True

    fractions: int = parameter(
        default=32, doc="intervals of 0 to 1, a quantile in the middle of each", at_least=2, source="Yang et al., 2019"
    )
    fraction_learning_rate: float = parameter(
        default=5e-5,
        doc="learning rate of the proposal, as a share of the optimizer's",
        above=0,
        source="Yang et al., 2019: 2.5e-9 beside 5e-5",
    )
    cosines: int = parameter(default=64, doc=COSINES, at_least=1, source="Dabney et al., 2018b")
    kappa: float = parameter(default=1.0, doc=KAPPA, above=0, source="Dabney et al., 2018b")
    hidden: tuple[int, ...] = parameter(
        default=(), doc=IMPLICIT_HIDDEN, at_least=1, source="Dabney et al., 2018b: one of 512, after convolutions alone"
    )

    def build(self, features: TensorSpec, actions: int) -> Any:
        """See `Head.build`: `Proposed`."""
        from rlkit_dqn.heads.proposed_quantiles import ProposedQuantiles

        layer = ProposedQuantiles(
            actions,
            self.hidden,
            self.cosines,
            fractions=self.fractions,
            learning_rate=self.fraction_learning_rate,
        )
        layer.build((None, *features.shape))
        return layer

    def values(self, out: Nest) -> Tensor:
        """The quantiles' means, each by its interval's length."""
        return out.quantiles.mean

    def losses(self, rows: Rows, call: Call) -> Costs:
        """See `Head.losses`. The proposal's part of the losses is 0, and has a gradient."""
        losses, td_error = quantile_costs(rows, rows.out.quantiles, rows.next_out.quantiles, self.kappa)
        slope = wasserstein_slope(taken(rows.out.quantiles.values, rows.action), taken(rows.out.at_ends, rows.action))
        proposal = tf.reduce_sum(slope * rows.out.ends, axis=-1)
        return Costs(losses + proposal - tf.stop_gradient(proposal), td_error)


def wasserstein_slope(middles: Tensor, ends: Tensor) -> Tensor:
    """∂W₁/∂τ_i = 2 F⁻¹(τ_i) − F⁻¹(τ̂_i) − F⁻¹(τ̂_{i−1}), τ̂_i between τ_i and τ_{i+1}; no gradient flows through it.

    Yang et al. (2019), proposition 1.

    Args:
        middles: (B, N), F⁻¹(τ̂_0) to F⁻¹(τ̂_{N−1}).
        ends: (B, N − 1), F⁻¹(τ_1) to F⁻¹(τ_{N−1}).
    """
    middles = tf.stop_gradient(middles)
    return tf.stop_gradient(2.0 * ends) - middles[:, 1:] - middles[:, :-1]
