"""Deep Q-learning: its parameters and its parts."""

from __future__ import annotations

from rlkit import (
    Buffer,
    Due,
    Exploration,
    Learner,
    Network,
    Optimizer,
    ParameterError,
    Sampling,
    Schedule,
    Spaces,
    TargetUpdate,
    component,
    parameter,
)
from rlkit_dqn.agents.by_member import check_members
from rlkit_dqn.agents.exploring_twice import warn_of_exploring_twice
from rlkit_dqn.agents.fitting import (
    check_actions,
    check_bootstrap,
    check_discount,
    check_forgetful,
    check_loss,
    check_returns,
    check_samples,
    fill_in_loss,
)
from rlkit_dqn.agents.unweighted import warn_of_unweighted
from rlkit_dqn.bootstraps.max import MaxBootstrap
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.contracts.bonus import Bonus
from rlkit_dqn.contracts.bootstrap import Bootstrap
from rlkit_dqn.contracts.head import Head
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.contracts.regularizer import Regularizer
from rlkit_dqn.contracts.returns import Returns
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.heads.value import ValueHead
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.adam import Adam
from rlkit_dqn.returns.n_step import NStepReturns
from rlkit_dqn.target_updates.soft import SoftUpdate

BONUS = "what is added to each step's reward for what was seldom seen"


@component
class DQN:
    """Deep Q-learning from replayed steps, with a target network.

    After every `update_every`-th step of an episode, a sample of steps (s, a, r, s') changes the online weights θ by
    the gradient of the mean over the sample of weight · loss(r + γ Q⁻(s', a') − Q(s, a)), where Q⁻ is the target
    network and `bootstrap` says which a'. With `n_step` above 1, r is the discounted sum of as many rewards, and s'
    follows them (Sutton and Barto, 2018, section 7.1); or `returns` makes something else of the steps, such as Q(λ).
    Nothing is bootstrapped where the episode terminated; where it was merely truncated, s' is bootstrapped. Mnih et al.
    (2015), "Human-level control through deep reinforcement learning".
    """

    gamma: float | Schedule = parameter(
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
    n_step: int = parameter(
        default=1,
        doc="steps whose rewards a target sums before it bootstraps; fewer at an episode's end",
        at_least=1,
        source="reference notebook; Hessel et al., 2018 (Rainbow) used 3",
    )
    network: Network = parameter(default=MLP(), doc="from an observation to features")
    optimizer: Optimizer = parameter(default=Adam(), doc="from gradients to new weights")
    buffer: Buffer = parameter(default=UniformBuffer(), doc="which of the stored steps are learned from")
    exploration: Exploration = parameter(default=EpsilonGreedy(), doc="from action values to an action, while training")
    target_update: TargetUpdate = parameter(
        default=SoftUpdate(), doc="how the target network follows the online network"
    )
    head: Head = parameter(default=ValueHead(), doc="from features to action values: the last layers and their meaning")
    bootstrap: Bootstrap = parameter(default=MaxBootstrap(), doc="what a target is built on at the next observation")
    returns: Returns = parameter(
        default=NStepReturns(), doc="how far a target follows the `n_step` steps of a row before it bootstraps"
    )
    loss: Loss | None = parameter(
        default=None, doc="how much a TD error costs, squared_error by default; none for a head with a loss of its own"
    )
    regularizer: Regularizer | None = parameter(
        default=None, doc="what action values cost beside their TD errors, as data that was recorded asks for"
    )
    bonus: Bonus | None = parameter(default=None, doc=BONUS)

    def __post_init__(self) -> None:
        fill_in_loss(self)

    @property
    def sampling(self) -> Sampling:
        """See `Agent.sampling`: as many steps in a row as `n_step` says, and one more if the next action is needed."""
        return Sampling(self.batch_size, length=self.n_step + ("next_action" in self.needs))

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields of `Estimates` that only some bootstraps ask for."""
        return tuple(getattr(self.bootstrap, "needs", ()))

    @property
    def learns_exploring(self) -> bool:
        """See `Agent`: the bootstrap takes a mean over what the exploration does."""
        return "next_exploring" in self.needs

    @property
    def due(self) -> Due:
        """See `Agent.due`: every `update_every`-th step of an episode, its first one included."""
        first = self.batch_size if self.learning_starts is None else self.learning_starts
        return Due(self.update_every, clock="episode_step", first=first)

    def check(self, spaces: Spaces) -> None:
        """Whether the parts fit together and the environment's actions can be valued one by one.

        Warns of an ε beside noisy layers, and of priorities without importance weights.

        Raises:
            ParameterError: for a sample, a row or a start of learning beyond what the buffer holds, a buffer that holds
                no step of each environment, a network that remembers, a bootstrap that needs what is not known, an
                exploration without the probabilities that it needs or the members that it compares, a loss beside a
                head that has its own, or returns that follow steps where a row has one, or beside such a head.
            ValueError: for actions that are not discrete.
        """
        self._refuse(spaces)
        warn_of_exploring_twice(self.exploration, {"network": self.network, "head": self.head})
        warn_of_unweighted(self.buffer)

    def _refuse(self, spaces: Spaces) -> None:
        """Raise where `check` does."""
        check_actions("dqn", spaces)
        check_forgetful("dqn", self.network)
        check_bootstrap(self.bootstrap, self.exploration)
        check_loss(self.loss, self.head)
        check_members(self.exploration, self.head, self.bootstrap)
        check_returns(self.returns, self.n_step, self.head)
        check_discount(self.gamma, self.n_step)
        check_samples(self.buffer.capacity, self.batch_size, self.due.first, spaces)
        most = self.buffer.capacity // spaces.environments - (self.sampling.length - self.n_step)
        if self.n_step > most:
            steps = f"what the buffer ({self.buffer.capacity} steps) holds of each environment's steps"
            raise ParameterError("n_step", f"found {self.n_step}; allowed: at most {max(1, most)}, {steps}")

    def build(self, spaces: Spaces) -> Learner:
        """See `Agent.build`. Raises ValueError where `check` does."""
        from rlkit_dqn.agents.dqn_learner import DQNLearner

        self._refuse(spaces)
        return DQNLearner(self, spaces)
