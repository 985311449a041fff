"""Videos of greedy episodes: .mp4 or .gif, frames drawn by the environment itself."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from rlkit.contracts.data import Progress
from rlkit.programs.backends.quiet import quiet_stderr

if TYPE_CHECKING:
    import gymnasium
    import numpy as np
    import numpy.typing as npt

    from rlkit.experiment.experiment import Experiment
    from rlkit.loops.evaluating import EvaluationCourse
    from rlkit.programs.ready import ReadyPrograms
    from rlkit.worlds.world import World

    Frame = npt.NDArray[np.uint8]

SUFFIXES = (".mp4", ".gif")
_SMALLEST = 200
"""Pixels: smaller frames (a MinAtar game's) are enlarged by a whole factor until their shorter side has so many."""
_FRAMES_PER_SECOND = 30.0
"""Where the environment's metadata has no `render_fps`."""
_drawing: WeakSet[Any] = WeakSet()
"""Environments that have drawn a frame."""


class VideoError(ValueError):
    """A video that cannot be made; its text is a sentence for people."""


def check_video(path: Path) -> None:
    """Raise VideoError if a file of this name cannot be written: its suffix, its folder, or a missing package."""
    if path.suffix not in SUFFIXES:
        raise VideoError(f"found the video file '{path}'; a video ends in {' or '.join(SUFFIXES)}")
    packages = ["imageio", *(["imageio_ffmpeg"] if path.suffix == ".mp4" else [])]
    if missing := [package for package in packages if find_spec(package) is None]:
        raise VideoError(f"a video needs {' and '.join(missing)}: pip install 'rlkit-framework[video]'")
    if not path.parent.is_dir():
        raise VideoError(f"found the video file '{path}'; there is no folder {path.parent}")


def check_frames(experiment: Experiment) -> None:
    """Raise ExperimentError if the environment draws no pictures."""
    from rlkit.experiment.errors import ExperimentError, Problem

    try:
        experiment.environment.make(render=True).close()
    except ValueError as error:
        message = f"a recorder needs frames, and there are none: {error}"
        raise ExperimentError(Problem(experiment.source, "environment", message, error)) from error


def rendered_world(experiment: Experiment) -> tuple[World, gymnasium.Env[Any, Any]]:
    """The world of evaluation with an environment that draws, and that environment.

    Raises:
        VideoError: it draws no pictures.
    """
    from rlkit.worlds.world import World

    try:
        environment = experiment.environment.make(render=True)
    except ValueError as error:
        raise VideoError(str(error)) from error
    limit = experiment.limits.steps_per_episode
    world = World(environment, experiment.spaces, seed=experiment.seed, stream="evaluation", steps_per_episode=limit)
    return world, environment


def frame_of(environment: gymnasium.Env[Any, Any]) -> Frame:
    """(height, width, 3) uint8: what the environment shows now.

    Raises:
        VideoError: it gave no such picture.
    """
    import numpy as np

    # SDL starts with an environment's first frame; where there is no display, it tells standard error what it missed.
    with contextlib.nullcontext() if environment in _drawing else quiet_stderr():
        frame: Any = environment.render()
    _drawing.add(environment)
    if not (isinstance(frame, np.ndarray) and frame.dtype == np.uint8 and frame.ndim == 3 and frame.shape[2] == 3):
        found = f"{frame.dtype} of shape {frame.shape}" if isinstance(frame, np.ndarray) else type(frame).__name__
        raise VideoError(f"the environment's render() gave {found}; a frame is uint8 of shape (height, width, 3)")
    return frame


def frames_per_second(environment: gymnasium.Env[Any, Any]) -> float:
    """What the environment's metadata asks for."""
    return float(environment.metadata.get("render_fps") or _FRAMES_PER_SECOND)


@contextlib.contextmanager
def writing(path: Path, fps: float) -> Iterator[Callable[[Frame], None]]:
    """Write a video frame by frame; `path` appears when the block ends without an error.

    Raises:
        VideoError: see `check_video`; nothing was written, or the file system refused.
    """
    check_video(path)
    import imageio.v2 as imageio

    temporary = path.with_name(f".{path.stem}.tmp{path.suffix}")
    # H.264 wants even sides, and frames are made so below; imageio's own default would stretch them to 16.
    options: dict[str, Any] = {"fps": fps, "macro_block_size": 2}
    if path.suffix == ".gif":
        options = {"duration": 1000 / fps, "loop": 0}
    try:
        writer = imageio.get_writer(temporary, **options)
        try:
            yield lambda frame: writer.append_data(_fitting(frame))
        finally:
            writer.close()
        os.replace(temporary, path)
    except OSError as error:
        raise VideoError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def record_episode(
    experiment: Experiment, prepared: ReadyPrograms, progress: Progress, path: Path, course: EvaluationCourse
) -> None:
    """Play the first greedy episode of evaluation and write its video, as far as the `course` lets it go on.

    Raises:
        VideoError: the video cannot be made.
        EnvironmentFailure: the environment raised or broke its contract.
    """
    from rlkit.loops.evaluating import evaluate

    world, environment = rendered_world(experiment)
    try:
        with writing(path, frames_per_second(environment)) as append:
            evaluate(prepared, world, 1, progress, lambda _: append(frame_of(environment)), course)
    finally:
        world.close()


def _fitting(frame: Frame) -> Frame:
    """Enlarged if it is tiny, its sides made even by repeating the last row or column."""
    import numpy as np

    factor = -(-_SMALLEST // min(frame.shape[:2]))
    if factor > 1:
        frame = frame.repeat(factor, axis=0).repeat(factor, axis=1)
    height, width, _ = frame.shape
    return np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
