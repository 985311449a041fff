"""The host's side of noise: what a function asks for, and its numbers, drawn in blocks. No TensorFlow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.noise.philox import WORDS_PER_BLOCK, unit_floats, words


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


class DrawnNoise:
    """A layout's inputs for call after call, from one stream at a time."""

    def __init__(self, key: int, layout: NoiseLayout, *, blocks_at_once: int = 4096) -> None:
        """`key` is the stream's (`rlkit.noise.philox.stream_key`, or an episode's)."""
        self._key = key
        self._floats = np.array(layout.floats, bool)
        self._count = len(layout.floats)
        per_call = -(-self._count // WORDS_PER_BLOCK)
        self._calls = max(1, blocks_at_once // per_call) if per_call else 0
        self._first = 0
        self._drawn: list[tuple[npt.NDArray[Any], ...]] = []

    def begin(self, key: int) -> None:
        """Go on with another stream."""
        self._key, self._drawn = key, []

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
