"""Parallelised Q-learning: its parameters and its parts."""

from __future__ import annotations

from rlkit import (
    Due,
    Exploration,
    Learner,
    Network,
    Optimizer,
    ParameterError,
    Sampling,
    Schedule,
    Spaces,
    component,
    parameter,
)
from rlkit_dqn.agents.by_member import check_alone, check_reads
from rlkit_dqn.agents.dqn import BONUS
from rlkit_dqn.agents.exploring_twice import warn_of_exploring_twice
from rlkit_dqn.agents.fitting import check_actions, check_forgetful, check_loss, fill_in_loss
from rlkit_dqn.contracts.bonus import Bonus
from rlkit_dqn.contracts.head import Head
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.heads.value import ValueHead
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.adam import Adam


@component
class PQN:
    """Q-learning from rollouts of many environments: no replay, no target network, layer normalisation instead.

    After every `length` steps of each environment, Q(λ) returns of the rollout are worked out with the weights as they
    are; `epochs` times the rollout's steps are shuffled and divided into `minibatches`, and each changes the weights by
    the gradient of its mean loss. Gallici et al. (2024), "Simplifying deep temporal difference learning", algorithm 1.
    """

    gamma: float | Schedule = parameter(
        default=0.99, doc="discount of what a step later is worth", at_least=0, at_most=1, source="Gallici et al., 2024"
    )
    trace_decay: float = parameter(
        default=0.65,
        doc="λ: 0 for one-step targets, 1 for returns to the rollout's end",
        at_least=0,
        at_most=1,
        source="Gallici et al., 2024 (Atari)",
    )
    length: int = parameter(
        default=32, doc="steps of each environment in a rollout", at_least=1, source="Gallici et al., 2024 (Atari)"
    )
    epochs: int = parameter(
        default=2, doc="times that a rollout is learned from", at_least=1, source="Gallici et al., 2024 (Atari)"
    )
    minibatches: int = parameter(
        default=4, doc="learning steps in an epoch; divides the steps of a rollout", at_least=1
    )
    network: Network = parameter(
        default=MLP(hidden=(128, 128), layer_norm=True), doc="from an observation to features; with layer normalisation"
    )
    optimizer: Optimizer = parameter(
        default=Adam(learning_rate=0.00025, clip_norm=10.0), doc="from gradients to new weights"
    )
    exploration: Exploration = parameter(default=EpsilonGreedy(), doc="from action values to an action, while training")
    head: Head = parameter(default=ValueHead(), doc="from features to action values: the last layers and their meaning")
    loss: Loss | None = parameter(
        default=None, doc="how much an error costs, squared_error by default; none for a head with a loss of its own"
    )
    bonus: Bonus | None = parameter(default=None, doc=BONUS)

    def __post_init__(self) -> None:
        fill_in_loss(self)

    @property
    def sampling(self) -> Sampling:
        """See `Agent.sampling`."""
        return Sampling.rollout(self.length)

    @property
    def due(self) -> Due:
        """See `Agent.due`."""
        return Due(self.length, clock="time")

    @property
    def metrics_interval(self) -> int:
        """See `Agent`: a learning step has several gradient steps, of which every hundredth or so is worth a row."""
        return max(1, 100 // (self.epochs * self.minibatches))

    def check(self, spaces: Spaces) -> None:
        """Whether the parts fit together and the environment's actions can be valued one by one.

        Warns of an ε beside noisy layers.

        Raises:
            ParameterError: for minibatches that do not divide a rollout, a network that remembers, a loss beside a head
                that has its own, a head with members, or an exploration that compares them.
            ValueError: for actions that are not discrete.
        """
        self._refuse(spaces)
        warn_of_exploring_twice(self.exploration, {"network": self.network, "head": self.head})

    def _refuse(self, spaces: Spaces) -> None:
        """Raise where `check` does."""
        check_actions("pqn", spaces)
        check_forgetful("pqn", self.network)
        check_loss(self.loss, self.head)
        check_reads(self.exploration, self.head)
        check_alone("pqn", self.head)
        steps = self.length * spaces.environments
        if steps % self.minibatches:
            held = f"{self.length} steps of {spaces.environments} environments"
            raise ParameterError("minibatches", f"found {self.minibatches}; allowed: what divides {steps}, {held}")

    def build(self, spaces: Spaces) -> Learner:
        """See `Agent.build`. Raises ValueError where `check` does."""
        from rlkit_dqn.agents.pqn_learner import PQNLearner

        self._refuse(spaces)
        return PQNLearner(self, spaces)
