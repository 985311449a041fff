"""Deep Q-learning at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

from rlkit import (
    Act,
    Call,
    Discrete,
    Learned,
    Nest,
    Noise,
    NStep,
    ParameterError,
    Sample,
    Seen,
    Spaces,
    Step,
    Tensor,
    Variable,
    greedy,
    masked,
    n_step,
    value_of,
    working,
)
from rlkit_dqn.agents.action_values import ActionValues
from rlkit_dqn.agents.dqn import DQN, no_probabilities
from rlkit_dqn.agents.following import first_of, shortened, with_needs
from rlkit_dqn.agents.further_networks import FurtherNetworks
from rlkit_dqn.agents.no_gradient import no_gradient
from rlkit_dqn.agents.window_returns import settled, window_returns
from rlkit_dqn.contracts.bootstrap import Backup, Estimates
from rlkit_dqn.contracts.head import Rows
from rlkit_dqn.contracts.regularizer import Valued
from rlkit_dqn.contracts.returns import last_only


class DQNLearner:
    """Two networks of one architecture: the online one acts and learns, the target one is bootstrapped from.

    A bootstrap may ask for further ones.
    """

    def __init__(self, agent: DQN, spaces: Spaces) -> None:
        """Raises ValueError for a network that is the same object twice, or remembers.

        Raises:
            ParameterError: for an exploration without the probabilities that the bootstrap needs.
        """
        assert isinstance(spaces.action, Discrete)
        self.gamma, self.length, self.head = agent.gamma, agent.n_step, agent.head
        self.needs = agent.needs
        self.bootstrap = working(agent.bootstrap, spaces)
        self.returns = None if last_only(agent.returns) else working(agent.returns, spaces)
        self.loss = None if agent.loss is None else working(agent.loss, spaces)
        self.regularizer = None if agent.regularizer is None else working(agent.regularizer, spaces)
        self.exploration = working(agent.exploration, spaces)
        if "next_exploring" in self.needs and not hasattr(self.exploration, "probabilities"):
            raise ParameterError("exploration", no_probabilities(agent))
        self.target_update = working(agent.target_update, spaces)
        actions = spaces.action.n

        def network() -> ActionValues:
            return ActionValues(agent.network, agent.head, spaces, actions)

        self.online, self.target = network(), network()
        self.further = FurtherNetworks(agent, network)
        if {id(weight) for weight in self.online.weights} & {id(weight) for weight in self.target.weights}:
            raise ValueError(
                f"{type(agent.network).__name__}.build or {type(agent.head).__name__}.build returned the same weights "
                "twice; each call must make new layers"
            )
        self.online.check_stateless("dqn")
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

    def initial_memory(self, environments: int) -> Nest:
        """Nothing is remembered from step to step."""
        return ()

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        """See `Learner.act`. A noisy network is noisy while exploring only."""
        values = self.head.values(self.online(seen.observation, call.noise if explore else None))
        if not explore:
            return Act(greedy(values, seen.allowed), memory, {})
        return Act(self.exploration.select(masked(values, seen.allowed), seen, call), memory, {})

    def tries(self, seen: Seen, call: Call) -> tuple[Tensor, Tensor] | None:
        """See `Learner`: as the exploration says, if it does."""
        if not hasattr(self.exploration, "tries"):
            return None
        tried: tuple[Tensor, Tensor] = self.exploration.tries(seen, call)
        return tried

    def learn(self, sample: Sample, call: Call) -> Learned:
        """See `Learner.learn`.

        Metrics: `loss`; `td_error`, mean |td_error|; `q_value`, mean over the sample of the greatest action value
        (the measure of progress in Mnih et al., 2013); `regularizer`, mean of what it adds, if there is
        one. Priority: |td_error|.
        """
        whole, sample = sample, shortened(sample, self.length)
        gamma = self.gamma if isinstance(self.gamma, (int, float)) else value_of(self.gamma, call.progress)
        step, noise = first_of(sample.steps), call.noise
        with tf.GradientTape() as tape:
            out = self.online(step.observation, noise)
            others = [network(step.observation, noise) for network in self.further.learning]
            with tape.stop_recording():
                if self.returns is None:
                    ahead = n_step(sample, gamma)
                    next_out, backup = self._bootstrapped(step, ahead, out, whole, sample, call)
                    rows = Rows(out, step.action, ahead.reward, ahead.discount, next_out, backup, self.loss)
                else:
                    goal = window_returns(self.returns, sample, gamma, self._of_each_step(call), whole, call)
                    rows = settled(out, self.head.values(out), step.action, goal, self.loss)
            losses, td_error = self.head.losses(rows, call)
            for other in others:
                losses += self.head.losses(rows._replace(out=other), call).losses
            costs = self._costs([out, *others], step, call)
            losses = losses if costs is None else losses + costs
            loss = tf.reduce_mean(sample.weight * losses)
        weights = self._trainable
        gradients = tape.gradient(loss, weights)
        if all(gradient is None for gradient in gradients):
            raise no_gradient(self.head, rows, td_error, call)
        self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        self.online.learned()
        learned = call._replace(progress=call.progress._replace(update=call.progress.update + 1))
        self.further.follow(self.target_update, self.target, learned)
        self.target_update.update(self.target.weights, self.online.weights, learned)
        if hasattr(self.exploration, "learned"):
            self.exploration.learned(td_error, step, learned)
        surprise = tf.abs(td_error)
        q_value = tf.reduce_mean(tf.reduce_max(masked(self.head.values(out), step.allowed), axis=-1))
        metrics = {"loss": loss, "td_error": tf.reduce_mean(surprise), "q_value": q_value}
        if costs is not None:
            metrics["regularizer"] = tf.reduce_mean(costs)
        return Learned(metrics, surprise)

    def _bootstrapped(
        self, step: Step, ahead: NStep, out: Nest, whole: Sample, sample: Sample, call: Call
    ) -> tuple[Nest, Backup]:
        """What the target network gives after the steps, and what the bootstrap makes of it."""
        next_out = self.target(ahead.next_observation, call.noise)
        estimates = self._estimates(step, ahead, out, next_out, call.noise)
        if self.needs:
            estimates = with_needs(estimates, self.needs, self.exploration, whole, sample, ahead, call)
        return next_out, self.bootstrap.backup(estimates, call)

    def _of_each_step(self, call: Call) -> Callable[[Step, NStep, Sample, Sample], tuple[Tensor, Backup]]:
        """For `window_returns`."""

        def bootstrapped(step: Step, ahead: NStep, whole: Sample, sample: Sample) -> tuple[Tensor, Backup]:
            out = self.online(step.observation, call.noise)
            next_out, backup = self._bootstrapped(step, ahead, out, whole, sample, call)
            return self.head.values(next_out), backup

        return bootstrapped

    def _costs(self, outs: Sequence[Nest], step: Step, call: Call) -> Tensor | None:
        """(B,): what the values of all networks that learn cost beside their TD errors; None if they do not."""
        if self.regularizer is None:
            return None
        each = [masked(self.head.values(out), step.allowed) for out in outs]
        return tf.add_n([self.regularizer.cost(Valued(values, step.action, step.allowed), call) for values in each])

    def _estimates(self, step: Step, ahead: NStep, out: Nest, next_out: Nest, noise: Noise) -> Estimates:
        """What the bootstrap does not read of it costs nothing: a graph leaves it out."""
        values, now, then = self.head.values, step.allowed, ahead.next_allowed
        further = self.further.at_next(ahead.next_observation, noise)
        return Estimates(
            action=step.action,
            online=tf.stop_gradient(masked(values(out), now)),
            target=masked(values(self.target(step.observation, noise)), now),
            allowed=now,
            next_online=masked(values(self.online(ahead.next_observation, noise)), then),
            next_target=masked(values(next_out), then),
            next_allowed=then,
            next_targets=tuple(masked(values(found), then) for found in (next_out, *further)),
        )
