"""What may be said of two variants."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rlkit.statistics.bootstrap import Interval

LEVEL = 0.05
"""Of all false verdicts of a comparison together."""


@dataclass(frozen=True)
class Verdict:
    """What may be said of two variants, on one task or over all."""

    a: str
    b: str
    task: str | None
    kind: str
    """Of the effect: `ratio` of b's mean time to a's, `difference` b − a, `probability` that b is better."""
    effect: Interval
    improvement: Interval
    """The probability that a run of b is better than one of a."""
    p: float
    adjusted_p: float
    seeds: tuple[int, int]
    paired: bool
    more_seeds: int | None
    """How many more of each would tell a difference of this size; None where it is told, or there is none."""
    in_looks: bool = False
    """Seeds came until the question was answered. What one look has told no later one takes back, whatever the interval
    of all seeds, which does not know of looks."""
    at_least: bool = False
    """Of times: the later of the two never got there, so that the ratio may be any greater one."""

    @property
    def decided(self) -> bool:
        """Whether the difference is told from chance, all comparisons taken together, and the interval agrees.

        A single run has no interval that could.
        """
        return self.adjusted_p <= LEVEL and min(self.seeds) > 1 and (self.in_looks or not self.within)

    @property
    def within(self) -> bool:
        """Whether the interval holds the effect of no difference."""
        return self.effect.low <= self._none <= self.effect.high

    @property
    def better(self) -> str | None:
        """Which is better; None where that is not decided."""
        if not self.decided:
            return None
        return self.b if (self.effect.estimate > self._none) == (self.effect_better == "higher") else self.a

    @property
    def _none(self) -> float:
        """The effect of no difference."""
        return {"ratio": 1.0, "difference": 0.0, "probability": 0.5}[self.kind]

    @property
    def effect_better(self) -> str:
        """Whether b is the better one where the effect is lower or higher."""
        return "lower" if self.kind == "ratio" else "higher"

    def told(self, sentence: str) -> dict[str, Any]:
        """For the document."""
        effect: Mapping[str, Any] = self.effect.told()
        return {
            "sentence": sentence,
            "a": self.a,
            "b": self.b,
            "task": self.task,
            "decided": self.decided,
            "better": self.better,
            "effect": {"kind": self.kind, **effect},
            "probability_of_improvement": self.improvement.told(),
            "p": self.p,
            "adjusted_p": self.adjusted_p,
            "seeds": list(self.seeds),
            "paired": self.paired,
            "more_seeds": self.more_seeds,
        }


def mirrored(verdict: Verdict) -> Verdict:
    """The same of b and a."""
    effect, chance = verdict.effect, verdict.improvement
    if verdict.kind == "ratio":
        effect = Interval(*(1.0 / one if one else math.inf for one in (effect.estimate, effect.high, effect.low)))
    else:
        effect = Interval(-effect.estimate, -effect.high, -effect.low)
    return replace(
        verdict,
        a=verdict.b,
        b=verdict.a,
        effect=effect,
        improvement=Interval(1.0 - chance.estimate, 1.0 - chance.high, 1.0 - chance.low),
        seeds=verdict.seeds[::-1],
    )
