"""Rollouts: the newest steps of every environment, in order, once for each rollout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rlkit import Progress, Spaces, as_gymnasium
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import greedy_of, make_compiled
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.rollout import RolloutBuffer
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds
from tests.loops.reinforce import Clock, Reinforce, Row, Watching
from tests.unverified import unverified

COUNT = 8


def ready_for(agent: Any, spaces: Spaces, debug: bool = False) -> ReadyPrograms:
    buffer = RolloutBuffer(agent.length * spaces.environments)
    return make(agent, buffer, spaces, seed=0, debug=debug, verify=unverified)


def loop_in(ready: ReadyPrograms, environments: list[Any], **limits: int) -> StepwiseLoop:
    worlds = [
        World(one, ready.spaces, seed=0, stream="environment", steps_per_episode=None, index=index)
        for index, one in enumerate(environments)
    ]
    return StepwiseLoop(ready, Worlds(worlds), Limits(**limits), metrics_interval=1)


@pytest.mark.parametrize(("length", "every"), [(5, 5), (4, 8), (6, 2)], ids=["end to end", "with gaps", "overlapping"])
def test_a_rollout_is_the_newest_steps_of_every_environment_in_order(length, every):
    agent = Watching(length, every)
    ready = ready_for(agent, Spaces.of(Clock(0), COUNT), debug=True)
    loop = loop_in(ready, [Clock(number) for number in range(COUNT)], steps=40 * COUNT)
    list(loop.train())
    due = [time for time in range(every, 41, every) if time >= length]
    assert loop.progress.update == len(due)
    found = ready.acting.backend.read()["learner.rollouts"]
    for call, newest in enumerate(due):
        for environment in range(COUNT):
            time, number, _, valid = found[call, environment].T
            assert time.tolist() == list(range(newest - length, newest))
            assert set(number.tolist()) == {environment}
            assert valid.all()
    assert found[: len(due), ..., 2].any()  # rollouts go on over the ends of episodes


def test_an_agent_that_learns_from_rollouts_of_eight_environments_improves():
    agent = Reinforce()
    ready = ready_for(agent, Row().spaces()._replace(environments=COUNT))
    loop = loop_in(ready, [as_gymnasium(Row()) for _ in range(COUNT)], steps=40 * 16 * COUNT)
    returns = [episode.episode_return for episode in loop.train()]
    assert loop.progress.update == 40
    assert abs(np.mean(returns[:40])) < 0.5
    assert np.mean(returns[-40:]) > 0.9


def test_the_same_agent_improves_in_the_compiled_loop():
    agent = Reinforce()
    ready = make_compiled(agent, RolloutBuffer(agent.length), Row(), Row().spaces(), seed=0, verify=unverified)
    loop = CompiledLoop(ready, Limits(steps=6000), environment="Row", metrics_interval=1)
    list(loop.train())
    assert loop.progress.update == 6000 // 16
    assert greedy_of(ready).evaluate(0, 3, Progress(0, 0, 0), "Row").returns == (1.0, 1.0, 1.0)
