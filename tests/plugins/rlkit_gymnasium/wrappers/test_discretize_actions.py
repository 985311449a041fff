"""Boxes of actions become grids, numbered row by row."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete, MultiDiscrete

import rlkit
from rlkit import ParameterError
from rlkit.cli.main import main
from rlkit_gymnasium import DiscretizeActions
from tests.plugins.rlkit_gymnasium.wrappers.shows import Shows

PENDULUM = """\
name: swing
environment: {{name: gymnasium, id: Pendulum-v1, wrappers: [{{name: discretize_actions, bins: {bins}}}]}}
agent: {{name: dqn, batch_size: 8}}
network: {{name: mlp, hidden: [8]}}
limits: {{steps: 60, steps_per_episode: 20}}
evaluation: {{episodes: 1}}
recorders: []
"""


def grid(space, bins):
    """All actions of the grid, by number."""
    environment = Shows(accepts=space)
    wrapped = DiscretizeActions(bins=bins).wrap(environment)
    wrapped.reset(seed=0)
    for number in range(wrapped.action_space.n):
        wrapped.step(number)
    assert wrapped.action_space == Discrete(len(environment.taken))
    assert all(space.contains(action) and action.dtype == space.dtype for action in environment.taken)
    return [action.tolist() for action in environment.taken]


def test_points_are_evenly_spaced_and_include_both_ends():
    assert grid(Box(-2, 2, (1,), np.float32), 5) == [[-2], [-1], [0], [1], [2]]


def test_the_last_dimension_changes_fastest():
    space = Box(np.array([-1, 0], np.float64), np.array([1, 4], np.float64), dtype=np.float64)
    assert grid(space, (2, 3)) == [[-1, 0], [-1, 2], [-1, 4], [1, 0], [1, 2], [1, 4]]


def test_actions_keep_their_shape():
    found = grid(Box(0, 1, (2, 2), np.float32), 2)
    assert (len(found), found[0], found[6]) == (16, [[0, 0], [0, 0]], [[0, 1], [1, 0]])


def test_bounds_as_far_apart_as_float32_reaches_are_gridded():
    most = float(np.finfo(np.float32).max)
    assert grid(Box(-most, most, (1,), np.float32), 3) == [[-most], [0], [most]]


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (
            Box(-np.inf, 1, (1,), np.float32),
            "a grid needs finite bounds, and the action is Box(-inf, 1.0, (1,), float32)",
        ),
        (Discrete(3), "it reads actions that are a Box of floats, and the action is Discrete(3)"),
        (
            Box(0, 3, (1,), np.int32),
            "it reads actions that are a Box of floats, and the action is Box(0, 3, (1,), int32)",
        ),
        (MultiDiscrete([2, 2]), "it reads actions that are a Box of floats, and the action is MultiDiscrete([2 2])"),
    ],
)
def test_actions_without_a_grid_are_refused(space, said):
    with pytest.raises(ValueError) as refused:
        DiscretizeActions(bins=3).wrap(Shows(accepts=space))
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("bins", "said"),
    [
        ((3, 3), "bins: found a list of 2; allowed: one number, or 3, one for each dimension of the action"),
        ((101, 10, 10), "bins: a grid of 101 × 10 × 10 has 10,100 points; allowed: at most 10,000"),
        (10**200, "bins: a grid of .* has over 1e300 points; allowed: at most 10,000"),
    ],
)
def test_bins_that_do_not_fit_are_refused_with_the_number_they_make(bins, said):
    with pytest.raises(ParameterError, match=said):
        DiscretizeActions(bins=bins).wrap(Shows(accepts=Box(0, 1, (3,), np.float32)))


def test_ten_thousand_points_are_allowed():
    assert len(grid(Box(0, 1, (2,), np.float32), 100)) == 10_000


@pytest.mark.slow
def test_dqn_trains_on_pendulum(tmp_path):
    file = tmp_path / "swing.yaml"
    file.write_text(PENDULUM.format(bins=5))
    experiment = rlkit.load(file)
    assert experiment.spaces.action == rlkit.Discrete(5)
    assert rlkit.run(experiment, out=tmp_path / "runs").steps == 60


@pytest.mark.parametrize(
    ("bins", "said"),
    [
        ("1", "environment.wrappers.0.bins: found 1; allowed: at least 2"),
        ("[3, 1]", "environment.wrappers.0.bins.1: found 1; allowed: at least 2"),
        ("[3, 3]", "environment.wrappers.0.bins: found a list of 2; allowed: one number, or 1"),
        ("many", "environment.wrappers.0.bins: found the text 'many'; allowed: int or list of int"),
        ("2.5", "environment.wrappers.0.bins: found 2.5; allowed: int"),
    ],
)
def test_a_file_with_bad_bins_is_answered_with_one_line_and_status_2(tmp_path, capsys, bins, said):
    file = tmp_path / "swing.yaml"
    file.write_text(PENDULUM.format(bins=bins))
    assert main(["check", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_an_agent_of_discrete_actions_names_this_wrapper(tmp_path, capsys):
    file = tmp_path / "swing.yaml"
    file.write_text(PENDULUM.format(bins=5).replace("[{name: discretize_actions, bins: 5}]", "[]"))
    assert main(["check", str(file)]) == 2
    assert "wrappers: [{name: discretize_actions, bins: 5}]" in capsys.readouterr().err
