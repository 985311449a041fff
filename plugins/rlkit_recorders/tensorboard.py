"""TensorBoard's event files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView, Spaces, component, parameter
from rlkit_recorders.extras import require
from rlkit_recorders.scalars import Rollout, evaluation, learning


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
        require("tensorboard", "tensorboard", "tensorboardX")

    def start(self, run: RunView) -> EventFile:
        """The working recorder of one run."""
        return EventFile(run, self.every)


class EventFile:
    """The event file of one run."""

    def __init__(self, run: RunView, every: int) -> None:
        from tensorboardX import SummaryWriter

        self._writer: Any = SummaryWriter(str(run.folder / "tensorboard"))
        self._rollout = Rollout(every)

    def episode_ended(self, event: EpisodeEnded) -> None:
        """Write a point of rollout/ and time/ every so many episodes."""
        self._add(event.step, self._rollout.after(event))

    def metrics_logged(self, event: MetricsLogged) -> None:
        """Write train/."""
        self._add(event.step, learning(event))

    def evaluation_ended(self, event: EvaluationEnded) -> None:
        """Write eval/, and let it be seen at once."""
        self._add(event.step, evaluation(event))
        self._writer.flush()

    def run_ended(self, event: RunEnded) -> None:
        """Close the file."""
        self._writer.close()

    def _add(self, step: int, numbers: Mapping[str, float]) -> None:
        for tag, value in numbers.items():
            self._writer.add_scalar(tag, value, step)
