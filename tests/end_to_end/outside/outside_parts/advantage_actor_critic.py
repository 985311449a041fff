"""Advantage actor-critic (A2C; Mnih et al., 2016): learns from rollouts, in order, of all environments."""

from __future__ import annotations

from rlkit import Due, Network, Optimizer, Sampling, component, parameter
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.adam import Adam


@component
class AdvantageActorCritic:
    """A policy and a value on one network's features; n-step returns over a rollout."""

    length: int = parameter(default=16, doc="steps of each environment in a rollout", at_least=1)
    gamma: float = parameter(default=0.99, doc="discount", at_least=0, at_most=1)
    entropy: float = parameter(default=0.01, doc="weight of the policy's entropy", at_least=0)
    network: Network = parameter(default=MLP(hidden=(64,), activation="tanh"), doc="from an observation to features")
    optimizer: Optimizer = parameter(default=Adam(learning_rate=0.003), doc="from gradients to new weights")

    @property
    def sampling(self):
        return Sampling.rollout(self.length)

    @property
    def due(self):
        return Due(self.length, clock="time")

    def build(self, spaces):
        from outside_parts.actor_critic import ActorCritic

        return ActorCritic(self, spaces)
