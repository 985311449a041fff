"""Where an ε finds nothing: DeepSea-v0 of size 15, in the compiled loop."""

from __future__ import annotations

import pytest

import rlkit

TREASURE = 0.99


@pytest.mark.slow
@pytest.mark.parametrize(
    ("experiment", "changes", "finds"),
    [
        ("deep_sea_bonus", [], True),
        ("deep_sea_bonus", ["bonus=null"], False),
        ("deep_sea_bootstrapped", [], True),
    ],
    ids=["hash_counts", "epsilon_greedy", "bootstrapped"],
)
def test_the_treasure_is_found_by_what_was_seldom_seen_and_by_plans_not_by_chance(experiment, changes, finds, tmp_path):
    result = rlkit.run(rlkit.load(experiment, changes, seed=0), out=tmp_path)
    assert (float(result.returns.max()) > TREASURE - 0.01) == finds
