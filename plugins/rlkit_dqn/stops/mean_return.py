"""Solved once the recent returns are good enough."""

from __future__ import annotations

from math import fsum

from rlkit import History, Stopped, component, parameter


@component
class MeanReturn:
    """Solved: the mean return of the last episodes is above a threshold.

    While there are fewer episodes than `window`, the mean is that of all of them.
    """

    window: int = parameter(default=50, doc="episodes in the mean", at_least=1, source="reference notebook")
    threshold: float = parameter(
        default=225.0, doc="return that the mean must exceed", source="reference notebook, on CartPole-v1"
    )

    def met(self, history: History) -> Stopped | None:
        """See `Stop.met`."""
        if not len(history.returns):
            return None
        mean = self._mean(history)
        if not mean > self.threshold:
            return None
        episodes = min(self.window, len(history.returns))
        return Stopped(f"mean return of the last {episodes} episodes is {mean:.2f} > {self.threshold:g}", True)

    def describe(self, history: History) -> str:
        """`mean of last 50: 123.4 of 225`."""
        if not len(history.returns):
            return ""
        return f"mean of last {self.window}: {self._mean(history):.1f} of {self.threshold:g}"

    def _mean(self, history: History) -> float:
        recent = history.returns[-self.window :].tolist()
        return fsum(recent) / len(recent)  # of so few numbers sooner than by NumPy
