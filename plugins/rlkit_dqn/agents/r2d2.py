"""Recurrent replay distributed DQN, in one process: its parameters and its parts."""

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
    name_of,
    parameter,
)
from rlkit_dqn.agents.by_member import check_alone, check_reads
from rlkit_dqn.agents.exploring_twice import warn_of_exploring_twice
from rlkit_dqn.agents.fitting import (
    check_actions,
    check_bootstrap,
    check_discount,
    check_loss,
    check_samples,
    fill_in_loss,
)
from rlkit_dqn.agents.unweighted import warn_of_unweighted
from rlkit_dqn.bootstraps.double import DoubleBootstrap
from rlkit_dqn.buffers.prioritized import PrioritizedBuffer
from rlkit_dqn.contracts.bootstrap import Bootstrap
from rlkit_dqn.contracts.head import Head, own_loss
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.heads.value import ValueHead
from rlkit_dqn.networks.recurrent import RecurrentNetwork
from rlkit_dqn.optimizers.adam import Adam
from rlkit_dqn.target_updates.hard import HardUpdate

_SOURCE = "Kapturowski et al., 2019"


@component
class R2D2:
    """Deep Q-learning with a network that remembers, from replayed sequences with stored state and burn-in.

    The state that the network acted from is stored with each step. A row is `length` steps of one episode, after up to
    `burn_in` steps more: both networks are unrolled from the state stored with the row's first step, without gradient
    over the burn-in, and every step after it learns an n-step target within the row. The loss is the mean over these
    steps; the paper does not say whether it is one or a sum. Rows begin at any stored step, where the paper has
    sequences that overlap by half. Kapturowski, Ostrovski, Quan, Munos and Dabney (2019), "Recurrent experience replay
    in distributed reinforcement learning".
    """

    gamma: float | Schedule = parameter(
        default=0.997, doc="discount of what a step later is worth", at_least=0, at_most=1, source=_SOURCE
    )
    batch_size: int = parameter(default=64, doc="sequences in a sample", at_least=1, source=_SOURCE)
    length: int = parameter(default=80, doc="steps of a sequence that are learned from", at_least=1, source=_SOURCE)
    burn_in: int = parameter(
        default=40,
        doc="steps before them, which only bring the network's state up to date; fewer where the episode began later",
        at_least=0,
        source=_SOURCE,
    )
    n_step: int = parameter(
        default=5,
        doc="steps whose rewards a target sums before it bootstraps; fewer at the end of an episode or a sequence",
        at_least=1,
        source=_SOURCE,
    )
    update_every: int = parameter(
        default=4, doc="one learning step after every so many steps of an episode, counted from its first", at_least=1
    )
    learning_starts: int | None = parameter(
        default=None, doc="steps stored before learning begins; at least batch_size, which it is by default", at_least=1
    )
    eta: float = parameter(
        default=0.9,
        doc="η: a sequence's priority is η times the greatest |TD error| in it, and 1 − η times their mean",
        at_least=0,
        at_most=1,
        source=_SOURCE,
    )
    rescale: bool | None = parameter(
        default=None,
        doc="values are learned as h(Q) = sign(Q) (√(|Q| + 1) − 1) + 0.001 Q; by default with a head of single values",
        source=f"{_SOURCE}; Pohlen et al., 2018",
    )
    network: Network = parameter(
        default=RecurrentNetwork(), doc="from an observation and what is remembered to features; one that remembers"
    )
    optimizer: Optimizer = parameter(
        default=Adam(learning_rate=0.0001, epsilon=0.001), doc="from gradients to new weights", source=_SOURCE
    )
    buffer: Buffer = parameter(
        default=PrioritizedBuffer(alpha=0.9, beta=0.6),
        doc="at which of the stored steps sequences begin",
        source=f"{_SOURCE}: exponents 0.9 and 0.6",
    )
    exploration: Exploration = parameter(default=EpsilonGreedy(), doc="from action values to an action, while training")
    target_update: TargetUpdate = parameter(
        default=HardUpdate(every=2500), doc="how the target network follows the online network", source=_SOURCE
    )
    head: Head = parameter(default=ValueHead(), doc="from features to action values: the last layers and their meaning")
    bootstrap: Bootstrap = parameter(default=DoubleBootstrap(), doc="what a target is built on at the next observation")
    loss: Loss | None = parameter(
        default=None, doc="how much a TD error costs, squared_error by default; none for a head with a loss of its own"
    )

    def __post_init__(self) -> None:
        fill_in_loss(self)
        if self.rescale is None:
            object.__setattr__(self, "rescale", not own_loss(self.head))

    @property
    def sampling(self) -> Sampling:
        """See `Agent.sampling`: a sequence, one step more if the next action is needed, and its burn-in before it."""
        return Sampling(self.batch_size, length=self.length + ("next_action" in self.needs), before=self.burn_in)

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
            ParameterError: for a network that remembers nothing, a sample or a start of learning beyond what the buffer
                holds, a sequence beyond it or shorter than n_step, a bootstrap that needs several online networks or
                what is not known, a loss or rescaling beside a head that has a loss of its own.
            ValueError: for actions that are not discrete.
        """
        self._refuse(spaces)
        warn_of_exploring_twice(self.exploration, {"network": self.network, "head": self.head})
        warn_of_unweighted(self.buffer)

    def check_recorded(self) -> None:
        """Raise ValueError: steps that others took lack the network's state."""
        raise ValueError(
            "agent r2d2 stores the network's state with each of its own steps, which recorded data lacks; allowed "
            "beside data: an agent that learns without it, such as dqn"
        )

    def _refuse(self, spaces: Spaces) -> None:
        """Raise where `check` does."""
        check_actions("r2d2", spaces)
        if not getattr(self.network, "remembers", False):
            raise ParameterError(
                "network",
                f"agent r2d2 learns what to remember, and {name_of(self.network)} carries no state from step to "
                "step; allowed: a network that does, such as recurrent; agent dqn learns without",
            )
        check_bootstrap(self.bootstrap, self.exploration)
        networks = getattr(self.bootstrap, "networks", 1)
        if networks > 1:
            raise ParameterError(
                "bootstrap",
                f"{name_of(self.bootstrap)} has {networks} online networks, and the state that is stored is that "
                "of the one that acts; allowed: one online network, such as double",
            )
        check_loss(self.loss, self.head)
        check_discount(self.gamma, self.n_step)
        check_reads(self.exploration, self.head)
        check_alone("r2d2", self.head)
        if self.rescale and own_loss(self.head):
            raise ParameterError(
                "rescale",
                f"found true beside the head {name_of(self.head)}, and only single values are rescaled; allowed: "
                "false, or a head without a loss of its own, such as value",
            )
        if self.n_step > self.length:
            raise ParameterError(
                "n_step",
                f"found {self.n_step}; allowed: at most length ({self.length}), since a target follows the steps of "
                "its own sequence",
            )
        check_samples(self.buffer.capacity, self.batch_size, self.due.first, spaces)
        self._check_window(self.buffer.capacity // spaces.environments)

    def _check_window(self, held: int) -> None:
        """Raise ParameterError for sequences beyond the steps that the buffer holds of each environment."""
        sampling = self.sampling
        if sampling.before + sampling.length <= held:
            return
        more = sampling.length - self.length
        longest = held - sampling.before - more
        beside = f"burn_in ({self.burn_in})" + (" and the step after it" if more else "")
        name = "length" if longest >= 1 else "burn_in"
        allowed = f"at most {longest} beside {beside}" if longest >= 1 else f"less than {held - more}"
        raise ParameterError(
            name,
            f"found {getattr(self, name)}; allowed: {allowed}, since the buffer ({self.buffer.capacity} steps) holds "
            f"{held} of each environment",
        )

    def build(self, spaces: Spaces) -> Learner:
        """See `Agent.build`. Raises ValueError where `check` does."""
        from rlkit_dqn.agents.r2d2_learner import R2D2Learner

        self._refuse(spaces)
        return R2D2Learner(self, spaces)
