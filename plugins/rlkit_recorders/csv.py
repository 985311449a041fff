"""The episodes as a table that any spreadsheet reads."""

from __future__ import annotations

import csv
from pathlib import Path

from rlkit import EpisodeEnded, RunEnded, RunView, component


@component
class CSVTable:
    """progress.csv in the run folder: a row an episode, with the columns of episodes.jsonl.

    The first episode fixes the columns: what a component reports only later is left out.
    """

    def start(self, run: RunView) -> CSVFile:
        """The working recorder of one run."""
        return CSVFile(run.folder / "progress.csv")


class CSVFile:
    """The table of one run, written line by line."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "w", newline="", encoding="utf-8", buffering=1)  # noqa: SIM115
        self._writer: csv.DictWriter[str] | None = None

    def episode_ended(self, event: EpisodeEnded) -> None:
        """Write its row, and the header before the first."""
        own = {
            "episode": event.episode,
            "step": event.step,
            "length": event.length,
            "return": event.episode_return,
            "terminated": event.terminated,
            "truncated": event.truncated,
            "seconds": event.seconds,
        }
        row = {**own, **event.reports, **own}
        if self._writer is None:
            self._writer = csv.DictWriter(self._file, list(row), extrasaction="ignore")
            self._writer.writeheader()
        self._writer.writerow(row)

    def run_ended(self, event: RunEnded) -> None:
        """Close the file."""
        self._file.close()
