"""What may be concluded: a sentence for each pair of variants, with its effect as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rlkit.reporting.intervals import Axis, axis_of, bar
from rlkit.reporting.markup import Markup, joined, tag
from rlkit.reporting.numbers import interval, number, probability

_NEUTRAL = {"ratio": 1.0, "difference": 0.0, "probability": 0.5}
_SHOWN = 12
"""Verdicts that stand open; more of them can be unfolded."""


def verdicts(document: Mapping[str, Any]) -> Markup:
    """The decided ones first, those over all tasks before those of one."""
    found = sorted(document["verdicts"], key=lambda verdict: (not verdict["decided"], verdict["task"] is not None))
    decided = sum(bool(verdict["decided"]) for verdict in found)
    if not found:
        return tag("p", "There is one variant only, so there is nothing to compare it with.", class_="lead")
    count = "Nothing is decided" if not decided else f"{decided} of {len(found)} comparisons decided"
    axes = {kind: _axis(found, kind) for kind in _NEUTRAL}
    several = len(document["tasks"]) > 1
    items = [_verdict(verdict, axes, document["measure"], several) for verdict in found]
    further = items[_SHOWN:]
    return joined(
        None if len(found) == 1 else tag("p", f"{count}.", class_="lead"),
        tag("ul", items[:_SHOWN], class_="verdicts"),
        tag("details", tag("summary", f"{len(further)} more"), tag("ul", further, class_="verdicts"))
        if further
        else None,
    )


def _axis(found: Sequence[Mapping[str, Any]], kind: str) -> Axis:
    effects = [verdict["effect"] for verdict in found if verdict["effect"] and verdict["effect"]["kind"] == kind]
    values = [effect[key] for effect in effects for key in ("low", "estimate", "high")]
    return axis_of(values, _NEUTRAL[kind], logarithmic=kind == "ratio")


def _verdict(verdict: Mapping[str, Any], axes: Mapping[str, Axis], measure: Mapping[str, Any], several: bool) -> Markup:
    decided = bool(verdict["decided"])
    about = (verdict["task"] or "all tasks together") if several else None
    return tag(
        "li",
        tag(
            "p",
            tag("span", "✓ decided" if decided else "? not decided", class_="badge"),
            tag("span", about, class_="task") if about else None,
            class_="state",
        ),
        tag("p", verdict["sentence"], class_="sentence"),
        _effect(verdict, axes, measure),
        tag("p", _facts(verdict), class_="facts"),
        class_="decided" if decided else "open",
    )


def _effect(verdict: Mapping[str, Any], axes: Mapping[str, Axis], measure: Mapping[str, Any]) -> Markup | None:
    """Left of the line one variant is better, right of it the other."""
    effect = verdict["effect"]
    if not effect or effect.get("estimate") is None:
        return None
    kind, a, b = effect["kind"], verdict["a"], verdict["b"]
    neutral, axis = _NEUTRAL[kind], axes[kind]
    lower = measure["better"] == "lower" and kind != "probability"
    left, right = (b, a) if lower else (a, b)
    what = {"ratio": f"ratio of {b} to {a}", "difference": f"difference of {b} from {a}"}.get(
        kind, f"probability that {b} does better than {a}"
    )
    ends = tag("p", tag("span", f"◂\u00a0{left} better"), tag("span", f"{right} better\u00a0▸"), class_="ends")
    picture = bar(
        effect, axis, f"{what}: {interval(effect, 3)}; no difference would be {number(neutral)}", neutral=neutral
    )
    return tag("div", picture, ends, class_="effect")


def _facts(verdict: Mapping[str, Any]) -> str:
    a, b, effect = verdict["a"], verdict["b"], verdict["effect"]
    facts = []
    if effect and effect.get("estimate") is not None and effect["kind"] != "probability":
        word = "Ratio" if effect["kind"] == "ratio" else "Difference"
        between = f"{b} to {a}" if effect["kind"] == "ratio" else f"{b} less {a}"
        facts.append(f"{word} ({between}): {interval(effect, 3)}")
    if verdict["probability_of_improvement"]:
        facts.append(f"probability that a run of {b} does better: {interval(verdict['probability_of_improvement'], 3)}")
    if verdict["adjusted_p"] is not None:
        facts.append(f"p {probability(verdict['adjusted_p'])} after correction, {probability(verdict['p'])} before")
    seeds = verdict["seeds"]
    counts = f"{seeds[0]} seeds each" if seeds[0] == seeds[1] else f"seeds: {a} {seeds[0]}, {b} {seeds[1]}"
    facts.append(f"{counts}{', paired' if verdict['paired'] else ''}")
    if verdict["more_seeds"]:
        facts.append(f"about {verdict['more_seeds']:,} more seeds would tell a difference of this size")
    return " · ".join(facts)
