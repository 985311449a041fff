"""Quantiles of returns at fractions that are drawn."""

from __future__ import annotations

from typing import Any

from rlkit import Call, Nest, Tensor, TensorSpec, component, parameter
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.heads.quantile_regression import COSINES, IMPLICIT_HIDDEN, KAPPA, quantile_costs


@component
class IQNHead:
    """The quantile function itself, learned at fractions drawn anew at each call: implicit quantile networks.

    Dabney et al. (2018b), "Implicit quantile networks for distributional reinforcement learning". Actions are valued by
    the mean at fractions drawn apart from those learned from, and at midpoints where the agent does not explore. The TD
    error, and so the priority, is that of the means over fractions: the paper does not prioritise.
    """

    own_loss = True

    fractions: int = parameter(
        default=64,
        doc="fractions that a learning step draws of the prediction, and as many of the target (N and N′)",
        at_least=1,
        source="Dopamine's settings after Dabney et al., 2018b",
    )
    acting_fractions: int = parameter(
        default=32, doc="fractions whose mean values an action (K)", at_least=1, source="Dabney et al., 2018b"
    )
    shared: bool = parameter(
        default=True,
        doc="one draw for all rows of a sample, whose embedding is worked out once; false: each row draws its own, "
        "as in the paper",
    )
    cosines: int = parameter(default=64, doc=COSINES, at_least=1, source="Dabney et al., 2018b")
    kappa: float = parameter(default=1.0, doc=KAPPA, above=0, source="Dabney et al., 2018b")
    hidden: tuple[int, ...] = parameter(
        default=(), doc=IMPLICIT_HIDDEN, at_least=1, source="Dabney et al., 2018b: one of 512, after convolutions alone"
    )

    def build(self, features: TensorSpec, actions: int) -> Any:
        """See `Head.build`: `Implicit`."""
        from rlkit_dqn.heads.implicit_quantiles import ImplicitQuantiles

        layer = ImplicitQuantiles(
            actions,
            self.hidden,
            self.cosines,
            fractions=self.fractions,
            acting=self.acting_fractions,
            shared=self.shared,
        )
        layer.build((None, *features.shape))
        return layer

    def values(self, out: Nest) -> Tensor:
        """The means at the fractions drawn for it."""
        return out.values

    def losses(self, rows: Rows, call: Call) -> Costs:
        """See `Head.losses`."""
        return quantile_costs(rows, rows.out.quantiles, rows.next_out.quantiles, self.kappa)
