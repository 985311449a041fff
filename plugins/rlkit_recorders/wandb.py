"""Weights & Biases, by default without network."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from rlkit import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView, Spaces, component, parameter
from rlkit_recorders.extras import require
from rlkit_recorders.scalars import Rollout, evaluation, learning

_EXIT_CODES = {"finished": 0, "interrupted": 255}
"""By status, those of wandb's own hooks; any other has failed."""
_STEP = "global_step"
"""The x axis. wandb's own steps may not go back, and a learning step may be told after a later evaluation."""


@component
class WeightsAndBiases:
    """A Weights & Biases run in the run folder, under wandb/; `wandb sync runs/*/*/wandb/offline-run-*` uploads it.

    Its name is the run's id, its config the resolved experiment, its summary how the run ended. Tags are those of the
    recorder `tensorboard`, by environment steps (`global_step`). Left out are system statistics, the console, the
    code, git's state, and wandb's reports of its own errors, unless WANDB_ERROR_REPORTING is set. Needs the extra
    `wandb`.
    """

    mode: Literal["offline", "online"] = parameter(
        default="offline", doc="offline writes to the run folder alone; online needs an account (`wandb login`)"
    )
    project: str | None = parameter(default=None, doc="the project's name; null for that of the experiment")
    every: int = parameter(
        default=4,
        doc="episodes from one point of rollout/ and time/ to the next; each costs about 0.3 ms",
        source="Stable-Baselines3, DQN: log_interval",
        at_least=1,
    )

    def check(self, spaces: Spaces) -> None:
        """Raises ValueError if wandb is not installed."""
        require("wandb", "wandb", "wandb")

    def start(self, run: RunView) -> TrackedRun:
        """The working recorder of one run."""
        return TrackedRun(run, "offline" if run.trial else self.mode, self.project or run.experiment, self.every)


class TrackedRun:
    """One run of Weights & Biases."""

    def __init__(self, run: RunView, mode: Literal["offline", "online"], project: str, every: int) -> None:
        self._rollout = Rollout(every)
        with _service(run):
            import wandb

            self._run: Any = wandb.init(
                project=project,
                name=run.run_id,
                group=run.experiment,
                dir=str(run.folder),
                config=dict(run.resolved),
                mode=mode,
                reinit="create_new",  # another run of this process, the person's own for one, goes on
                settings=wandb.Settings(
                    silent=run.quiet or mode == "offline",
                    console="off",
                    disable_git=True,
                    disable_job_creation=True,
                    save_code=False,
                    x_disable_stats=True,
                    x_save_requirements=False,
                ),
            )
        self._run.define_metric(_STEP)
        self._run.define_metric("*", step_metric=_STEP)

    def episode_ended(self, event: EpisodeEnded) -> None:
        """Log rollout/ and time/ every so many episodes."""
        self._log(event.step, self._rollout.after(event))

    def metrics_logged(self, event: MetricsLogged) -> None:
        """Log train/."""
        self._log(event.step, learning(event))

    def evaluation_ended(self, event: EvaluationEnded) -> None:
        """Log eval/."""
        self._log(event.step, evaluation(event))

    def run_ended(self, event: RunEnded) -> None:
        """Put how it ended into the summary, and leave neither a thread nor a process of wandb's behind."""
        self._run.summary.update(event._asdict())
        self._run.finish(exit_code=_EXIT_CODES.get(event.status, 1))
        _Service.leave()

    def _log(self, step: int, numbers: Mapping[str, float]) -> None:
        if numbers:
            self._run.log({_STEP: step, **numbers})


class _Service:
    """wandb's own process and threads, which all runs of this process share."""

    ours = False
    """Nobody else had imported wandb, so that no run but ours would end with it."""
    runs = 0

    @classmethod
    def leave(cls) -> None:
        cls.runs -= 1
        if cls.ours and not cls.runs and "wandb" in sys.modules:
            sys.modules["wandb"].teardown()


@contextmanager
def _service(run: RunView) -> Iterator[None]:
    """While a run begins, and with it wandb's process, whose log would go into the person's cache folder."""
    _Service.ours = _Service.ours or "wandb" not in sys.modules
    os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
    cache = os.environ.get("WANDB_CACHE_DIR")
    if cache is None:
        os.environ["WANDB_CACHE_DIR"] = str(run.folder / "wandb")
    _Service.runs += 1
    try:
        yield
    except BaseException:
        _Service.leave()
        raise
    finally:
        if cache is None:
            del os.environ["WANDB_CACHE_DIR"]
