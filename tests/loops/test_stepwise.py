"""The stepwise loop keeps the document's clock, its rows and its limits."""

import math

import numpy as np
import pytest

from rlkit import Progress, Sampling, Spaces
from rlkit.experiment.experiment import Limits
from rlkit.loops.evaluating import Evaluated, evaluate
from rlkit.loops.learning import LearningDiverged
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.loops.training import EvaluationDue
from rlkit.programs.making import make
from rlkit.worlds.world import EnvironmentFailure, World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.networks.mlp import MLP
from tests.loops.scripted import Counter
from tests.unverified import unverified

BATCH = 8


@pytest.fixture(scope="module")
def prepared():
    """Built once: a loop begins with the weights as another left them, and nothing else."""
    agent = DQN(batch_size=BATCH, network=MLP(hidden=(8,)), buffer=UniformBuffer(capacity=50))
    return make(agent, agent.buffer, Spaces.of(Counter([5])), seed=0, verify=unverified)


def loop_of(prepared, environment, **limits):
    steps_per_episode = limits.get("steps_per_episode")
    world = World(environment, prepared.spaces, seed=0, stream="environment", steps_per_episode=steps_per_episode)
    return StepwiseLoop(prepared, Worlds([world]), Limits(**limits), metrics_interval=1)


def test_learning_is_due_at_every_fourth_step_of_each_episode_once_a_batch_is_stored(prepared):
    lengths = [3, 6, 1, 9, 2, 5, 5, 13]
    loop = loop_of(prepared, Counter(lengths), episodes=len(lengths))
    expected, stored, updates = [], 0, 0
    for length in lengths:
        for step in range(length):
            stored += 1
            updates += step % 4 == 0 and stored >= BATCH
        expected.append(updates)
    assert [loop.progress.update for _ in loop.train()] == expected


def test_epsilon_decays_by_episode(prepared):
    loop = loop_of(prepared, Counter([2]), episodes=1000)
    epsilons = [episode.reports["epsilon"] for episode in loop.train()]
    document = [max(0.995**k, 0.1) for k in range(1000)]
    assert epsilons == pytest.approx(document, abs=4e-7)


def test_rows_hold_what_happened_and_no_row_crosses_an_episodes_end(prepared):
    lengths = [4, 7, 1, 6]
    loop = loop_of(prepared, Counter(lengths, truncates={1, 2}), episodes=4)
    list(loop.train())
    names = ("observation", "next_observation", "reward", "terminated", "truncated")
    columns = loop._ring.gather(np.arange(sum(lengths)), Sampling(1), names).columns
    row = 0
    for episode, length in enumerate(lengths):
        for step in range(length):
            over = step == length - 1
            assert columns["observation"][row, 0].tolist() == [step, episode]
            assert columns["next_observation"][row, 0].tolist() == [step + 1, episode]
            assert columns["reward"][row, 0] == 1.0
            assert columns["terminated"][row, 0] == (over and episode not in {1, 2})
            assert columns["truncated"][row, 0] == (over and episode in {1, 2})
            row += 1


def test_episodes_report_length_return_and_how_they_ended(prepared):
    loop = loop_of(prepared, Counter([4, 7], truncates={1}, poison={(0, 2): -3.5}), episodes=2)
    first, second = loop.train()
    assert (first.number, first.length, first.episode_return, first.terminated, first.truncated) == (
        (0, 4, -0.5, True, False)
    )
    assert (second.number, second.length, second.episode_return, second.terminated, second.truncated) == (
        (1, 7, 7.0, False, True)
    )


def test_an_episode_cut_by_steps_per_episode_is_truncated(prepared):
    loop = loop_of(prepared, Counter([100]), episodes=2, steps_per_episode=10)
    assert [(episode.length, episode.terminated, episode.truncated) for episode in loop.train()] == [
        (10, False, True),
        (10, False, True),
    ]


@pytest.mark.parametrize(("limit", "count", "place"), [("episodes", 3, 1), ("steps", 33, 0), ("updates", 5, 2)])
def test_a_limit_ends_training_exactly_there(prepared, limit, count, place):
    loop = loop_of(prepared, Counter([7]), **{limit: count})
    episodes = list(loop.train())
    assert loop.progress[place] == count
    assert loop.cut_by == limit
    if limit == "steps":
        assert len(episodes) == 4
        assert loop.open_episodes == 1


def test_a_limit_of_seconds_ends_a_run_that_never_ends(prepared):
    loop = loop_of(prepared, Counter([10**9]), seconds=0.2)
    assert list(loop.train()) == []
    assert loop.cut_by == "seconds"
    assert loop.open_episodes == 1
    assert loop.progress.step > 0


def test_an_interrupt_stops_after_the_current_step(prepared):
    loop = loop_of(prepared, Counter([5]), episodes=100)
    for episode in loop.train():
        if episode.number == 2:
            loop.interrupted = True
    assert loop.cut_by == "interrupt"
    assert loop.progress.step == 16


def test_a_loss_that_is_not_finite_ends_the_run_with_its_place(prepared):
    before = prepared.acting.backend.read()
    loop = loop_of(prepared, Counter([5], poison={(1, 0): 1e38}), episodes=100)
    with pytest.raises(LearningDiverged, match=r"diverged at update \d+ \(episode \d+, step \d+\): loss is inf"):
        list(loop.train())
    prepared.acting.backend.write(before)


def test_metrics_are_finite_and_counted(prepared):
    loop = loop_of(prepared, Counter([5]), episodes=20)
    list(loop.train())
    assert [metrics.update for metrics in loop.metrics] == list(range(1, loop.progress.update + 1))
    assert all(math.isfinite(value) for metrics in loop.metrics for value in metrics.metrics.values())


def test_a_failing_environment_leaves_the_episodes_before_it(prepared):
    loop = loop_of(prepared, Counter([5], poison={(3, 2): float("nan")}), episodes=100)
    seen = []
    with pytest.raises(EnvironmentFailure, match="environment Counter, episode 3, step 2: the reward is nan"):
        for episode in loop.train():
            seen.append(episode.number)
    assert seen == [0, 1, 2]


def test_evaluations_come_due_by_steps_and_not_at_the_limit(prepared):
    world = World(Counter([7]), prepared.spaces, seed=0, stream="environment", steps_per_episode=None)
    loop = StepwiseLoop(prepared, Worlds([world]), Limits(steps=40), metrics_interval=1, evaluation_interval=10)
    due = [happened.step for happened in loop.train() if isinstance(happened, EvaluationDue)]
    assert due == [10, 20, 30]


def test_evaluation_is_greedy_repeatable_and_learns_nothing(prepared):
    before = prepared.acting.backend.read()

    def score():
        world = World(Counter([5, 8]), prepared.spaces, seed=0, stream="evaluation", steps_per_episode=6)
        return evaluate(prepared, world, 2, Progress(0, 0, 0))

    assert score() == score() == Evaluated((5.0, 6.0), (5, 6))
    after = prepared.acting.backend.read()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_the_target_network_starts_with_the_online_weights():
    agent = DQN(network=MLP(hidden=(8,)))
    ready = make(agent, agent.buffer, Spaces.of(Counter([5])), seed=3, debug=True, verify=unverified)
    values = ready.acting.backend.read()
    online = [value for name, value in values.items() if name.startswith("learner.online.")]
    target = [value for name, value in values.items() if name.startswith("learner.target.")]
    assert len(online) == 4
    assert all(np.array_equal(a, b) for a, b in zip(online, target, strict=True))
    assert np.abs(online[0]).max() > 0


def test_the_seed_alone_decides_the_initial_weights():
    def weights(seed):
        agent = DQN(network=MLP(hidden=(8,)))
        spaces = Spaces.of(Counter([5]))
        return make(agent, agent.buffer, spaces, seed=seed, debug=True, verify=unverified).acting.backend.read()

    first, again, other = weights(0), weights(0), weights(1)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)
