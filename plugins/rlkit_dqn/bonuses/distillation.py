"""Random network distillation at work."""

from __future__ import annotations

import inspect
from typing import Any

import tensorflow as tf

from rlkit import Array, Call, RunningStatistics, Sample, Spaces, Tensor, apply, name_of, observation_spec, value_of
from rlkit_dqn.bonuses.random_network import RandomNetwork

_EPSILON = 1e-8
"""Added to variances, before something is divided by their roots."""


class Distillation:
    """A fixed network, one that learns to foretell it, and the statistics of what they read and of the errors."""

    def __init__(self, bonus: RandomNetwork, spaces: Spaces) -> None:
        self.scale, self.clip = bonus.scale, bonus.clip
        read = observation_spec(_as_floats(spaces.observation))
        self.fixed, self.predictor = (bonus.network.build(read, bonus.outputs) for _ in range(2))
        if "state" in inspect.signature(self.predictor.call).parameters:
            name = name_of(bonus.network)
            raise ValueError(f"bonus random_network reads single observations, and {name} carries a state")
        self.fixed.trainable = False
        self.optimizer = bonus.optimizer.build()
        self.optimizer.build(self.predictor.trainable_variables)
        self.observations = RunningStatistics(spaces.observation.shape)
        self.errors = RunningStatistics(())

    def value(self, sample: Sample, call: Call) -> Tensor:
        """See `Bonus.value`."""
        steps = sample.steps
        errors = self._errors(self._normalized(_rows(steps.next_observation)))
        deviation = tf.sqrt(self.errors.variance + _EPSILON)
        return tf.reshape(value_of(self.scale, call.progress) * errors / deviation, steps.reward.shape)

    def learn(self, sample: Sample, call: Call) -> None:
        """See `Bonus`: statistics of the sample, and a gradient step of the mean error over its valid steps."""
        valid = tf.reshape(sample.valid, (-1,))
        observations = _rows(sample.steps.next_observation)
        if sample.valid.shape[1] > 1:
            # A row's first step is valid; it stands in for those that are not, so that nothing else is counted.
            observations = _rows(_first_for_invalid(sample.steps.next_observation, sample.valid))
        self.observations.add(observations)
        read = self._normalized(observations)
        with tf.GradientTape() as tape:
            errors = self._errors(read)
            counted = tf.cast(valid, tf.float32)
            loss = tf.reduce_sum(counted * errors) / tf.reduce_sum(counted)
        weights = self.predictor.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        self.errors.add(errors)

    def _normalized(self, observations: Tensor) -> Tensor:
        return self.observations.normalized(observations, _EPSILON, self.clip)

    def _errors(self, read: Tensor) -> Tensor:
        """(rows,): mean over the outputs of the squared error."""
        wanted = tf.stop_gradient(apply(self.fixed, read)[0])
        return tf.reduce_mean(tf.square(apply(self.predictor, read)[0] - wanted), axis=-1)


def _rows(column: Tensor) -> Tensor:
    """(B, T, *o) to (B · T, *o) float32."""
    return tf.cast(tf.reshape(column, (-1, *column.shape[2:])), tf.float32)


def _first_for_invalid(column: Tensor, valid: Tensor) -> Tensor:
    """(B, T, *o), each row's first where `valid` (B, T) is False."""
    shape = (*valid.shape, *[1] * (len(column.shape) - 2))
    return tf.where(tf.reshape(valid, shape), column, column[:, :1])


def _as_floats(array: Array) -> Any:
    """The same, parts included, as normalised observations come: of float32."""
    parts = tuple((key, _as_floats(part)) for key, part in array.parts)
    return array._replace(dtype="float32", parts=parts)
