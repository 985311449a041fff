from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rlkit.analysis.groups import Curve, grouped

RESOLVED: dict[str, Any] = {
    "name": "pole",
    "agent": {"name": "dqn", "gamma": 0.95},
    "network": {"name": "mlp", "hidden": [64]},
    "recorders": [{"name": "csv"}],
}


def curve(seed: int, y: Any = (0.0, 1.0), *, x: Any = None, name: str = "pole", **changes: Any) -> Curve:
    values = np.array(y, np.float64)
    positions = np.arange(len(values), dtype=np.float64) if x is None else np.array(x, np.float64)
    return Curve(name, seed, {**RESOLVED, "seed": seed, **changes}, positions, values)


def labels(*curves: Curve) -> list[str]:
    return [group.label for group in grouped(curves)]


def test_runs_that_differ_in_seed_and_recorders_alone_are_one_group() -> None:
    (group,) = grouped([curve(2), curve(0), curve(1, recorders=[])])
    assert group.label == "pole, seeds 0 to 2"
    assert [member.seed for member in group.curves] == [2, 0, 1]


def test_labels_tell_what_differs_within_a_name() -> None:
    other = {"name": "dqn", "gamma": 0.99}
    assert labels(curve(0), curve(1, agent=other), curve(5, agent=other), curve(0, name="car")) == [
        "pole (agent.gamma 0.95), seed 0",
        "pole (agent.gamma 0.99), seeds 1, 5",
        "car, seed 0",
    ]


def test_a_part_that_differs_is_named_by_its_slot() -> None:
    assert labels(curve(0), curve(0, network={"name": "conv"})) == [
        "pole (network mlp), seed 0",
        "pole (network conv), seed 0",
    ]


def test_long_differences_and_seeds_are_counted() -> None:
    many = {f"part{number}": number for number in range(5)}
    assert labels(*(curve(seed, **many) for seed in range(0, 20, 2)), curve(0), curve(0)) == [
        "pole (part0 0, part1 1, part2 2 and 2 more), 10 seeds",
        "pole, 2 runs",
    ]


def test_long_labels_are_cut_only_where_groups_stay_apart() -> None:
    def of(*values: int) -> Curve:
        return curve(0, **{f"part{number}": value for number, value in enumerate(values)})

    assert labels(of(0, 1, 2, 3), of(0, 1, 2, 9), of(5, 6, 7, 3), of(5, 8, 7, 9)) == [
        "pole (part0 0, part1 1, part2 2, part3 3), seed 0",
        "pole (part0 0, part1 1, part2 2, part3 9), seed 0",
        "pole (part0 5, part1 6, part2 7 and 1 more), seed 0",
        "pole (part0 5, part1 8, part2 7 and 1 more), seed 0",
    ]


def test_what_most_have_is_left_out() -> None:
    conv = {"name": "conv"}
    assert labels(curve(0), curve(0, agent={"name": "dqn", "gamma": 0.9}), curve(0, network=conv)) == [
        "pole, seed 0",
        "pole (agent.gamma 0.9), seed 0",
        "pole (network conv), seed 0",
    ]


def test_parameters_of_a_part_that_few_have_are_told_where_they_differ() -> None:
    wide, narrow = {"name": "conv", "hidden": [32]}, {"name": "conv", "hidden": [8]}
    both = labels(curve(0), curve(1, gamma=1), curve(2, gamma=2), curve(0, network=wide), curve(0, network=narrow))
    assert both[3:] == [
        "pole (network conv, network.hidden [32]), seed 0",
        "pole (network conv, network.hidden [8]), seed 0",
    ]


def test_the_band_goes_as_far_as_every_run() -> None:
    (group,) = grouped([curve(0, (0, 10), x=(0, 100)), curve(1, (10, 10, 16), x=(20, 60, 90))])
    band = group.band()
    assert band is not None
    assert (band.x[0], band.x[-1]) == (20, 90)
    assert (band.mean[0], band.mean[-1]) == (pytest.approx((2 + 10) / 2), pytest.approx((9 + 16) / 2))
    assert band.deviation[0] == pytest.approx(np.std([2, 10], ddof=1))


def test_a_single_run_has_no_band_and_runs_that_never_meet_an_empty_one() -> None:
    (alone,) = grouped([curve(0)])
    assert alone.band() is None
    (apart,) = grouped([curve(0, x=(0, 1)), curve(1, x=(2, 3))])
    band = apart.band()
    assert band is not None
    assert len(band.x) == len(band.mean) == 0


def test_smoothing_puts_each_mean_at_its_last_point_and_never_empties_a_curve() -> None:
    smoothed = curve(0, (1, 2, 3, 6)).smoothed(2)
    assert (smoothed.x.tolist(), smoothed.y.tolist()) == ([1, 2, 3], [1.5, 2.5, 4.5])
    short = curve(0, (1, 2, 3)).smoothed(20)
    assert (short.x.tolist(), short.y.tolist()) == ([2], [pytest.approx(2)])
    assert curve(0, (1, 2)).smoothed(1).y.tolist() == [1, 2]
