"""Programs that are made once and serve run after run of one experiment, whatever the seed."""

from __future__ import annotations

import contextlib
import dataclasses

from rlkit.experiment.experiment import Experiment
from rlkit.loops.for_experiment import prepare_for
from rlkit.programs.ready import ReadyPrograms, begin
from rlkit.replay.of_experiment import buffer_of


class ReusedPrograms:
    """The programs of one experiment, for one run at a time. Importing this does not import TensorFlow."""

    def __init__(self) -> None:
        self._made: ReadyPrograms | None = None
        self._as_made = True
        """No other seed than that they were made for has had them yet."""

    def prepare(self, experiment: Experiment, *, debug: bool) -> ReadyPrograms:
        """As `rlkit.loops.for_experiment.prepare_for`; what an earlier call returned can no longer be used.

        The experiments of all calls differ in nothing but their seed.
        """
        made, again = self._made, None
        self.forget()
        if made is not None:
            again = _with_seed(_whatever_the_seed(made, experiment) if self._as_made else made, experiment)
        self._as_made = again is None
        self._made = again or prepare_for(experiment, debug=debug)
        return self._made

    def forget(self) -> None:
        """Make them anew for the next run."""
        self._made = None


def _whatever_the_seed(made: ReadyPrograms, experiment: Experiment) -> ReadyPrograms:
    """The same with what variables begin with, if no seed changes that: then nothing is built again for another.

    `made` is as it was made, for the seed that its parts were built with.
    """
    if made.start is not None or made.made is None:
        return made
    from rlkit.programs.weights.start import SeedDependent, start_of

    with contextlib.suppress(SeedDependent):
        made = dataclasses.replace(made, start=start_of(made, made.made, experiment.agent, buffer_of(experiment)))
    return made


def _with_seed(made: ReadyPrograms, experiment: Experiment) -> ReadyPrograms | None:
    """The same programs as a run with this seed begins; None if they cannot serve it."""
    if made.start is not None:
        again = dataclasses.replace(made, seed=experiment.seed)
        begin(again, made.start)
        return again
    from rlkit.programs.weights.next_seed import with_seed

    return with_seed(made, experiment.agent, buffer_of(experiment), experiment.seed)
