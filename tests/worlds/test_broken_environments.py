"""Environments that break Gymnasium's contract: what a person is told, and that nothing recorded is lost."""

import json
import signal
import subprocess
import sys
import time

import gymnasium
import numpy as np
import pytest

import rlkit
from rlkit import RunFailed, Sampling, Spaces
from rlkit.experiment.experiment import Limits
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.worlds.environment_check import check_environment
from rlkit.worlds.world import EnvironmentFailure, World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.networks.mlp import MLP
from rlkit_gymnasium import GymnasiumEnvironment
from tests.unverified import unverified

ID = "rlkit_tests/Broken-v0"
LENGTH, EPISODE, STEP = 5, 3, 2
"""Episodes last five steps; what breaks does so in episode 3, step 2."""
FLOATS = gymnasium.spaces.Box(-np.inf, np.inf, (2,), np.float32)
PARTS = gymnasium.spaces.Dict({"a": gymnasium.spaces.Box(-1, 1, (1,), np.float32), "b": gymnasium.spaces.Discrete(1)})


class Broken(gymnasium.Env):
    """Observation (step, episode). `answer` changes the step's five values, `reset` the reset's two, at their time."""

    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, answer=None, reset=None, space=FLOATS):
        self.answer, self.broken_reset, self.observation_space = answer, reset, space
        self.episode, self.count = -1, 0

    def reset(self, *, seed=None, options=None):
        self.episode, self.count = self.episode + 1, 0
        whole = (self.observe(), {})
        return self.broken_reset(whole) if self.broken_reset and self.episode == EPISODE else whole

    def step(self, action):
        whole = (self.observe(1), 1.0, self.count + 1 == LENGTH, False, {})
        self.count += 1
        return self.answer(whole) if self.answer and (self.episode, self.count) == (EPISODE, STEP + 1) else whole

    def observe(self, ahead=0):
        if self.observation_space is PARTS:
            return {"a": np.array([self.count / 9], np.float32), "b": 0}
        if isinstance(self.observation_space, gymnasium.spaces.Discrete):
            return 1
        return np.array([self.count + ahead, self.episode], np.float32)


def with_(place, value):
    return lambda whole: (*whole[:place], value, *whole[place + 1 :])


def fail(whole):
    raise KeyError("ball")


RAISED = f"{__file__}:{fail.__code__.co_firstlineno + 1}"


def without_b(whole):
    return {"a": np.zeros(1, np.float32), "c": 0}, *whole[1:]


FINITE = "it must be a finite number that float32 holds"
MUST = "it must return (observation, reward, terminated, truncated, info)"
STEPS = {
    "wrong dtype": (
        {"answer": with_(0, np.zeros(2))},
        "step gave an observation of shape (2,) and dtype float64; the observation space says (2,) and float32",
    ),
    "wrong shape": (
        {"answer": with_(0, np.zeros((1, 2), np.float32))},
        "step gave an observation of shape (1, 2) and dtype float32; the observation space says (2,) and float32",
    ),
    "observation with NaN": (
        {"answer": with_(0, np.array([0, np.nan], np.float32))},
        "step gave an observation with NaN: ndarray array([ 0., nan], dtype=float32)",
    ),
    "no observation": (
        {"answer": with_(0, None)},
        "step gave the observation NoneType None; it must be a NumPy array",
    ),
    "list as observation": (
        {"answer": with_(0, [0.0, 1.0])},
        "step gave the observation list [0.0, 1.0]; it must be a NumPy array",
    ),
    "discrete observation outside its space": (
        {"answer": with_(0, 2), "space": gymnasium.spaces.Discrete(2)},
        "step raised ValueError: observation is 2, outside its space, Discrete(2)",
    ),
    "dict that changes its keys": (
        {"answer": without_b, "space": PARTS},
        "step raised ValueError: observation has the keys ['a', 'c']; its space has ['a', 'b']",
    ),
    "no reward": ({"answer": with_(1, None)}, "the reward is NoneType None; it must be a number"),
    "text as reward": ({"answer": with_(1, "1.0")}, "the reward is str '1.0'; it must be a number"),
    "array as reward": (
        {"answer": with_(1, np.ones(1))},
        "the reward is ndarray array([1.]); it must be a number",
    ),
    "reward NaN": (
        {"answer": with_(1, np.float32("nan"))},
        "the reward is nan; it must be a finite number that float32 holds",
    ),
    "infinite reward": (
        {"answer": with_(1, -np.inf)},
        "the reward is -inf; it must be a finite number that float32 holds",
    ),
    "number as terminated": (
        {"answer": with_(2, 0)},
        "terminated is int 0 and truncated bool False; both must be bool",
    ),
    "no truncated": (
        {"answer": with_(3, None)},
        "terminated is bool False and truncated NoneType None; both must be bool",
    ),
    "old four values": (
        {"answer": lambda whole: (None, 1.0, False, {})},
        "step returned tuple (None, 1.0, False, {}); " + MUST,
    ),
    "nothing returned": ({"answer": lambda whole: None}, "step returned NoneType None; " + MUST),
    "list instead of a tuple": (
        {"answer": lambda whole: [None, 1.0]},
        "step returned list [None, 1.0]; " + MUST,
    ),
    "raises": ({"answer": fail}, f"step raised KeyError: 'ball' ({RAISED})"),
}
RESETS = {
    "old reset": (lambda whole: whole[0], "reset returned ndarray array([0., 3.], dtype=float32); it must return "),
    "reset with NaN": (
        lambda whole: (np.full(2, np.nan, np.float32), {}),
        "reset gave an observation with NaN: ndarray array([nan, nan], dtype=float32)",
    ),
    "reset of another shape": (
        lambda whole: (np.zeros(3, np.float32), {}),
        "reset gave an observation of shape (3,) and dtype float32; the observation space says (2,) and float32",
    ),
    "reset raises": (fail, f"raised KeyError: 'ball' ({RAISED})"),
}


@pytest.fixture(autouse=True)
def registered():
    gymnasium.register(ID, Broken)
    yield
    del gymnasium.registry[ID]


@pytest.fixture(scope="module")
def prepared():
    """For two numbers, or two bits; nothing is learned."""
    agent = DQN(learning_starts=100, network=MLP(hidden=(4,)), buffer=UniformBuffer(capacity=100))
    return make(agent, agent.buffer, Spaces.of(Broken()), seed=0, debug=True, verify=unverified)


def played(prepared, limits, **broken):
    """The loop over an environment made as an experiment makes it, and the episodes that it yields."""
    environment = GymnasiumEnvironment(id=ID, kwargs=broken)
    spaces = Spaces.of(environment.make(render=False))
    world = World(
        environment.make(render=False), spaces, seed=0, stream="environment", steps_per_episode=limits.steps_per_episode
    )
    loop = StepwiseLoop(prepared, Worlds([world]), limits, metrics_interval=1)
    return loop, loop.train()


@pytest.mark.parametrize("name", STEPS)
def test_a_broken_step_is_told_with_its_place_and_what_was_before_it_stays(prepared, name):
    broken, message = STEPS[name]
    loop, episodes = played(prepared, Limits(steps=1000), **broken)
    lengths = []
    with pytest.raises(EnvironmentFailure) as failure:
        for episode in episodes:
            lengths.append(episode.length)
    assert lengths == [LENGTH] * EPISODE
    assert str(failure.value) == f"environment {ID}, episode {EPISODE}, step {STEP}: {message}"
    assert loop._ring.stored == EPISODE * LENGTH + STEP


@pytest.mark.parametrize("name", RESETS)
def test_a_broken_reset_is_told_with_its_episode(prepared, name):
    answer, message = RESETS[name]
    loop, episodes = played(prepared, Limits(steps=1000), reset=answer)
    with pytest.raises(EnvironmentFailure) as failure:
        list(episodes)
    assert str(failure.value).startswith(f"environment {ID}, the reset of episode {EPISODE}: ")
    assert message in str(failure.value)
    assert loop._ring.stored == EPISODE * LENGTH


def test_old_four_values_within_a_wrapper_are_told_too(prepared):
    _, episodes = played(
        prepared, Limits(steps=1000), max_episode_steps=9, answer=lambda whole: (whole[0], 1.0, False, {})
    )
    with pytest.raises(EnvironmentFailure, match=r"not enough values to unpack.*; it must return \(observation, rew"):
        list(episodes)


class Endless(Broken):
    def step(self, action):
        return np.zeros(2, np.float32), 1.0, False, False, {}


@pytest.mark.parametrize("limit", [{"steps": 60}, {"seconds": 0.2}])
def test_an_episode_that_never_ends_ends_with_the_run_at_its_limit(prepared, limit):
    gymnasium.registry[ID].entry_point = Endless
    loop, episodes = played(prepared, Limits(**limit))
    assert list(episodes) == []
    assert loop.cut_by == next(iter(limit))
    assert loop.open_episodes == 1


def test_an_episode_that_never_ends_is_truncated_by_steps_per_episode(prepared):
    gymnasium.registry[ID].entry_point = Endless
    _, episodes = played(prepared, Limits(steps=60, steps_per_episode=20))
    assert [(episode.length, episode.terminated, episode.truncated) for episode in episodes] == [(20, False, True)] * 3


class Mutating(Broken):
    """Gives one and the same array each time, and changes it in place."""

    shown = np.zeros(2, np.float32)

    def observe(self, ahead=0):
        self.shown[:] = self.count + ahead, self.episode
        return self.shown


def test_an_observation_changed_in_place_afterwards_is_stored_as_it_was(prepared):
    gymnasium.registry[ID].entry_point = Mutating
    loop, episodes = played(prepared, Limits(steps=60))
    list(episodes)
    rows = loop._ring.gather(np.arange(60), Sampling(60), ("observation", "next_observation")).columns
    expected = np.array([(step, episode) for episode in range(12) for step in range(LENGTH)], np.float32)
    np.testing.assert_array_equal(rows["observation"][:, 0], expected)
    np.testing.assert_array_equal(rows["next_observation"][:, 0], expected + np.float32([1, 0]))


class Seedless(Broken):
    def observe(self, ahead=0):
        return np.random.default_rng().random(2).astype(np.float32)


class Leaking(Broken):
    """Observations tell how many episodes the object has seen."""


class Repeatable(Broken):
    def observe(self, ahead=0):
        return np.array([self.count + ahead, 0], np.float32)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (
            Seedless,
            "ignores its seed: reset with the same seeds and given the same actions, a fresh object differs in ",
        ),
        (
            Leaking,
            "carries something over reset(seed=…): played again on the same object, in another order, it differs ",
        ),
        (Repeatable, "honours its seed: 32 episodes were the same again, on one object and a fresh one"),
    ],
)
def test_play_says_whether_the_environment_honours_its_seed(environment, words, tmp_path):
    gymnasium.registry[ID].entry_point = environment
    said, *complaints = check_environment(experiment(tmp_path), 60.0)
    assert said.startswith(f"the environment {words}")
    assert any("super().reset(seed=seed)" in complaint for complaint in complaints)
    assert not any("\n" in line or "\x1b" in line for line in complaints)


def experiment(folder):
    file = folder / "broken.yaml"
    file.write_text(f"name: broken\nenvironment: {{name: gymnasium, id: {ID}}}\nagent: dqn\nlimits: {{steps: 40}}\n")
    return rlkit.load(str(file))


def test_a_run_that_fails_keeps_every_row_before_and_says_why(tmp_path):
    gymnasium.registry[ID].kwargs = {"answer": with_(1, None)}
    with pytest.raises(RunFailed, match="episode 3, step 2: the reward is NoneType None") as failure:
        rlkit.run(experiment(tmp_path), out=tmp_path, quiet=True, debug=True)
    folder = failure.value.folder
    rows = [json.loads(line) for line in (folder / "episodes.jsonl").read_text().splitlines()]
    assert [(row["episode"], row["length"]) for row in rows] == [(0, 5), (1, 5), (2, 5)]
    assert json.loads((folder / "run.json").read_text())["status"] == "failed"
    assert "episode 3, step 2: the reward is NoneType None" in (folder / "error.txt").read_text()


HANGING = """\
import pathlib, time
import gymnasium, numpy as np

class Hanging(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-9, 9, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)
    steps = 0

    def reset(self, *, seed=None, options=None):
        return np.zeros(2, np.float32), {}

    def step(self, action):
        self.steps += 1
        if self.steps == 18:
            pathlib.Path("hangs").touch()
            while True:
                time.sleep(0.01)
        return np.zeros(2, np.float32), 1.0, self.steps % 5 == 0, False, {}

gymnasium.register("Hanging-v0", Hanging)
"""


def test_a_step_that_hangs_is_left_by_a_second_ctrl_c_and_nothing_is_lost(tmp_path):
    (tmp_path / "hanging_of_a_test.py").write_text(HANGING)
    (tmp_path / "hangs.yaml").write_text(
        "name: hangs\nenvironment: {name: gymnasium, id: hanging_of_a_test:Hanging-v0}\n"
        "agent: dqn\nlimits: {steps: 1000}\n"
    )
    command = "import sys; sys.path.insert(0, '.'); from rlkit.cli.main import main; sys.exit(main())"
    arguments = ["run", "hangs.yaml", "--allow-imports", "--debug", "--quiet", "--out", "out"]
    with subprocess.Popen([sys.executable, "-c", command, *arguments], cwd=tmp_path) as process:
        for _ in range(1200):
            if (tmp_path / "hangs").exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    (rows,) = tmp_path.glob("out/hangs/*/episodes.jsonl")
    assert [json.loads(row)["length"] for row in rows.read_text().splitlines()] == [5, 5, 5]
    assert json.loads((rows.parent / "run.json").read_text())["status"] == "interrupted"


def test_a_slow_environment_is_checked_for_as_long_as_it_may(tmp_path):
    gymnasium.registry[ID].entry_point = Repeatable
    told = list(check_environment(experiment(tmp_path), 0.0))
    assert told[0].startswith("the environment is slow: its seed was checked over 0 of 550 steps only")
    assert told[1].endswith("the same again, on a fresh object")


def test_scripted_actions_are_those_that_the_environment_allows(tmp_path):
    file = tmp_path / "taxi.yaml"
    file.write_text("name: taxi\nenvironment: {name: gymnasium, id: Taxi-v4}\nagent: dqn\nlimits: {steps: 40}\n")
    said, *_ = check_environment(rlkit.load(file), 60.0)
    assert said.startswith("the environment honours its seed")
