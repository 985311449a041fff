"""Combinations of choices become numbers, and masks of the choices a mask of the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple

import rlkit
from rlkit import Spaces
from rlkit.cli.main import main
from rlkit.worlds.world import ActionFailure, World
from rlkit_gymnasium import GymnasiumEnvironment, NumberActions
from tests.plugins.rlkit_gymnasium.wrappers.shows import CHOICES, Shows, register_choices

EXPERIMENT = f"""\
name: choices
environment: {{name: gymnasium, id: {CHOICES}, wrappers: [number_actions]}}
agent: {{name: dqn, batch_size: 8}}
network: {{name: mlp, hidden: [8]}}
limits: {{steps: 60}}
evaluation: {{episodes: 1}}
recorders: []
"""


def combinations(space):
    """All actions that the numbers stand for."""
    environment = Shows(accepts=space)
    wrapped = NumberActions().wrap(environment)
    wrapped.reset(seed=0)
    for number in range(wrapped.action_space.n):
        wrapped.step(number)
    assert wrapped.action_space == Discrete(len(environment.taken))
    assert all(space.contains(action) for action in environment.taken)
    return environment.taken


def listed(space):
    return [action.tolist() for action in combinations(space)]


def test_of_multi_discrete_the_last_part_changes_fastest():
    assert listed(MultiDiscrete([3, 2])) == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]


def test_multi_discrete_counts_from_its_start():
    assert listed(MultiDiscrete([2, 2], start=[5, -1])) == [[5, -1], [5, 0], [6, -1], [6, 0]]


def test_multi_discrete_keeps_its_shape_and_dtype():
    space = MultiDiscrete([[1, 2], [2, 1]], dtype=np.int32)
    assert listed(space) == [[[0, 0], [0, 0]], [[0, 0], [1, 0]], [[0, 1], [0, 0]], [[0, 1], [1, 0]]]
    assert combinations(space)[0].dtype == np.int32


def test_multi_binary_counts_as_binary_numbers_do():
    assert listed(MultiBinary(3)) == [[i >> 2, i >> 1 & 1, i & 1] for i in range(8)]
    assert listed(MultiBinary((2, 1))) == [[[0], [0]], [[0], [1]], [[1], [0]], [[1], [1]]]


def test_a_tuple_is_numbered_with_what_is_nested_in_it():
    space = Tuple([Discrete(2, start=3), Tuple([MultiBinary(1), MultiDiscrete([1, 2])])])
    found = [(int(first), (bit.tolist(), pair.tolist())) for first, (bit, pair) in combinations(space)]
    assert found[:3] == [(3, ([0], [0, 0])), (3, ([0], [0, 1])), (3, ([1], [0, 0]))]
    assert found[7] == (4, ([1], [0, 1]))
    assert len(found) == 8


def test_a_dict_is_numbered_in_the_order_of_its_space():
    found = combinations(Dict({"fire": Discrete(2), "move": Discrete(2, start=1)}))
    assert found == [{"fire": 0, "move": 1}, {"fire": 0, "move": 2}, {"fire": 1, "move": 1}, {"fire": 1, "move": 2}]


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (Discrete(4), "the action is one number already: Discrete(4)"),
        (
            Box(-1, 1, (1,), np.float32),
            "it numbers combinations of discrete choices, and the action is Box(-1.0, 1.0, (1,), float32); "
            "for a Box there is the wrapper discretize_actions",
        ),
        (
            MultiDiscrete([101, 100]),
            "the action MultiDiscrete([101 100]) has 10,100 combinations; allowed: at most 10,000",
        ),
        (MultiBinary(64), "the action MultiBinary(64) has 1.8e+19 combinations; allowed: at most 10,000"),
    ],
)
def test_other_actions_and_too_many_combinations_are_refused(space, said):
    with pytest.raises(ValueError) as refused:
        NumberActions().wrap(Shows(accepts=space))
    assert str(refused.value) == said


def test_a_part_that_is_no_choice_is_named():
    space = Tuple([Discrete(2), Dict(force=Box(0, 1, (1,), np.float32))])
    with pytest.raises(ValueError, match=r"and the action\[1\]\['force'\] is Box\(0.0, 1.0, \(1,\), float32\)"):
        NumberActions().wrap(Shows(accepts=space))


def bits(*values):
    return np.array(values, np.int8)


@pytest.mark.parametrize(
    ("space", "mask", "combined"),
    [
        (MultiDiscrete([3, 2]), (bits(1, 0, 1), bits(0, 1)), [0, 1, 0, 0, 0, 1]),
        (MultiDiscrete([[2], [2]]), ((bits(1, 0),), (bits(1, 1),)), [1, 1, 0, 0]),
        (MultiBinary(2), bits(2, 0), [1, 0, 1, 0]),
        (MultiBinary(2), bits(1, 2), [0, 0, 1, 1]),
        (Tuple([Discrete(2), MultiDiscrete([1, 2])]), (bits(0, 1), (bits(1), bits(1, 0))), [0, 0, 1, 0]),
        (Tuple([Discrete(2), Discrete(2)]), (None, bits(1, 0)), [1, 0, 1, 0]),
        (Dict(a=Discrete(2), b=Discrete(2)), {"b": bits(0, 1), "a": bits(1, 1)}, [0, 1, 0, 1]),
    ],
)
def test_masks_of_the_parts_become_one_of_the_numbers(space, mask, combined):
    wrapped = NumberActions().wrap(Shows(accepts=space, mask=mask))
    wrapped.unwrapped.action_space.sample(mask)  # the form is Gymnasium's
    for info in (wrapped.reset(seed=0)[1], wrapped.step(0)[4]):
        assert info["action_mask"].dtype == np.int8
        assert info["action_mask"].tolist() == combined
    assert wrapped.unwrapped.info["action_mask"] is mask


@pytest.mark.parametrize(
    "mask", [bits(1, 1, 1, 1, 0, 0), (bits(1, 1, 1),), (bits(1, 1, 1), bits(1, 1, 1)), (1, [[2], 3])]
)
def test_a_mask_of_another_form_stays_as_it_is(mask):
    wrapped = NumberActions().wrap(Shows(accepts=MultiDiscrete([3, 2]), mask=mask))
    assert wrapped.reset(seed=0)[1]["action_mask"] is mask


def test_the_environment_that_is_not_numbered_names_this_wrapper():
    register_choices()
    with pytest.raises(ValueError) as refused:
        GymnasiumEnvironment(id=CHOICES).make(render=False)
    assert str(refused.value) == (
        "action space MultiDiscrete([3 2]) is not supported; if it consists of discrete choices, number their "
        "combinations with wrappers: [number_actions]"
    )
    made = GymnasiumEnvironment(id=CHOICES, wrappers=(NumberActions(),)).make(render=False)
    assert Spaces.of(made).action == rlkit.Discrete(6)
    made.reset(seed=0)
    assert [made.step(number)[1] for number in range(5)] == [0.0] * 5
    made.reset(seed=0)
    assert made.step(5)[1] == 1.0


def test_dqn_trains_on_combinations(tmp_path):
    register_choices()
    file = tmp_path / "choices.yaml"
    file.write_text(EXPERIMENT)
    assert rlkit.run(rlkit.load(file), out=tmp_path / "runs", debug=True).steps == 60


def test_masks_of_the_parts_forbid_combinations(tmp_path):
    register_choices()
    file = tmp_path / "choices.yaml"
    file.write_text(EXPERIMENT.replace(f"id: {CHOICES}", f"id: {CHOICES}, kwargs: {{mask: [[0, 1, 1], [1, 0]]}}"))
    experiment = rlkit.load(file)
    assert experiment.spaces.action == rlkit.Discrete(6, masked=True)
    world = World(
        experiment.environment.make(render=False), experiment.spaces, seed=0, stream="s", steps_per_episode=None
    )
    world.reset()
    assert world.allowed.tolist() == [False, False, True, False, True, False]
    assert world.step(4)[0].tolist() == [2, 0]
    with pytest.raises(ActionFailure, match="chose action 5, which is not allowed there; allowed: 2, 4"):
        world.step(5)


def test_a_parameter_that_it_does_not_have_is_answered_with_one_line_and_status_2(tmp_path, capsys):
    register_choices()
    file = tmp_path / "choices.yaml"
    file.write_text(EXPERIMENT.replace("[number_actions]", "[{name: number_actions, start: 1}]"))
    assert main(["check", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "'number_actions' has no parameter 'start'" in line
