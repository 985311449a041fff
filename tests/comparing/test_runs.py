"""Runs that were named without a study: which are one variant, and what is told of those that count for nothing."""

from __future__ import annotations

import json
from pathlib import Path

from rlkit.comparing.comparison import Comparison, compare
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
