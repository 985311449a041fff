"""How often ε-greedy policies try an action: the parameters of ε, and ε now."""

from __future__ import annotations

import dataclasses

from rlkit import ParameterError, Progress, Schedule, Tensor, component, parameter, value_of
from rlkit_dqn.schedules.exponential import Exponential

_DECAY = ("start", "end", "decay")


@component
class Epsilon:
    """After k episodes ε = max(start · decayᵏ, end), or what `schedule` says.

    The base of the policies that have an ε; their parameters come after these.
    """

    start: float = parameter(
        default=1.0, doc="ε in the first episode", at_least=0, at_most=1, source="reference notebook"
    )
    end: float = parameter(
        default=0.1, doc="ε below which it does not fall", at_least=0, at_most=1, source="reference notebook"
    )
    decay: float = parameter(
        default=0.995, doc="factor on ε at each episode's end", above=0, at_most=1, source="reference notebook"
    )
    schedule: Schedule | None = parameter(
        default=None, doc="ε by another rule, instead of start, end and decay", at_least=0, at_most=1
    )

    def __post_init__(self) -> None:
        if self.schedule is not None:
            defaults = {field.name: field.default for field in dataclasses.fields(self)}
            for name in _DECAY:
                if getattr(self, name) != defaults[name]:
                    raise ParameterError(name, "cannot be given beside schedule, which replaces start, end and decay")
        elif self.end > self.start:
            raise ParameterError("end", f"found {self.end!r}; allowed: at most start ({self.start!r})")

    @property
    def by(self) -> str | None:
        """See `Exploration`: a schedule says so itself."""
        stays = self.schedule is not None or self.decay == 1 or self.end == self.start
        return None if stays else "episode"

    def epsilon(self, progress: Progress) -> Tensor:
        """ε now: a float32 scalar."""
        if self.schedule is not None:
            return value_of(self.schedule, progress)
        return Exponential(start=self.start, end=self.end, decay=self.decay, by="episode").value(progress)

    def report(self, progress: Progress) -> dict[str, Tensor]:
        """ε now."""
        return {"epsilon": self.epsilon(progress)}
