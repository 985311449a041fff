from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest

from rlkit.reporting.inlined import SCRIPTS, STYLES, script
from rlkit.reporting.page import page
from tests.reporting.documents import document


def tree(html: str) -> ElementTree.Element:
    """The page, which is well-formed XML but for its scripts and styles."""
    assert html.startswith("<!DOCTYPE html>\n")
    return ElementTree.fromstring(
        re.sub(r"(<(script|style)[^>]*>).*?(</\2>)", r"\1\3", html.split("\n", 1)[1], flags=re.S)
    )


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return ["".join(found.itertext()) for found in element.iterfind(path)]


@pytest.fixture(scope="module")
def large() -> str:
    return page(document(10, 3, 30), lambda folder: f"../{folder}")


def test_the_page_is_well_formed_and_each_of_its_ids_is_its_own(large: str) -> None:
    root = tree(large)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {link.get("href", "").lstrip("#") for link in root.iterfind(".//nav//a")} <= set(ids)
    for section in root.iter("section"):
        assert section.get("aria-labelledby") in ids


def test_ten_variants_of_thirty_seeds_on_three_tasks_are_under_a_megabyte(large: str) -> None:
    assert len(large.encode()) < 1_000_000
    assert len(tree(large).findall(".//section[@id='runs']//tbody/tr")) == 900


def test_nothing_is_loaded(large: str) -> None:
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", large)
    assert not re.search(
        r"<(link|img|iframe|object|embed)\b|\ssrc=|url\(|@import|\bfetch\(|XMLHttpRequest|\bimport\(", large
    )
    policy = tree(large).find(".//meta[@http-equiv='Content-Security-Policy']")
    assert policy is not None
    assert policy.get("content", "").startswith("default-src 'none'; style-src 'sha256-")


def test_verdicts_come_first_and_the_decided_ones_before_the_others() -> None:
    root = tree(page(document(3, 1, 5), str))
    assert [section.get("id") for section in root.iter("section")] == [
        "verdicts", "scores", "curves", "survival", "profiles", "variants", "runs", "reading", "versions",
    ]  # fmt: skip
    assert (
        texts(root, ".//p[@class='sentence']")
        == [verdict["sentence"] for verdict in document(3, 1, 5)["verdicts"]][::-1]
    )
    assert [item.get("class") for item in root.iterfind(".//ul[@class='verdicts']/li")] == ["decided", "open"]


def test_warnings_are_shown_beside_the_verdicts() -> None:
    made = document(2, 1, 5)
    made["warnings"] = ["5 seeds each are few", "unequal budgets"]
    assert texts(tree(page(made, str)), ".//section[@id='verdicts']/div[@class='warnings']//li") == made["warnings"]


def hostile(value: Any) -> Any:
    """Every text in a document, with what would be markup."""
    if isinstance(value, dict):
        return {key: hostile(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner) for inner in value]
    return f"{value}{EVIL}" if isinstance(value, str) and value not in WORDS else value


EVIL = "\"'></script></style><script>alert(1)</script><!--&amp;"
WORDS = {"time", "step", "episode", "seconds", "lower", "higher", "ratio", "finished"}


def test_no_text_of_a_document_becomes_markup() -> None:
    made = hostile(document(3, 2, 4))
    made["variants"][1]["differences"] = {f"a{EVIL}": f"b{EVIL}"}
    made["runs"][0]["experiment"] = {f"c{EVIL}": EVIL}
    made["versions"][EVIL] = [EVIL]
    html = page(made, lambda folder: folder)
    assert html.count("<script") == html.count("</script>") == 2
    assert html.count("<!--") == 0
    root = tree(html)
    assert texts(root, ".//h1") == [made["title"]]
    assert made["verdicts"][-1]["sentence"] in texts(root, ".//p[@class='sentence']")
    assert f"c{EVIL}: {EVIL}" in texts(root, ".//code")
    data = html.partition('type="application/json" id="data">')[2].partition("</script>")[0]
    assert json.loads(data)["variants"] == [variant["name"] for variant in made["variants"]]


def test_every_table_says_how_its_columns_are_sorted() -> None:
    root = tree(page(document(3, 1, 5), str))
    headings = {
        "".join(head.itertext()): head.get("data-sort")
        for head in root.iterfind(".//section[@id='runs']//th[@data-sort]")
    }
    assert headings == {
        "run": "text", "variant": "text", "seed": "number", "status": "text",
        "time to threshold": "number", "final return": "number", "mean return over the run": "number",
        "steps": "number", "episodes": "number", "seconds": "number",
    }  # fmt: skip
    for table in root.iter("table"):
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1
        assert all(row[0].get("scope") for row in table.iter("tr"))


def test_each_run_has_its_outcome_and_a_link() -> None:
    made = document(2, 1, 3)
    made["runs"][1] |= {"time": None, "censored": True}
    made["runs"][2] |= {
        "folder": None,
        "score": None,
        "time": None,
        "status": "failed",
        "experiment": {"agent.gamma": "0.9"},
    }
    rows = list(tree(page(made, lambda folder: f"../there/{folder}")).iterfind(".//section[@id='runs']//tbody/tr"))
    link = rows[0].find(".//a")
    assert link is not None
    assert link.get("href") == f"../there/{made['runs'][0]['folder']}"
    cells = [["".join(cell.itertext()) for cell in row] for row in rows]
    assert cells[1][3:5] == ["finished", "not reached"]
    assert cells[2][0] == "–"
    assert cells[2][3:5] == ["failed", "–"]
    assert cells[2][-1] == "agent.gamma: 0.9"


def test_scores_have_a_column_where_they_are_not_what_was_measured() -> None:
    made = document(2, 1, 3)
    made["runs"][0]["score"] = 0.5
    made["runs"][1] |= {"score": 1.5, "censored": True}
    root = tree(page(made, str))
    assert texts(root, ".//section[@id='runs']//th[@scope='col']")[4] == "score"
    assert texts(root, ".//section[@id='runs']//tbody/tr/td[4]")[:2] == ["0.5", "> 1.5"]


def test_variants_have_a_column_for_each_setting_that_differs() -> None:
    root = tree(page(document(3, 1, 3), str))
    assert texts(root, ".//section[@id='variants']//th[@scope='col']") == [
        "variant",
        "exploration",
        "exploration.temperature",
    ]
    assert texts(root, ".//section[@id='variants']//tbody/tr[1]/*") == ["epsilon_greedy\u00a0base", "–", "–"]
    assert texts(root, ".//section[@id='variants']//tbody/tr[2]/td") == ["boltzmann", "0.5"]


def test_every_picture_has_a_text() -> None:
    root = tree(page(document(3, 2, 5), str))
    pictures = [svg for svg in root.iter("svg") if svg.get("aria-hidden") != "true"]
    assert len(pictures) > 10
    assert all(svg.get("role") == "img" and len(svg.get("aria-label", "")) > 10 for svg in pictures)
    assert len(root.findall(".//figure")) == len(root.findall(".//figure/details//table"))


def test_one_variant_alone_has_a_page() -> None:
    made = document(1, 1, 1)
    made |= {"title": "", "verdicts": [], "survival": [], "profiles": [], "warnings": [], "versions": {}}
    made["measure"] |= {"name": "final", "by": "episode", "threshold": None, "better": "higher"}
    root = tree(page(made, str))
    assert texts(root, ".//h1") == ["Comparison"]
    assert "nothing to compare" in texts(root, ".//section[@id='verdicts']/p")[0]
    assert [section.get("id") for section in root.iter("section")] == [
        "verdicts", "scores", "curves", "variants", "runs", "reading",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["ratio", "difference", "probability"])
def test_numbers_that_are_not_known_are_no_fault(kind: str) -> None:
    made = document(2, 1, 3)
    nothing = {"estimate": None, "low": None, "high": None}
    for verdict in made["verdicts"]:
        verdict |= {
            "effect": {"kind": kind, **nothing},
            "probability_of_improvement": None,
            "p": None,
            "adjusted_p": None,
        }
    for variant in made["variants"]:
        variant["aggregates"] = None
        variant["tasks"][0]["aggregates"] = {"interquartile_mean": nothing}
    assert "–" in page(made, str)


def test_an_interval_to_the_side_of_no_difference_is_drawn_there() -> None:
    made = document(2, 1, 3)
    made["verdicts"][0]["effect"] = {"kind": "difference", "estimate": -5.0, "low": -10.0, "high": -1.0}
    bar = tree(page(made, str)).find(".//svg[@class='bar']")
    assert bar is not None
    places = {line.get("class"): (line.get("x1"), line.get("x2")) for line in bar.iter("line")}
    assert places == {"neutral": ("50.0%", "50.0%"), "interval": ("2.0%", "45.2%")}
    assert "difference of boltzmann from epsilon_greedy: -5 (-10 to -1)" in unescape(bar.get("aria-label", ""))


def test_the_package_holds_each_file_that_is_inlined() -> None:
    assert all(name.endswith(".js") for name in SCRIPTS)
    assert all(name.endswith(".css") for name in STYLES)
    assert "</" not in script().replace("</b>", "")
