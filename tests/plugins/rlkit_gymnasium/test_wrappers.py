"""Wrappers change environments as they say, in their order, and name themselves where they cannot."""

from __future__ import annotations

import builtins
import importlib
import sys

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiDiscrete, Text, Tuple

import rlkit_gymnasium as plugin
from rlkit import ParameterError, Spaces
from rlkit_gymnasium import GymnasiumEnvironment
from rlkit_gymnasium.packages import MissingPackage

ID = "rlkit_tests/Counting-v0"


class Counting(gymnasium.Env):
    """Shows how many steps were taken and which action came in; the reward is the step's number."""

    action_space = Discrete(10)

    def __init__(self, space=None, shown=None):
        self.observation_space = Box(-np.inf, np.inf, (2,), np.float32) if space is None else space
        self.shown = shown

    def reset(self, *, seed=None, options=None):
        self.count = 0
        return self.observe(-1), {}

    def step(self, action):
        self.count += 1
        return self.observe(action), float(self.count), self.count == 20, False, {}

    def observe(self, action):
        return np.array([self.count, action], np.float32) if self.shown is None else self.shown


@pytest.fixture(autouse=True)
def registered():
    gymnasium.register(ID, Counting)
    yield
    del gymnasium.registry[ID]


def component(*wrappers, **kwargs):
    return GymnasiumEnvironment(id=ID, wrappers=wrappers, kwargs=kwargs)


def made(*wrappers, **kwargs):
    return component(*wrappers, **kwargs).make(render=False)


def test_frames_stack_along_the_first_axis_the_newest_last():
    environment = made(plugin.FrameStack(size=3))
    assert environment.reset(seed=0)[0].tolist() == [[0, -1]] * 3
    environment.step(5)
    assert environment.step(7)[0].tolist() == [[0, -1], [1, 5], [2, 7]]


def test_the_component_says_how_many_frames_its_outermost_wrapper_of_observations_stacks():
    stack, clip = plugin.FrameStack(size=3), plugin.RewardClip()
    assert component().stack == 1
    assert component(stack).stack == 3
    assert component(stack, clip, plugin.StickyActions()).stack == 3
    assert component(clip, stack).stack == 3
    assert component(stack, plugin.Flatten()).stack == 1
    assert component(stack, plugin.MaxAndSkip()).stack == 1
    spaces = Spaces.of(made(stack), stack=3)
    assert (spaces.observation.shape, spaces.observation.stack) == ((3, 2), 3)


def test_wrappers_apply_in_the_order_of_the_list():
    def reward(*wrappers):
        environment = made(*wrappers)
        environment.reset(seed=0)
        return [environment.step(0)[1] for _ in range(3)]

    clip, scale = plugin.RewardClip(low=0.0, high=2.0), plugin.RewardScale(factor=10)
    assert reward(clip, scale) == [10, 20, 20]
    assert reward(scale, clip) == [2, 2, 2]


def test_a_time_limit_truncates():
    environment = made(plugin.TimeLimit(steps=4))
    environment.reset(seed=0)
    assert [environment.step(0)[2:4] for _ in range(4)] == [(False, False)] * 3 + [(False, True)]


def test_max_and_skip_repeats_the_action_and_adds_up_rewards():
    environment = made(plugin.MaxAndSkip(frames=4))
    environment.reset(seed=0)
    observation, reward, *_ = environment.step(3)
    assert observation.tolist() == [4, 3]
    assert reward == 1 + 2 + 3 + 4


def taken(environment, seed, steps=19):
    environment.reset(seed=seed)
    return [int(environment.step(step % 10)[0][1]) for step in range(steps)]


def test_actions_stick_as_often_as_asked_and_by_the_seed_of_reset():
    environment = made(plugin.StickyActions(probability=0.25))
    episodes = [taken(environment, seed) for seed in range(300)]
    assert taken(environment, 5) == episodes[5] == taken(made(plugin.StickyActions(probability=0.25)), 5)
    assert episodes[5] != episodes[6]
    stuck = np.mean([[action != step % 10 for step, action in enumerate(episode)][1:] for episode in episodes])
    assert stuck == pytest.approx(0.25, abs=0.03)
    assert all(episode[0] == 0 for episode in episodes)  # nothing to repeat at a start


def test_pictures_turn_grey_and_small():
    pytest.importorskip("cv2")
    picture = np.zeros((8, 6, 3), np.uint8)
    picture[:4] = (255, 255, 255)
    space = Box(0, 255, picture.shape, np.uint8)
    grey = made(plugin.Grayscale(), plugin.Resize(height=2, width=3), space=space, shown=picture)
    observation = grey.reset(seed=0)[0]
    assert (observation.dtype, observation.shape) == (np.uint8, (2, 3))
    assert observation[0].min() >= 254 and observation[1].max() == 0
    assert grey.observation_space.contains(observation)


def test_observations_with_parts_are_flattened():
    space = Dict({"b": Discrete(3, start=1), "a": Box(0, 9, (2,), np.float64), "c": Tuple([MultiDiscrete([2, 2])])})
    shown = {"b": 2, "a": np.array([4.0, 5.0]), "c": (np.array([1, 0]),)}
    environment = made(space=space, shown=shown)
    observation = environment.reset(seed=0)[0]
    assert observation.dtype == np.float32
    assert observation.tolist() == [4, 5, 0, 1, 0, 0, 1, 1, 0]
    assert environment.observation_space.contains(observation)


@pytest.mark.parametrize("dtype", [np.uint8, np.bool_])
def test_small_parts_stay_small_when_flattened(dtype):
    space = Dict({"a": Box(0, 1, (2, 2), dtype), "b": Box(0, 1, (1,), dtype)})
    environment = made(space=space, shown={"a": np.ones((2, 2), dtype), "b": np.zeros(1, dtype)})
    assert environment.reset(seed=0)[0].dtype == environment.observation_space.dtype == dtype


def test_flatten_makes_a_stack_of_discrete_observations_possible():
    environment = made(plugin.Flatten(), plugin.FrameStack(size=2), space=Discrete(3), shown=1)
    assert environment.reset(seed=0)[0].tolist() == [[0, 1, 0], [0, 1, 0]]


def test_text_is_refused_with_advice_and_left_out_by_name():
    space = Dict({"words": Text(5), "number": Box(0, 1, (1,), np.float32)})
    shown = {"words": "abc", "number": np.ones(1, np.float32)}
    with pytest.raises(ValueError, match=r"observation\['words'\] is a Text, which has no fixed .* wrapper keep_keys"):
        made(space=space, shown=shown)
    environment = made(plugin.KeepKeys(keys=("number",)), space=space, shown=shown)
    assert environment.reset(seed=0)[0].tolist() == [1]


@pytest.mark.parametrize(
    ("wrapper", "parameter", "said"),
    [
        (plugin.Grayscale(), "wrappers.1", r"it reads uint8 pictures \(height, width, 3\), and the observation is Box"),
        (plugin.KeepKeys(keys=("a",)), "wrappers.1", "it reads Dict observations"),
        (plugin.MiniGridImage(), "wrappers.1", "MiniGrid's environments alone|needs the package minigrid"),
        (plugin.AtariPreprocessing(), "wrappers.1", "Atari games .* alone|needs the package cv2"),
    ],
)
def test_a_wrapper_that_cannot_serve_is_named_by_its_place(wrapper, parameter, said):
    with pytest.raises(ParameterError, match=said) as refused:
        made(plugin.RewardClip(), wrapper)
    assert refused.value.parameter == parameter


def test_a_key_that_there_is_not_is_named():
    with pytest.raises(ParameterError) as refused:
        made(plugin.KeepKeys(keys=("b",)), space=Dict({"a": Discrete(2)}), shown={"a": 1})
    assert str(refused.value) == "wrappers.0.keys: found 'b'; allowed: a"


def test_atari_needs_a_game_that_skips_no_frames_and_gives_small_grey_stacks():
    for package in ("ale_py", "cv2"):
        pytest.importorskip(package)
    wrappers = (plugin.AtariPreprocessing(), plugin.FrameStack())
    with pytest.raises(ParameterError, match=r"the game skips frames itself; give it kwargs: \{frameskip: 1\}"):
        GymnasiumEnvironment(id="ALE/Pong-v5", wrappers=wrappers).make(render=False)
    pong = GymnasiumEnvironment(id="ALE/Pong-v5", kwargs={"frameskip": 1}, wrappers=wrappers)
    spaces = Spaces.of(pong.make(render=False), stack=pong.stack)
    assert (spaces.observation.shape, spaces.observation.dtype) == ((4, 84, 84), "uint8")


def test_minatar_and_minigrid_register_themselves_when_named():
    for package in ("minatar", "minigrid"):
        pytest.importorskip(package)
    breakout = GymnasiumEnvironment(id="MinAtar/Breakout-v1").make(render=False)
    assert breakout.reset(seed=0)[0].dtype == np.bool_
    planes = plugin.MiniGridImage(one_hot=True)
    grid = GymnasiumEnvironment(id="MiniGrid-Empty-5x5-v0", wrappers=(planes,)).make(render=False)
    observation = grid.reset(seed=0)[0]
    assert (observation.dtype, observation.shape) == (np.bool_, (7, 7, 20))
    assert (observation.reshape(49, 20).sum(1) == 3).all()


@pytest.mark.parametrize(
    ("id", "module", "extra"),
    [
        ("ALE/Pong-v5", "ale_py", "atari"),
        ("MinAtar/Breakout-v1", "minatar", "minatar"),
        ("MiniGrid-Empty-5x5-v0", "minigrid", "minigrid"),
        ("LunarLander-v3", "Box2D", "box2d"),
        ("GymV26Environment-v0", "shimmy", "shimmy"),
    ],
)
def test_a_missing_package_is_told_with_the_extra_that_installs_it(monkeypatch, id, module, extra):
    def without(name, *rest, original=builtins.__import__, **named):
        if name.partition(".")[0] == module:
            raise ModuleNotFoundError(f"No module named {module!r}", name=module)
        return original(name, *rest, **named)

    def import_module(name, *rest, original=importlib.import_module):
        return without(name) if name.partition(".")[0] == module else original(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr("rlkit_gymnasium.packages.import_module", import_module)
    for name in [name for name in sys.modules if name.partition(".")[0] == module or "envs.box2d" in name]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in gymnasium.registry if name.partition("-")[0] == id.partition("-")[0]]:
        if module != "Box2D":
            monkeypatch.delitem(gymnasium.registry, name)
    with pytest.raises(MissingPackage) as missing:
        GymnasiumEnvironment(id=id).make(render=False)
    assert str(missing.value) == (
        f"environment {id} needs the package {module}, which is not installed: pip install 'rlkit-framework[{extra}]'"
    )
