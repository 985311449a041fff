from __future__ import annotations

from pathlib import Path

import pytest

from rlkit.reporting.writing import links_from, write_page
from tests.reporting.documents import document


def test_links_lead_from_the_page_to_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert links_from(Path())("runs/a/1") == "runs/a/1/"
    assert links_from(Path("pages/of"))("runs/a 100%?#/ü") == "../../runs/a%20100%25%3F%23/%C3%BC/"
    assert links_from(Path("runs"))(str(tmp_path / "runs" / "a")) == "a/"


def test_a_page_goes_into_a_new_folder_and_its_links_lead_out_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = document(2, 1, 3, points=5)
    size = write_page(made, Path("pages/report.html"))
    text = Path("pages/report.html").read_text()
    assert size == len(text.encode())
    assert f'href="../{made["runs"][0]["folder"]}/"' in text
    assert [path.name for path in Path("pages").iterdir()] == ["report.html"]


def test_the_same_document_gives_the_same_page(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        write_page(document(2, 1, 3, points=5), tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
