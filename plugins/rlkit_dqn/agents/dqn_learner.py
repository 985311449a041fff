"""Deep Q-learning at work."""

from __future__ import annotations

import inspect

import tensorflow as tf

from rlkit import (
    Act,
    Call,
    Discrete,
    Learned,
    Nest,
    Noise,
    NStep,
    Sample,
    Seen,
    Spaces,
    Step,
    Tensor,
    greedy,
    masked,
    n_step,
    working,
)
from rlkit_dqn.agents.action_values import ActionValues
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.agents.no_gradient import no_gradient
from rlkit_dqn.contracts.bootstrap import Estimates
from rlkit_dqn.contracts.head import Rows


class DQNLearner:
    """Two networks of one architecture: the online one acts and learns, the target one is bootstrapped from."""

    def __init__(self, agent: DQN, spaces: Spaces) -> None:
        """Raises ValueError for a network that is the same object twice, or remembers."""
        assert isinstance(spaces.action, Discrete)
        self.gamma, self.head = agent.gamma, agent.head
        self.bootstrap = working(agent.bootstrap, spaces)
        self.loss = working(agent.loss, spaces)
        self.exploration = working(agent.exploration, spaces)
        self.target_update = working(agent.target_update, spaces)
        self.online, self.target = (ActionValues(agent.network, agent.head, spaces, spaces.action.n) for _ in range(2))
        if {id(weight) for weight in self.online.weights} & {id(weight) for weight in self.target.weights}:
            raise ValueError(
                f"{type(agent.network).__name__}.build or {type(agent.head).__name__}.build returned the same weights "
                "twice; each call must make new layers"
            )
        for part in self.online.parts:
            if "state" in inspect.signature(part.call).parameters:
                raise ValueError(
                    f"agent dqn learns from single steps, and {type(agent.network).__name__} carries a state from step "
                    "to step"
                )
        self.optimizer = agent.optimizer.build()
        self.optimizer.build(self.online.trainable_variables)

    def begin(self, call: Call) -> None:
        """The target network starts with the online network's weights."""
        for target, online in zip(self.target.weights, self.online.weights, strict=True):
            target.assign(online)

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
        (the measure of progress in Mnih et al., 2013). Priority: |td_error|.
        """
        step, ahead, noise = _first(sample.steps), n_step(sample, self.gamma), call.noise
        with tf.GradientTape() as tape:
            out = self.online(step.observation, noise)
            with tape.stop_recording():
                next_out = self.target(ahead.next_observation, noise)
                backup = self.bootstrap.backup(self._estimates(step, ahead, out, next_out, noise), call)
            rows = Rows(out, step.action, ahead.reward, ahead.discount, next_out, backup, self.loss)
            losses, td_error = self.head.losses(rows, call)
            loss = tf.reduce_mean(sample.weight * losses)
        weights = self.online.trainable_variables
        gradients = tape.gradient(loss, weights)
        if all(gradient is None for gradient in gradients):
            raise no_gradient(self.head, rows, td_error, call)
        self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        self.online.learned()
        learned = call._replace(progress=call.progress._replace(update=call.progress.update + 1))
        self.target_update.update(self.target.weights, self.online.weights, learned)
        if hasattr(self.exploration, "learned"):
            self.exploration.learned(td_error, step, learned)
        surprise = tf.abs(td_error)
        q_value = tf.reduce_mean(tf.reduce_max(masked(self.head.values(out), step.allowed), axis=-1))
        return Learned({"loss": loss, "td_error": tf.reduce_mean(surprise), "q_value": q_value}, surprise)

    def _estimates(self, step: Step, ahead: NStep, out: Nest, next_out: Nest, noise: Noise) -> Estimates:
        """What the bootstrap does not read of it costs nothing: a graph leaves it out."""
        values, now, then = self.head.values, step.allowed, ahead.next_allowed
        return Estimates(
            action=step.action,
            online=tf.stop_gradient(masked(values(out), now)),
            target=masked(values(self.target(step.observation, noise)), now),
            allowed=now,
            next_online=masked(values(self.online(ahead.next_observation, noise)), then),
            next_target=masked(values(next_out), then),
            next_allowed=then,
        )


def _first(steps: Step) -> Step:
    """The first step of each row: (B, T, …) to (B, …)."""
    # Squeezed where that can be, not sliced: LiteRT reshapes for nothing what it would copy.
    alone = steps.reward.shape[1] == 1
    return Step(*tf.nest.map_structure(lambda column: tf.squeeze(column, 1) if alone else column[:, 0], tuple(steps)))
