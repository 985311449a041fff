"""The recorder: writes down or shows what happens, and changes nothing."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.events import RunView


class Recorder(Protocol):
    """Told of events; takes part only when an experiment or the command line names it.

    An optional attribute `needs_frames = True` says that it will call `RunView.record_episode`.
    """

    def start(self, run: RunView) -> object:
        """The working recorder of this run.

        It has any of the methods `episode_ended`, `metrics_logged`, `evaluation_ended`, `run_ended`, each taking
        the event of that name (`rlkit.contracts.events`) and returning nothing. One that raises is switched off
        and named in the summary; the run goes on.
        """
