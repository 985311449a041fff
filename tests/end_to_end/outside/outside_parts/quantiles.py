"""A head of quantiles (QR-DQN; Dabney et al., 2018): several outputs an action, from layers of its own."""

from __future__ import annotations

import keras
import tensorflow as tf

from rlkit import component, parameter, relu
from rlkit_dqn.contracts.head import Costs


@component
class Quantiles:
    """N quantiles of the return for each action; the action's value is their mean."""

    quantiles: int = parameter(default=8, doc="N", at_least=1)
    hidden: int = parameter(default=32, doc="units of a layer of the head's own", at_least=1)

    def build(self, features, actions):
        inputs = keras.Input(features.shape)
        x = keras.layers.Activation(relu)(keras.layers.Dense(self.hidden)(inputs))
        outputs = keras.layers.Dense(actions * self.quantiles)(x)
        return keras.Model(inputs, keras.layers.Reshape((actions, self.quantiles))(outputs))

    def values(self, out):
        return tf.reduce_mean(out, axis=-1)

    def losses(self, rows, call):
        policy = tf.reshape(rows.backup.policy, (-1, rows.out.shape[1], 1))
        following = tf.reduce_sum(policy * rows.next_out, axis=1)
        column = tf.reshape(rows.discount, (-1, 1))
        target = tf.stop_gradient(tf.reshape(rows.reward + rows.backup.bonus, (-1, 1)) + column * following)
        taken = tf.reshape(tf.one_hot(rows.action, rows.out.shape[1]), (-1, rows.out.shape[1], 1))
        quantiles = tf.reduce_sum(rows.out * taken, axis=1)
        n = self.quantiles
        error = tf.reshape(target, (-1, 1, n)) - tf.reshape(quantiles, (-1, n, 1))
        fractions = tf.reshape((tf.range(n, dtype=tf.float32) + 0.5) / n, (1, n, 1))
        below = tf.cast(error < 0.0, tf.float32)
        losses = tf.reduce_sum(tf.reduce_mean(tf.abs(fractions - below) * rows.loss.value(error), axis=2), axis=1)
        return Costs(losses, tf.reduce_mean(target, axis=1) - tf.reduce_mean(quantiles, axis=1))
