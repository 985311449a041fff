"""Noisy layers."""

from __future__ import annotations

from typing import Any

from rlkit import component, parameter


@component
class NoisyLayer:
    """Weights with learned noise, by which an agent explores: x·(μ + σ⊙ε) + μ_b + σ_b⊙ε_b, factorised.

    Fortunato et al. (2018), "Noisy networks for exploration", equations 9 to 11. One draw serves all rows of a call;
    each call of a network, online or target, draws anew. Where an agent acts greedily there is no noise, and the means
    act. The agent needs no other exploration: `exploration: greedy`.
    """

    explores = True

    sigma: float = parameter(
        default=0.5,
        doc="σ begins as this divided by √n, n the layer's inputs; 0 is no noise until σ is learned",
        at_least=0,
        source="Fortunato et al., 2018 (section 3.2); Hessel et al., 2018 (table 1)",
    )

    def build(self, inputs: int, units: int, name: str) -> Any:
        """See `Layer.build`."""
        from rlkit_dqn.layers.noisy_dense import NoisyDense

        layer = NoisyDense(units, self.sigma, name=name)
        layer.build((None, inputs))
        return layer
