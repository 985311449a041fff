"""Verdicts in plain words."""

from __future__ import annotations

from rlkit.comparing.measures import AXES, Measure
from rlkit.comparing.verdict import LEVEL, Verdict
from rlkit.statistics.bootstrap import Interval

_MANY = 10_000
"""More runs than this are not told as a number."""


def sentence(verdict: Verdict, measure: Measure, tasks: int, confidence: float) -> str:
    """What may be concluded of two variants."""
    sure = f"{confidence * 100:.0f} % interval"
    where = "" if tasks < 2 else " over all tasks" if verdict.task is None else f" on {verdict.task}"
    seeds = _seeds(verdict)
    if verdict.decided and verdict.within:
        seeds += ", told apart by the first of them"
    if not verdict.decided:
        seen = f"{_seen(verdict, measure, confidence)}, {seeds}"
        return f"{verdict.b} and {verdict.a} are not distinguishable{where} ({seen}){_more(verdict)}."
    if verdict.kind == "ratio":
        bound = "at least " if verdict.at_least else ""
        low, high = sorted((_saved(verdict.effect.low), _saved(verdict.effect.high)))
        if verdict.effect.estimate <= 1.0:
            return (
                f"{verdict.b} needs {bound}{_percent(_saved(verdict.effect.estimate))} fewer {AXES[measure.by]} than "
                f"{verdict.a}{where} ({sure} {_span(low, high)}, {seeds})."
            )
        return (
            f"{verdict.b} needs {bound}{_times(verdict.effect.estimate)} as many {AXES[measure.by]} as "
            f"{verdict.a}{where} ({sure} {verdict.effect.low:.2f} to {verdict.effect.high:.2f} times, {seeds})."
        )
    if verdict.kind == "probability":
        effect, leader, other = verdict.effect, verdict.better, verdict.a if verdict.better == verdict.b else verdict.b
        if leader == verdict.a:
            effect = Interval(1 - effect.estimate, 1 - effect.high, 1 - effect.low)
        return (
            f"{leader} is better than {other}{where}: a run of it wins with a probability of "
            f"{_percent(effect.estimate)} ({sure} {effect.low * 100:.0f} to {_percent(effect.high)}, {seeds})."
        )
    low, high, size = verdict.effect.low, verdict.effect.high, verdict.effect.estimate
    word = "higher" if size > 0 else "lower"
    if size < 0:
        low, high, size = -high, -low, -size
    what = "ends with a mean return" if measure.name == "final" else "has a mean return on its way"
    return (
        f"{verdict.b} {what} {_number(size)} {word} than {verdict.a}{where} "
        f"({sure} {_number(low)} to {_number(high)}, {seeds})."
    )


def _seen(verdict: Verdict, measure: Measure, confidence: float) -> str:
    """What was seen, where it may be chance."""
    effect, sure = verdict.effect, f"{confidence * 100:.0f} % interval"
    if min(verdict.seeds) == 1:
        return _alone(verdict, measure)
    if verdict.kind == "ratio" and effect.low == effect.high == 1.0:
        return f"no difference at all in {AXES[measure.by]}"
    if verdict.kind == "difference" and effect.low == effect.high == 0.0:
        return "no difference at all"
    if verdict.kind == "ratio":
        return (
            f"{verdict.b} took {_times(effect.estimate)} as many {AXES[measure.by]}, "
            f"{sure} {effect.low:.2f} to {effect.high:.2f} times"
        )
    if verdict.kind == "probability":
        return (
            f"a run of {verdict.b} wins with a probability of {_percent(effect.estimate)}, "
            f"{sure} {effect.low * 100:.0f} to {_percent(effect.high)}"
        )
    word = "lower" if effect.estimate < 0 else "higher"
    return (
        f"the mean return of {verdict.b} was {_number(abs(effect.estimate))} {word}, "
        f"{sure} of the difference {_number(effect.low)} to {_number(effect.high)}"
    )


def _alone(verdict: Verdict, measure: Measure) -> str:
    """What was seen of a single run, which has no interval."""
    size = verdict.effect.estimate
    if verdict.kind == "ratio":
        return f"{verdict.b} took {_times(size)} as many {AXES[measure.by]}"
    if verdict.kind == "probability":
        return f"a run of {verdict.b} wins with a probability of {_percent(size)}"
    return f"the mean return of {verdict.b} was {_number(abs(size))} {'lower' if size < 0 else 'higher'}"


def _more(verdict: Verdict) -> str:
    if verdict.p <= LEVEL < verdict.adjusted_p:
        return "; alone the difference would be told, among all comparisons of this page it may be chance"
    if verdict.more_seeds is None:
        return ""
    if verdict.more_seeds > _MANY:
        return f"; more than {_MANY:,} more seeds each would be needed to tell a difference of this size"
    few = f"about {verdict.more_seeds:,} more seed{'s' if verdict.more_seeds > 1 else ''} each"
    return f"; {few} would tell a difference of this size"


def _seeds(verdict: Verdict) -> str:
    one, other = verdict.seeds
    what = "run" if verdict.task is None else "seed"
    if one == other:
        return f"{one} {what}{'' if one == 1 else 's'} each"
    return f"{other} and {one} {what}s"


def _saved(ratio: float) -> float:
    return 1.0 - ratio


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.01 else f"{share * 100:.1f} %"


def _span(low: float, high: float) -> str:
    return f"{low * 100:.0f} to {_percent(high)}"


def _times(ratio: float) -> str:
    return f"{ratio:.2f} times" if ratio < 10 else f"{ratio:.0f} times"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.3g}"
