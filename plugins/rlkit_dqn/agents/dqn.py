"""Deep Q-learning: its parameters and its parts."""

from __future__ import annotations

from rlkit import (
    Buffer,
    Discrete,
    Exploration,
    Learner,
    Network,
    Optimizer,
    ParameterError,
    Spaces,
    TargetUpdate,
    component,
    parameter,
)
from rlkit_dqn.bootstraps.max import MaxBootstrap
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.contracts.bootstrap import Bootstrap
from rlkit_dqn.contracts.head import Head
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.heads.value import ValueHead
from rlkit_dqn.losses.squared_error import SquaredError
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.adam import Adam
from rlkit_dqn.target_updates.soft import SoftUpdate


@component
class DQN:
    """Deep Q-learning from replayed steps, with a target network.

    After every `update_every`-th step of an episode, a sample of steps (s, a, r, s') changes the online weights θ by
    the gradient of the mean over the sample of weight · loss(r + γ Q⁻(s', a') − Q(s, a)), where Q⁻ is the target
    network and `bootstrap` says which a'. Nothing is bootstrapped where the episode terminated; where it was merely
    truncated, s' is bootstrapped. Mnih et al. (2015), "Human-level control through deep reinforcement learning".
    """

    gamma: float = parameter(
        default=0.95,
        doc="discount of what a step later is worth",
        at_least=0,
        at_most=1,
        source="reference notebook; Mnih et al., 2015 used 0.99",
    )
    batch_size: int = parameter(
        default=64, doc="steps in a sample", at_least=1, source="reference notebook; Mnih et al., 2015 used 32"
    )
    update_every: int = parameter(
        default=4,
        doc="one learning step after every so many steps of an episode, counted from its first",
        at_least=1,
        source="reference notebook; Mnih et al., 2015 (table 1)",
    )
    learning_starts: int | None = parameter(
        default=None, doc="steps stored before learning begins; at least batch_size, which it is by default", at_least=1
    )
    network: Network = parameter(default=MLP(), doc="from an observation to the head's outputs")
    optimizer: Optimizer = parameter(default=Adam(), doc="from gradients to new weights")
    buffer: Buffer = parameter(default=UniformBuffer(), doc="which of the stored steps are learned from")
    exploration: Exploration = parameter(default=EpsilonGreedy(), doc="from action values to an action, while training")
    target_update: TargetUpdate = parameter(
        default=SoftUpdate(), doc="how the target network follows the online network"
    )
    head: Head = parameter(default=ValueHead(), doc="what the network's outputs mean")
    bootstrap: Bootstrap = parameter(default=MaxBootstrap(), doc="which of the next action values a target is built on")
    loss: Loss = parameter(default=SquaredError(), doc="how much a TD error costs")

    @property
    def first_learning(self) -> int:
        """How many steps must be stored before the first learning step."""
        return self.batch_size if self.learning_starts is None else self.learning_starts

    def check(self, spaces: Spaces) -> None:
        """Whether the parts fit together and the environment's actions can be valued one by one.

        Raises:
            ParameterError: for a sample or a start of learning beyond what the buffer holds.
            ValueError: for actions that are not discrete.
        """
        if not isinstance(spaces.action, Discrete):
            raise ValueError(
                "agent dqn compares the values of single actions, so it needs discrete ones; "
                f"this environment's action is a {spaces.action}"
            )
        if self.batch_size > self.buffer.capacity:
            raise ParameterError(
                "batch_size", f"found {self.batch_size}; allowed: at most buffer.capacity ({self.buffer.capacity})"
            )
        if not self.batch_size <= self.first_learning <= self.buffer.capacity:
            raise ParameterError(
                "learning_starts",
                f"found {self.first_learning}; allowed: at least batch_size ({self.batch_size}) and at most "
                f"buffer.capacity ({self.buffer.capacity})",
            )

    def build(self, spaces: Spaces) -> Learner:
        """See `Agent.build`. Raises ValueError where `check` does."""
        from rlkit_dqn.agents.dqn_learner import DQNLearner

        self.check(spaces)
        return DQNLearner(self, spaces)
