"""Advantage actor-critic at work."""

from __future__ import annotations

import keras
import tensorflow as tf

from rlkit import Act, Learned, apply, masked, output_spec


class ActorCritic:
    def __init__(self, agent, spaces):
        self.agent, self.actions, self.environments = agent, spaces.action.n, spaces.environments
        observation = tf.TensorSpec(spaces.observation.shape, spaces.observation.dtype)
        self.torso = agent.network.build(observation)
        self.policy, self.value = keras.layers.Dense(self.actions), keras.layers.Dense(1)
        features = output_spec(self.torso, observation)
        for layer in (self.policy, self.value):
            layer.build((None, *features.shape))
        self.weights = [*self.torso.trainable_variables, *self.policy.weights, *self.value.weights]
        self.optimizer = agent.optimizer.build()
        self.optimizer.build(self.weights)

    def initial_memory(self, environments):
        return ()

    def act(self, seen, memory, call, explore):
        logits = masked(self.policy(apply(self.torso, seen.observation)[0]), seen.allowed)
        logits += call.noise.gumbel(logits.shape) if explore else 0.0
        return Act(tf.argmax(logits, -1, tf.int32), memory, {})

    def learn(self, sample, call):
        steps, length = sample.steps, self.agent.length
        flat = tf.reshape(steps.observation, (-1, *steps.observation.shape[2:]))
        after = tf.reshape(steps.next_observation, flat.shape)
        shape = (self.environments, length)
        following = tf.reshape(self.value(apply(self.torso, after)[0]), shape)
        following *= 1.0 - tf.cast(steps.terminated, tf.float32)
        over = tf.cast(steps.terminated | steps.truncated, tf.float32)
        goal, goals = following[:, -1], []
        for time in reversed(range(length)):
            goal = over[:, time] * following[:, time] + (1.0 - over[:, time]) * goal
            goal = steps.reward[:, time] + self.agent.gamma * goal
            goals.append(goal)
        target = tf.stop_gradient(tf.reshape(tf.stack(goals[::-1], axis=1), (-1,)))
        with tf.GradientTape() as tape:
            features = apply(self.torso, flat)[0]
            log = tf.nn.log_softmax(self.policy(features))
            value = tf.reshape(self.value(features), (-1,))
            advantage = target - value
            taken = tf.reduce_sum(log * tf.one_hot(tf.reshape(steps.action, (-1,)), self.actions), axis=-1)
            entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(log) * log, axis=-1))
            policy_loss = -tf.reduce_mean(taken * tf.stop_gradient(advantage))
            loss = policy_loss + 0.5 * tf.reduce_mean(tf.square(advantage)) - self.agent.entropy * entropy
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.weights), self.weights, strict=True))
        surprise = tf.reduce_mean(tf.reshape(tf.abs(advantage), shape), axis=1)
        return Learned({"loss": loss, "entropy": entropy, "value": tf.reduce_mean(value)}, surprise)
