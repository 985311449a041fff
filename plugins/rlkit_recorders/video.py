"""Videos of the agent as it learns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal

from rlkit import EvaluationEnded, RunView, Spaces, component, parameter
from rlkit_recorders.extras import require


@component
class Video:
    """The first greedy episode of each evaluation, as videos/step<steps>.mp4 in the run folder.

    When there are evaluations is said under `evaluation`. Needs an environment that draws pictures, which is tried
    before the run starts, and the extra `video`. The time that it takes is not counted as training.
    """

    needs_frames: ClassVar[bool] = True

    every: int = parameter(default=1, doc="evaluations from one video to the next", at_least=1)
    format: Literal["mp4", "gif"] = parameter(
        default="mp4", doc="gif is larger, and shown by browsers without a player"
    )

    def check(self, spaces: Spaces) -> None:
        """Raises ValueError if imageio, or for mp4 imageio-ffmpeg, is not installed."""
        require("video", "video", "imageio", *(["imageio_ffmpeg"] if self.format == "mp4" else []))

    def start(self, run: RunView) -> VideoFolder:
        """The working recorder of one run."""
        if run.record_episode is None:
            raise RuntimeError("it needs frames, and this run offers none (RunView.record_episode)")
        return VideoFolder(run.folder / "videos", run.record_episode, self.every, self.format)


class VideoFolder:
    """The videos of one run."""

    def __init__(self, folder: Path, record: Callable[[Path], None], every: int, suffix: str) -> None:
        self._folder, self._record, self._every, self._suffix = folder, record, every, suffix
        self._evaluations = 0

    def evaluation_ended(self, event: EvaluationEnded) -> None:
        """Record every so often."""
        if self._evaluations % self._every == 0:
            self._folder.mkdir(exist_ok=True)
            self._record(self._folder / f"step{event.step:09d}.{self._suffix}")
        self._evaluations += 1
