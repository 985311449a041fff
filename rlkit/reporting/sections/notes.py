"""What to keep in mind, and what the page was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit.reporting.markup import Markup, tag


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
    """The words of the page, explained."""
    share = f"{document['confidence']:.0%}".replace("%", " %")
    words = {
        "Interval": f"{share} of intervals made in this way hold the true value. They say what other seeds would have "
        f"given, and come from {document['resamples']:,} resamples of the runs.",
        "Interquartile mean": "The mean of the middle half of the runs: less at the mercy of a lucky or unlucky seed "
        "than the mean, and of more runs than the median.",
        "Decided": "The probability of a difference at least as large between equal variants, corrected for the number "
        "of comparisons, is small enough. Not decided never means equal.",
        "Not reached": "A run that ended before the threshold was reached. It is not left out: in the survival curves "
        "it counts until it ended (an upright stroke), and is called censored.",
        "Profile": "At each score, the share of runs that did better than that. A curve above another one at every "
        "score is better throughout." if document["measure"]["better"] == "higher" else
        "At each score, the share of runs with a greater one. Small scores are good here: the lower curve is better.",
        "Optimality gap": "How far runs stay below the score that counts as full (1 on a normalised scale), in the "
        "mean: 0 is best. Only where scores are normalised.",
    }  # fmt: skip
    return tag("dl", [(tag("dt", word), tag("dd", text)) for word, text in words.items()], class_="reading")
