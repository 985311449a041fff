"""Count-based bonuses at work."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Progress, Sample, Seen, Spaces, Tensor, Variable, value_of
from rlkit_dqn.bonuses.hash_counts import HashCounts
from rlkit_dqn.explorations.simhash import SimHash


class Visits:
    """How often each cell of observations was visited, over all environments."""

    def __init__(self, bonus: HashCounts, spaces: Spaces) -> None:
        self.scale, self.hash = bonus.scale, SimHash(spaces.observation, bonus.bits)
        self.counts: Variable = tf.Variable(tf.zeros((2**bonus.bits,)), trainable=False)

    def begin(self, call: Call) -> None:
        """Divide observations into cells."""
        self.hash.begin(call)

    def seen(self, seen: Seen, call: Call) -> None:
        """See `Bonus`: one visit for each environment."""
        cells = self.hash.cells(seen.observation)
        one_each = tf.ones((seen.observation.shape[0],))
        self.counts.assign(tf.tensor_scatter_nd_add(self.counts, tf.reshape(cells, (-1, 1)), one_each))

    def value(self, sample: Sample, call: Call) -> Tensor:
        """See `Bonus.value`: of the observation that the action was chosen from."""
        steps = sample.steps
        counts = tf.gather(self.counts, self.hash.cells(steps.observation))
        return tf.reshape(count_bonus(counts, value_of(self.scale, call.progress)), steps.reward.shape)

    def report(self, progress: Progress) -> dict[str, Any]:
        """Cells of observations that were visited."""
        return {"visited_cells": tf.reduce_sum(tf.minimum(self.counts, 1.0))}


def count_bonus(counts: Tensor, scale: Tensor | float) -> Tensor:
    """β / √n, float32; as if visited once where it never was (recorded steps). Tang et al. (2017), section 2.2."""
    return scale * tf.math.rsqrt(tf.maximum(counts, 1.0))
