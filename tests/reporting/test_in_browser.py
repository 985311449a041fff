"""The page in a real browser. Skipped where there is none: `apt-get install chromium`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlkit.reporting.page import page
from tests.reporting.browser import CHROMIUM, Browser
from tests.reporting.documents import document

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium was found")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    made = document(3, 2, 8, points=40)
    for run in made["runs"][2:4]:
        run |= {"time": None, "censored": True}
    path.write_text(page(made, lambda folder: f"../{folder}"))
    return path


def column(browser: Browser, number: int) -> list[str]:
    cells: list[str] = browser.ask(
        f"[...document.querySelectorAll('#runs tbody tr')].map(row => row.cells[{number}].textContent)"
    )
    return cells


def test_it_opens_without_a_fault_and_without_a_request(browser: Browser, report: Path) -> None:
    browser.open(report)
    methods = [event["method"] for event in browser.events]
    assert "Runtime.exceptionThrown" not in methods
    assert "Log.entryAdded" not in methods  # what the content security policy forbids is told there
    assert methods.count("Network.requestWillBeSent") == 1


def test_no_width_makes_the_page_scroll_sideways(browser: Browser, report: Path) -> None:
    browser.open(report, width=320, phone=True)
    for width in (320, 390, 800):
        browser.size(width, 800, phone=True)
        assert browser.ask("document.documentElement.scrollWidth") == width


def test_tables_sort_by_click_and_by_keyboard(browser: Browser, report: Path) -> None:
    browser.open(report)
    scores = [float(cell.replace(",", "").strip("> ")) for cell in column(browser, 5)]
    browser.click("#runs th:nth-child(6) button")
    assert [float(cell.replace(",", "").strip("> ")) for cell in column(browser, 5)] == sorted(scores)
    assert browser.ask("document.querySelector('#runs th:nth-child(6)').ariaSort") == "ascending"
    browser.ask("document.querySelector('#runs th:nth-child(6) button').focus()")
    browser.press("Enter")
    assert [float(cell.replace(",", "").strip("> ")) for cell in column(browser, 5)] == sorted(scores, reverse=True)
    browser.click("#runs th:nth-child(2) button")
    assert column(browser, 1) == sorted(column(browser, 1))
    assert browser.ask("document.querySelector('#runs th:nth-child(6)').ariaSort") == "none"


def test_runs_without_a_value_stay_below(browser: Browser, report: Path) -> None:
    browser.open(report)
    for _ in range(2):
        browser.click("#runs th:nth-child(7) button")
        times = column(browser, 6)
        missing = times.count("not reached")
        assert missing == 2
        assert times[-missing:] == ["not reached"] * missing


def test_a_variant_is_hidden_in_every_picture_and_shown_again(browser: Browser, report: Path) -> None:
    browser.open(report)
    drawn = "[...document.querySelectorAll('.plot')].map(plot => plot.querySelectorAll('.line').length)"
    assert set(browser.ask(drawn)) == {3}
    browser.click("#curves .legend li:nth-child(2) button")
    assert set(browser.ask(drawn)) == {2}
    assert browser.ask("document.querySelector('#survival .legend li:nth-child(2) button').ariaPressed") == "false"
    browser.ask("document.querySelector('#survival .legend li:nth-child(2) button').focus()")
    browser.press(" ")
    assert set(browser.ask(drawn)) == {3}


def test_the_horizontal_axis_is_chosen(browser: Browser, report: Path) -> None:
    browser.open(report)
    label = "[...document.querySelectorAll('#curves .plot text.label')].map(text => text.textContent)"
    assert "environment steps" in browser.ask(label)
    path = browser.ask("document.querySelector('#curves .line').getAttribute('d')")
    browser.click("#curves input[value=episode]")
    assert browser.ask(label).count("episodes") == 2
    browser.click("#curves [data-log=x]")
    assert browser.ask("document.querySelector('#curves .line').getAttribute('d')") != path
    assert "NaN" not in browser.ask("document.querySelector('#curves').innerHTML")


def test_values_are_read_with_mouse_finger_and_keys(browser: Browser, report: Path) -> None:
    readout = "document.querySelector('.readout')?.innerText"
    browser.open(report)
    browser.move(*browser.middle("#curve-1"))
    shown = browser.ask(readout)
    assert "environment steps" in shown
    assert all(variant["name"] in shown for variant in document(3, 2, 8)["variants"])
    browser.move(1, 1)
    assert browser.ask(readout) is None

    browser.ask("document.querySelector('#survival-1').focus()")
    for _ in range(2):
        browser.press("ArrowRight")
    assert "epsilon_greedy" in browser.ask("document.querySelector('#survival-1 output').textContent")
    browser.press("Escape")
    assert browser.ask(readout) is None

    browser.open(report, width=390, height=800, phone=True)
    browser.tap(*browser.middle("#profile-0"))
    assert "%" in browser.ask(readout)


def test_the_static_picture_and_the_scripts_are_of_one_size_and_shape(browser: Browser, report: Path) -> None:
    """Where the two ways to draw a chart part, the first point and the last of a curve lie elsewhere."""
    ends = """(() => [...document.querySelectorAll('#curve-1 .line')].map(line => {
        const [from, to] = [line.getPointAtLength(0), line.getPointAtLength(line.getTotalLength())];
        const box = line.ownerSVGElement.viewBox.baseVal;
        const [w, h] = [box.width - 70, box.height - 60];
        return [from, to].flatMap(p => [(p.x - 58) / w, (p.y - 12) / h]);
    }))()"""
    browser.scripts(False)
    browser.open(report)
    browser.scripts(True)
    still = browser.ask(ends)
    browser.open(report)
    for expected, found in zip(still, browser.ask(ends), strict=True):
        assert found == pytest.approx(expected, abs=0.01)


def test_without_scripts_verdicts_tables_and_pictures_are_there(browser: Browser, report: Path) -> None:
    browser.scripts(False)
    try:
        browser.open(report)
    finally:
        browser.scripts(True)
    assert browser.ask("document.querySelectorAll('#verdicts .sentence').length") == 6
    assert browser.ask("document.querySelectorAll('.plot svg .line').length") == 3 * (2 + 2 + 3)
    assert browser.ask("[...document.querySelectorAll('.switches')].every(e => e.clientHeight === 0)")
    assert browser.ask("document.querySelectorAll('button').length") == 0


def test_dark_pages_have_light_text(browser: Browser, report: Path) -> None:
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    browser.open(report)
    light = browser.ask(colours)
    browser.open(report, dark=True)
    assert browser.ask(colours) != light


def test_headings_are_text_on_paper_and_buttons_again_afterwards(
    browser: Browser, report: Path, tmp_path: Path
) -> None:
    browser.open(report)
    browser.paper(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    first = "document.querySelector('#runs th').innerHTML"
    before = browser.ask(first)
    browser.ask("dispatchEvent(new Event('beforeprint'))")
    assert browser.ask(first) == "run"  # a heading that is repeated on the next sheet
    browser.ask("dispatchEvent(new Event('afterprint'))")
    assert browser.ask(first) == before
    browser.click("#runs th button")
    assert browser.ask("document.querySelector('#runs th').ariaSort") == "ascending"
