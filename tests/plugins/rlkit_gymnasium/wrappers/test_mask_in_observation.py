"""A part of the observation as the mask of actions: what becomes of it, and what is no mask."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete

import rlkit
from rlkit import ParameterError
from rlkit.worlds.world import ActionFailure, EnvironmentFailure, World
from rlkit_gymnasium import GymnasiumEnvironment, KeepKeys, MaskInObservation, warned_once
from tests.plugins.rlkit_gymnasium.wrappers.shows import MASKED, Shows, register_masked

EXPERIMENT = f"""\
name: masked
environment: {{name: gymnasium, id: {MASKED}, wrappers: [mask_in_observation]}}
agent: {{name: dqn, batch_size: 8}}
network: {{name: mlp, hidden: [8]}}
limits: {{steps: 60}}
evaluation: {{episodes: 1}}
recorders: []
"""
BITS = Box(0, 1, (3,), np.uint8)


def bits(*values):
    return np.array(values, np.uint8)


@pytest.fixture
def file(tmp_path):
    register_masked()
    (tmp_path / "masked.yaml").write_text(EXPERIMENT)
    return tmp_path / "masked.yaml"


def world(file, mask):
    experiment = rlkit.load(file)
    environment = experiment.environment.make(render=False)
    environment.unwrapped.mask = mask
    return World(environment, experiment.spaces, seed=0, stream="s", steps_per_episode=None)


@pytest.mark.parametrize("part", [BITS, Box(0, 1, (3,), np.float32), MultiBinary(3)])
def test_the_part_leaves_the_observation_and_becomes_the_mask(part):
    shown = {"legal": bits(0, 1, 1), "state": 1}
    space = Dict(legal=part, state=Discrete(2))
    wrapped = MaskInObservation(key="legal").wrap(Shows(space, shown, Discrete(3), mask=bits(1, 1, 1)))
    assert wrapped.observation_space == Dict(state=Discrete(2))
    for observation, info in (wrapped.reset(seed=0), wrapped.step(1)[::4]):
        assert observation == {"state": 1}
        assert info["action_mask"] is shown["legal"]
    assert list(shown) == ["legal", "state"]
    assert wrapped.unwrapped.info["action_mask"].tolist() == [1, 1, 1]


def test_what_the_part_forbids_is_forbidden(file):
    assert rlkit.load(file).spaces.action == rlkit.Discrete(3, masked=True)
    masked = world(file, bits(0, 1, 0))
    assert masked.reset().shape == (2,)
    assert masked.allowed.tolist() == [False, True, False]
    masked.step(1)
    with pytest.raises(ActionFailure, match="chose action 2, which is not allowed there; allowed: 1"):
        masked.step(2)


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (bits(1, 1), r"array\(\[1, 1\], dtype=uint8\); it must have a 0 or 1 for each of the 3 actions"),
        (np.array([0.0, 0.5, 1.0]), "it must have a 0 or 1 for each of the 3 actions"),
        (np.array(["a", "b", "c"]), "it must have a 0 or 1 for each of the 3 actions"),
        (bits(0, 0, 0), "reset gave an action_mask that forbids every action"),
    ],
)
def test_what_is_no_mask_is_told_as_that_of_an_info_is(file, mask, said):
    with pytest.raises(EnvironmentFailure, match=said):
        world(file, mask).reset()


def test_a_mask_that_is_missing_is_told():
    wrapped = MaskInObservation().wrap(Shows(Dict(action_mask=BITS, a=Discrete(2)), {"a": 0}, Discrete(3)))
    with pytest.raises(ValueError, match="the observation has no part 'action_mask', which its space has"):
        wrapped.reset(seed=0)


@pytest.mark.parametrize(
    ("observes", "accepts", "said"),
    [
        (BITS, Discrete(3), r"it reads Dict observations, and the observation is Box\(0, 1, \(3,\), uint8\)"),
        (Dict(action_mask=BITS), Discrete(3), "has no part besides 'action_mask', so that nothing would be left"),
        (
            Dict(action_mask=BITS, a=BITS),
            MultiDiscrete([3]),
            r"is one choice, and the action is MultiDiscrete\(\[3\]\)",
        ),
    ],
)
def test_environments_that_it_cannot_serve_are_refused(observes, accepts, said):
    with pytest.raises(ValueError, match=said):
        MaskInObservation().wrap(Shows(observes, accepts=accepts))


@pytest.mark.parametrize(
    ("key", "part", "said"),
    [
        ("mask", BITS, "key: found 'mask'; allowed: action_mask, a"),
        (
            "action_mask",
            Box(0, 1, (2,), np.uint8),
            "Box(0, 1, (2,), uint8); a mask has a 0 or 1 for each of the 3 actions",
        ),
        (
            "action_mask",
            Box(0, 2, (3,), np.uint8),
            "Box(0, 2, (3,), uint8); a mask has a 0 or 1 for each of the 3 actions",
        ),
        ("action_mask", Discrete(3), "key: found 'action_mask', which is Discrete(3); a mask has a 0 or 1 for"),
    ],
)
def test_a_part_that_is_no_mask_is_refused(key, part, said):
    with pytest.raises(ParameterError) as refused:
        MaskInObservation(key=key).wrap(Shows(Dict(action_mask=part, a=BITS), accepts=Discrete(3)))
    assert said in str(refused.value)


@pytest.mark.filterwarnings("error")
def test_a_mask_that_nothing_reads_is_told_once(monkeypatch):
    register_masked()
    monkeypatch.setattr(warned_once, "_shown", set())
    GymnasiumEnvironment(id=MASKED, wrappers=(MaskInObservation(),)).make(render=False)
    GymnasiumEnvironment(id=MASKED, wrappers=(KeepKeys(keys=("share",)),)).make(render=False)
    unread = GymnasiumEnvironment(id=MASKED)
    with pytest.warns(UserWarning, match="'action_mask' is seen and forbids nothing; wrappers: .mask_in_observation. "):
        unread.make(render=False)
    unread.make(render=False)


def test_dqn_trains_and_is_evaluated_by_it(file, tmp_path):
    # The loops end a run whose agent takes a forbidden action.
    assert rlkit.run(rlkit.load(file), out=tmp_path / "runs", debug=True).steps == 60
