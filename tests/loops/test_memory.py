"""What an agent remembers and is told of the step before belongs to one episode of one environment, in both loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rlkit import Progress, Sampling, as_gymnasium
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import greedy_of, make_compiled
from rlkit.loops.evaluating import evaluate
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds
from tests.loops.echo import Echo, Stairs, greedy_return
from tests.unverified import unverified

SEED, STEPS, COUNT = 2, 300, 3
TOLD = ("steps", "earned", "first", "previous_action", "previous_reward", "total")
COLUMNS = ("observation", "action", "reward", "terminated", "truncated", *(f"extra_{name}" for name in TOLD))

Rows = dict[str, Any]


def world_of(ready: ReadyPrograms, stream: str, index: int = 0) -> World:
    made = as_gymnasium(Stairs())
    return World(made, ready.spaces, seed=SEED, stream=stream, steps_per_episode=None, index=index)


@pytest.fixture(scope="module")
def in_litert() -> ReadyPrograms:
    agent = Echo()
    return make(agent, agent.buffer, Stairs().spaces()._replace(environments=COUNT), SEED, verify=unverified)


@pytest.fixture(scope="module")
def in_xla() -> ReadyPrograms:
    agent = Echo()
    return make_compiled(agent, agent.buffer, Stairs(), Stairs().spaces(), SEED, verify=unverified)


def stepwise(ready: ReadyPrograms, limits: Limits) -> StepwiseLoop:
    worlds = [world_of(ready, "environment", index) for index in range(COUNT)]
    return StepwiseLoop(ready, Worlds(worlds), limits, metrics_interval=1)


def compiled(ready: ReadyPrograms, limits: Limits) -> CompiledLoop:
    # It returns to the host in mid-episode, as for an evaluation, and must find its memory again.
    return CompiledLoop(ready, limits, environment="Stairs", metrics_interval=1, evaluation_interval=5)


@pytest.fixture(scope="module")
def histories(in_litert: ReadyPrograms, in_xla: ReadyPrograms) -> dict[str, list[Rows]]:
    """By loop and environment, what was stored, in order."""
    loop, other, slots = (
        stepwise(in_litert, Limits(steps=STEPS)),
        compiled(in_xla, Limits(steps=STEPS)),
        np.arange(STEPS),
    )
    list(loop.train())
    list(other.train())
    rows = loop._ring.gather(slots, Sampling(STEPS), COLUMNS).columns
    ring: Any = in_xla.episodes._ring  # type: ignore[attr-defined]
    alone = ring.gather(slots, Sampling(STEPS), np.int64(STEPS - 1), COLUMNS).columns
    return {
        "stepwise": [{name: rows[name][index::COUNT, 0] for name in COLUMNS} for index in range(COUNT)],
        "compiled": [{name: alone[name].numpy()[:, 0] for name in COLUMNS}],
    }


@pytest.mark.parametrize("loop", ["stepwise", "compiled"])
def test_memory_and_what_was_before_begin_anew_at_each_episode_of_each_environment(loop, histories):
    for rows in histories[loop]:
        steps, before = 0, (0, 0.0)
        earned = -0.5
        for place in range(len(rows["action"])):
            earned += before[1]
            assert rows["observation"][place] == steps
            assert rows["extra_first"][place] == (steps == 0)
            assert rows["extra_steps"][place] == steps
            assert rows["extra_earned"][place] == earned
            assert (rows["extra_previous_action"][place], rows["extra_previous_reward"][place]) == before
            steps, before = steps + 1, (rows["action"][place], rows["reward"][place])
            if rows["terminated"][place] or rows["truncated"][place]:
                steps, before, earned = 0, (0, 0.0), -0.5
        assert (rows["extra_steps"] == 0).sum() > 20
        assert rows["extra_previous_action"].any()


def test_greedy_episodes_remember_too_and_begin_anew_in_both_loops(in_litert, in_xla):
    found = evaluate(in_litert, world_of(in_litert, "evaluation"), 20, Progress(0, 0, 0))
    assert found.returns == tuple(map(greedy_return, found.lengths))
    assert len(set(found.lengths)) > 4
    assert greedy_of(in_xla).evaluate(SEED, 20, Progress(0, 0, 0), "Stairs") == found


LIMITS = [
    (Limits(steps=60), 60),
    (Limits(steps=60, episodes=1000), 60),
    (Limits(steps=60, episodes=5, steps_per_episode=7), 35),
    (Limits(updates=4), 0),
]


@pytest.mark.parametrize("loop", ["stepwise", "compiled"])
@pytest.mark.parametrize(("limits", "total"), LIMITS, ids=str)
def test_what_the_limits_allow_in_all_is_told_to_acting_and_learning(loop, limits, total, in_litert, in_xla):
    one = stepwise(in_litert, limits) if loop == "stepwise" else compiled(in_xla, limits)
    list(one.train())
    assert one.progress.total == total
    assert {row.metrics["total"] for row in one.metrics} == {total}
    ring: Any = one._ring if loop == "stepwise" else in_xla.episodes._ring
    newest = () if loop == "stepwise" else (np.int64(one.progress.step - 1),)
    told = ring.gather(np.arange(9), Sampling(9), *newest, ("extra_total",)).columns["extra_total"]
    assert set(np.asarray(told).flat) == {total}


@pytest.mark.parametrize("loop", ["stepwise", "compiled"])
def test_learning_is_told_what_was_completed_before_it(loop, in_litert, in_xla):
    one = stepwise(in_litert, Limits(steps=90)) if loop == "stepwise" else compiled(in_xla, Limits(steps=90))
    list(one.train())
    assert len(one.metrics) == 9
    for number, row in enumerate(one.metrics):
        assert (row.metrics["update"], row.metrics["step"], row.metrics["episode"]) == (number, row.step, row.episode)
        assert row.update == number + 1
