"""Count-based bonuses."""

from __future__ import annotations

from rlkit import Schedule, Spaces, component, parameter
from rlkit_dqn.contracts.bonus import Bonus
from rlkit_dqn.explorations.simhash import BITS, MOST, SOURCE

SCALE = "β, weight of the bonus beside the environment's rewards"


@component
class HashCounts:
    """β / √n(φ(s)) on each step's reward, n counting the visits to the cell φ(s) of observations that s is in.

    Tang et al. (2017), "#Exploration: a study of count-based exploration for deep reinforcement learning". A visit is
    an action chosen there while exploring: what is replayed is not counted again, or the bonus would fall with each
    learning step, visited or not. So s is the observation of the step, as in the paper, which has been counted when it
    is learned from. Where an episode ended nobody acts, and nothing is counted: that observation has no bonus.
    """

    counts_while_acting = True

    scale: float | Schedule = parameter(default=0.01, doc=SCALE, at_least=0, source="Tang et al., 2017")
    bits: int = parameter(default=MOST, doc=BITS, at_least=1, at_most=MOST, source=SOURCE)

    def build(self, spaces: Spaces) -> Bonus:
        """The bonus with its counts."""
        from rlkit_dqn.bonuses.visits import Visits

        return Visits(self, spaces)
