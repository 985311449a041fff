from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imread

from rlkit.cli.main import main
from rlkit.runs.curves import read_curve
from rlkit.runs.finding import find


def make(out: Path, seed: int, *, gamma: float = 0.95, episodes: int = 40, day: int = 1) -> Path:
    """A run folder whose episode k has length 10 and return k."""
    folder = out / "pole" / f"202611{day:02}-10000{seed}-seed{seed}"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"format": 1, "experiment": "pole", "seed": seed}))
    (folder / "experiment.yaml").write_text(f"name: pole\nseed: {seed}\nagent: {{name: dqn, gamma: {gamma}}}\n")
    rows = [
        {"episode": k, "step": 10 * (k + 1), "length": 10, "return": float(k), "terminated": True, "truncated": False,
         "seconds": 0.5 * (k + 1), "epsilon": 1.0 / (k + 1)}
        for k in range(episodes)
    ]  # fmt: skip
    metrics = [{"update": k, "step": 100 * k, "episode": 10 * k, "loss": None if k == 2 else k / 4} for k in range(4)]
    evaluations: list[dict[str, Any]] = [
        {"step": 100 * k, "episode": 10 * k, "returns": [k, 3 * k], "lengths": [1, 1], "seconds": 9.0} for k in (1, 2)
    ]
    for name, content in (("episodes", rows), ("metrics", metrics), ("evaluation", evaluations)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in content))
    return folder


@pytest.mark.parametrize(
    ("x", "y", "points"),
    [
        ("step", "return", [(10, 0), (20, 1), (30, 2)]),
        ("episode", "return", [(1, 0), (2, 1), (3, 2)]),
        ("seconds", "epsilon", [(0.5, 1), (1.0, 1 / 2), (1.5, 1 / 3)]),
        ("step", "evaluation", [(100, 2), (200, 4)]),
        ("seconds", "evaluation", [(5.0, 2), (10.0, 4)]),
        ("episode", "loss", [(0, 0), (10, 0.25), (30, 0.75)]),
    ],
)
def test_each_curve_has_its_points(tmp_path: Path, x: str, y: str, points: list[tuple[float, float]]) -> None:
    found = read_curve(find(str(make(tmp_path, 0)), tmp_path), x, y)
    first = list(zip(*(values.tolist() for values in found), strict=True))[: len(points)]
    assert first == [pytest.approx(point) for point in points]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_runs_of_one_experiment_are_one_curve_in_a_picture(
    tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [str(make(tmp_path, seed)) for seed in range(3)] + [str(make(tmp_path, 0, gamma=0.9, day=2))]
    picture = tmp_path / f"picture{suffix}"
    assert main(["plot", *runs, runs[0], "-o", str(picture), "--title", "a $ in the title"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "pole (agent.gamma 0.95), seeds 0 to 2",
        "pole (agent.gamma 0.9), seed 0",
        f"picture     {picture}",
    ]
    assert picture.read_bytes()[:4] in (b"\x89PNG", b"<?xm", b"%PDF")
    assert sorted(path.name for path in tmp_path.iterdir()) == [picture.name, "pole"]


def test_a_seed_that_was_run_twice_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [str(make(tmp_path, 1)), str(make(tmp_path, 1, day=2)), str(make(tmp_path, 2))]
    assert main(["plot", *runs, "-o", str(tmp_path / "picture.png")]) == 0
    assert "rlkit: warning: seed 1 of pole was run more than once" in capsys.readouterr().err


def test_the_picture_says_what_was_smoothed_and_what_the_band_is(tmp_path: Path) -> None:
    import matplotlib as mpl

    runs = [str(make(tmp_path, seed)) for seed in range(2)]
    picture = tmp_path / "picture.svg"
    with mpl.rc_context({"svg.fonttype": "none"}):
        assert main(["plot", *runs, "-o", str(picture), "--smooth", "5"]) == 0
    text = picture.read_text()
    for words in ("moving average of 5 episodes", "± 1 standard deviation", "environment steps", "pole, seeds 0, 1"):
        assert words in text


def test_a_window_that_no_run_fills_is_not_claimed(tmp_path: Path) -> None:
    import matplotlib as mpl

    runs = [str(make(tmp_path, seed, episodes=12)) for seed in range(2)]
    picture = tmp_path / "picture.svg"
    with mpl.rc_context({"svg.fonttype": "none"}):
        assert main(["plot", *runs, "-o", str(picture)]) == 0
    assert "mean of all 12 episodes, fewer than the 20 of the moving average" in picture.read_text()


def test_the_newest_run_is_drawn_into_plot_png_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "runs", 0)
    monkeypatch.chdir(tmp_path)
    assert main(["plot", "last", "--y", "evaluation"]) == 0
    assert imread(tmp_path / "plot.png").shape[2] == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["poel"], "did you mean 'pole'?"),
        (["pole", "--y", "lss"], "did you mean 'loss'? it has return, evaluation, loss, epsilon"),
        (["pole", "-o", "picture.bmp"], "a picture ends in .png, .svg, .pdf"),
        (["pole", "-o", "nowhere/picture.png"], "cannot write nowhere/picture.png: No such file or directory"),
        (["pole", "--smooth", "0"], "found '0'; allowed: a whole number, at least 1"),
    ],
)
def test_what_cannot_be_drawn_exits_2(
    tmp_path: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, 0)
    assert main(["plot", *arguments, "--out", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err


def test_a_run_without_an_episode_and_a_damaged_one_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, damaged = make(tmp_path, 0, episodes=0), make(tmp_path, 1)
    (damaged / "episodes.jsonl").write_text("no row\n{}\n")
    assert main(["plot", str(empty), "-o", str(tmp_path / "a.png")]) == 2
    assert f"run {empty.name} cannot be drawn: no return was recorded" in capsys.readouterr().err
    assert main(["plot", str(damaged), "-o", str(tmp_path / "a.png")]) == 2
    assert "episodes.jsonl:1: this line is no JSON object" in capsys.readouterr().err
    foreign = make(tmp_path, 2)
    (foreign / "metrics.jsonl").write_text('{"update": 1, "step": 1, "episode": 0, "loss": "low"}\n')
    assert main(["plot", str(foreign), "--y", "loss", "-o", str(tmp_path / "a.png")]) == 2
    assert "a row of its loss is foreign" in capsys.readouterr().err
