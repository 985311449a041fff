"""The numbers that trackers plot, by tag: the same in TensorBoard, MLflow and Weights & Biases."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from rlkit import EpisodeEnded, EvaluationEnded, MetricsLogged

_MEAN_OVER = 100
"""Episodes in the means of rollout/, as Stable-Baselines3 has it."""


class Rollout:
    """Tags rollout/ and time/, every so many episodes."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._returns: deque[float] = deque(maxlen=_MEAN_OVER)
        self._lengths: deque[int] = deque(maxlen=_MEAN_OVER)

    def after(self, event: EpisodeEnded) -> Mapping[str, float]:
        """The numbers by tag at an episode's end; none between the episodes that have a point."""
        self._returns.append(event.episode_return)
        self._lengths.append(event.length)
        if (event.episode + 1) % self._every:
            return {}
        numbers = {f"rollout/{name}": float(value) for name, value in event.reports.items()}
        numbers["rollout/ep_rew_mean"] = sum(self._returns) / len(self._returns)
        numbers["rollout/ep_len_mean"] = sum(self._lengths) / len(self._lengths)
        if event.seconds > 0:
            numbers["time/fps"] = event.step / event.seconds
        numbers["time/total_timesteps"] = event.step
        return numbers


def learning(event: MetricsLogged) -> Mapping[str, float]:
    """Tags train/."""
    return {f"train/{name}": float(value) for name, value in event.metrics.items()}


def evaluation(event: EvaluationEnded) -> Mapping[str, float]:
    """Tags eval/."""
    return {
        "eval/mean_reward": sum(event.returns) / len(event.returns),
        "eval/mean_ep_length": sum(event.lengths) / len(event.lengths),
    }
