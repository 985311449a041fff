"""Tables of the benchmarks go where a page wants them, and nowhere else."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from benchmarks.report import publish, seeds

PAGE = """# Page
<!-- table: speed -->
old
<!-- end -->
Between.
<!-- table: memory -->
kept
<!-- end -->
"""


def test_table_replaces_its_own_section_only(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    publish("speed", r"| new \1 |", page)
    publish("speed", "| newer |", page)
    assert page.read_text(encoding="utf-8") == PAGE.replace("old\n", "\n| newer |\n\n")


def test_page_without_the_section_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    with pytest.raises(SystemExit, match="found 0 sections"):
        publish("start-up", "| new |", page)
    assert page.read_text(encoding="utf-8") == PAGE


@pytest.mark.parametrize(("text", "expected"), [("0-3", (0, 1, 2, 3)), ("5", (5,)), ("0,7,2-3", (0, 7, 2, 3))])
def test_seeds_are_ranges_and_lists(text: str, expected: tuple[int, ...]) -> None:
    assert seeds(text) == expected


@pytest.mark.parametrize("text", ["", "3-1", "a", "1,,2", "-1"])
def test_seeds_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="allowed are seeds"):
        seeds(text)
