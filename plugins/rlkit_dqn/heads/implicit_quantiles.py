"""Quantiles at fractions that are drawn. Imported by `build`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rlkit import Noise, Tensor
from rlkit_dqn.heads.quantile_function import QuantileFunction
from rlkit_dqn.heads.quantile_regression import Quantiles, evenly, midpoints


class Implicit(NamedTuple):
    """Of a batch of features."""

    quantiles: Quantiles
    """What is learned from."""
    values: Tensor
    """(B, n) float32, means at fractions of their own."""


class ImplicitQuantiles(QuantileFunction):
    """Draws fractions for `Quantiles` to learn from and others to act by; a graph leaves out those it does not read."""

    def __init__(
        self, actions: int, hidden: Sequence[int], cosines: int, *, fractions: int, acting: int, shared: bool
    ) -> None:
        super().__init__(actions, hidden, cosines)
        self.fractions, self.acting, self.shared = fractions, acting, shared

    def call(self, features: Tensor, noise: Noise | None = None) -> Implicit:
        """(B, features); at midpoints where there is no noise."""
        at, acting = (self._drawn(features, count, noise) for count in (self.fractions, self.acting))
        return Implicit(evenly(self.quantiles(features, at), at), self.mean(features, acting))

    def _drawn(self, features: Tensor, count: int, noise: Noise | None) -> Tensor:
        """(B, count), or (1, count) for all rows."""
        if noise is None:
            return midpoints(count)
        return noise.uniform((1 if self.shared else features.shape[0], count))
