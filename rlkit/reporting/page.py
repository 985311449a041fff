"""The page: one text that needs nothing else, neither the network nor, for reading, scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rlkit.reporting.charts.chart import Chart
from rlkit.reporting.charts.curves import curve_charts
from rlkit.reporting.charts.profiles import profile_charts
from rlkit.reporting.charts.survival import survival_charts
from rlkit.reporting.inlined import allowed, script, style_sheet
from rlkit.reporting.markup import Markup, joined, tag
from rlkit.reporting.sections.notes import reading, versions, warnings
from rlkit.reporting.sections.pictures import pictures
from rlkit.reporting.sections.runs import runs
from rlkit.reporting.sections.scores import scores
from rlkit.reporting.sections.variants import variants
from rlkit.reporting.sections.verdicts import verdicts


def page(document: Mapping[str, Any], link: Callable[[str], str]) -> str:
    """A comparison as HTML.

    Args:
        document: of a comparison, as `rlkit compare --json` prints it.
        link: from a run's folder, as the document names it, to its address as seen from the page.

    Returns:
        The whole page. It forbids its reader's browser to load anything and to run any other script.
    """
    styles, scripts = style_sheet(), script()
    curves, profiles, survival = curve_charts(document), profile_charts(document), survival_charts(document)
    share = f"{document['confidence']:.0%}".replace("%", " %")
    bands = f"Bands: {share} intervals."
    sections = [
        _section("verdicts", "Verdicts", joined(verdicts(document), warnings(document))),
        _section("scores", "Scores", scores(document)),
        _section("curves", "Learning curves", pictures(
            document, curves, f"Interquartile mean of the runs' returns. {bands}", log_y=True
        )),
        _section("survival", "Time to the threshold", pictures(
            document, survival, f"Share of runs that have not reached the threshold yet; lower is better. {bands} "
            "An upright stroke is a run that ended without reaching it."
        )),
        _section("profiles", "Performance profiles", pictures(
            document, profiles, f"Share of runs with a greater score; a smaller score is better. {bands}"
            if document["measure"]["better"] == "lower"
            else f"Share of runs with a greater score; higher is better. {bands}"
        )),
        _section("variants", "Variants", variants(document)),
        _section("runs", "Runs", runs(document, link)),
        _section("reading", "How to read this", reading(document)),
        _section("versions", "Versions", versions(document) if document["versions"] else None),
    ]  # fmt: skip
    shown = [section for section in sections if section is not None]
    title = document["title"] or "Comparison"
    policy = f"default-src 'none'; style-src {allowed(styles)}; script-src {allowed(scripts)}; img-src data:"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title}: report"),
        tag("style", Markup(styles)),
    )
    body = tag(
        "body",
        tag("a", "Skip to the verdicts", href="#verdicts", class_="skip"),
        tag("header", tag("h1", title), tag("p", _subtitle(document)), _navigation(shown)),
        tag("main", [section for _, _, section in shown]),
        tag("footer", tag("p", f"Made by rlkit report on {document['made']}.")),
        tag("script", _data(document, [*curves, *survival, *profiles]), type="application/json", id="data"),
        tag("script", Markup(scripts)),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


_Section = tuple[str, str, Markup]


def _section(name: str, title: str, content: Markup | None) -> _Section | None:
    if content is None:
        return None
    heading = f"{name}-title"
    return name, title, tag("section", tag("h2", title, id=heading), content, id=name, aria_labelledby=heading)


def _navigation(sections: Sequence[_Section]) -> Markup:
    links = [tag("li", tag("a", title, href=f"#{name}")) for name, title, _ in sections]
    return tag("nav", tag("ul", links), aria_label="On this page")


def _subtitle(document: Mapping[str, Any]) -> str:
    variants, runs, tasks = (len(document[key]) for key in ("variants", "runs", "tasks"))
    where = f"on {document['tasks'][0]}" if tasks == 1 else f"on {tasks} tasks"
    return f"{_count(variants, 'variant')}, {_count(runs, 'run')} {where}. Measured: {document['measure']['words']}."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _data(document: Mapping[str, Any], charts: Sequence[Chart]) -> Markup:
    """What the script draws. No text in it can end the element that it stands in."""
    names = [variant["name"].encode("utf-8", "replace").decode() for variant in document["variants"]]
    data = {"variants": names, "charts": {chart.name: chart.data() for chart in charts}}
    return Markup(json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False).replace("<", "\\u003c"))
