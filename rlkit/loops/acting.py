"""Acting: a learner's `act`, called on the host."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.programs.ready import MEMORY, ReadyPrograms
from rlkit.replay.columns import EXTRA

Leaves = tuple[npt.NDArray[Any], ...]

_GAIN, _MOST_CREDIT = 7, 70
"""What asking whether the observation matters earns if it does not, in units of what asking costs if it does.

Asking takes an eighth of the time of an `act` that it may leave out, so it pays while more than an eighth of the steps
are tried whatever is observed; a run of the others ends it for good. The actions are the same either way.
"""


class Chosen(NamedTuple):
    """An `Act` on the host."""

    action: npt.NDArray[Any]
    """(B, *a)."""
    memory: Leaves
    extras: Leaves
    """In the order of the ring's columns."""


class Acting:
    """Chooses actions: exploring (`act`) or greedy (`act_greedy`)."""

    def __init__(self, ready: ReadyPrograms, function: str, stream: str) -> None:
        """`stream` names the noise, so that evaluation draws none of training's numbers."""
        backend = ready.acting.backend
        outputs = backend.outputs(function)
        self._call = backend.function(function)
        self._noise = ready.drawn_noise(function, stream)
        self._action = outputs.index("action")
        self._memory = [place for place, name in enumerate(outputs) if name.startswith(MEMORY)]
        self._extras = [place for place, name in enumerate(outputs) if name.startswith(EXTRA)]
        self._alone = len(outputs) == 1
        tries = function == "act" and ready.shapes.program.function("tries") is not None
        self._tries = backend.function("tries") if tries else None
        self._credit = _MOST_CREDIT
        self.start: Leaves = ready.shapes.memory if function == "act" else ready.shapes.greedy_memory
        """The memory at an episode's start."""

    def __call__(self, seen: Leaves, memory: Leaves, progress: npt.NDArray[np.int64], counter: int) -> Chosen:
        """Choose in B environments; `counter` numbers the calls of this stream: it decides the noise.

        `seen` has the fields of a `Seen`, as `rlkit.worlds.seen.SeenArrays` keeps them.
        """
        noise = self._noise.at(counter)
        if self._tries is not None:
            action, all_tried = self._tries(*seen, progress, *noise)
            if all_tried:
                self._credit = min(self._credit + _GAIN, _MOST_CREDIT)
                return Chosen(action, (), ())
            self._credit -= 1
            if not self._credit:
                self._tries = None
        produced = self._call(*seen, *memory, progress, *noise)
        if self._alone:
            return Chosen(produced[self._action], (), ())
        return Chosen(
            produced[self._action],
            tuple([produced[place] for place in self._memory]),
            tuple([produced[place] for place in self._extras]),
        )

    def begun(self, memory: Leaves, environments: list[int]) -> Leaves:
        """The memory, where these environments' episodes begin."""
        if not self._memory:
            return memory
        leaves = tuple(np.array(leaf) for leaf in memory)
        for leaf, start in zip(leaves, self.start, strict=True):
            leaf[environments] = start[environments]
        return leaves
