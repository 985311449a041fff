"""What agents share that learn from the bootstrapped values of a target network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from rlkit import (
    Call,
    Discrete,
    Nest,
    NStep,
    ParameterError,
    Schedule,
    Spaces,
    Step,
    Tensor,
    Variable,
    masked,
    value_of,
    working,
)
from rlkit_dqn.agents.action_values import ActionValues
from rlkit_dqn.agents.fitting import no_probabilities
from rlkit_dqn.agents.further_networks import FurtherNetworks
from rlkit_dqn.agents.no_gradient import no_gradient
from rlkit_dqn.contracts.bootstrap import Estimates
from rlkit_dqn.contracts.head import Rows

Rowwise = tuple[Callable[[Nest], Tensor], Callable[[Tensor], Tensor]]


class Outs(NamedTuple):
    """What networks give around the steps of a sample, B rows each, for the head's `values`."""

    online: Nest
    """The online network's at the observation."""
    target: Nest
    """The target network's there."""
    next_online: Nest
    """The online network's at the next observation."""
    next_targets: tuple[Nest, ...]
    """All target networks' there, that of the online network first."""


class BootstrappedLearner:
    """Two networks of one architecture: the online one acts and learns, the target one is bootstrapped from.

    A bootstrap may ask for further ones.
    """

    def __init__(self, agent: Any, spaces: Spaces) -> None:
        """`agent` has `DQN`'s fields that are parts. Raises ValueError for a network that is the same object twice.

        Raises:
            ParameterError: for an exploration without the probabilities that the bootstrap needs.
        """
        assert isinstance(spaces.action, Discrete)
        self.gamma: float | Schedule = agent.gamma
        self.head, self.needs = agent.head, agent.needs
        self.bootstrap = working(agent.bootstrap, spaces)
        self.loss = None if agent.loss is None else working(agent.loss, spaces)
        self.exploration = working(agent.exploration, spaces)
        if "next_exploring" in self.needs and not hasattr(self.exploration, "probabilities"):
            raise ParameterError("exploration", no_probabilities(agent.bootstrap, agent.exploration))
        self.target_update = working(agent.target_update, spaces)
        actions = spaces.action.n

        def network() -> ActionValues:
            return ActionValues(agent.network, agent.head, spaces, actions, self.inputs(spaces))

        self.online, self.target = network(), network()
        self.further = FurtherNetworks(agent.bootstrap, network)
        if {id(weight) for weight in self.online.weights} & {id(weight) for weight in self.target.weights}:
            raise ValueError(
                f"{type(agent.network).__name__}.build or {type(agent.head).__name__}.build returned the same weights "
                "twice; each call must make new layers"
            )
        self.optimizer = agent.optimizer.build()
        self.optimizer.build(self._trainable)

    def begin(self, call: Call) -> None:
        """The target network starts with the online network's weights."""
        for target, online in zip(self.target.weights, self.online.weights, strict=True):
            target.assign(online)
        self.further.begin(self.online)

    @property
    def _trainable(self) -> list[Variable]:
        return [weight for network in (self.online, *self.further.learning) for weight in network.trainable_variables]

    def inputs(self, spaces: Spaces) -> Nest:
        """What the network is built for: None for the observation alone."""
        return None

    def values(self, out: Nest) -> Tensor:
        """Action values (B, n), in units of the return."""
        return self.head.values(out)

    def by_row(self) -> Rowwise:
        """From outputs to the action values of a bootstrap's rows, and from what is known of each row to theirs."""
        return self.values, lambda column: column

    def discount(self, call: Call) -> Tensor | float:
        """γ of now: a number, or a scalar where a schedule says it."""
        return self.gamma if isinstance(self.gamma, (int, float)) else value_of(self.gamma, call.progress)

    def estimates(self, step: Step, ahead: NStep, outs: Outs) -> Estimates:
        """What the bootstrap reads, or does not: a graph leaves that out."""
        values, each = self.by_row()
        now, then = each(step.allowed), each(ahead.next_allowed)
        next_targets = tuple(masked(values(found), then) for found in outs.next_targets)
        return Estimates(
            action=each(step.action),
            online=tf.stop_gradient(masked(values(outs.online), now)),
            target=masked(values(outs.target), now),
            allowed=now,
            next_online=masked(values(outs.next_online), then),
            next_target=next_targets[0],
            next_allowed=then,
            next_targets=next_targets,
        )

    def descend(self, tape: Any, loss: Tensor, rows: Rows, td_error: Tensor, call: Call) -> Call:
        """New weights, and target networks that follow them; returns the call as it is after the learning step."""
        weights = self._trainable
        gradients = tape.gradient(loss, weights)
        if all(gradient is None for gradient in gradients):
            raise no_gradient(self.head, rows, td_error, call)
        self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        self.online.learned()
        learned = call._replace(progress=call.progress._replace(update=call.progress.update + 1))
        self.further.follow(self.target_update, self.target, learned)
        self.target_update.update(self.target.weights, self.online.weights, learned)
        return learned
