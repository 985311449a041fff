"""MLflow's tracking."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from rlkit import (
    EpisodeEnded,
    EvaluationEnded,
    MetricsLogged,
    ParameterError,
    RunEnded,
    RunView,
    Spaces,
    component,
    parameter,
)
from rlkit_recorders.extras import require
from rlkit_recorders.mlflow_store import DATABASES, SCHEMES, absolute, experiment_id, opened, scheme_of
from rlkit_recorders.scalars import Rollout, evaluation, learning

_BATCH = 1000
"""Metrics in a call, the most that MLflow takes: https://mlflow.org/docs/latest/rest-api.html, Log Batch."""
_SECONDS = 10.0
"""Age of the oldest unsent metric at which the next event has all of them sent."""
_PARAMETERS = 100
"""In a call, the most that MLflow takes."""
_STATUS = {"finished": "FINISHED", "interrupted": "KILLED"}
"""By rlkit's status; any other is FAILED."""
_FOREIGN = re.compile(r"[^\w\-. :/]")
"""What names in MLflow may not hold."""


@component
class MLflow:
    """An MLflow run: parameters, metrics by environment steps, tags, experiment.yaml, and how the run ended.

    Metrics are named as the recorder `tensorboard` names its tags. Parameters are the resolved experiment, flattened
    (`agent.gamma`); tags are seed, run_folder, solved, stop_reason. learning_curve.png is among the artifacts if the
    recorder `learning_curve` comes before this one. Metrics are sent a thousand at a time, or every ten seconds: that
    much a run that is killed loses. Characters that MLflow does not allow in a name become `_`. MLflow's reports on
    its use are switched off unless MLFLOW_DISABLE_TELEMETRY says otherwise. Needs the extra `mlflow`.
    """

    tracking_uri: str | None = parameter(
        default=None,
        doc="where the run is kept: a server (http:…), a database (sqlite:///mlflow.db), or a folder; null for "
        "MLFLOW_TRACKING_URI, if that is set, else for mlflow/mlflow.db in the run folder",
    )
    every: int = parameter(
        default=4,
        doc="episodes from one point of rollout/ and time/ to the next; each costs about 1 ms",
        source="Stable-Baselines3, DQN: log_interval",
        at_least=1,
    )

    def __post_init__(self) -> None:
        if self.tracking_uri == "":
            raise ParameterError("tracking_uri", "found an empty text; allowed: a path, a URI, or null")
        if self.tracking_uri is not None and (scheme := scheme_of(self.tracking_uri)) not in SCHEMES:
            allowed = ", ".join(f"{scheme}:" for scheme in SCHEMES if scheme)
            raise ParameterError("tracking_uri", f"found the scheme '{scheme}:'; allowed: a path, {allowed}")
        # An environment may leave the working folder before the run starts.
        object.__setattr__(self, "_uri", absolute(self.tracking_uri) if self.tracking_uri else None)

    def check(self, spaces: Spaces) -> None:
        """Raises ValueError if MLflow or, for a database, SQLAlchemy is not installed."""
        database = scheme_of(self.tracking_uri or os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:") in DATABASES
        require("mlflow", "mlflow", "mlflow", *(["sqlalchemy", "alembic"] if database else []))

    def start(self, run: RunView) -> TrackedRun:
        """The working recorder of one run."""
        chosen = None if run.trial else vars(self)["_uri"] or os.environ.get("MLFLOW_TRACKING_URI")
        return TrackedRun(run, absolute(chosen or f"sqlite:///{run.folder.absolute()}/mlflow/mlflow.db"), self.every)


class TrackedRun:
    """One run of MLflow's."""

    def __init__(self, run: RunView, uri: str, every: int) -> None:
        self._client = opened(uri)
        from mlflow.entities import Metric, Param

        self._metric, self._folder, self._rollout = Metric, run.folder, Rollout(every)
        self._unsent: list[Any] = []
        self._oldest = 0.0
        experiment = experiment_id(self._client, uri, run.experiment)
        tags = {"seed": str(run.seed), "run_folder": str(run.folder)}
        self._id = self._client.create_run(experiment, tags=tags, run_name=run.run_id).info.run_id
        parameters = [Param(_FOREIGN.sub("_", name), value) for name, value in flattened(run.resolved)]
        for first in range(0, len(parameters), _PARAMETERS):
            self._client.log_batch(self._id, params=parameters[first : first + _PARAMETERS])
        self._keep("experiment.yaml")

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
        """Send what is left, and say how it ended."""
        self._send()
        self._keep("learning_curve.png")
        self._client.set_tag(self._id, "solved", str(event.solved).lower())
        self._client.set_tag(self._id, "stop_reason", event.reason)
        self._client.set_terminated(self._id, _STATUS.get(event.status, "FAILED"))

    def _log(self, step: int, numbers: Mapping[str, float]) -> None:
        if not numbers:
            return
        now, milliseconds = time.monotonic(), int(1000 * time.time())
        if not self._unsent:
            self._oldest = now
        self._unsent += [
            self._metric(_FOREIGN.sub("_", tag), value, milliseconds, step) for tag, value in numbers.items()
        ]
        if len(self._unsent) >= _BATCH or now - self._oldest >= _SECONDS:
            self._send()

    def _send(self) -> None:
        for first in range(0, len(self._unsent), _BATCH):
            self._client.log_batch(self._id, metrics=self._unsent[first : first + _BATCH])
        self._unsent.clear()

    def _keep(self, name: str) -> None:
        if (self._folder / name).exists():
            self._client.log_artifact(self._id, str(self._folder / name))


def flattened(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Dotted keys, as overrides have them, and values as JSON; a list of plain values is one value, text is itself."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flattened(inner, f"{path}.{key}".strip("."))
    elif isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        for place, item in enumerate(value):
            yield from flattened(item, f"{path}.{place}")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)
