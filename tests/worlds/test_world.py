"""The world: every breach of Gymnasium's contract ends the run with a sentence that says where."""

from collections import namedtuple

import gymnasium
import numpy as np
import pytest

from rlkit.contracts.spaces import Spaces
from rlkit.noise.philox import reset_seed
from rlkit.worlds.world import EnvironmentFailure, World


class Scripted(gymnasium.Env):
    """Observations count the steps; answers may be replaced by broken ones."""

    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(3, start=5)

    def __init__(self, **broken):
        self.broken, self.seeds, self.actions, self.count = broken, [], [], 0

    def reset(self, *, seed=None, options=None):
        self.seeds.append(seed)
        self.count = 0
        return self.broken.get("reset", (np.zeros(2, np.float32), {}))

    def step(self, action):
        self.actions.append(action)
        self.count += 1
        if "raises" in self.broken:
            raise self.broken["raises"]
        answer = [np.full(2, self.count, np.float32), 1.0, self.count == 7, False, {}]
        for place, value in self.broken.get("step", {}).items():
            answer[place] = value
        return self.broken.get("answer", tuple(answer))


def world_of(environment, **arguments):
    settings = {"seed": 0, "stream": "environment", "steps_per_episode": None} | arguments
    return World(environment, Spaces.of(Scripted()), **settings)


BROKEN = [
    ({"step": {0: np.zeros(3, np.float32)}}, r"shape \(3,\) and dtype float32; the observation space says \(2,\)"),
    ({"step": {0: np.zeros(2)}}, r"dtype float64; the observation space says \(2,\) and float32"),
    ({"step": {0: np.array([0, np.nan], np.float32)}}, "observation with NaN"),
    ({"step": {0: None}}, "observation NoneType None; it must be a NumPy array"),
    ({"step": {0: [0.0, 0.0]}}, r"observation list \[0.0, 0.0\]; it must be a NumPy array"),
    ({"step": {1: float("nan")}}, "the reward is nan; it must be a finite number"),
    ({"step": {1: np.float32("inf")}}, "the reward is inf; it must be a finite number"),
    ({"step": {1: 1e39}}, r"the reward is 1e\+39; it must be a finite number that float32 holds"),
    ({"step": {1: np.longdouble(-1e39)}}, r"the reward is -1e\+39; it must be a finite number that float32 holds"),
    ({"step": {1: 10**400}}, r"the reward is 100000… \(401 digits\); it must be a number that float32 holds"),
    ({"step": {1: -(10**5000)}}, "the reward is an integer of thousands of digits; it must be a number that float32"),
    ({"step": {1: np.ones(1)}}, r"the reward is ndarray array\(\[1.\]\); it must be a number"),
    ({"step": {1: "1"}}, "the reward is str '1'; it must be a number"),
    ({"step": {1: None}}, "the reward is NoneType None; it must be a number"),
    ({"step": {2: 1}}, "terminated is int 1 and truncated bool False; both must be bool"),
    ({"step": {3: None}}, "truncated NoneType None; both must be bool"),
    ({"answer": (np.zeros(2, np.float32), 1.0, False, {})}, "must return .observation, reward, terminated, truncated"),
    ({"answer": None}, "step returned NoneType None"),
    ({"raises": ZeroDivisionError("division by zero")}, "step raised ZeroDivisionError: division by zero"),
    ({"raises": ValueError("two\n  lines")}, "step raised ValueError: two lines"),
    (
        {"step": {4: {"action_mask": np.ones(2, np.int8)}}},
        "step gave an action_mask, and there was none at the environment's first reset; a mask must be in every info",
    ),
]


@pytest.mark.parametrize(("broken", "message"), BROKEN)
def test_a_broken_step_is_named_with_its_place(broken, message):
    world = world_of(Scripted(**broken))
    world.reset()
    with pytest.raises(EnvironmentFailure, match=message) as failure:
        world.step(0)
    assert str(failure.value).startswith("environment Scripted, episode 0, step 0: ")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (np.zeros(2, np.float32), "reset returned ndarray"),
        ((np.zeros(1, np.float32), {}), r"reset gave an observation of shape \(1,\)"),
        ((np.full(2, np.nan, np.float32), {}), "reset gave an observation with NaN"),
    ],
)
def test_a_broken_reset_is_named_with_its_episode(answer, message):
    with pytest.raises(EnvironmentFailure, match=message) as failure:
        world_of(Scripted(reset=answer)).reset()
    assert str(failure.value).startswith("environment Scripted, the reset of episode 0: ")


def test_a_tuple_whose_places_have_names_is_a_tuple():
    named = namedtuple("Named", "observation reward terminated truncated info")
    first = namedtuple("First", "observation info")
    there = np.full(2, 3, np.float32)
    world = world_of(Scripted(reset=first(there, {}), answer=named(there, 2.5, False, True, {})))
    assert world.reset() is there
    assert world.step(0) == (there, 2.5, False, True)


def test_large_observations_are_let_through_and_infinite_ones_are_not():
    large, infinite = (np.array([number, -number], np.float32) for number in (1e30, np.inf))
    for observation in (large, infinite):
        world = world_of(Scripted(step={0: observation}))
        world.reset()
        if observation is large:
            assert (world.step(0)[0] == large).all()
            continue
        with pytest.raises(EnvironmentFailure, match="step gave an observation with infinity"):
            world.step(0)


def test_actions_count_from_the_spaces_start():
    environment = Scripted()
    world = world_of(environment)
    world.reset()
    world.step(2)
    assert environment.actions == [7]
    assert type(environment.actions[0]) is int


def test_each_episode_has_a_seed_of_its_own_that_depends_on_seed_and_stream():
    def seeds(**arguments):
        environment = Scripted()
        world = world_of(environment, **arguments)
        for _ in range(5):
            world.reset()
        return environment.seeds

    assert seeds() == seeds()
    assert len({*seeds(), *seeds(seed=1), *seeds(stream="evaluation")}) == 15


def test_our_own_limit_truncates_unless_the_step_terminates():
    environment = Scripted()
    world = world_of(environment, steps_per_episode=3)
    world.reset()
    outcomes = [world.step(0) for _ in range(3)]
    assert [truncated for *_, truncated in outcomes] == [False, False, True]
    world = world_of(Scripted(), steps_per_episode=7)
    world.reset()
    *_, (_, _, terminated, truncated) = (world.step(0) for _ in range(7))
    assert (terminated, truncated) == (True, False)


def test_every_episode_is_reset_with_its_own_seed():
    environment = Scripted()
    world = world_of(environment, seed=3, index=1)
    for _ in range(130):
        world.reset()
    world.episode = 4
    world.reset()
    assert environment.seeds == [reset_seed(3, "environment", 1, episode) for episode in (*range(130), 5)]
