"""Programs that are made once and serve run after run of one experiment, whatever the seed."""

from __future__ import annotations

import dataclasses

from rlkit.experiment.experiment import Experiment
from rlkit.loops.for_experiment import ready_for
from rlkit.programs.ready import ReadyPrograms, begin


class ReusedPrograms:
    """The programs of one experiment, for one run at a time. Importing this does not import TensorFlow."""

    def __init__(self) -> None:
        self._made: ReadyPrograms | None = None

    def prepare(self, experiment: Experiment, *, debug: bool) -> ReadyPrograms:
        """As `rlkit.loops.for_experiment.ready_for`; what an earlier call returned can no longer be used.

        The experiments of all calls differ in nothing but their seed.
        """
        made = self._made
        self.forget()
        if made is None:
            made = ready_for(experiment, debug=debug)
        else:
            made = dataclasses.replace(made, seed=experiment.seed)
            begin(made)
        self._made = made
        return made

    def forget(self) -> None:
        """Make them anew for the next run."""
        self._made = None
