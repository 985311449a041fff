"""The ring: the last steps that were taken, as one NumPy array a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.buffer import Columns
from rlkit.contracts.demand import Sampling


class Rows(NamedTuple):
    """Windows of consecutive steps of one environment each, gathered from a ring; T is `before + length`."""

    columns: dict[str, npt.NDArray[Any]]
    """(B, T, …) each."""
    valid: npt.NDArray[np.bool_]
    """(B, T), see `rlkit.Sample`."""


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
        self.total = 0
        """Steps that were ever stored; the next one's slot is this, modulo the capacity."""
        self.columns = columns
        """What is kept of each step."""
        self._environments = environments
        self._next = 0
        self._all_valid = np.ones((0, 1), bool)
        self._columns = {
            name: allocate((self.capacity, *shape), dtype, file if name.endswith("observation") else None)
            for name, (shape, dtype) in columns.items()
        }
        self._writers = list(self._columns.values())

    def begin(self, environment: int, observation: npt.NDArray[Any], *, whole: bool = True) -> None:
        """An episode of this environment begins with this observation (*o); its first step is put next.

        `whole=False`: what came before in this episode is not in the ring, which is empty yet.
        """

    def put(self, environment: int, *values: Any) -> None:
        """Store a step of one environment, values (…) in the order of the columns; then comes `advance`."""
        slot = self._next + environment
        for column, value in zip(self._writers, values, strict=True):
            column[slot] = value

    def advance(self) -> None:
        """A step of every environment was put."""
        self.total += self._environments
        self._next += self._environments
        if self._next == self.capacity:
            self._next = 0
        if self.stored < self.capacity:
            self.stored += self._environments

    def store(self, *values: Any) -> None:
        """Store a step of each environment, values (n, …) in the order of the columns."""
        for environment in range(self._environments):
            self.put(environment, *(value[environment] for value in values))
        self.advance()

    @property
    def next_slot(self) -> int:
        """The slot that is written next."""
        return self._next

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All that it holds: plain arrays, of what is stored only, which `restore` takes. Views, not copies."""
        counts = np.array((self.total, self.stored, self._next), np.int64)
        return {"counts": counts, **{name: column[: self.stored] for name, column in self._columns.items()}}

    def restore(self, state: Mapping[str, npt.NDArray[Any]]) -> None:
        """Hold what a ring of this capacity held, or one of another capacity that was not full, nor is this one."""
        self.total, self.stored, self._next = state["counts"].tolist()
        for name, column in self._columns.items():
            column[: self.stored] = state[name]

    def ended(self, slots: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether the steps at `slots` (A,) are the last ones of their episodes: (A,)."""
        over: npt.NDArray[np.bool_] = self._columns["terminated"][slots] | self._columns["truncated"][slots]
        return over

    def gather(self, slots: npt.NDArray[np.int64], sampling: Sampling, names: tuple[str, ...]) -> Rows:
        """Windows around `slots` (B,), as the sampling asks, with the columns asked for."""
        if sampling.length == 1 and not sampling.before:
            columns = {name: self._columns[name].take(slots, axis=0)[:, None] for name in names}
            if len(self._all_valid) != len(slots):
                self._all_valid = np.ones((len(slots), 1), bool)
            return Rows(columns, self._all_valid)
        steps = (slots[:, None] + self._environments * np.arange(-sampling.before, sampling.length)) % self.capacity
        return Rows({name: self._columns[name][steps] for name in names}, self._valid(slots, steps, sampling))

    def _valid(
        self, slots: npt.NDArray[np.int64], steps: npt.NDArray[np.int64], sampling: Sampling
    ) -> npt.NDArray[np.bool_]:
        before, rows = sampling.before, self.capacity // self._environments
        row = slots // self._environments
        newest = self._next // self._environments - 1
        oldest = newest + 1 if self.stored == self.capacity else 0
        ahead, behind = (newest - row) % rows, (row - oldest) % rows
        offset = np.arange(-before, sampling.length)
        valid: npt.NDArray[np.bool_] = (offset <= ahead[:, None]) & (-offset <= behind[:, None])
        if not sampling.across_ends:
            ends = (self._columns["terminated"][steps] | self._columns["truncated"][steps]).astype(bool)
            valid[:, before + 1 :] &= np.logical_and.accumulate(~ends[:, before:-1], axis=1)
            valid[:, :before] &= np.logical_and.accumulate(~ends[:, :before][:, ::-1], axis=1)[:, ::-1]
        return valid
