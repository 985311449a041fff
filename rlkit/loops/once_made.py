"""Programs that are made once and serve run after run of one experiment, whatever the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rlkit.experiment.experiment import Experiment
from rlkit.loops.backends.quiet import quiet_stderr
from rlkit.loops.replay import buffer_of

if TYPE_CHECKING:
    from rlkit.loops.prepared import Prepared


class OnceMade:
    """The programs of one experiment, for one run at a time. Importing this does not import TensorFlow."""

    def __init__(self) -> None:
        self._made: Prepared | None = None

    def prepare(self, experiment: Experiment, *, debug: bool) -> Prepared:
        """As `rlkit.loops.preparing.prepare`; what an earlier call returned can no longer be used.

        The experiments of all calls differ in nothing but their seed.
        """
        with quiet_stderr():  # what TensorFlow logs while it is imported heeds no log level
            from rlkit.loops.next_seed import with_seed
            from rlkit.loops.preparing import prepare
        made, again = self._made, None
        self.forget()
        if made is not None:
            again = with_seed(made, experiment.agent, buffer_of(experiment), experiment.seed)
        self._made = again or prepare(experiment, debug=debug)
        return self._made

    def forget(self) -> None:
        """Make them anew for the next run."""
        self._made = None
