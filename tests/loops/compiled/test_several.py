"""The compiled loop in several environments: each has episodes of its own, and all of them step together."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit import Due, Sampling, component
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import make_compiled
from rlkit.loops.training import Episode, EvaluationDue
from rlkit.replay.rollout import RolloutBuffer
from rlkit.worlds.world import ActionFailure, EnvironmentFailure
from tests.loops.compiled.scripted import Counter, Endless, script
from tests.unverified import unverified

SEED, COUNT, LENGTH = 5, 3, 4


@component
class Counting:
    """Learns nothing from rollouts of four steps; reports which episode it is; one environment may act wrongly."""

    wrong: int = -1

    @property
    def sampling(self):
        return Sampling.rollout(LENGTH)

    @property
    def due(self):
        return Due(LENGTH, clock="time")

    def build(self, spaces):
        from tests.loops.compiled.counting import CountingLearner

        return CountingLearner(self.wrong)


def made(environment, count=COUNT, wrong=-1, **options):
    spaces = environment.spaces()._replace(environments=count)
    return make_compiled(
        Counting(wrong=wrong), RolloutBuffer(LENGTH * count), environment, spaces, SEED, verify=unverified, **options
    )


@pytest.fixture(scope="module")
def counter():
    return made(Counter())


def loop_of(prepared, *, every=None, **limits):
    return CompiledLoop(prepared, Limits(**limits), environment="Script", metrics_interval=1, evaluation_interval=every)


def expected_ends(episodes):
    """By step of all environments, from 1: which environments end an episode with it, its length, whether cut."""
    ends = {}
    for environment in range(COUNT):
        time = 0
        for length, cut, _ in script(SEED, episodes, environment):
            time += length
            ends.setdefault(time, []).append((environment, length, cut))
    return ends


def test_every_environment_has_the_episodes_of_its_own_seeds(counter):
    loop, found = loop_of(counter, steps=COUNT * 60), []
    for episode in loop.train():
        found.append((loop.progress.step // COUNT, episode.length, episode.truncated, episode.terminated))
    ends = expected_ends(100)
    assert found == [
        (time, length, cut, not cut) for time in sorted(ends) if time <= 60 for _, length, cut in sorted(ends[time])
    ]
    assert loop.progress.episode == len(found)


def test_episodes_that_end_together_are_reported_one_after_the_other(counter):
    loop = loop_of(counter, steps=COUNT * 60)
    assert [episode.reports["episodes_begun"] for episode in loop.train()] == list(range(loop.progress.episode))


def test_a_limit_of_episodes_ends_training_after_a_whole_step(counter):
    times = [time for time, ended in sorted(expected_ends(30).items()) for _ in ended]
    place = next(place for place in range(1, len(times)) if times[place] == times[place - 1])
    loop = loop_of(counter, episodes=place)
    assert len(list(loop.train())) == place + 1
    assert (loop.cut_by, loop.progress.step) == ("episodes", COUNT * times[place])


def test_learning_is_due_at_every_fourth_step_of_all_and_evaluations_after_the_step_that_reaches_them(counter):
    loop = loop_of(counter, every=10, steps=COUNT * 20)
    due = [happened.step for happened in loop.train() if isinstance(happened, EvaluationDue)]
    assert due == [12, 21, 30, 42, 51]
    assert [(row.update, row.step) for row in loop.metrics] == [(k, COUNT * LENGTH * k) for k in range(1, 6)]


def test_rollouts_are_the_newest_steps_of_each_environment_in_order(counter):
    loop = loop_of(counter, steps=COUNT * 20)
    list(loop.train())
    for row in loop.metrics:
        time = row.step // COUNT
        for environment in range(COUNT):
            ends = np.cumsum([length for length, _, _ in script(SEED, 40, environment)])
            ages = [at - np.max(ends[ends <= at], initial=0) for at in range(time - LENGTH, time)]
            assert row.metrics[f"age_{environment}"] == sum(age * 100**place for place, age in enumerate(ages))


def test_a_run_in_pieces_gives_what_a_run_as_a_whole_does(counter):
    outcomes = []
    for every in (None, 7):
        loop = loop_of(counter, every=every, steps=COUNT * 50)
        episodes = [happened for happened in loop.train() if isinstance(happened, Episode)]
        outcomes.append(([one._replace(variables=None) for one in episodes], [row.metrics for row in loop.metrics]))
    assert outcomes[0] == outcomes[1]


def test_open_episodes_are_those_in_which_steps_were_taken():
    loop = loop_of(made(Endless()), steps=COUNT * 5)
    assert list(loop.train()) == []
    assert (loop.progress.step, loop.open_episodes) == (COUNT * 5, COUNT)


def test_an_action_that_does_not_exist_is_told_with_the_environments_number():
    with pytest.raises(ActionFailure, match=r"chose action 7; .* Script \(number 2\), episode 0, step 0"):
        list(loop_of(made(Endless(), wrong=2), steps=30).train())


def test_a_return_that_is_not_finite_is_told():
    with pytest.raises(EnvironmentFailure, match=r"environment Script, episode 0, by step \d+: the return is inf"):
        list(loop_of(made(Endless(poison_at=2, poison=3e38)), steps=30).train())


def test_debug_runs_the_components_python_code_to_the_same_episodes(counter):
    eager = made(Counter(), debug=True)
    found, expected = (list(loop_of(prepared, steps=COUNT * 12).train()) for prepared in (eager, counter))
    assert [one[:6] for one in found] == [one[:6] for one in expected]
