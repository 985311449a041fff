"""Temporally extended ε-greedy exploration."""

from __future__ import annotations

from rlkit import Exploration, Spaces, component, parameter
from rlkit_dqn.explorations.epsilon import Epsilon


@component
class EZGreedy(Epsilon):
    """With probability ε a random action, repeated for a random while; else the action of greatest value.

    Dabney, Ostrovski and Barreto (2021), "Temporally-extended ε-greedy exploration". A repeat lasts n steps with
    probability proportional to n^−mu, n from 1 to `most`, across the ends of episodes; ε is asked only when none is
    under way, so more than a share ε of the steps are random. ε is as in epsilon_greedy.
    """

    mu: float = parameter(
        default=2.0,
        doc="exponent of the zeta distribution of durations; the smaller, the longer they are",
        above=1,
        source="Dabney et al., 2021",
    )
    most: int = parameter(default=1000, doc="steps of the longest repeat", at_least=1, at_most=10_000)

    probabilities = None
    """There are none: what it does next depends on what is being repeated in an environment."""

    def build(self, spaces: Spaces) -> Exploration:
        """The policy with a repeat of its own for each environment."""
        from rlkit_dqn.explorations.repeating import Repeating

        return Repeating(self, spaces.environments)
