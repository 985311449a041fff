"""Over once the returns no longer rise."""

from __future__ import annotations

from rlkit import History, Stopped, component, parameter


@component
class NoImprovement:
    """Over, not solved: the mean return has not risen for a long time.

    With M(e) the mean return of the `window` episodes up to episode e: none of the last `patience` values of M is more
    than `min_delta` above the value just before them. Never before window + patience episodes.
    """

    window: int = parameter(default=50, doc="episodes in the mean", at_least=1)
    patience: int = parameter(default=200, doc="episodes without a rise that are borne", at_least=1)
    min_delta: float = parameter(default=0.0, doc="a rise must be greater than this to count", at_least=0)

    def met(self, history: History) -> Stopped | None:
        """See `Stop.met`."""
        rise = self._rise(history)
        if rise is None or rise > self.min_delta:
            return None
        return Stopped(
            f"the mean return of {self.window} episodes has not risen by more than {self.min_delta:g} "
            f"in {self.patience} episodes",
            False,
        )

    def describe(self, history: History) -> str:
        """`best rise in 200 episodes: 3.2`; empty while there are too few episodes."""
        rise = self._rise(history)
        return "" if rise is None else f"best rise in {self.patience} episodes: {rise:.1f}"

    def _rise(self, history: History) -> float | None:
        import numpy as np

        recent = history.returns[-(self.window + self.patience) :]
        if len(recent) < self.window + self.patience:
            return None
        # Not from a running sum: its rounding would pass for a rise where all returns are equal.
        means = np.lib.stride_tricks.sliding_window_view(recent, self.window).mean(axis=1)
        return float(means[1:].max() - means[0])
