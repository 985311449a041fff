"""Parallelised Q-learning at work."""

from __future__ import annotations

import tensorflow as tf

from rlkit import (
    Act,
    Call,
    Discrete,
    Learned,
    Nest,
    Sample,
    Seen,
    Spaces,
    Tensor,
    greedy,
    masked,
    value_of,
    working,
)
from rlkit_dqn.agents.action_values import ActionValues
from rlkit_dqn.agents.lambda_returns import lambda_returns
from rlkit_dqn.agents.no_gradient import no_gradient
from rlkit_dqn.agents.pqn import PQN
from rlkit_dqn.agents.rewarding import rewarded, tell_learned, tell_seen
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows


class PQNLearner:
    """One network, which acts and learns."""

    def __init__(self, agent: PQN, spaces: Spaces) -> None:
        assert isinstance(spaces.action, Discrete)
        self.agent, self.head = agent, agent.head
        self.loss = None if agent.loss is None else working(agent.loss, spaces)
        self.bonus = None if agent.bonus is None else working(agent.bonus, spaces)
        self.exploration = working(agent.exploration, spaces)
        self.online = ActionValues(agent.network, agent.head, spaces, spaces.action.n)
        self.online.check_stateless("pqn")
        self.optimizer = agent.optimizer.build()
        self.optimizer.build(self.online.trainable_variables)

    def initial_memory(self, environments: int) -> Nest:
        """Nothing is remembered from step to step."""
        return ()

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        """See `Learner.act`. A noisy network is noisy while exploring only."""
        values = self.head.values(self.online(seen.observation, call.noise if explore else None))
        if not explore:
            return Act(greedy(values, seen.allowed), memory, {})
        tell_seen(self.bonus, seen, call)
        return Act(self.exploration.select(masked(values, seen.allowed), seen, call), memory, {})

    def learn(self, sample: Sample, call: Call) -> Learned:
        """See `Learner.learn`.

        Metrics are means over the minibatches: `loss`; `td_error`, mean |td_error|; `q_value`, mean of the
        returns that are learned from; `bonus`, mean of what one adds to the rewards, if there is one.
        Priority: none, 0.
        """
        told, (sample, bonus) = sample, rewarded(self.bonus, sample, call)
        agent, steps = self.agent, sample.steps
        rows, length = steps.reward.shape
        goals = tf.reshape(self._goals(sample, call), (-1,))
        observation, action = (_flat(column) for column in (steps.observation, steps.action))
        size, losses, surprises = rows * length // agent.minibatches, [], []
        for _ in range(agent.epochs):
            order = tf.argsort(call.noise.uniform((rows * length,)))
            for places in tf.split(order, agent.minibatches):
                picked = [tf.gather(column, places) for column in (observation, action, goals)]
                loss, td_error = self._learning_step(picked[0], picked[1], picked[2], size, call)
                losses.append(loss)
                surprises.append(tf.reduce_mean(tf.abs(td_error)))
        metrics = {
            "loss": tf.add_n(losses) / len(losses),
            "td_error": tf.add_n(surprises) / len(surprises),
            "q_value": tf.reduce_mean(goals),
        }
        if bonus is not None:
            metrics["bonus"] = bonus
        tell_learned(self.bonus, told, call)
        return Learned(metrics, tf.zeros((rows,)))

    def _goals(self, sample: Sample, call: Call) -> Tensor:
        """Q(λ) returns by the weights as they are: (B, T)."""
        steps, gamma = sample.steps, value_of(self.agent.gamma, call.progress)
        values = self.head.values(self.online(_flat(steps.next_observation), None))
        greatest = tf.reduce_max(masked(values, _flat(steps.next_allowed)), axis=-1)
        # Where an episode terminated nothing follows, and what is far below all values must not be multiplied by 0.
        greatest = tf.where(_flat(steps.terminated), 0.0, greatest)
        return lambda_returns(steps, tf.reshape(greatest, steps.reward.shape), gamma, self.agent.trace_decay)

    def _learning_step(
        self, observation: Tensor, action: Tensor, goal: Tensor, size: int, call: Call
    ) -> tuple[Tensor, Tensor]:
        """Loss, a scalar, and TD errors (size,)."""
        with tf.GradientTape() as tape:
            out = self.online(observation, call.noise)
            # A return is a target that is not bootstrapped.
            nothing, still = tf.zeros((size,)), tf.nest.map_structure(tf.stop_gradient, out)
            policy = tf.one_hot(action, self.head.values(out).shape[-1])
            rows = Rows(out, action, goal, nothing, still, Backup(policy), self.loss)
            losses, td_error = self.head.losses(rows, call)
            loss = tf.reduce_mean(losses)
        weights = self.online.trainable_variables
        gradients = tape.gradient(loss, weights)
        if all(gradient is None for gradient in gradients):
            raise no_gradient(self.head, rows, td_error, call)
        self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        self.online.learned()
        return loss, td_error


def _flat(column: Tensor) -> Tensor:
    """(B, T, …) to (B · T, …)."""
    return tf.reshape(column, (-1, *column.shape[2:]))
