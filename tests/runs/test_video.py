from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import imageio.v2 as imageio
import numpy as np
import pytest

from rlkit.runs.video import VideoError, check_video, frame_of, frames_per_second, writing


class Drawing:
    """An environment that draws the same picture again and again, by a library that speaks at each."""

    def __init__(self, rendered: Any) -> None:
        self.rendered = rendered

    def render(self) -> Any:
        os.write(2, b"a line from C\n")
        return self.rendered


def frames(height: int, width: int, count: int) -> list[Any]:
    return [np.full((height, width, 3), 20 * number, np.uint8) for number in range(count)]


@pytest.mark.parametrize(
    ("suffix", "size", "shown"),
    [(".mp4", (401, 301), (402, 302)), (".gif", (400, 300), (400, 300)), (".mp4", (10, 15), (200, 300))],
)
def test_frames_come_back_with_even_sides_and_tiny_ones_enlarged(
    tmp_path: Path, suffix: str, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    path = tmp_path / f"video{suffix}"
    with writing(path, 25.0) as append:
        for frame in frames(*size, 6):
            append(frame)
        assert not path.exists()
    with imageio.get_reader(path) as reader:
        pictures = list(reader.iter_data())
    assert len(pictures) == 6
    assert pictures[0].shape[:2] == shown
    assert [int(picture.mean()) for picture in pictures] == pytest.approx([0, 20, 40, 60, 80, 100], abs=4)


def test_a_video_that_failed_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"older")
    with pytest.raises(ZeroDivisionError), writing(path, 25.0) as append:
        append(frames(400, 300, 1)[0])
        raise ZeroDivisionError
    assert [file.name for file in tmp_path.iterdir()] == ["video.mp4"]
    assert path.read_bytes() == b"older"


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlkit.runs.video.find_spec", lambda name: None if name == "imageio_ffmpeg" else object())
    check_video(Path("agent.gif"))
    with pytest.raises(VideoError, match=r"needs imageio_ffmpeg: pip install 'rlkit-framework\[video\]'"):
        check_video(Path("agent.mp4"))


@pytest.mark.parametrize(
    ("rendered", "found"),
    [(None, "NoneType"), (np.zeros((4, 4, 3)), "float64 of shape (4, 4, 3)"), (np.zeros((4, 4), np.uint8), "(4, 4);")],
)
def test_what_is_no_frame_is_refused(rendered: Any, found: str) -> None:
    environment: Any = Drawing(rendered)
    with pytest.raises(VideoError) as caught:
        frame_of(environment)
    assert found in str(caught.value)


@pytest.mark.parametrize(("metadata", "fps"), [({"render_fps": 50}, 50.0), ({}, 30.0), ({"render_fps": None}, 30.0)])
def test_the_frame_rate_is_the_environments_own(metadata: dict[str, Any], fps: float) -> None:
    environment: Any = SimpleNamespace(metadata=metadata)
    assert frames_per_second(environment) == fps


def test_what_a_library_says_as_it_starts_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    environment: Any = Drawing(np.zeros((4, 4, 3), np.uint8))
    frame_of(environment)
    assert capfd.readouterr().err == ""
    frame_of(environment)
    assert capfd.readouterr().err == "a line from C\n"
