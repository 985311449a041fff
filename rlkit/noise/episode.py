"""The noise of an environment's episodes, drawn on the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rlkit.noise.philox import WORDS_PER_BLOCK, unit_floats, words

if TYPE_CHECKING:
    from rlkit.noise.traced import NoiseLayout

Inputs = tuple[npt.NDArray[Any], ...]


class EpisodeNoise:
    """Words by the episode's key and the number of the call in it: 0 for `reset`, t for the t-th step."""

    _BLOCKS_AT_ONCE = 1024

    def __init__(self, reset: NoiseLayout, step: NoiseLayout) -> None:
        self._reset, self._step = np.array(reset.floats, bool), np.array(step.floats, bool)
        per_call = -(-len(self._step) // WORDS_PER_BLOCK)
        self._calls = max(1, self._BLOCKS_AT_ONCE // per_call) if per_call else 0
        self._key, self._first = 0, 1
        self._drawn: list[Inputs] = []

    def begin(self, key: int) -> Inputs:
        """Begin the episode of this key: those of `uniforms` and `integers` that `reset` has."""
        self._key, self._drawn = key, []
        return _inputs(self._reset, key, 0, 1)[0] if self._reset.size else ()

    def at(self, call: int) -> Inputs:
        """The same for the step of this number, from 1; drawn in blocks."""
        if not self._calls:
            return ()
        place = call - self._first
        if not 0 <= place < len(self._drawn):
            self._drawn, self._first, place = _inputs(self._step, self._key, call, self._calls), call, 0
        return self._drawn[place]


def _inputs(floats: npt.NDArray[np.bool_], key: int, call: int, calls: int) -> list[Inputs]:
    drawn = words(key, call, calls, floats.size)
    sources: list[npt.NDArray[Any]] = []
    if floats.any():
        sources.append(np.ascontiguousarray(unit_floats(drawn[:, floats])))
    if not floats.all():
        sources.append(np.ascontiguousarray(drawn[:, ~floats].astype(np.int64)))
    return list(zip(*sources, strict=True))
