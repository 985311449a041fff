"""The contact sheet shows the frames that it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_every_nth_frame_and_the_last_are_shown_in_order() -> None:
    from contact_sheet import contact_sheet

    frames = [np.full((20, 30, 3), 10 * number, np.uint8) for number in range(12)]
    sheet = contact_sheet(frames, every=5, columns=2, width=30)
    height = sheet.shape[0] // 2
    assert sheet.shape[1] == 60
    centres = [sheet[row * height + height - 8, column * 30 + 15, 0] for row in range(2) for column in range(2)]
    assert centres == [0, 50, 100, 110]


def test_a_video_becomes_a_picture(tmp_path: Path) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (7, 16, 16, 3)).astype(np.uint8)
    imageio.imwrite(tmp_path / "video.gif", frames)
    command = [sys.executable, BENCHMARKS / "contact_sheet.py", tmp_path / "video.gif", tmp_path / "sheet.png"]
    done = subprocess.run([*command, "--every", "3", "--columns", "3"], capture_output=True, text=True, check=True)
    assert "7 frames" in done.stdout
    assert imageio.imread(tmp_path / "sheet.png").shape[1] == 450


def test_a_missing_video_is_refused_in_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, BENCHMARKS / "contact_sheet.py", tmp_path / "none.mp4", tmp_path / "sheet.png"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no file" in done.stderr
