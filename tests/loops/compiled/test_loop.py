"""The compiled loop keeps the document's clock, its rows and its limits, as the stepwise loop does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rlkit import Sampling
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.episode import CHUNK
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import make_compiled
from rlkit.loops.learning import LearningDiverged
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.worlds.world import EnvironmentFailure
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.networks.mlp import MLP
from tests.loops.compiled.scripted import Counter, Endless, script
from tests.unverified import unverified

BATCH, SEED = 8, 5


def prepared_in(environment, **options):
    agent = DQN(batch_size=BATCH, network=MLP(hidden=(8,)), buffer=UniformBuffer(capacity=50))
    return make_compiled(agent, agent.buffer, environment, environment.spaces(), SEED, verify=unverified, **options)


@pytest.fixture(scope="module")
def counter():
    return prepared_in(Counter())


@pytest.fixture(scope="module")
def endless():
    return prepared_in(Endless())


def loop_of(prepared, *, every=None, interval=1, **limits):
    return CompiledLoop(
        prepared, Limits(**limits), environment="Script", metrics_interval=interval, evaluation_interval=every
    )


def test_episodes_are_those_of_the_hosts_noise_and_report_how_they_ended(counter):
    loop = loop_of(counter, episodes=40)
    found = [(episode.length, episode.truncated, not episode.terminated) for episode in loop.train()]
    assert found == [(length, cut, cut) for length, cut, _ in script(SEED, 40)]
    assert loop.cut_by == "episodes"


def test_learning_is_due_at_every_fourth_step_of_each_episode_once_a_batch_is_stored(counter):
    loop, expected, stored, updates = loop_of(counter, episodes=40), [], 0, 0
    for length, _, _ in script(SEED, 40):
        for step in range(length):
            stored += 1
            updates += step % 4 == 0 and stored >= BATCH
        expected.append(updates)
    assert [loop.progress.update for _ in loop.train()] == expected


def test_epsilon_decays_by_episode(counter):
    loop = loop_of(counter, episodes=600)
    epsilons = [episode.reports["epsilon"] for episode in loop.train()]
    assert epsilons == pytest.approx([max(0.995**k, 0.1) for k in range(600)], abs=4e-7)


def test_rows_hold_what_happened_and_no_row_crosses_an_episodes_end(counter):
    loop, steps = loop_of(counter, steps=45), script(SEED, 45)
    list(loop.train())
    names = ("observation", "next_observation", "reward", "terminated", "truncated")
    ring = counter.episodes._ring
    columns = ring.gather(np.arange(45), Sampling(1), np.int64(44), names).columns
    row = 0
    for length, cut, tag in steps:
        for step in range(min(length, 45 - row)):
            over = step == length - 1
            assert columns["observation"][row, 0].numpy().tolist() == [step, np.float32(tag)]
            assert columns["next_observation"][row, 0].numpy().tolist() == [step + 1, np.float32(tag)]
            assert columns["reward"][row, 0] == 1.0
            assert bool(columns["terminated"][row, 0]) is (over and not cut)
            assert bool(columns["truncated"][row, 0]) is (over and cut)
            row += 1
    assert row == 45


@pytest.mark.parametrize(("limit", "count", "place"), [("episodes", 3, 1), ("steps", 33, 0), ("updates", 5, 2)])
def test_a_limit_ends_training_exactly_there(counter, limit, count, place):
    loop = loop_of(counter, **{limit: count})
    assert not any(isinstance(happened, EvaluationDue) for happened in loop.train())
    assert loop.progress[place] == count
    assert loop.cut_by == limit


def test_an_episode_longer_than_a_chunk_goes_on_in_the_next_call(endless):
    loop = loop_of(endless, steps=3 * CHUNK + 7, interval=100)
    assert list(loop.train()) == []
    assert (loop.progress.step, loop.progress.episode, loop.open_episodes) == (3 * CHUNK + 7, 0, 1)
    newest = endless.episodes._ring.gather(np.array([(3 * CHUNK + 6) % 50]), Sampling(1), np.int64(0), ("observation",))
    assert newest.columns["observation"][0, 0, 0].numpy() == pytest.approx((3 * CHUNK + 6) / 1000)


def test_an_episode_cut_by_steps_per_episode_is_truncated():
    prepared = prepared_in(Endless(), steps_per_episode=10)
    found = [(one.length, one.terminated, one.truncated) for one in loop_of(prepared, episodes=3).train()]
    assert found == [(10, False, True)] * 3


def test_an_episode_at_the_environments_own_limit_is_truncated_and_steps_of_all_episodes_are_stored():
    prepared = prepared_in(Endless(episode_limit=7), steps_per_episode=10, debug=True)
    found = [(one.length, one.terminated, one.truncated) for one in loop_of(prepared, episodes=3).train()]
    assert found == [(7, False, True)] * 3


def test_a_limit_of_seconds_ends_a_run_that_never_ends(endless):
    loop = loop_of(endless, seconds=0.3)
    assert list(loop.train()) == []
    assert (loop.cut_by, loop.open_episodes) == ("seconds", 1)


def test_an_interrupt_is_heard_in_an_episode_that_never_ends(endless):
    loop = loop_of(endless)
    loop.interrupted = True
    assert list(loop.train()) == []
    assert loop.cut_by == "interrupt"
    assert loop.progress.step <= CHUNK


def test_evaluations_come_due_at_their_steps_in_the_middle_of_episodes(counter):
    loop = loop_of(counter, every=10, steps=35)
    due = [happened.step for happened in loop.train() if isinstance(happened, EvaluationDue)]
    assert due == [10, 20, 30]


def test_every_learning_step_is_logged_with_its_place_if_asked_for(counter):
    loop = loop_of(counter, updates=150)
    episodes = [happened for happened in loop.train() if isinstance(happened, Episode)]
    assert [row.update for row in loop.metrics] == list(range(1, 151))
    ends = np.cumsum([episode.length for episode in episodes])
    for row in loop.metrics:
        assert row.episode == np.searchsorted(ends, row.step - 1, side="right")
        assert set(row.metrics) == {"loss", "q_value", "td_error"}


def test_logged_learning_steps_are_those_of_the_interval(counter):
    loop = loop_of(counter, updates=99, interval=20)
    list(loop.train())
    assert [row.update for row in loop.metrics] == [20, 40, 60, 80]


def test_where_a_run_returns_to_the_host_changes_no_result(counter):
    start = {name: np.array(value) for name, value in counter.acting.backend.read().items()}
    outcomes = []
    for every in (None, 3):
        counter.acting.backend.write(start)
        loop = loop_of(counter, every=every, updates=60)
        episodes = [happened for happened in loop.train() if isinstance(happened, Episode)]
        variables = [dict(episode.variables) for episode in episodes]
        rows = [episode._replace(variables=None) for episode in episodes]
        outcomes.append((variables, rows, [row.metrics for row in loop.metrics]))
    np.testing.assert_equal(*(variables for variables, *_ in outcomes))
    assert outcomes[0][1:] == outcomes[1][1:]


def test_a_small_learners_variables_are_at_hand_when_an_episode_ends_and_stay_as_they_were(counter):
    read = counter.acting.backend.read
    ends = [(episode.variables, dict(read())) for episode in loop_of(counter, episodes=30).train()]
    assert len(ends) == 30
    for at_hand, asked_for in ends:
        np.testing.assert_equal(dict(at_hand), asked_for)
    assert any(not np.array_equal(ends[0][1][name], value) for name, value in ends[-1][1].items())


def test_a_large_learners_variables_are_read_only_when_they_are_asked_for():
    environment = Counter()
    agent = DQN(batch_size=BATCH, network=MLP(hidden=(5000,)), buffer=UniformBuffer(capacity=50))
    large = make_compiled(agent, agent.buffer, environment, environment.spaces(), SEED, verify=unverified)
    assert [episode.variables for episode in loop_of(large, episodes=2).train()] == [None, None]


def test_a_reward_that_is_not_finite_fails_and_says_where():
    prepared = prepared_in(Endless(poison_at=2, poison=3e38), debug=True)
    with pytest.raises(EnvironmentFailure, match=r"environment Script, episode 0, by step \d+: the return is inf"):
        list(loop_of(prepared, episodes=1, steps=5).train())


def test_learning_that_diverges_fails_and_says_where():
    prepared = prepared_in(Endless(poison_at=20, poison=-3e37))
    with pytest.raises(LearningDiverged, match=r"learning diverged at update \d+ \(episode 0, step \d+\): loss is inf"):
        list(loop_of(prepared, steps=100).train())


def test_debug_runs_the_components_python_code_to_the_same_episodes(counter):
    eager = prepared_in(Counter(), debug=True)
    assert eager.acting.backend.name == "eager"
    counter.acting.backend.write({name: np.array(value) for name, value in eager.acting.backend.read().items()})
    found, expected = (list(loop_of(prepared, episodes=8).train()) for prepared in (eager, counter))
    assert [one[:5] for one in found] == [one[:5] for one in expected]
    weights, reference = eager.acting.backend.read(), counter.acting.backend.read()
    for name, value in reference.items():
        assert np.allclose(weights[name], value, atol=1e-5), name
    assert math.isfinite(sum(map(float, found[-1].reports.values())))
