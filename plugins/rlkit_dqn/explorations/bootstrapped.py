"""One member of an ensemble for an episode."""

from __future__ import annotations

from rlkit import Exploration, Spaces, component


@component
class Bootstrapped:
    """At each episode's beginning one member of the head `ensemble`, drawn at random, acts greedily to its end.

    Osband et al. (2016), "Deep exploration via bootstrapped DQN", algorithm 1: a plan is followed for as long as it
    takes to find out whether it is a good one. Each environment draws a member of its own.
    """

    of_members = True

    probabilities = None
    """There are none: what it does next depends on which member acts in an environment."""

    def build(self, spaces: Spaces) -> Exploration:
        """The policy with a member for each environment."""
        from rlkit_dqn.explorations.acting_member import ActingMember

        return ActingMember(spaces.environments)
