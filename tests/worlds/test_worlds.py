"""Several environments at once: nothing is stored that did not happen within one episode of one environment."""

import gymnasium
import numpy as np
import pytest

from rlkit import Sampling, Spaces
from rlkit.experiment.experiment import Limits
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.worlds.world import EnvironmentFailure, World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.networks.mlp import MLP
from tests.unverified import unverified

COUNT, STEPS = 8, 100_000


class Scripted(gymnasium.Env):
    """Observation (step within the episode, episode, environment); lengths and endings follow from those numbers."""

    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (3,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, number, poison=None):
        self.number, self.poison, self.episode, self.count, self.seeds = number, poison, -1, 0, []

    def reset(self, *, seed=None, options=None):
        self.seeds.append(seed)
        self.episode, self.count = self.episode + 1, 0
        return self.observe(), {}

    def step(self, action):
        self.count += 1
        over, cut = self.count >= length_of(self.number, self.episode), is_cut(self.number, self.episode)
        reward = float("nan") if (self.episode, self.count) == self.poison else self.number + self.count / 100
        return self.observe(), reward, over and not cut, over and cut, {}

    def observe(self):
        return np.array([self.count, self.episode, self.number], np.float32)


def length_of(number, episode):
    return 1 + (7 * number + 5 * episode + episode * episode) % 23


def is_cut(number, episode):
    return (number + episode) % 3 == 0


def worlds_of(environments, spaces, **arguments):
    settings = {"seed": 0, "stream": "environment", "steps_per_episode": None} | arguments
    worlds = [World(made, spaces, index=index, **settings) for index, made in enumerate(environments)]
    return Worlds(worlds)


@pytest.fixture(scope="module")
def prepared():
    """An agent that acts and stores, and begins to learn only after the last step."""
    agent = DQN(batch_size=8, learning_starts=STEPS, network=MLP(hidden=(8,)), buffer=UniformBuffer(capacity=STEPS))
    return make(agent, agent.buffer, Spaces.of(Scripted(0), environments=COUNT), seed=0, verify=unverified)


@pytest.fixture(scope="module")
def trained(prepared):
    """The environments, the episodes and the rows of 100,000 steps."""
    environments = [Scripted(number) for number in range(COUNT)]
    loop = StepwiseLoop(prepared, worlds_of(environments, prepared.spaces), Limits(steps=STEPS), metrics_interval=1)
    episodes = list(loop.train())
    rows = loop._ring.gather(np.arange(STEPS), Sampling(STEPS), tuple(loop._ring._columns)).columns
    return environments, episodes, {name: column[:, 0] for name, column in rows.items()}


def test_no_stored_step_crosses_an_episodes_end(trained):
    _, _, rows = trained
    observation, following = rows["observation"], rows["next_observation"]
    assert len(observation) == STEPS
    np.testing.assert_array_equal(following - observation, np.tile(np.float32([1, 0, 0]), (STEPS, 1)))


def test_every_step_of_every_episode_is_stored_once_in_its_order(trained):
    _, _, rows = trained
    for number in range(COUNT):
        mine = rows["observation"][rows["observation"][:, 2] == number]
        assert len(mine) == STEPS // COUNT
        expected = [
            (step, episode) for episode in range(int(mine[-1, 1]) + 1) for step in range(length_of(number, episode))
        ]
        np.testing.assert_array_equal(mine[:, :2], np.float32(expected[: len(mine)]))


def test_endings_are_stored_where_they_happened_and_truncation_keeps_its_last_observation(trained):
    _, _, rows = trained
    step, episode, number = rows["next_observation"].astype(int).T
    over = step == np.array([length_of(*place) for place in zip(number, episode, strict=True)])
    cut = np.array([is_cut(*place) for place in zip(number, episode, strict=True)])
    np.testing.assert_array_equal(rows["terminated"].astype(bool), over & ~cut)
    np.testing.assert_array_equal(rows["truncated"].astype(bool), over & cut)
    assert 1000 < np.count_nonzero(over & cut) < np.count_nonzero(over & ~cut)
    np.testing.assert_allclose(rows["reward"], number + step / 100, rtol=1e-6)


def test_episodes_are_reported_as_they_end_each_with_its_own_length_and_return(trained):
    environments, episodes, _ = trained
    assert [episode.number for episode in episodes] == list(range(len(episodes)))
    lengths = sorted(episode.length for episode in episodes)
    ended = [length_of(made.number, number) for made in environments for number in range(made.episode)]
    # Those that ended at the very last step are not followed by another reset.
    ended += [made.count for made in environments if made.count == length_of(made.number, made.episode)]
    assert lengths == sorted(ended)
    numbers = {
        round((episode.episode_return - sum(range(episode.length + 1)) / 100) / episode.length, 6)
        for episode in episodes
    }
    assert numbers == set(map(float, range(COUNT)))


def test_each_episode_of_each_environment_has_a_seed_of_its_own(trained):
    environments, _, _ = trained
    seeds = [seed for made in environments for seed in made.seeds]
    assert len(seeds) > 8000
    assert len(set(seeds)) > 0.999 * len(seeds)  # 31 bits: a few may meet by chance
    assert len({made.seeds[0] for made in environments}) == COUNT


def test_the_first_environments_seeds_do_not_depend_on_how_many_there_are(trained):
    environments, _, _ = trained
    alone = Scripted(0)
    world = World(alone, Spaces.of(Scripted(0)), seed=0, stream="environment", steps_per_episode=None)
    for _ in range(100):
        world.reset()
    assert alone.seeds == environments[0].seeds[:100]


def test_a_failure_names_the_environment_that_failed(prepared):
    environments = [Scripted(number, poison=(2, 1) if number == 5 else None) for number in range(COUNT)]
    loop = StepwiseLoop(prepared, worlds_of(environments, prepared.spaces), Limits(steps=1000), metrics_interval=1)
    with pytest.raises(
        EnvironmentFailure, match=r"^environment Scripted \(number 5\), episode 2, step 0: the reward is nan"
    ):
        list(loop.train())


def test_our_own_limit_truncates_each_environment_by_itself(prepared):
    environments = [Scripted(number) for number in range(COUNT)]
    worlds = worlds_of(environments, prepared.spaces, steps_per_episode=4)
    loop = StepwiseLoop(prepared, worlds, Limits(steps=4000), metrics_interval=1)
    lengths = [episode.length for episode in loop.train()]
    assert max(lengths) == 4
    assert min(lengths) == 1


@pytest.mark.parametrize(("limit", "steps", "episodes"), [({"episodes": 3}, 8, 8), ({"steps": 10}, 16, 16)])
def test_a_limit_ends_training_after_a_whole_step_of_all_environments(prepared, limit, steps, episodes):
    worlds = worlds_of([Scripted(number) for number in range(COUNT)], prepared.spaces, steps_per_episode=1)
    loop = StepwiseLoop(prepared, worlds, Limits(**limit), metrics_interval=1)
    assert len(list(loop.train())) == episodes
    assert loop.progress.step == steps
    assert loop.cut_by == next(iter(limit))
