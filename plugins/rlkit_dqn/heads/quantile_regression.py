"""Regression of quantiles: targets and their loss."""

from __future__ import annotations

from typing import NamedTuple, cast

import tensorflow as tf

from rlkit import Tensor
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.heads.distributions import averaged, taken

KAPPA = "absolute error from which the quantile Huber loss is linear"
COSINES = "cosines of a fraction that its embedding is made of (n)"
IMPLICIT_HIDDEN = "units of each dense layer with ReLU between features times embedding and the quantiles"


class Quantiles(NamedTuple):
    """Quantiles of each action's return."""

    values: Tensor
    """(B, n, N) float32."""
    fractions: Tensor
    """(B, N) or (1, N) float32, where they are, within 0 to 1."""
    shares: Tensor
    """(B, N) or (1, N) float32, of each in the mean."""

    @property
    def mean(self) -> Tensor:
        """(B, n) float32."""
        return tf.reduce_sum(self.values * tf.expand_dims(self.shares, axis=1), axis=-1)


def midpoints(count: int) -> Tensor:
    """(1, count) float32, (2i + 1) / (2 · count): Dabney et al. (2018a), lemma 2."""
    return tf.constant([[(2 * place + 1) / (2 * count) for place in range(count)]])


def evenly(values: Tensor, fractions: Tensor | None = None) -> Quantiles:
    """Quantiles that count alike, at the midpoints unless fractions are given."""
    count = values.shape[-1]
    at = midpoints(count) if fractions is None else fractions
    return Quantiles(values, at, tf.fill((1, count), 1.0 / count))


def quantile_huber(prediction: Tensor, fractions: Tensor, target: Tensor, kappa: float) -> Tensor:
    """Σ_i mean_j |τ_i − 1{δ_ij < 0}| L_κ(δ_ij) / κ, δ_ij = target_j − prediction_i, L_κ Huber's loss: (B,).

    Dabney et al. (2018b), "Implicit quantile networks for distributional reinforcement learning", equation 3; with κ 1
    equal to that of Dabney et al. (2018a), who do not divide by κ. The target's gradient is stopped.

    Args:
        prediction: (B, N), the quantiles at `fractions`.
        fractions: (B, N) or (1, N), τ, within 0 to 1.
        target: (B, M), a sample of the target distribution.
        kappa: where the loss becomes linear, above 0.
    """
    target = tf.expand_dims(tf.stop_gradient(target), axis=2)
    fractions = tf.expand_dims(fractions, axis=1)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def loss(prediction: Tensor) -> tuple[Tensor, object]:
        # (B, M, N), read once for the loss and its derivative, and summed along M, so that a processor's vectors hold
        # neighbours in N: a third of the time of what TensorFlow's own gradient takes in XLA.
        error = target - tf.expand_dims(prediction, axis=1)
        # Huber's loss over κ is g·δ − κ g²/2 with g = clip(δ / κ), which is its derivative, too. The weight is τ where
        # g > 0 and 1 − τ where g < 0; all without a comparison.
        slope = tf.clip_by_value(error * (1.0 / kappa), -1.0, 1.0)
        weighted = fractions * slope + (1.0 - 2.0 * fractions) * tf.minimum(slope, 0.0)
        derivative = tf.reduce_mean(weighted, axis=1)
        losses = tf.reduce_mean(weighted * (error - 0.5 * kappa * slope), axis=1)
        return tf.reduce_sum(losses, axis=1), lambda upstream: -tf.expand_dims(upstream, axis=1) * derivative

    return cast(Tensor, loss(prediction))


def quantile_costs(rows: Rows, now: Quantiles, then: Quantiles, kappa: float) -> Costs:
    """Losses of the action taken; TD errors are those of the distributions' means.

    The target is r + bonus + discount · Σ_a π(a) (z_j(a) + next_bonus(a)) for each of the next quantiles z_j: one
    action's where π chooses it, the expectation where π does not (M-IQN in Vieillard, Pietquin and Geist, 2020,
    "Munchausen reinforcement learning").

    Args:
        rows: what the head was given.
        now: of the online network at the observation.
        then: of the target network at the next observation.
        kappa: see `quantile_huber`.
    """
    policy, bonus, next_bonus = rows.backup
    following = averaged(then.values, policy) + tf.reduce_sum(policy * next_bonus, axis=-1, keepdims=True)
    reward, discount = tf.expand_dims(rows.reward + bonus, -1), tf.expand_dims(rows.discount, -1)
    target = tf.stop_gradient(reward + discount * following)
    prediction = taken(now.values, rows.action)
    td_error = tf.reduce_sum(then.shares * target, axis=-1) - tf.reduce_sum(now.shares * prediction, axis=-1)
    return Costs(quantile_huber(prediction, now.fractions, target, kappa), td_error)
