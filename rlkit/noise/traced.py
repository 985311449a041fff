"""The noise of one call, as inputs of its graph function: found by tracing what it asks for, drawn on the host."""

from __future__ import annotations

import math
from collections.abc import Sequence

import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.noise.drawn import NoiseLayout


class NoiseInLoopError(ValueError):
    """Noise was requested inside a `tf.while_loop`."""


class TracedNoise:
    """A noise source inside a graph function whose numbers come in as two inputs.

    Traced first without inputs, to find the layout; then with them.
    """

    def __init__(self, uniforms: Tensor | None = None, integers: Tensor | None = None) -> None:
        """`uniforms` (layout.uniforms,) float32 and `integers` (layout.integers,) int64 words below 2³²."""
        self._inputs = (integers, uniforms)
        self._served = [0, 0]
        self._floats: list[bool] = []
        self._graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()

    @property
    def layout(self) -> NoiseLayout:
        """What was requested so far."""
        return NoiseLayout(tuple(self._floats))

    def uniform(self, shape: Sequence[int]) -> Tensor:
        """See `rlkit.Noise`."""
        return self._take(shape, floats=True)

    def integers(self, shape: Sequence[int], bound: Tensor | int) -> Tensor:
        """See `rlkit.Noise`. The upper half of word · bound: each value's share is off by less than bound / 2³²."""
        product = self._take(shape, floats=False) * tf.cast(bound, tf.int64)
        return tf.cast(tf.bitcast(product, tf.int32)[..., 1], tf.int64)

    def normal(self, shape: Sequence[int]) -> Tensor:
        """See `rlkit.Noise`. Box and Muller (1958)."""
        radius = tf.sqrt(-2.0 * tf.math.log(1.0 - self.uniform(shape)))
        return radius * tf.cos(2.0 * math.pi * self.uniform(shape))

    def gumbel(self, shape: Sequence[int]) -> Tensor:
        """See `rlkit.Noise`. −log(−log(u)), u kept inside (0, 1)."""
        inside = tf.clip_by_value(self.uniform(shape), 2.0**-25, 1.0 - 2.0**-24)
        return -tf.math.log(-tf.math.log(inside))

    def _take(self, shape: Sequence[int], *, floats: bool) -> Tensor:
        self._refuse_loops()
        shape = tuple(int(size) for size in shape)
        count, begin = math.prod(shape), self._served[floats]
        self._served[floats] += count
        self._floats += [floats] * count
        source = self._inputs[floats]
        if source is None:
            return tf.zeros(shape, tf.float32 if floats else tf.int64)
        return tf.reshape(source[begin : begin + count], shape)

    def _refuse_loops(self) -> None:
        graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
        while graph is not None and graph is not self._graph:
            if "While" in type(graph).__name__:
                raise NoiseInLoopError(
                    "noise was requested inside a tf.while_loop, where it would be drawn once for all turns; "
                    "request it before the loop, with a leading axis for the turns"
                )
            graph = getattr(graph, "outer_graph", None)
