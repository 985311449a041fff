"""The history of a run, as it grows by an episode at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rlkit.contracts.stop import EvaluationScore, History

if TYPE_CHECKING:
    import numpy.typing as npt


class _Column:
    """Numbers, one an episode, in an array that doubles when it is full."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._use(np.empty(1024, dtype))

    def put(self, place: int, value: float) -> None:
        """Write one after the last."""
        if place == len(self._array):
            self._use(np.resize(self._array, 2 * place))
        self._array[place] = value

    def first(self, count: int) -> npt.NDArray[Any]:
        """A view that cannot be written."""
        return self._shown[:count]

    def _use(self, array: npt.NDArray[Any]) -> None:
        self._array, self._shown = array, array.view()
        self._shown.flags.writeable = False


class GrowingHistory:
    """Every episode that has ended.

    Returns and lengths, which stop criteria look at after each episode, are read-only views of (episodes,), made
    without copying and never changed by later episodes.
    """

    def __init__(self) -> None:
        self._episodes = 0
        self._returns, self._lengths = _Column(np.float64), _Column(np.int64)
        self._terminated: list[bool] = []
        self._truncated: list[bool] = []

    def append(self, episode_return: float, length: int, *, terminated: bool, truncated: bool) -> None:
        """Add an episode that has ended."""
        episode = self._episodes
        self._returns.put(episode, episode_return)
        self._lengths.put(episode, length)
        self._terminated.append(terminated)
        self._truncated.append(truncated)
        self._episodes = episode + 1

    @property
    def episodes(self) -> int:
        """How many have ended."""
        return self._episodes

    @property
    def returns(self) -> npt.NDArray[np.float64]:
        """Undiscounted sums of rewards."""
        return self._returns.first(self._episodes)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Environment steps."""
        return self._lengths.first(self._episodes)

    @property
    def terminated(self) -> npt.NDArray[np.bool_]:
        """Whether the task itself ended."""
        return np.array(self._terminated, np.bool_)

    @property
    def truncated(self) -> npt.NDArray[np.bool_]:
        """Whether it was cut from outside."""
        return np.array(self._truncated, np.bool_)

    def view(self, steps: int, updates: int, seconds: float, evaluations: tuple[EvaluationScore, ...] = ()) -> History:
        """What stop criteria see now."""
        return History(
            returns=self.returns,
            lengths=self.lengths,
            steps=steps,
            updates=updates,
            seconds=seconds,
            evaluations=evaluations,
        )
