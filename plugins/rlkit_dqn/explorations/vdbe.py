"""ε-greedy exploration that follows how much is still being learned."""

from __future__ import annotations

from rlkit import Exploration, Schedule, Spaces, component, parameter
from rlkit_dqn.explorations.simhash import MOST


@component
class VDBE:
    """A random action with probability ε, which rises and falls with the TD errors; else that of greatest value.

    After each learning step ε ← δ f + (1 − δ) ε, where f = (1 − exp(−|td_error| / σ)) / (1 + exp(−|td_error| / σ)),
    the mean over the sample. ε begins at 1. With `bits`, each cell of observations has its own ε, which follows the
    rows in it. Tokic (2010), "Adaptive ε-greedy exploration in reinforcement learning based on value differences",
    where f is of the change of the value, a learning rate times the TD error: σ here is σ there divided by that rate.
    """

    sigma: float | Schedule = parameter(
        default=1.0,
        doc="σ, inverse sensitivity: TD errors much below it bring ε towards 0, those above towards 1",
        above=0,
    )
    delta: float | None = parameter(
        default=None,
        doc="δ, weight of a learning step; null for 1 / number of actions",
        above=0,
        at_most=1,
        source="Tokic, 2010",
    )
    bits: int | None = parameter(
        default=None,
        doc="planes that divide observations into 2 ** bits cells with an ε each (simhash); null for one ε",
        at_least=1,
        at_most=MOST,
    )

    def build(self, spaces: Spaces) -> Exploration:
        """The policy with its ε."""
        from rlkit_dqn.explorations.value_differences import ValueDifferences

        return ValueDifferences(self, spaces)
