"""Deep Q-learning at work."""

from __future__ import annotations

import inspect
from typing import Any

import tensorflow as tf

from rlkit import Act, Discrete, Learned, Nest, Noise, Progress, Sample, Sampling, Spaces, Tensor, working
from rlkit_dqn.agents.dqn import DQN


class DQNLearner:
    """Two networks of one architecture: the online one acts and learns, the target one is bootstrapped from."""

    collects = True

    def __init__(self, agent: DQN, spaces: Spaces) -> None:
        """Raises ValueError if the network component returns one object for both networks."""
        assert isinstance(spaces.action, Discrete)
        self.environments, self.actions = spaces.environments, spaces.action.n
        self.gamma = agent.gamma
        self.update_every = agent.update_every
        self.first_learning = agent.first_learning
        self.sampling = Sampling(agent.batch_size)
        self.head = working(agent.head, spaces)
        self.bootstrap = working(agent.bootstrap, spaces)
        self.loss = working(agent.loss, spaces)
        self.exploration = working(agent.exploration, spaces)
        self.target_update = working(agent.target_update, spaces)
        observation = tf.TensorSpec(spaces.observation.shape, spaces.observation.dtype)
        units = self.head.units(spaces.action.n)
        self.online = agent.network.build(observation, units)
        self.target = agent.network.build(observation, units)
        if {id(weight) for weight in self.online.weights} & {id(weight) for weight in self.target.weights}:
            raise ValueError(
                f"{type(agent.network).__name__}.build returned the same weights twice; "
                "each call must make a new network"
            )
        self.optimizer = agent.optimizer.build()
        self.optimizer.build(self.online.trainable_variables)

    def begin(self) -> None:
        """The target network starts with the online network's weights."""
        for target, online in zip(self.target.weights, self.online.weights, strict=True):
            target.assign(online)

    def initial_memory(self, environments: int) -> Nest:
        """Nothing is remembered from step to step."""
        return ()

    def act(
        self, observation: Tensor, first: Tensor, memory: Nest, noise: Noise, progress: Progress, explore: bool
    ) -> Act:
        """See `Learner.act`. A noisy network is noisy while exploring only."""
        q_values = self.head.values(_outputs(self.online, observation, noise if explore else None))
        if explore:
            action = self.exploration.select(q_values, noise, progress)
        else:
            action = tf.argmax(q_values, axis=-1, output_type=tf.int32)
        return Act(action, memory, {})

    def tries(self, noise: Noise, progress: Progress) -> tuple[Tensor, Tensor] | None:
        """See `Learner`: as the exploration says, if it does."""
        if not hasattr(self.exploration, "tries"):
            return None
        tried: tuple[Tensor, Tensor] = self.exploration.tries(self.environments, self.actions, noise, progress)
        return tried

    def due(self, progress: Progress, episode_step: Tensor, stored: Tensor) -> Tensor:
        """See `Learner.due`: every `update_every`-th step of an episode, its first one included."""
        return (episode_step % self.update_every == 0) & (stored >= self.first_learning)

    def learn(self, sample: Sample, noise: Noise, progress: Progress) -> Learned:
        """See `Learner.learn`.

        Metrics: `loss`; `td_error`, mean |td_error|; `q_value`, mean over the sample of the greatest action value
        (the measure of progress in Mnih et al., 2013). Priority: |td_error|.
        """
        steps = sample.steps
        # Squeezed, not sliced: LiteRT reshapes for nothing what it would copy.
        next_observation = tf.squeeze(steps.next_observation, 1)
        next_outputs = _outputs(self.target, next_observation, noise)
        next_policy = self.bootstrap.next_policy(
            self.head.values(_outputs(self.online, next_observation, noise)), self.head.values(next_outputs)
        )
        discount = self.gamma * (1.0 - tf.cast(steps.terminated[:, 0], tf.float32))
        with tf.GradientTape() as tape:
            outputs = _outputs(self.online, tf.squeeze(steps.observation, 1), noise)
            losses, td_error = self.head.losses(
                outputs, steps.action[:, 0], steps.reward[:, 0], discount, next_outputs, next_policy, self.loss
            )
            loss = tf.reduce_mean(sample.weight * losses)
        weights = self.online.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        self.target_update.update(
            self.target.weights, self.online.weights, progress._replace(update=progress.update + 1)
        )
        surprise = tf.abs(td_error)
        q_value = tf.reduce_mean(tf.reduce_max(self.head.values(outputs), axis=-1))
        return Learned({"loss": loss, "td_error": tf.reduce_mean(surprise), "q_value": q_value}, surprise)


def _outputs(network: Any, observation: Tensor, noise: Noise | None) -> Tensor:
    """The network's outputs; noise goes to networks whose `call` takes it."""
    if "noise" in inspect.signature(network.call).parameters:
        return network(observation, noise=noise)
    return network(observation)
