"""`rlkit compare`: what is printed, what is written, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rlkit.cli.main import main

RETURNS = [0.0] * 10 + [300.0] * 10


def make(
    out: Path,
    seed: int,
    *,
    pace: int = 10,
    returns: list[float | None] | None = None,
    status: str = "finished",
    task: str = "CartPole-v1",
    wrappers: str = "[]",
    gamma: float = 0.95,
    day: int = 1,
    episodes: bool = True,
) -> Path:
    """A run whose episodes take `pace` steps (and one more by seed) each; in the end its mean is above 200."""
    folder = out / "pole" / f"202611{day:02}-1000{seed:02}-{task}-{gamma}-seed{seed}"
    folder.mkdir(parents=True)
    returns = RETURNS if returns is None else returns
    steps = (pace + seed) * len(returns)
    told = {"format": 1, "experiment": "pole", "seed": seed, "status": status, "steps": steps, "solved": True}
    (folder / "run.json").write_text(json.dumps(told))
    (folder / "experiment.yaml").write_text(
        f"name: pole\nseed: {seed}\nenvironment: {{name: gymnasium, id: {task}, wrappers: {wrappers}}}\n"
        f"agent: {{name: dqn, gamma: {gamma}}}\nstop: {{name: mean_return, window: 10, threshold: 200}}\n"
    )
    rows = [
        {"episode": k, "step": (pace + seed) * (k + 1), "length": 1, "return": value, "terminated": True,
         "truncated": False, "seconds": 0.5 * (k + 1)}
        for k, value in enumerate(returns)
    ]  # fmt: skip
    if episodes:
        (folder / "episodes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def two_variants(out: Path, seeds: int = 10) -> None:
    for seed in range(seeds):
        make(out, seed, pace=100)
        make(out, seed, pace=50, gamma=0.9, day=2)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["compare", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_first_variant_is_the_base_and_the_verdict_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_variants(tmp_path)
    assert main(["compare", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    # The mean of ten is above 200 after the 17th: 17 · 104.5 and 17 · 54.5 steps on average.
    assert lines[0].startswith("pole (agent.gamma 0.9) needs 48 % fewer environment steps than pole")
    assert lines[0].endswith("10 seeds each).")
    assert lines[2] == "measure: environment steps until the mean return of 10 episodes is above 200"
    assert [line.split("  ")[0] for line in lines[5:7]] == ["pole (agent.gamma 0.95)", "pole (agent.gamma 0.9)"]
    assert "1,776" in lines[5]  # 17 · 104.5
    assert "926" in lines[6]


def test_the_measures_are_what_they_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, 0, pace=10)
    told = document(capsys, str(tmp_path))
    (run,) = told["runs"]
    assert (run["time"], run["final"], run["score"], run["censored"]) == (170, 300, 170, False)
    # The moving average of ten is 0 for ten episodes, then climbs by 30 each; each holds until the next one ends.
    assert run["area"] == pytest.approx(sum(30 * k for k in range(1, 10)) * 10 / 200)
    assert document(capsys, str(tmp_path), "--by", "episode")["runs"][0]["time"] == 17
    assert document(capsys, str(tmp_path), "--by", "seconds")["runs"][0]["time"] == 8.5
    assert document(capsys, str(tmp_path), "--threshold", "-1")["runs"][0]["time"] == 10
    assert document(capsys, str(tmp_path), "--window", "1")["runs"][0]["time"] == 110


def test_a_run_that_never_got_there_is_censored_and_not_dropped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(4):
        make(tmp_path, seed, returns=RETURNS if seed else [0.0] * 50)
    told = document(capsys, str(tmp_path))
    task = told["variants"][0]["tasks"][0]
    assert (told["measure"]["name"], task["runs"], task["censored"]) == ("time", 4, 1)
    assert told["runs"][0]["score"] is None
    assert (told["runs"][0]["time"], told["runs"][0]["time_censored_at"]) == (None, 500)
    assert task["aggregates"]["restricted_mean"]["estimate"] == pytest.approx((500 + 17 * (11 + 12 + 13)) / 4)
    assert task["aggregates"]["median"]["high"] is None  # half of four resampled runs may never get there
    assert told["survival"][0]["censored"] == [500]


def test_what_cannot_count_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_variants(tmp_path, 3)
    make(tmp_path, 3, status="failed", episodes=False)
    make(tmp_path, 4, status="interrupted")
    make(tmp_path, 5, status="running")
    make(tmp_path, 6, returns=[1.0, None, 3.0])
    make(tmp_path, 0, pace=1, day=3, status="failed")  # a later try at what had finished
    (tmp_path / "pole" / "notes").mkdir()
    told = document(capsys, str(tmp_path))
    assert [run["seed"] for run in told["runs"] if run["score"] is not None] == [0, 1, 2] * 2
    assert told["runs"][0]["steps"] == 2000
    text = "\n".join(told["warnings"])
    for words in (
        "seed 0 of pole (agent.gamma 0.95) was run more than once",
        "1 run of pole (agent.gamma 0.95) on CartPole-v1 failed",
        "1 run of pole (agent.gamma 0.95) on CartPole-v1 did not come to an end",
        "1 run of pole (agent.gamma 0.95) on CartPole-v1 had no end yet",
        "a return that is no number",
        "it holds no run.json",
        "3 seeds of a variant are few",
    ):
        assert words in text


def test_environments_that_differ_in_more_than_what_they_are_called_are_variants(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, 0)
    make(tmp_path, 0, wrappers="[{name: frame_stack}]", day=2)
    make(tmp_path, 0, task="Acrobot-v1", day=3)
    told = document(capsys, str(tmp_path))
    assert told["tasks"] == ["CartPole-v1", "Acrobot-v1"]
    assert [[task["runs"] for task in variant["tasks"]] for variant in told["variants"]] == [[1, 1], [1, 0]]


def test_six_seeds_that_could_not_be_further_apart_are_told_apart_in_spite_of_many_comparisons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(6):
        for place, gamma in enumerate((0.9, 0.8, 0.7, 0.6)):
            make(tmp_path, seed, pace=100 * (place + 1), gamma=gamma, day=place + 1)
    told = document(capsys, str(tmp_path), "--pairs", "all")
    assert len(told["verdicts"]) == 6
    assert all(verdict["decided"] for verdict in told["verdicts"])
    assert {verdict["better"] for verdict in told["verdicts"] if "0.9" in verdict["a"]} == {"pole (agent.gamma 0.9)"}


def test_equal_runs_are_not_distinguishable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in range(10):
        make(tmp_path, seed)
        make(tmp_path, seed, gamma=0.9, day=2)
    (verdict,) = document(capsys, str(tmp_path))["verdicts"]
    assert (verdict["decided"], verdict["better"], verdict["p"], verdict["more_seeds"]) == (False, None, 1.0, None)
    assert "not distinguishable" in verdict["sentence"]
    assert verdict["probability_of_improvement"]["estimate"] == 0.5


def test_several_tasks_are_judged_together_by_the_probability_of_improvement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(10):
        for task in ("CartPole-v1", "Acrobot-v1"):
            make(tmp_path, seed, task=task, returns=[100.0 + seed] * 20)
            make(tmp_path, seed, task=task, returns=[150.0 + seed] * 20, gamma=0.9, day=2)
    bounds = ("--normalize", "CartPole-v1=0:200", "--normalize", "Acrobot-v1=0:400")
    told = document(capsys, str(tmp_path), *bounds)
    assert told["measure"]["name"] == "final"
    over = told["verdicts"][0]
    assert (over["task"], over["effect"]["kind"], over["effect"]["estimate"]) == (None, "probability", 1.0)
    assert over["effect"]["low"] < 1
    assert "wins with a probability of 100 %" in over["sentence"]
    found = told["variants"][0]["aggregates"]
    assert found["mean"]["estimate"] == pytest.approx((104.5 / 200 + 104.5 / 400) / 2)
    assert found["optimality_gap"]["estimate"] == pytest.approx(1 - found["mean"]["estimate"])


def test_the_document_is_json_without_nan_and_has_every_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_variants(tmp_path, 2)
    told = document(capsys, str(tmp_path))
    assert list(told) == [
        "format", "title", "measure", "confidence", "resamples", "tasks", "variants", "runs", "verdicts", "warnings",
        "curves", "profiles", "survival", "versions", "made",
    ]  # fmt: skip
    assert told["variants"][1]["differences"] == {"agent.gamma": 0.9}
    assert {curve["by"] for curve in told["curves"]} == {"step", "episode", "seconds"}
    assert json.dumps(told, allow_nan=False)


def test_tables_for_papers_and_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_variants(tmp_path)
    file = tmp_path / "table"
    assert main(["compare", str(tmp_path), "--format", "csv", "-o", str(file)]) == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    (found,) = (row for row in rows if row["variant"].endswith("0.9)") and row["aggregate"] == "restricted_mean")
    assert float(found["estimate"]) == pytest.approx(17 * 54.5)
    assert main(["compare", str(tmp_path), "--format", "markdown"]) == 0
    assert "| pole (agent.gamma 0.9) | 10 | 10 of 10 |" in capsys.readouterr().out
    assert main(["compare", str(tmp_path), "--format", "latex"]) == 0
    assert r"pole (agent.gamma 0.9) & 10 & 10 of 10 &" in capsys.readouterr().out


def test_rliables_arrays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_variants(tmp_path, 3)
    file = tmp_path / "scores.npz"
    assert main(["compare", str(tmp_path / "pole"), "--rliable", str(file)]) == 0
    assert "with a minus" in capsys.readouterr().err
    arrays = dict(np.load(file))
    assert list(arrays) == ["pole (agent.gamma 0.95)", "pole (agent.gamma 0.9)"]
    assert arrays["pole (agent.gamma 0.9)"].tolist() == [[-17 * 50.0], [-17 * 51.0], [-17 * 52.0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--base", "pole (agent.gamma 0.8)"], "did you mean 'pole (agent.gamma 0.9"),
        (["--normalize", "CartPole"], "write, for one, --normalize CartPole-v1=0:500"),
        (["--normalize", "CartPole-v1=0:500"], "times are not normalised"),
        (["--measure", "final", "--normalize", "Pong=0:1"], "the tasks are CartPole-v1"),
        (["--threshold", "high"], "--threshold"),
        (["--window", "0"], "window"),
        (["--threshold", "nan"], "threshold: found nan; allowed: a finite number"),
        (["--threshold", "5", "--measure", "area"], "a threshold goes with the measure time"),
        (["--measure", "final", "--normalize", "CartPole-v1=nan:500"], "write, for one, --normalize"),
        (["--measure", "final", "--normalize", "CartPole-v1=5:5"], "write, for one, --normalize"),
        (
            ["--measure", "final", "--normalize", "CartPole-v1=0:5", "--normalize", "CartPole-v1=0:9"],
            "--normalize twice for one task",
        ),
        (["--json", "--format", "csv"], "--json and --format csv"),
        (["--measure", "final", "--normalize", "CartPole-v1=500:0"], "the lower score first"),
        (["--measure", "speed"], "speed"),
        (["--rliable", "nowhere/scores.npz"], "cannot write nowhere/scores.npz"),
        (["-o", "nowhere/table"], "cannot write nowhere/table"),
    ],
)
def test_what_makes_no_sense_is_one_sentence_and_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    two_variants(tmp_path, 2)
    assert main(["compare", str(tmp_path), *arguments]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert len([line for line in told.splitlines() if "error" in line]) == 1


def test_runs_that_cannot_be_read_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(tmp_path, 0)
    (folder / "episodes.jsonl").write_text("no row\n{}\n")
    assert main(["compare", str(tmp_path)]) == 2
    assert "episodes.jsonl:1: this line is no JSON object" in capsys.readouterr().err
    (folder / "episodes.jsonl").unlink()
    assert main(["compare", str(tmp_path)]) == 2
    assert "it has no episodes.jsonl" in capsys.readouterr().err
    assert main(["compare", str(tmp_path / "nothing")]) == 2
    assert main(["compare", "poel", "--out", str(tmp_path)]) == 2
    assert "did you mean 'pole'?" in capsys.readouterr().err
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "plan.json").write_text("{")
    assert main(["compare", "study", "--out", str(tmp_path)]) == 2
    assert "plan.json is damaged: it is no JSON" in capsys.readouterr().err


def test_a_single_run_has_no_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, 0)
    make(tmp_path, 0, pace=50, gamma=0.9, day=2)
    assert main(["compare", str(tmp_path), "--measure", "final"]) == 0
    told = capsys.readouterr().out
    assert ", 1 seed each)" in told
    assert " to " not in told.split("warning")[0].partition("measure:")[0], told


def test_no_number_of_a_single_run_claims_to_be_certain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, 0)
    make(tmp_path, 0, pace=50, gamma=0.9, day=2)
    (verdict,) = document(capsys, str(tmp_path))["verdicts"]
    assert not verdict["decided"]
    assert math.isfinite(verdict["p"])


def test_a_variants_name_holds_nothing_of_its_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in (0, 4):
        make(tmp_path, seed)
        make(tmp_path, seed, gamma=0.9, day=2)
    names = [variant["name"] for variant in document(capsys, str(tmp_path))["variants"]]
    assert names == ["pole (agent.gamma 0.95)", "pole (agent.gamma 0.9)"]


def test_a_run_that_is_named_twice_is_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(tmp_path, 0)
    told = document(capsys, str(tmp_path), str(folder))
    assert len(told["runs"]) == 1
    assert not any("more than once" in warning for warning in told["warnings"])


def test_a_threshold_asks_for_the_time_to_it_though_nobody_got_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_variants(tmp_path, 2)
    told = document(capsys, str(tmp_path), "--threshold", "999")
    assert (told["measure"]["name"], told["measure"]["threshold"]) == ("time", 999)
    assert [run["censored"] for run in told["runs"]] == [True] * 4
    assert not told["verdicts"][0]["decided"]
    assert any(warning.startswith("no run on CartPole-v1 got there") for warning in told["warnings"])


def test_one_tasks_scores_are_normalised_in_their_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_variants(tmp_path, 3)
    arguments = ["--measure", "final", "--normalize", "CartPole-v1=0:400"]
    task = document(capsys, str(tmp_path), *arguments)["variants"][0]["tasks"][0]
    assert task["aggregates"]["optimality_gap"]["estimate"] == pytest.approx(0.25)
    assert task["aggregates"]["mean"]["estimate"] == 300
    assert main(["compare", str(tmp_path), *arguments]) == 0
    assert "optimality gap" in capsys.readouterr().out


def test_one_variant_is_told_to_be_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, 0)
    assert main(["compare", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("measure: ")
    assert "warning: pole is the only variant" in told


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        ("run.json", "steps", "many"), ("run.json", "seconds", [1]), ("run.json", "seconds", {"training": "x"}),
        ("run.json", "versions", "1"), ("run.json", "platform", 3), ("run.json", "seed", "x"),
        ("episodes.jsonl", "step", 1e400), ("episodes.jsonl", "episode", 10**30), ("episodes.jsonl", "return", "x"),
    ],
)  # fmt: skip
def test_a_folder_that_was_damaged_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, key: str, value: Any
) -> None:
    folder = make(tmp_path, 0)
    first, *rest = (folder / file).read_text().splitlines()
    (folder / file).write_text("\n".join([json.dumps({**json.loads(first), key: value}), *rest]) + "\n")
    assert main(["compare", str(folder)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert folder.name in lines[0]


@pytest.mark.parametrize(
    "stop", ["{name: mean_return, threshold: high}", "{name: mean_return, threshold: 5, window: 0}"]
)
def test_a_criterion_that_makes_no_sense_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], stop: str) -> None:
    folder = make(tmp_path, 0)
    text = (folder / "experiment.yaml").read_text()
    (folder / "experiment.yaml").write_text(text[: text.index("stop:")] + f"stop: {stop}\n")
    assert document(capsys, str(tmp_path))["measure"]["name"] == "final"
