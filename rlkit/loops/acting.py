"""Acting: a learner's `act`, called on the host."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.loops.drawn_noise import DrawnNoise
from rlkit.loops.prepared import MEMORY, Prepared
from rlkit.loops.ring import EXTRA

Leaves = tuple[npt.NDArray[Any], ...]


class Chosen(NamedTuple):
    """An `Act` on the host."""

    action: npt.NDArray[Any]
    """(B, *a)."""
    memory: Leaves
    extras: Leaves
    """In the order of the ring's columns."""


class Acting:
    """Chooses actions: exploring (`act`) or greedy (`act_greedy`)."""

    def __init__(self, prepared: Prepared, function: str, stream: str) -> None:
        """`stream` names the noise, so that evaluation draws none of training's numbers."""
        backend = prepared.acting.backend
        outputs = backend.outputs(function)
        self._call = backend.function(function)
        self._noise = DrawnNoise(prepared.seed, stream, prepared.noise_of(function))
        self._action = outputs.index("action")
        self._memory = [place for place, name in enumerate(outputs) if name.startswith(MEMORY)]
        self._extras = [place for place, name in enumerate(outputs) if name.startswith(EXTRA)]
        self._alone = len(outputs) == 1
        self.start: Leaves = prepared.shapes.memory if function == "act" else prepared.shapes.greedy_memory
        """The memory at an episode's start."""

    def __call__(
        self,
        observation: npt.NDArray[Any],
        first: npt.NDArray[np.bool_],
        memory: Leaves,
        progress: npt.NDArray[np.int64],
        counter: int,
    ) -> Chosen:
        """Choose for observations (B, *o). `counter` numbers the calls of this stream: it decides the noise."""
        produced = self._call(observation, first, progress, *memory, *self._noise.at(counter))
        if self._alone:
            return Chosen(produced[self._action], (), ())
        return Chosen(
            produced[self._action],
            tuple([produced[place] for place in self._memory]),
            tuple([produced[place] for place in self._extras]),
        )
