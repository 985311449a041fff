"""Over after so much time."""

from __future__ import annotations

from rlkit import History, Stopped, component, parameter


@component
class MaxSeconds:
    """Over, not solved: training took so many seconds. The episode under way is finished first.

    Where a run ends by the clock differs from machine to machine.
    """

    seconds: float = parameter(doc="of training; start-up and evaluation are left out", above=0)

    def met(self, history: History) -> Stopped | None:
        """See `Stop.met`."""
        if history.seconds < self.seconds:
            return None
        return Stopped(f"training took {history.seconds:.1f} s; max_seconds is {self.seconds:g}", False)

    def describe(self, history: History) -> str:
        """`12 s of 60`."""
        return f"{history.seconds:.0f} s of {self.seconds:g}"
