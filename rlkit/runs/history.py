"""The history of a run, as it grows by an episode at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rlkit.contracts.stop import EvaluationScore, History

if TYPE_CHECKING:
    import numpy.typing as npt


class GrowingHistory:
    """Every episode that has ended, in arrays that double when they are full.

    What it hands out are read-only views of (episodes,): made without copying, and never changed by later episodes.
    """

    def __init__(self) -> None:
        self._episodes = 0
        self._returns = np.empty(1024, np.float64)
        self._lengths = np.empty(1024, np.int64)
        self._terminated = np.empty(1024, np.bool_)
        self._truncated = np.empty(1024, np.bool_)

    def append(self, episode_return: float, length: int, *, terminated: bool, truncated: bool) -> None:
        """Add an episode that has ended."""
        episode = self._episodes
        if episode == len(self._returns):
            self._returns = np.resize(self._returns, 2 * episode)
            self._lengths = np.resize(self._lengths, 2 * episode)
            self._terminated = np.resize(self._terminated, 2 * episode)
            self._truncated = np.resize(self._truncated, 2 * episode)
        self._returns[episode] = episode_return
        self._lengths[episode] = length
        self._terminated[episode] = terminated
        self._truncated[episode] = truncated
        self._episodes = episode + 1

    @property
    def episodes(self) -> int:
        """How many have ended."""
        return self._episodes

    @property
    def returns(self) -> npt.NDArray[np.float64]:
        """Undiscounted sums of rewards."""
        return self._view(self._returns)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Environment steps."""
        return self._view(self._lengths)

    @property
    def terminated(self) -> npt.NDArray[np.bool_]:
        """Whether the task itself ended."""
        return self._view(self._terminated)

    @property
    def truncated(self) -> npt.NDArray[np.bool_]:
        """Whether it was cut from outside."""
        return self._view(self._truncated)

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

    def _view(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        view = array[: self._episodes]
        view.flags.writeable = False
        return view
