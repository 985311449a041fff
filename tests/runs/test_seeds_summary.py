"""What is said of many seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rlkit.runs.result import Result
from rlkit.runs.seeds_summary import in_words, seed_line, seeds_summary


def result(seed: int, **changes: Any) -> Result:
    values: dict[str, Any] = {
        "folder": Path("runs/cartpole_dqn") / f"20261122-211530-seed{seed}",
        "seed": seed,
        "status": "finished",
        "stop_reason": "",
        "solved": True,
        "episodes": 100 * (seed + 1),
        "steps": 1000 * (seed + 1),
        "updates": 1,
        "steps_per_second": 15000.0 + seed,
        "seconds": {},
        "returns": np.ones(1),
        "lengths": np.ones(1, np.int64),
        "terminated": np.ones(1, np.bool_),
        "truncated": np.zeros(1, np.bool_),
        "evaluation": (100.0 * seed, 100.0 * seed + 50.0),
        "loop": "stepwise",
        "backends": {},
        "warnings": (),
    }
    return Result(**{**values, **changes})


def test_medians_quartiles_and_spread_over_solved_seeds() -> None:
    assert seeds_summary(range(4), [result(seed) for seed in range(4)], 12.34).splitlines() == [
        "seeds       4 solved; 12.3 seconds in all",
        "episodes    to solve: median 250, quartiles 175 and 325",
        "steps       to solve: median 2,500, quartiles 1,750 and 3,250",
        "evaluation  175.0 ± 129.1 (mean and standard deviation over 4 seeds)",
        "speed       15,002 steps/s (median)",
    ]


def test_an_unsolved_seed_counts_as_longer_than_any_other_however_few_episodes_it_had() -> None:
    results = [result(0), result(1), result(2, solved=False, episodes=1, steps=1), result(3, solved=False)]
    lines = seeds_summary(range(4), results, 1.0).splitlines()
    assert lines[1] == "episodes    to solve: median not reached, quartiles 175 and not reached"
    assert lines[3] == "            2 not solved count as longer than any other (censored)"
    assert seeds_summary(range(3), results[:3], 1.0).splitlines()[1] == (
        "episodes    to solve: median 200, quartiles 150 and not reached"
    )


def test_failed_and_interrupted_seeds_are_named_and_say_nothing_about_solving() -> None:
    failed = result(1, status="failed", solved=False, stop_reason="the simulator went away", evaluation=())
    interrupted = result(2, status="interrupted", solved=False, stop_reason="interrupted", evaluation=(9.0,))
    assert seeds_summary(range(5), [result(0), failed, interrupted], 1.0).splitlines() == [
        "seeds       1 solved, 1 interrupted, 1 failed; 1.0 seconds in all",
        "episodes    to solve: median 100, quartiles 100 and 100",
        "steps       to solve: median 1,000, quartiles 1,000 and 1,000",
        "evaluation  25.0 (mean of one seed)",
        "speed       15,001 steps/s (median)",
        "failed      seed 1: the simulator went away",
        f"folder      {failed.folder}",
        "not begun   seeds 3, 4",
    ]


def test_lines_of_seeds_stand_in_columns() -> None:
    lines = [seed_line(result(seed, **more), [8, 10]) for seed, more in ((8, {}), (10, {"solved": False}))]
    assert lines == [
        "seed  8  solved           900 episodes        9,000 steps  evaluation    825.0    15,008 steps/s  "
        "20261122-211530-seed8",
        "seed 10  not solved     1,100 episodes       11,000 steps  evaluation   1025.0    15,010 steps/s  "
        "20261122-211530-seed10",
    ]
    failed = result(8, status="failed", stop_reason="the simulator went away")
    assert seed_line(failed, [8]) == "seed 8  failed       the simulator went away  20261122-211530-seed8"


@pytest.mark.parametrize(
    ("seeds", "words"),
    [([3], "seed 3"), ([0, 1, 2], "seeds 0 to 2"), ([0, 2, 4], "seeds 0, 2, 4"), (list(range(0, 40, 2)), "20 seeds")],
)
def test_seeds_in_words(seeds: list[int], words: str) -> None:
    assert in_words(seeds) == words
