"""Short runs log often enough to be looked at, long ones no more often than that."""

from __future__ import annotations

import pytest

import rlkit
from rlkit.experiment.plain_data.agents import check_interval
from rlkit.faults.part_error import PartError
from rlkit.runs.metrics_interval import metrics_interval


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("cartpole_dqn", [], 100),
        ("cartpole_dqn", ["limits={steps: 4064}"], 100),  # 1,000 updates
        ("cartpole_dqn", ["limits={steps: 664}"], 15),  # 150
        ("cartpole_dqn", ["limits={steps: 70}"], 1),
        ("cartpole_dqn", ["limits={updates: 50}"], 5),
        ("cartpole_dqn", ["limits={updates: 50, steps: 90}"], 1),
        ("cartpole_dqn", ["limits={episodes: 50}"], 100),
        ("cartpole_pqn", [], 6),  # of 16 gradient steps each
        ("cartpole_pqn", ["limits={steps: 40960}"], 3),  # 39, the first rollout aside
    ],
)
def test_it_follows_from_the_limits(name: str, settings: list[str], expected: int) -> None:
    assert metrics_interval(rlkit.load(name, settings)) == expected


def test_what_is_no_count_is_refused() -> None:
    class Agent:
        metrics_interval = 0

    with pytest.raises(PartError, match="returned int 0; allowed: an int of at least 1"):
        check_interval(Agent())  # type: ignore[arg-type]
