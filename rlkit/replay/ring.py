"""The ring: the last steps that were taken, as one NumPy array a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import Discrete, Spaces

Columns = Mapping[str, tuple[tuple[int, ...], str]]
"""By column: the shape of one step's entry, and its dtype."""


STEP_COLUMNS = ("observation", "action", "reward", "terminated", "truncated", "next_observation")
EXTRA = "extra_"
"""Before the names of what an agent stores with a step beside those."""


class Rows(NamedTuple):
    """Windows of T consecutive steps of one environment each, gathered from a ring."""

    columns: dict[str, npt.NDArray[Any]]
    """(B, T, …) each."""
    valid: npt.NDArray[np.bool_]
    """(B, T): False past an episode's end or the newest stored step."""


def step_columns(spaces: Spaces, extras: Columns) -> Columns:
    """What is kept of each step: `STEP_COLUMNS`, then the agent's extras, each preceded by `EXTRA`."""
    observation, action = spaces.observation, spaces.action
    return {
        "observation": (observation.shape, observation.dtype),
        "action": ((), "int32") if isinstance(action, Discrete) else (action.shape, action.dtype),
        "reward": ((), "float32"),
        "terminated": ((), "bool"),
        "truncated": ((), "bool"),
        "next_observation": (observation.shape, observation.dtype),
        **{f"{EXTRA}{name}": extra for name, extra in sorted(extras.items())},
    }


def bytes_needed(capacity: int, columns: Columns, stack: int = 1) -> int:
    """What a ring takes once it is full; a stack of so many frames is stored as one (`FrameRing`)."""
    sizes = {name: int(np.prod(shape)) * np.dtype(dtype).itemsize for name, (shape, dtype) in columns.items()}
    if stack > 1:
        sizes["observation"] //= stack
        del sizes["next_observation"]
    return capacity * sum(sizes.values())


def allocate(shape: tuple[int, ...], dtype: str, file: IO[bytes] | None = None) -> npt.NDArray[Any]:
    """Zeros in memory, or mapped from a file that grows as it is written; the file needs no name to live."""
    if file is None:
        return np.zeros(shape, dtype)
    begin = file.seek(0, 2)
    return np.memmap(file, dtype, "r+" if begin else "w+", offset=begin, shape=shape)


class Ring:
    """Steps of n environments, the step of environment e at time r in slot r·n + e, the oldest overwritten first."""

    def __init__(self, capacity: int, environments: int, columns: Columns, file: IO[bytes] | None = None) -> None:
        """`capacity` counts steps; what does not divide by the environments is left out.

        With a file, the observations are mapped from it instead of held in memory.
        """
        self.capacity = capacity // environments * environments
        self.stored = 0
        """Steps in the ring."""
        self._environments = environments
        self._next = 0
        self._all_valid = np.ones((0, 1), bool)
        self._columns = {
            name: allocate((self.capacity, *shape), dtype, file if name.endswith("observation") else None)
            for name, (shape, dtype) in columns.items()
        }
        self._writers = list(self._columns.values())

    def begin(self, environment: int, observation: npt.NDArray[Any]) -> None:
        """An episode of this environment begins with this observation (*o); `store` comes next."""

    def store(self, *values: Any) -> int:
        """Store one step of each environment, values (n, …) in the order of the columns; returns the first slot."""
        first, last = self._next, self._next + self._environments
        for column, value in zip(self._writers, values, strict=True):
            column[first:last] = value
        self._next = 0 if last == self.capacity else last
        if self.stored < self.capacity:
            self.stored += self._environments
        return first

    def gather(self, slots: npt.NDArray[np.int64], length: int, names: tuple[str, ...]) -> Rows:
        """Windows of `length` steps that begin at `slots` (B,), with the columns asked for."""
        if length == 1:
            columns = {name: self._columns[name].take(slots, axis=0)[:, None] for name in names}
            if len(self._all_valid) != len(slots):
                self._all_valid = np.ones((len(slots), 1), bool)
            return Rows(columns, self._all_valid)
        steps = (slots[:, None] + self._environments * np.arange(length)) % self.capacity
        return Rows({name: self._columns[name][steps] for name in names}, self._valid(slots, steps))

    def _valid(self, slots: npt.NDArray[np.int64], steps: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        ends = (self._columns["terminated"][steps] | self._columns["truncated"][steps]).astype(bool)
        inside = np.logical_and.accumulate(~ends[:, :-1], axis=1)
        # How far it is from a slot to the write head: what lies at the head or beyond is older, or not there yet.
        ahead = (self._next - slots + slots % self._environments - 1) % self.capacity // self._environments + 1
        written = np.arange(1, steps.shape[1]) < ahead[:, None]
        return np.concatenate((np.ones((len(slots), 1), bool), inside & written), axis=1)
