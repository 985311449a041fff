"""Quantiles at fractions that a layer proposes. Imported by `build`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import keras
import numpy as np
import tensorflow as tf

from rlkit import Tensor
from rlkit_dqn.heads.quantile_function import QuantileFunction
from rlkit_dqn.heads.quantile_regression import Quantiles
from rlkit_dqn.networks.dense import Dense

_GAIN = 0.01
"""Of the proposal's initial weights beside Glorot's: fractions begin nearly evenly apart."""


class Proposed(NamedTuple):
    """Of a batch of features."""

    quantiles: Quantiles
    """At the middles of the proposed intervals; no gradient flows into their fractions and shares."""
    ends: Tensor
    """(B, N − 1) float32, the intervals' inner ends, with a gradient by the proposal alone."""
    at_ends: Tensor
    """(B, n, N − 1) float32, the quantiles there, without a gradient."""


class ProposedQuantiles(QuantileFunction):
    """Yang et al. (2019): a softmax of the features gives the lengths of N intervals of 0 to 1."""

    def __init__(
        self, actions: int, hidden: Sequence[int], cosines: int, *, fractions: int, learning_rate: float
    ) -> None:
        super().__init__(actions, hidden, cosines)
        self.fractions, self.rate = fractions, learning_rate

    def build(self, features: tuple[int | None, ...]) -> None:
        """Creates the variables for (B, features)."""
        scale = (_GAIN / self.rate) ** 2
        drawn = keras.initializers.VarianceScaling(scale=scale, mode="fan_avg", distribution="uniform")
        self.proposal = Dense(self.fractions, kernel_initializer=drawn, name="proposal")
        self.proposal.build((None, features[-1]))
        super().build(features)

    def call(self, features: Tensor) -> Proposed:
        """(B, features)."""
        still = tf.stop_gradient(features)
        shares = tf.nn.softmax(_slowed(self.proposal(still), self.rate))
        # Sums as products: a slice's gradient does not convert.
        before = np.triu(np.ones((self.fractions, self.fractions), np.float32))
        ends = tf.matmul(shares, tf.constant(before[:, :-1]))
        middles = tf.stop_gradient(
            tf.matmul(shares, tf.constant(before - 0.5 * np.eye(self.fractions, dtype=np.float32)))
        )
        values = self.quantiles(features, middles)
        at_ends = tf.stop_gradient(self.quantiles(still, tf.stop_gradient(ends)))
        return Proposed(Quantiles(values, middles, tf.stop_gradient(shares)), ends, at_ends)


def _slowed(x: Tensor, rate: float) -> Tensor:
    """x · rate with the gradient of x: what is learned of it moves as if the learning rate were multiplied by `rate`.

    Whatever the optimizer: the weights W before it get the gradient that rate · W would get, and rate · W is what
    counts. A gradient that is merely scaled changes nothing in Adam and RMSprop.
    """

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def slowed(x: Tensor) -> tuple[Tensor, object]:
        return x * rate, lambda upstream: upstream

    return cast(Tensor, slowed(x))
