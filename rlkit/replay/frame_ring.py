"""Rings that store each frame once, for observations that stack frames, and for those of several parts.

Stacks are put together, and parts made a vector, when they are sampled. A million steps of four stacked 84×84 frames
take 7.1 GB, where eight frames a step would take 56.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.buffer import Columns
from rlkit.contracts.demand import Sampling
from rlkit.contracts.spaces import Array
from rlkit.replay.packing import Packing, packing_of
from rlkit.replay.ring import Ring, Rows, allocate


def ring_for(
    capacity: int, environments: int, columns: Columns, observation: Array, file: IO[bytes] | None = None
) -> Ring:
    """The ring for such observations."""
    if packing := packing_of(observation):
        return PartsRing(capacity, environments, columns, packing, file)
    if observation.stack == 1:
        return Ring(capacity, environments, columns, file)
    return FrameRing(capacity, environments, columns, observation.stack, file)


class StackError(ValueError):
    """An environment's observations do not stack frames as it says."""


class FrameRing(Ring):
    """Like `Ring`; `observation` and `next_observation` are rebuilt from single frames.

    The frame of environment e at its time t (steps and resets that were followed by one) lies in row t mod P, P being
    the rows of the ring and a stack more: the oldest step still finds the frames before it. The last frame of an
    episode has no step of its own and lies in a dictionary until its step is overwritten.
    """

    def __init__(
        self, capacity: int, environments: int, columns: Columns, stack: int, file: IO[bytes] | None = None
    ) -> None:
        """`stack`: frames in an observation, along its first axis, the newest last."""
        shape, dtype = columns["observation"]
        self._allocate(capacity, environments, columns, stack, (shape[1:], dtype), file)

    def _allocate(
        self,
        capacity: int,
        environments: int,
        columns: Columns,
        stack: int,
        frame: tuple[tuple[int, ...], str],
        file: IO[bytes] | None,
    ) -> None:
        rest = {name: column for name, column in columns.items() if not name.endswith("observation")}
        super().__init__(capacity, environments, rest)
        self.columns = columns
        shape, dtype = frame
        self._stack, self._rows = stack, self.capacity // environments
        self._frames = allocate((self._rows + stack, environments, *shape), dtype, file)
        self._age = np.zeros((self._rows + stack, environments), np.uint8)
        self._time = 0
        """Steps stored by each environment."""
        self._last: list[dict[int, npt.NDArray[Any]]] = [{} for _ in range(environments)]

    def begin(self, environment: int, observation: npt.NDArray[Any], *, whole: bool = True) -> None:
        """An episode begins with this observation (stack, …). See `Ring.begin`."""
        repeats = self._stack == 1 or not (observation != observation[-1]).any()
        if whole and not repeats:
            raise StackError("an episode's first observation does not repeat one frame, as a stack of frames must")
        place = self._time % len(self._frames)
        self._frames[place, environment] = self._frame(observation)
        self._age[place, environment] = 0 if repeats else self._stack - 1
        if not repeats:  # the older frames lie where those of steps before would
            self._frames[np.arange(1 - self._stack, 0), environment] = observation[:-1]

    def put(self, environment: int, *values: Any) -> None:
        """See `Ring.put`; the values are in the order of all columns, observations included."""
        observation, action, reward, terminated, truncated, next_observation, *others = values
        if self._stack > 1 and not np.array_equal(observation[1:], next_observation[:-1]):
            raise StackError("an observation's older frames are not those of the observation before it")
        here, ahead = self._time % len(self._frames), (self._time + 1) % len(self._frames)
        last = self._last[environment]
        last.pop(self._time - self._rows, None)
        if terminated or truncated:
            last[self._time] = self._frame(next_observation).copy()
        else:
            self._frames[ahead, environment] = self._frame(next_observation)
            self._age[ahead, environment] = min(self._age[here, environment] + 1, self._stack - 1)
        super().put(environment, action, reward, terminated, truncated, *others)

    def advance(self) -> None:
        """See `Ring.advance`."""
        self._time += 1
        super().advance()

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """See `Ring.state`."""
        kept = self._kept()
        last = [(time, e, frame) for e, frames in enumerate(self._last) for time, frame in frames.items()]
        shape, dtype = self._frames.shape[2:], self._frames.dtype
        return super().state() | {
            "time": np.array(self._time, np.int64),
            "frames": self._frames if len(kept) == len(self._frames) else self._frames[kept],
            "age": self._age[kept],
            "last_time": np.array([time for time, _, _ in last], np.int64),
            "last_environment": np.array([environment for _, environment, _ in last], np.int64),
            "last_frames": np.array([frame for _, _, frame in last], dtype).reshape(len(last), *shape),
        }

    def restore(self, state: Mapping[str, npt.NDArray[Any]]) -> None:
        """See `Ring.restore`."""
        super().restore(state)
        self._time = int(state["time"])
        kept = self._kept()
        self._frames[kept], self._age[kept] = state["frames"], state["age"]
        ends = zip(state["last_time"].tolist(), state["last_environment"].tolist(), state["last_frames"], strict=True)
        for time, environment, frame in ends:
            self._last[environment][time] = np.array(frame)

    def _kept(self) -> npt.NDArray[np.int64]:
        """The rows of frames in which there is something: up to now, and those before the first step (see `begin`)."""
        rows = len(self._frames)
        written = min(self._time + 1, rows)
        kept: npt.NDArray[np.int64] = np.r_[0:written, max(written, rows - self._stack + 1) : rows]
        return kept

    def gather(self, slots: npt.NDArray[np.int64], sampling: Sampling, names: tuple[str, ...]) -> Rows:
        """See `Ring.gather`."""
        rows = super().gather(slots, sampling, tuple(name for name in names if not name.endswith("observation")))
        wanted = slots[:, None] + self._environments * np.arange(-sampling.before, sampling.length)
        row, environment = wanted // self._environments % self._rows, wanted % self._environments
        time = self._time - 1 - (self._time - 1 - row) % self._rows
        if "observation" in names:
            rows.columns["observation"] = self._shown(self._stacked(time, environment))
        if "next_observation" in names:
            rows.columns["next_observation"] = self._shown(self._stacked_next(time, environment))
        return rows

    def _frame(self, observation: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What is stored of an observation."""
        newest: npt.NDArray[Any] = observation[-1]
        return newest

    def _shown(self, stacks: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Observations (B, T, *o), of what is stored (B, T, stack, …)."""
        return stacks

    def _stacked(self, time: npt.NDArray[np.int64], environment: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        age = self._age[time % len(self._frames), environment][..., None]
        return self._at(time[..., None] - np.minimum(np.arange(self._stack)[::-1], age), environment)

    def _stacked_next(self, time: npt.NDArray[np.int64], environment: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        age = self._age[time % len(self._frames), environment][..., None].astype(np.int64)
        stacks = self._at(time[..., None] + 1 - np.minimum(np.arange(self._stack)[::-1], age + 1), environment)
        for place in np.ndindex(time.shape):
            last = self._last[environment[place]].get(int(time[place]))
            if last is not None:
                stacks[(*place, -1)] = last
        return stacks

    def _at(self, time: npt.NDArray[np.int64], environment: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        gathered: npt.NDArray[Any] = self._frames[time % len(self._frames), environment[..., None]]
        return gathered


class PartsRing(FrameRing):
    """For observations of several parts: each observation is stored once, each part of it in its own dtype."""

    def __init__(
        self,
        capacity: int,
        environments: int,
        columns: Columns,
        packing: Packing,
        file: IO[bytes] | None = None,
    ) -> None:
        """`packing` is that of the observations."""
        self._packing = packing
        self._allocate(capacity, environments, columns, 1, ((packing.size,), "uint8"), file)

    def _frame(self, observation: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return self._packing.pack(observation)

    def _shown(self, stacks: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return self._packing.unpack(stacks[..., 0, :])
