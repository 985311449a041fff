from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib import colors
from matplotlib.image import imread

from rlkit.analysis.learning_curve import draw

RETURNS = np.random.default_rng(0).normal(200, 40, 300)
THRESHOLD = "#b5482a"
AVERAGE = "#123c69"


def pixels(path: Path, colour: str) -> int:
    """How many pixels have this colour."""
    image: npt.NDArray[np.float32] = imread(path)[..., :3]
    return int((np.abs(image - colors.to_rgb(colour)).max(axis=-1) < 0.02).sum())


@pytest.mark.parametrize("episodes", [0, 1, 5, 19, 20, 300, 30_000])
def test_any_number_of_episodes_gives_a_picture(tmp_path: Path, episodes: int) -> None:
    draw(tmp_path / "curve.png", np.resize(RETURNS, episodes), title="cartpole, seed 0", threshold=225, solved_at=None)
    height, width, _ = imread(tmp_path / "curve.png").shape
    assert (width, height) == (1080, 600)
    assert [path.name for path in tmp_path.iterdir()] == ["curve.png"]


def test_the_average_appears_once_there_is_a_full_window(tmp_path: Path) -> None:
    draw(tmp_path / "few.png", RETURNS[:19], title="few")
    draw(tmp_path / "enough.png", RETURNS[:40], title="enough")
    assert pixels(tmp_path / "few.png", AVERAGE) == 0
    assert pixels(tmp_path / "enough.png", AVERAGE) > 200


def test_a_threshold_is_a_line_only_where_there_is_one(tmp_path: Path) -> None:
    draw(tmp_path / "without.png", RETURNS, title="without")
    draw(tmp_path / "with.png", RETURNS, title="with", threshold=225.0)
    draw(tmp_path / "solved.png", RETURNS, title="solved", threshold=225.0, solved_at=300)
    counted = [pixels(tmp_path / f"{name}.png", THRESHOLD) for name in ("without", "with", "solved")]
    assert counted[0] == 0
    assert 400 < counted[1] < counted[2]


def test_a_title_is_text_and_no_formula(tmp_path: Path) -> None:
    draw(tmp_path / "curve.png", RETURNS, title=r"a $\broken{ name")
    assert (tmp_path / "curve.png").stat().st_size > 10_000


def test_returns_that_are_not_finite_leave_a_gap(tmp_path: Path) -> None:
    draw(tmp_path / "curve.png", [1.0, float("nan"), 3.0, 4.0] * 30, title="gap")
    assert (tmp_path / "curve.png").exists()


def test_drawing_leaves_pyplot_and_its_backend_alone(tmp_path: Path) -> None:
    program = (
        "import sys; from rlkit.analysis.learning_curve import draw; from pathlib import Path; "
        "print('matplotlib' in sys.modules); draw(Path(sys.argv[1]), [1.0], title='x'); "
        "print('matplotlib.pyplot' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "curve.png")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\nFalse\n"
