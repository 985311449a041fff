"""The episodes of a Minari data set as rows. Imports Gymnasium."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Discrete, MultiBinary

from rlkit import Recorded, Spaces
from rlkit_gymnasium.data.minari import spaces_of
from rlkit_gymnasium.parts import Vectors

_MASK = "action_mask"


class MinariRecording:
    """A `Recording`; all of it is read into memory when the first rows are asked for."""

    environments = 1

    def __init__(self, dataset: Any, spaces: Spaces) -> None:
        """Raises ValueError for an empty data set, and for spaces of no kind that agents take."""
        self._dataset = dataset
        self.rows = int(dataset.total_steps)
        if not self.rows:
            raise ValueError("holds no steps")
        space, self._shown = _arrays(dataset.observation_space)
        action = dataset.action_space
        self._discrete, self._start = isinstance(action, Discrete), int(getattr(action, "start", 0))
        wanted = bool(getattr(spaces.action, "masked", False))
        self._masked = wanted and _MASK in (next(iter(dataset.iterate_episodes([0]))).infos or {})
        self.spaces = spaces_of(space, action, masked=self._masked)

    @property
    def facts(self) -> Mapping[str, Any]:
        """See `Recording.facts`."""
        return {"id": str(self._dataset.id), "episodes": int(self._dataset.total_episodes)}

    @property
    def origin(self) -> Mapping[str, Any]:
        """See `Recording`: the environment's id, where the data set says it."""
        name = getattr(getattr(self._dataset, "env_spec", None), "id", None)
        return {"environment": {"id": name}} if isinstance(name, str) else {}

    def read(self, first: int, last: int) -> Recorded:
        """See `Recording.read`."""
        columns: list[Any] = [None if column is None else column[first:last] for column in self._columns]
        return Recorded(*columns)

    @cached_property
    def _columns(self) -> Recorded:
        try:
            episodes = [self._episode(episode) for episode in self._dataset.iterate_episodes() if len(episode.rewards)]
        except ValueError:
            raise
        except Exception as error:  # whatever reading a damaged file raises
            text = " ".join(str(error).split())
            raise ValueError(f"data set {self._dataset.id!r} is damaged: {type(error).__name__}: {text}") from error
        if not episodes:
            raise ValueError("holds no steps")
        columns: list[Any] = list(zip(*episodes, strict=True))
        columns = [None if column[0] is None else np.concatenate(column) for column in columns]
        whole = Recorded(*columns)
        if len(whole.reward) != self.rows:
            raise ValueError(f"holds {len(whole.reward)} steps, and its metadata says {self.rows}")
        return whole

    def _episode(self, episode: Any) -> Recorded:
        observations = self._shown(episode.observations)
        action = np.asarray(episode.actions)
        if self._discrete:
            action = (action - self._start).astype(np.int32)
        terminated, truncated = (np.array(flags, bool) for flags in (episode.terminations, episode.truncations))
        # What follows an episode's last step was not recorded, whether it was flagged so or not.
        truncated[-1] |= not terminated[-1]
        masks: tuple[Any, Any] = (None, None)
        if self._masked:
            mask = np.asarray(episode.infos[_MASK]).astype(bool)
            masks = (mask[:-1], mask[1:] | terminated.reshape(-1, 1))
        reward = np.asarray(episode.rewards, np.float32)
        return Recorded(observations[:-1], action, reward, terminated, truncated, observations[1:], *masks)


def _arrays(space: Any) -> tuple[Any, Callable[[Any], npt.NDArray[Any]]]:
    """What the environment `gymnasium` makes of a space, and of an episode's observations (T + 1 of them)."""
    if isinstance(space, Box) and space.dtype == np.float64:
        with np.errstate(over="ignore"):
            low, high = space.low.astype(np.float32), space.high.astype(np.float32)
        return Box(low, high, dtype=np.float32), lambda observations: np.asarray(observations, np.float32)
    if isinstance(space, (Box, MultiBinary)):
        return space, lambda observations: np.asarray(observations, space.dtype)
    vectors = Vectors(space)
    return vectors.space, lambda observations: np.stack(
        [vectors(_at(observations, time)) for time in range(_length(observations))]
    )


def _length(observations: Any) -> int:
    while isinstance(observations, (Mapping, tuple)):
        inner = observations.values() if isinstance(observations, Mapping) else observations
        observations = next(iter(inner))
    return len(observations)


def _at(observations: Any, time: int) -> Any:
    """One observation of an episode's, whose leaves are arrays over time."""
    if isinstance(observations, Mapping):
        return {key: _at(part, time) for key, part in observations.items()}
    if isinstance(observations, tuple):
        return tuple(_at(part, time) for part in observations)
    return observations[time]
