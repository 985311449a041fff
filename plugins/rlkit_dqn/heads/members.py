"""The last layers of several heads as one. Imported by `build`: the class inherits from Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import tensorflow as tf

from rlkit import Noise, Tensor, TensorSpec, apply

if TYPE_CHECKING:
    from rlkit_dqn.heads.ensemble import EnsembleHead


class Members(keras.Layer):  # type: ignore[misc]
    """From features (B, …) to what each member's layers give, (B, K, …)."""

    def __init__(self, ensemble: EnsembleHead, features: TensorSpec, actions: int) -> None:
        super().__init__(name="ensemble")
        count, self.prior_scale = ensemble.members, ensemble.prior_scale
        self.heads = [ensemble.head.build(features, actions) for _ in range(count)]
        self.priors = [ensemble.head.build(features, actions) for _ in range(count if self.prior_scale else 0)]
        for prior in self.priors:
            prior.trainable = False
        self.built = True

    def call(self, features: Tensor, noise: Noise | None = None) -> Tensor:
        """(B, …) to (B, K, …)."""
        shared = divided_gradient(features, float(len(self.heads)))
        out = tf.stack([apply(head, shared, noise)[0] for head in self.heads], axis=1)
        if not self.priors:
            return out
        still = tf.stop_gradient(features)
        prior = tf.stack([apply(prior, still, None)[0] for prior in self.priors], axis=1)
        return out + self.prior_scale * tf.stop_gradient(prior)


def divided_gradient(x: Tensor, divisor: float) -> Tensor:
    """`x`, its gradient divided."""
    part = x / divisor
    return tf.stop_gradient(x) + (part - tf.stop_gradient(part))
