from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.image import imread

from rlkit.reporting.figures.files import write_figures
from tests.reporting.documents import document


def test_each_picture_is_written_as_png_and_svg(tmp_path: Path) -> None:
    made = document(2, 1, 5, points=20)
    made["curves"] = [curve for curve in made["curves"] if curve["by"] == "step"]
    made["variants"][0]["name"] = "_a $ here"  # what Matplotlib would leave out, and take for mathematics
    for part in ("curves", "profiles", "survival"):
        for curve in made[part]:
            curve["variant"] = curve["variant"].replace("epsilon_greedy", "_a $ here")
    written = write_figures(made, tmp_path / "new" / "figures")
    names = ["scores-CartPole-v1", "curve-CartPole-v1-step", "survival-CartPole-v1", "profile-CartPole-v1"]
    assert [path.name for path in written] == [name + suffix for name in names for suffix in (".png", ".svg")]
    assert sorted(path.name for path in (tmp_path / "new" / "figures").iterdir()) == sorted(
        path.name for path in written
    )
    for path in written:
        if path.suffix == ".png":
            assert imread(path).shape[1] == 1100
        else:
            assert ElementTree.parse(path).getroot().tag.endswith("svg")
    assert "_a $ here" in written[3].read_text()


def test_labels_that_no_file_can_have_are_told_apart(tmp_path: Path) -> None:
    made = document(1, 2, 2, points=5)
    made |= {"tasks": ["ALE/Pong", "ALE:Pong"], "curves": [], "profiles": [], "survival": []}
    for own, task in zip(made["variants"][0]["tasks"], made["tasks"], strict=True):
        own["task"] = task
    assert [path.name for path in write_figures(made, tmp_path) if path.suffix == ".svg"] == [
        "scores-All-tasks.svg", "scores-ALE-Pong.svg", "scores-ALE-Pong-2.svg",
    ]  # fmt: skip


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        write_figures(document(1, 1, 1), tmp_path / "file" / "figures")
