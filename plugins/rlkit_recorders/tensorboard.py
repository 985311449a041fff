"""TensorBoard's event files."""

from __future__ import annotations

from collections import deque
from importlib.util import find_spec
from typing import Any

from rlkit import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView, Spaces, component, parameter

_MEAN_OVER = 100
"""Episodes in the means of rollout/, as Stable-Baselines3 has it."""


@component
class TensorBoard:
    """Event files in the run folder, under tensorboard/: look at them with `tensorboard --logdir runs`.

    The x axis is environment steps. Tags: rollout/ep_rew_mean and rollout/ep_len_mean (means over the last 100
    episodes), rollout/ and what components report (rollout/epsilon), train/ and each learning metric (train/loss),
    eval/mean_reward, eval/mean_ep_length, time/fps, time/total_timesteps. Needs the extra `tensorboard`.
    """

    every: int = parameter(
        default=4,
        doc="episodes from one point of rollout/ and time/ to the next; each costs about 1 ms",
        source="Stable-Baselines3, DQN: log_interval",
        at_least=1,
    )

    def check(self, spaces: Spaces) -> None:
        """Raises ValueError if tensorboardX is not installed."""
        if find_spec("tensorboardX") is None:
            raise ValueError("recorder tensorboard needs tensorboardX: pip install 'rlkit-framework[tensorboard]'")

    def start(self, run: RunView) -> EventFile:
        """The working recorder of one run."""
        return EventFile(run, self.every)


class EventFile:
    """The event file of one run."""

    def __init__(self, run: RunView, every: int) -> None:
        from tensorboardX import SummaryWriter

        self._writer: Any = SummaryWriter(str(run.folder / "tensorboard"))
        self._every = every
        self._returns: deque[float] = deque(maxlen=_MEAN_OVER)
        self._lengths: deque[int] = deque(maxlen=_MEAN_OVER)

    def episode_ended(self, event: EpisodeEnded) -> None:
        """Write a point of rollout/ and time/ every so many episodes."""
        self._returns.append(event.episode_return)
        self._lengths.append(event.length)
        if (event.episode + 1) % self._every:
            return
        self._add(event.step, "rollout/ep_rew_mean", sum(self._returns) / len(self._returns))
        self._add(event.step, "rollout/ep_len_mean", sum(self._lengths) / len(self._lengths))
        for name, value in event.reports.items():
            self._add(event.step, f"rollout/{name}", value)
        if event.seconds > 0:
            self._add(event.step, "time/fps", event.step / event.seconds)
        self._add(event.step, "time/total_timesteps", event.step)

    def metrics_logged(self, event: MetricsLogged) -> None:
        """Write train/."""
        for name, value in event.metrics.items():
            self._add(event.step, f"train/{name}", value)

    def evaluation_ended(self, event: EvaluationEnded) -> None:
        """Write eval/, and let it be seen at once."""
        self._add(event.step, "eval/mean_reward", sum(event.returns) / len(event.returns))
        self._add(event.step, "eval/mean_ep_length", sum(event.lengths) / len(event.lengths))
        self._writer.flush()

    def run_ended(self, event: RunEnded) -> None:
        """Close the file."""
        self._writer.close()

    def _add(self, step: int, tag: str, value: float) -> None:
        self._writer.add_scalar(tag, value, step)
