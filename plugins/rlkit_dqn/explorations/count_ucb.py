"""Upper confidence bounds from counts."""

from __future__ import annotations

from rlkit import Exploration, Schedule, Spaces, component, parameter
from rlkit_dqn.explorations.simhash import BITS, MOST, SOURCE


@component
class CountUCB:
    """The action of greatest Q(s, a) + c · √(log t / n(s, a)); an action that was never taken comes first.

    n(s, a) counts how often the action was taken in the cell of observations that s is in, t = Σ_a n(s, a). Cells are
    those of a hash (Tang et al., 2017, "#Exploration"), the bound is UCB1's: Auer, Cesa-Bianchi and Fischer (2002),
    "Finite-time analysis of the multiarmed bandit problem"; Sutton and Barto (2018), section 2.7. Nothing is random.
    """

    c: float | Schedule = parameter(
        default=2.0,
        doc="weight of the bound, in units of Q; 0: greedy once every action was taken",
        at_least=0,
        source="Sutton and Barto, 2018, figure 2.4",
    )
    bits: int = parameter(default=10, doc=BITS, at_least=1, at_most=MOST, source=SOURCE)

    def build(self, spaces: Spaces) -> Exploration:
        """The policy with its counts."""
        from rlkit_dqn.explorations.counting import Counting

        return Counting(self, spaces)
