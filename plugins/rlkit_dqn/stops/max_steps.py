"""Over after so many environment steps."""

from __future__ import annotations

from rlkit import History, Stopped, component, parameter


@component
class MaxSteps:
    """Over, not solved: so many environment steps were taken. The episode under way is finished first."""

    by = "step"

    steps: int = parameter(doc="environment steps, over all environments", at_least=1)

    def met(self, history: History) -> Stopped | None:
        """See `Stop.met`."""
        if history.steps < self.steps:
            return None
        return Stopped(f"{history.steps:,} environment steps were taken; max_steps is {self.steps:,}", False)

    def describe(self, history: History) -> str:
        """`step 12,000 of 50,000`."""
        return f"step {history.steps:,} of {self.steps:,}"
