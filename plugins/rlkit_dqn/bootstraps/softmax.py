"""The softmax policy of action values, and its logarithm."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Progress, Schedule, Tensor, value_of

TEMPERATURE = "τ, in units of Q: near 0 the maximum, large the mean; what is below 1e-6 counts as 1e-6"
_COLDEST = 1e-6


def temperature_now(temperature: float | Schedule, progress: Progress) -> Tensor:
    """A float32 scalar above 0, whatever a schedule falls to."""
    return tf.maximum(value_of(temperature, progress), _COLDEST)


def softmax_policy(values: Tensor, allowed: Tensor, temperature: Tensor) -> tuple[Tensor, Tensor]:
    """π = softmax(Q / τ) and τ log π, each (…, n) float32; both 0 for forbidden actions.

    τ log π = Q − v − τ log Σ exp((Q − v) / τ), v the greatest value: no exponential overflows and no logarithm is of 0
    (the log-sum-exp trick in the appendix of Vieillard, Pietquin and Geist, 2020).

    Args:
        values: (…, n) float32, those of forbidden actions far below all others.
        allowed: (…, n) bool.
        temperature: a scalar above 0.
    """
    gap = values - tf.reduce_max(values, axis=-1, keepdims=True)
    weights = tf.exp(gap / temperature)
    total = tf.reduce_sum(weights, axis=-1, keepdims=True)
    return weights / total, tf.where(allowed, gap - temperature * tf.math.log(total), 0.0)
