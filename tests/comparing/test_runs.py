"""Runs that were named without a study: which are one variant, and what is told of those that count for nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rlkit.comparing.comparison import Comparison, compare
from rlkit.comparing.errors import ComparisonError
from rlkit.comparing.options import Options
from rlkit.comparing.runs import gather


def make(out: Path, seed: int, decay: float, *, second: int = 0, schedule: str = "") -> None:
    """A run folder whose episode k has length 10 and return k."""
    folder = out / "pole" / f"20261128-1000{second:02}-{decay}-seed{seed}"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(
        json.dumps(
            {"format": 1, "experiment": "pole", "seed": seed, "status": "finished", "steps": 400, "episodes": 40}
        )
    )
    exploration = f"name: epsilon_greedy, start: 1.0, end: 0.1, decay: {decay}"
    if schedule:
        exploration = f"name: {schedule}"
    (folder / "experiment.yaml").write_text(
        f"name: pole\nseed: {seed}\nenvironment: {{name: compiled, id: {{name: CartPole-v1}}}}\n"
        f"exploration: {{{exploration}}}\nstop: []\n"
    )
    rows = [
        {"episode": k, "step": 10 * (k + 1), "length": 10, "return": float(k + seed), "terminated": True,
         "truncated": False, "seconds": 0.5 * (k + 1)}
        for k in range(40)
    ]  # fmt: skip
    (folder / "episodes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def compared(out: Path) -> Comparison:
    return compare(gather([str(out)], out), Options())


def test_variants_that_differ_in_the_last_of_many_settings_stay_apart(tmp_path: Path) -> None:
    for seed in range(2):
        make(tmp_path, seed, 0.99)
        make(tmp_path, seed, 0.999)
        make(tmp_path, seed, 0.5, schedule="greedy")
    document = compared(tmp_path).document()
    assert len(document["variants"]) == 3
    assert len(document["runs"]) == 6


def test_a_compiled_environments_task_is_its_name(tmp_path: Path) -> None:
    make(tmp_path, 0, 0.99)
    assert compared(tmp_path).document()["tasks"] == ["CartPole-v1"]


def test_a_seed_that_was_run_twice_counts_once_and_is_told(tmp_path: Path) -> None:
    make(tmp_path, 0, 0.99)
    make(tmp_path, 0, 0.99, second=1)
    document = compared(tmp_path).document()
    assert len(document["runs"]) == 1
    assert document["warnings"][0] == "seed 0 of pole was run more than once; of those that finished the newest counts"


def study(out: Path, name: str, decay: float, seeds: range, **more: object) -> Path:
    """A study's folder with one variant, `it`."""
    folder, runs = out / name, []
    for seed in seeds:
        make(folder, seed, decay)
        run = next((folder / "pole").glob(f"*-seed{seed}")).relative_to(folder)
        runs.append(
            {"variant": "it", "environment": "CartPole-v1", "seed": seed, "experiment": "pole", "digest": "",
             "state": "finished", "attempts": 1, "folder": str(run)}
        )  # fmt: skip
    plan = {"format": 1, "study": name, "base": "it", "variants": [{"name": "it"}], "environments": ["CartPole-v1"],
            "compare": {}, "runs": runs, **more}  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(plan))
    return folder


def test_variants_of_two_studies_that_are_called_alike_are_one_only_if_they_are_the_same(tmp_path: Path) -> None:
    first, more = study(tmp_path, "first", 0.99, range(3)), study(tmp_path, "more", 0.99, range(3, 6))
    other = study(tmp_path, "other", 0.5, range(3))
    assert gather([str(first), str(more)], tmp_path).variants == ("it",)
    assert gather([str(first), str(other)], tmp_path).variants == ("first/it", "other/it")


def test_a_study_that_was_looked_at_often_is_told_of_where_that_cannot_be_allowed_for(tmp_path: Path) -> None:
    looked, other = study(tmp_path, "looked", 0.99, range(4), batch=2), study(tmp_path, "other", 0.5, range(3))
    alone = gather([str(looked)], tmp_path)
    assert alone.looks is not None
    assert alone.looks.batches() == [(0, 1), (2, 3)]
    both = gather([str(looked), str(other)], tmp_path)
    assert both.looks is None
    assert "looked was run until it was decided" in both.warnings[0]


@pytest.mark.parametrize(
    "change",
    [
        {"study": None}, {"compare": "x"}, {"compare": None}, {"variants": [{}]}, {"variants": "it"}, {"runs": {}},
        {"runs": [{"variant": []}]}, {"format": 2},
    ],
)  # fmt: skip
def test_a_plan_that_was_damaged_is_one_sentence(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = study(tmp_path, "first", 0.99, range(2), **change)
    with pytest.raises(ComparisonError, match=r"plan\.json") as caught:
        gather([str(folder)], tmp_path)
    assert "\n" not in str(caught.value)


def test_a_variant_without_runs_is_told_and_decides_nothing(tmp_path: Path) -> None:
    folder = study(tmp_path, "first", 0.99, range(2))
    plan = json.loads((folder / "plan.json").read_text())
    waiting = {**plan["runs"][0], "variant": "other", "state": "waiting", "folder": None}
    plan["variants"].append({"name": "other"})
    plan["runs"].append(waiting)
    (folder / "plan.json").write_text(json.dumps(plan))
    found = compare(gather([str(folder)], tmp_path), Options())
    assert found.verdicts == ()
    assert "1 of the 3 runs of the study are still to be made" in found.warnings


def test_two_studies_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    one, other = study(tmp_path / "x", "same", 0.99, range(2)), study(tmp_path / "y", "same", 0.5, range(2))
    assert gather([str(one), str(other)], tmp_path).variants == ("same/it", f"{other}/it")


def test_seeds_may_lie_far_apart(tmp_path: Path) -> None:
    for seed in (0, 1, 4_000_000_000):
        make(tmp_path, seed, 0.99)
    (variant,) = compared(tmp_path).document()["variants"]
    assert variant["tasks"][0]["seeds"] == [0, 1, 4_000_000_000]


def test_rows_that_are_missing_of_a_run_that_finished_are_told(tmp_path: Path) -> None:
    make(tmp_path, 0, 0.99)
    (rows,) = tmp_path.glob("pole/*/episodes.jsonl")
    lines = rows.read_text().splitlines(keepends=True)
    rows.write_text("".join(lines[:30]))
    with pytest.raises(ComparisonError, match=r"has 30 of the 40 episodes that its run\.json tells of"):
        gather([str(tmp_path)], tmp_path)


def test_variants_of_two_studies_on_two_tasks_that_differ_in_more_are_told(tmp_path: Path) -> None:
    first, other = study(tmp_path, "first", 0.99, range(3)), study(tmp_path, "other", 0.5, range(3))
    plan = json.loads((other / "plan.json").read_text())
    for run in plan["runs"]:
        run["environment"] = "Acrobot-v1"
    (other / "plan.json").write_text(json.dumps(plan))
    found = gather([str(first), str(other)], tmp_path)
    assert found.variants == ("it",)
    assert "it of other is taken for it of first, and differs in exploration.decay" in found.warnings


def test_seeds_that_were_added_after_the_last_look_are_told(tmp_path: Path) -> None:
    looked = study(tmp_path, "looked", 0.99, range(4), batch=2, extended=[2])
    (warning,) = gather([str(looked)], tmp_path).warnings
    assert "was looked at with 2 seeds, and then run with more" in warning


def test_folders_that_hold_a_variant_each_give_it_their_name(tmp_path: Path) -> None:
    for name, decay in (("slow", 0.999), ("fast", 0.9)):
        for seed in range(2):
            make(tmp_path / name, seed, decay)
    both = [str(tmp_path / "slow"), str(tmp_path / "fast")]
    assert gather(both, tmp_path).variants == ("slow", "fast")
    make(tmp_path / "fast", 5, 0.5)
    mixed = gather(both, tmp_path).variants
    assert len(mixed) == 3 and "slow" not in mixed
    assert "slow" not in gather([str(tmp_path / "slow")], tmp_path).variants
