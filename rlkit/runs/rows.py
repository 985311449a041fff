"""The rows of a run: episodes.jsonl, metrics.jsonl and evaluation.jsonl, one JSON object a line."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, MetricsLogged
from rlkit.runs.atomic import WriteError
from rlkit.runs.plain_json import json_line


class _Lines:
    """A file that takes a whole line at a time.

    Nothing is kept back in a buffer: a line costs one system call, and whoever reads the file while the run goes on, or
    after the process was killed, finds every line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = open(path, "ab", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise WriteError(path, error) from error

    def append(self, row: Mapping[str, Any]) -> None:
        line = json_line(row)
        rest = line
        try:
            while rest:  # a disk that fills up takes part of a line, and refuses the rest
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(self._file.tell() - (len(line) - len(rest)))
            raise WriteError(self._path, error) from error

    def close(self) -> None:
        self._file.close()


class Rows:
    """The three files of one run, appended to as things happen.

    A row's own keys come first and win over a report or a metric of the same name; `seconds` is the only key
    that differs between two runs of one experiment. Every method raises WriteError when the file system refuses.
    """

    def __init__(self, folder: Path) -> None:
        self._episodes = _Lines(folder / "episodes.jsonl")
        self._metrics = _Lines(folder / "metrics.jsonl")
        self._evaluations = _Lines(folder / "evaluation.jsonl")

    def append_episode(self, event: EpisodeEnded) -> None:
        """A row of episodes.jsonl."""
        own = {
            "episode": event.episode,
            "step": event.step,
            "length": event.length,
            "return": event.episode_return,
            "terminated": event.terminated,
            "truncated": event.truncated,
            "seconds": event.seconds,
        }
        self._episodes.append({**own, **event.reports, **own})

    def append_metrics(self, event: MetricsLogged) -> None:
        """A row of metrics.jsonl."""
        own = {"update": event.update, "step": event.step, "episode": event.episode}
        self._metrics.append({**own, **event.metrics, **own})

    def append_evaluation(self, event: EvaluationEnded) -> None:
        """A row of evaluation.jsonl."""
        self._evaluations.append(
            {
                "step": event.step,
                "episode": event.episode,
                "update": event.update,
                "returns": event.returns,
                "lengths": event.lengths,
                "seconds": event.seconds,
            }
        )

    def close(self) -> None:
        """Close the files; closing twice does no harm."""
        for lines in (self._episodes, self._metrics, self._evaluations):
            lines.close()
