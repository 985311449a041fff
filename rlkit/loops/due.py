"""How many learning steps are due: one rule for the stepwise loop's numbers and the compiled loop's tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rlkit.contracts.demand import Due


def ticks(due: Due, environments: int) -> Callable[[Any, Any, Sequence[Any], Any], Any]:
    """How often the clock of `due` has struck with the steps just stored.

    Returns a function of: environment steps, those included; episodes that had ended before; by environment, the index
    of the step within its episode, from 0; and how many episodes the steps ended.
    """
    every = due.every

    def step(steps: Any, episodes: Any, episode_steps: Sequence[Any], ended: Any) -> Any:
        return steps // every - (steps - environments) // every

    def time(steps: Any, episodes: Any, episode_steps: Sequence[Any], ended: Any) -> Any:
        now = steps // environments
        return now // every - (now - 1) // every

    def episode_step(steps: Any, episodes: Any, episode_steps: Sequence[Any], ended: Any) -> Any:
        # The index 0 counts: −1 // every is −1.
        return sum(index // every - (index - 1) // every for index in episode_steps)

    def alone(steps: Any, episodes: Any, episode_steps: Sequence[Any], ended: Any) -> Any:
        return episode_steps[0] // every - (episode_steps[0] - 1) // every

    def episode_end(steps: Any, episodes: Any, episode_steps: Sequence[Any], ended: Any) -> Any:
        return (episodes + ended) // every - episodes // every

    by_episode_step = alone if environments == 1 else episode_step
    return {"step": step, "time": time, "episode_step": by_episode_step, "episode_end": episode_end}[due.clock]
