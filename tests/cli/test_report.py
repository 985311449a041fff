from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rlkit.cli import report
from rlkit.cli.main import main
from tests.comparing.test_runs import make
from tests.reporting.documents import document


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def kept(made: dict[str, Any] | None = None) -> str:
    Path("comparison.json").write_text(json.dumps(made or document(2, 1, 3, points=10)))
    return "comparison.json"


def test_a_comparison_becomes_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", kept(), "-o", "pages/found.html"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        document(2, 1, 3)["verdicts"][0]["sentence"],
        "page        pages/found.html",
    ]
    assert Path("pages/found.html").read_text().startswith("<!DOCTYPE html>")


def test_runs_become_a_page_that_links_to_their_folders(capsys: pytest.CaptureFixture[str]) -> None:
    for seed in range(3):
        make(Path("runs"), seed, 0.99)
        make(Path("runs"), seed + 1, 0.999)
    assert main(["report", "runs", "-o", "pages/report.html", "--measure", "final"]) == 0
    assert "page        pages/report.html" in capsys.readouterr().out.splitlines()
    page = Path("pages/report.html").read_text()
    for folder in Path("runs/pole").iterdir():
        assert f'href="../{folder}/"' in page


def test_what_compare_prints_becomes_the_same_page(capsys: pytest.CaptureFixture[str]) -> None:
    for seed in range(2):
        make(Path("runs"), seed, 0.99)
        make(Path("runs"), seed, 0.999)
    assert main(["compare", "runs", "--measure", "final", "--json", "-o", "found.json"]) == 0
    assert main(["report", "found.json", "-o", "a.html"]) == 0
    assert main(["report", "runs", "--measure", "final", "-o", "b.html"]) == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()


def test_what_is_compared_already_is_not_compared_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", kept(), "--measure", "final", "--normalize", "Foo=1:2"]) == 2
    assert "found --measure beside comparison.json, in which all is compared already" in capsys.readouterr().err


def test_pictures_go_into_their_folder(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(1, 1, 3, points=5)
    made |= {"curves": [], "survival": [], "profiles": []}
    assert main(["report", kept(made), "--figures", "figures"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "pictures    2 in figures"
    assert sorted(path.name for path in Path("figures").iterdir()) == [
        "scores-CartPole-v1.png",
        "scores-CartPole-v1.svg",
    ]


def test_a_page_that_is_too_large_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_LARGE", 20_000)
    assert main(["report", kept()]) == 0
    assert "warning     it has 0.1 MB: 6 runs are many for one page" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["none.json"], "cannot read none.json: No such file or directory"),
        (["comparison.json", "-o", "page.pdf"], "found the page 'page.pdf'; a page ends in .html or .htm"),
        (["comparison.json", "-o", "comparison.json/a.html"], "cannot write comparison.json/a.html: "),
        (
            ["comparison.json", "--figures", "comparison.json"],
            "cannot write pictures into comparison.json: File exists",
        ),
    ],
)
def test_what_cannot_be_done_is_told(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    kept()
    assert main(["report", *argv]) == 2
    assert message in capsys.readouterr().err
