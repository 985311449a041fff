"""The noise of one call, as inputs of its graph function: found by tracing what it asks for, drawn on the host."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.loops.philox import WORDS_PER_BLOCK, stream_key, unit_floats, words


class NoiseLayout(NamedTuple):
    """Which of a call's words become floats in [0, 1), and which stay 32-bit integers, in the order of requests."""

    floats: tuple[bool, ...] = ()
    """By word: True for a float."""

    @property
    def uniforms(self) -> int:
        """How many words become floats."""
        return sum(self.floats)

    @property
    def integers(self) -> int:
        """How many words stay integers."""
        return len(self.floats) - self.uniforms


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


class DrawnNoise:
    """The host's side of a layout: the inputs of call number `counter`, drawn in blocks."""

    _BLOCKS_AT_ONCE = 4096

    def __init__(self, seed: int, stream: str, layout: NoiseLayout) -> None:
        self._key = stream_key(seed, stream)
        self._floats = np.array(layout.floats, bool)
        self._count = len(layout.floats)
        per_call = -(-self._count // WORDS_PER_BLOCK)
        self._calls = max(1, self._BLOCKS_AT_ONCE // per_call) if per_call else 0
        self._first = 0
        self._drawn: list[tuple[npt.NDArray[Any], ...]] = []

    def at(self, counter: int) -> tuple[npt.NDArray[Any], ...]:
        """Those of `uniforms` and `integers` that this layout has, for the call of this number."""
        if not self._count:
            return ()
        place = counter - self._first
        if not 0 <= place < len(self._drawn):
            self._draw(counter)
            place = 0
        return self._drawn[place]

    def _draw(self, counter: int) -> None:
        drawn = words(self._key, counter, self._calls, self._count)
        self._first = counter
        inputs: list[npt.NDArray[Any]] = []
        if self._floats.any():
            inputs.append(np.ascontiguousarray(unit_floats(drawn[:, self._floats])))
        if not self._floats.all():
            inputs.append(np.ascontiguousarray(drawn[:, ~self._floats].astype(np.int64)))
        self._drawn = list(zip(*inputs, strict=True))
