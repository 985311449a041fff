"""Behaviour cloning."""

from __future__ import annotations

from rlkit import Call, Schedule, Tensor, component, parameter, value_of
from rlkit_dqn.contracts.regularizer import Valued
from rlkit_dqn.regularizers.likelihood import surprise_of_action


@component
class BehaviorCloning:
    """weight · −log π(a|s), π = softmax(Q(s, ·) / temperature): the greatest value shall be of what the data does.

    A large weight leaves nothing of the TD error: imitation alone, of whatever the data does. With the temperature 1
    it is `cql` with α = weight. Fujimoto and Gu (2021), "A minimalist approach to offline reinforcement learning", add
    such a term to the loss of a policy.
    """

    weight: float | Schedule = parameter(default=1.0, doc="weight beside the TD error", at_least=0)
    temperature: float = parameter(
        default=1.0, doc="of the softmax: how far apart values must be for an action to be sure", above=0
    )

    def cost(self, valued: Valued, call: Call) -> Tensor:
        """See `Regularizer.cost`."""
        surprise = surprise_of_action(valued.values / self.temperature, valued.action)
        return value_of(self.weight, call.progress) * surprise
