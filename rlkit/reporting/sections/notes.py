"""What to keep in mind, and what the page was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit.reporting.aggregates import known_aggregates
from rlkit.reporting.markup import Markup, tag
from rlkit.reporting.numbers import NOTHING


def warnings(document: Mapping[str, Any]) -> Markup | None:
    """None where there are none."""
    if not document["warnings"]:
        return None
    items = [tag("li", warning) for warning in document["warnings"]]
    return tag("div", tag("h3", "⚠ To keep in mind"), tag("ul", items), class_="warnings")


def versions(document: Mapping[str, Any]) -> Markup:
    """Of the programs that the runs were made with; where runs differ, each of them."""
    rows = [
        (tag("dt", name), tag("dd", ", ".join(map(str, found)) if isinstance(found, list) else str(found)))
        for name, found in document["versions"].items()
    ]
    return tag("dl", rows, class_="versions")


def reading(document: Mapping[str, Any]) -> Markup:
    """The words that this page uses, explained."""
    share = f"{document['confidence']:.0%}".replace("%", " %")
    lower = document["measure"]["better"] == "lower"
    known = known_aggregates([own["aggregates"] for variant in document["variants"] for own in variant["tasks"]])
    over_all = known_aggregates([variant["aggregates"] for variant in document["variants"]])
    words = {
        "Interval": f"{share} of intervals made in this way hold the true value. They say what other seeds would have "
        f"given, and come from {document['resamples']:,} resamples of the runs.",
        "Interquartile mean": "The mean of the middle half of the runs: less at the mercy of a lucky or unlucky seed "
        "than the mean, and of more runs than the median."
        + (f" {NOTHING} where more than a quarter of the runs never got there." if lower else ""),
        "Restricted mean": "The mean time, as far as every variant was watched: a run that had not reached the "
        "threshold by then counts as that long, and is not left out.",
        "Final return": "The mean return of the episodes that ended late in a run.",
        "Mean return over the run": "The mean height of the learning curve, a moving average of returns: greater where "
        "a run learns sooner, or more.",
        "Optimality gap": "How far runs stay below the score that counts as full (1 on a normalised scale), in the "
        "mean: 0 is best.",
        "Decided": "A difference as large would seldom come about between equal variants, even in one of so many "
        "comparisons. Not decided never means equal.",
        "Not reached": "A run that ended before the threshold was reached. It is not left out: in the survival curves "
        "it counts until it ended (an upright stroke), and is called censored.",
        "Profile": "At each score, the share of runs with a greater one. "
        + ("Small scores are good here: the lower curve is better." if lower else "The higher curve is better."),
    }
    used = {
        "Restricted mean": "restricted_mean" in known,
        "Optimality gap": "optimality_gap" in (*known, *over_all),
        "Final return": any(run.get("final") is not None for run in document["runs"]),
        "Mean return over the run": any(run.get("area") is not None for run in document["runs"]),
        "Decided": bool(document["verdicts"]),
        "Not reached": bool(document["survival"]),
        "Profile": bool(document["profiles"]),
    }
    shown = [(word, text) for word, text in words.items() if used.get(word, True)]
    return tag("dl", [(tag("dt", word), tag("dd", text)) for word, text in shown], class_="reading")
