"""Stored steps and windows of them in plain Python: slow, and right by inspection. Random steps to store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit import Sampling
from rlkit.contracts.buffer import Columns

Step = dict[str, npt.NDArray[Any]]


class ReferenceRing:
    """Every step of every environment; those that a ring of this capacity has overwritten count as gone."""

    def __init__(self, capacity: int, environments: int = 1) -> None:
        self.rows = capacity // environments
        self.histories: list[list[Step]] = [[] for _ in range(environments)]

    def store(self, columns: Columns, *values: npt.NDArray[Any]) -> None:
        """One step of each environment, as `Ring.store` takes it."""
        for environment, history in enumerate(self.histories):
            history.append({name: value[environment] for name, value in zip(columns, values, strict=True)})

    def window(self, slot: int, sampling: Sampling) -> list[Step | None]:
        """The steps around a slot, None for each that is not valid."""
        row, environment = divmod(slot, len(self.histories))
        history = self.histories[environment]
        kept = range(max(0, len(history) - self.rows), len(history))
        (time,) = (time for time in kept if time % self.rows == row)
        window: list[Step | None] = []
        for offset in range(-sampling.before, sampling.length):
            between = range(min(time, time + offset), max(time, time + offset))
            there = time + offset in kept
            if there and not sampling.across_ends:
                there = not any(history[one]["terminated"] or history[one]["truncated"] for one in between)
            window.append(history[time + offset] if there else None)
        return window


def random_steps(
    columns: Columns, environments: int, steps: int, rng: np.random.Generator
) -> Iterator[tuple[npt.NDArray[Any], ...]]:
    """Values (environments, …) in the order of the columns; an episode's end at about every fourth step."""
    for _ in range(steps):
        yield tuple(_value((environments, *shape), dtype, rng) for shape, dtype in columns.values())


def _value(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> npt.NDArray[Any]:
    kind = np.dtype(dtype).kind
    if kind == "b":
        return rng.random(shape) < 0.15
    if kind == "f":
        return (100 * rng.normal(size=shape)).astype(dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return rng.integers(low, high, shape, np.dtype(dtype), endpoint=True)


def assert_windows(
    reference: ReferenceRing,
    slots: npt.NDArray[np.int64],
    sampling: Sampling,
    valid: npt.NDArray[np.bool_],
    columns: dict[str, npt.NDArray[Any]],
) -> None:
    """What a ring gathered is what the reference has: every valid step, bit for bit, and no other counts as valid."""
    for place, slot in enumerate(slots.tolist()):
        window = reference.window(slot, sampling)
        assert valid[place].tolist() == [step is not None for step in window], (slot, sampling)
        for at, step in enumerate(window):
            for name in columns if step is not None else ():
                assert step is not None
                np.testing.assert_array_equal(columns[name][place, at], step[name], f"{name} of slot {slot}, {at}")
