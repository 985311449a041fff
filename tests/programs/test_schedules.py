"""Schedules are built wherever they stand within an agent, and what holds them is copied."""

from __future__ import annotations

import re
from typing import Any

import pytest
import tensorflow as tf

import rlkit
from rlkit import Exploration, Progress, Schedule, Spaces, Tensor, component, parameter, value_of
from rlkit.programs.making import trace_parts
from rlkit.programs.schedule_error import ScheduleError
from rlkit.programs.schedules import WorkingSchedules
from rlkit_dqn import DQN, SGD, Boltzmann, Constant, EpsilonGreedy
from tests.conftest import PluginSite

SPACES = rlkit.load("cartpole_dqn").spaces


@component
class Table:
    """Numbers by update, in a variable."""

    amounts: tuple[float, ...] = parameter(doc="the numbers")

    def build(self, spaces: Spaces) -> Schedule:
        return WorkingTable(self.amounts, spaces)


class WorkingTable:
    def __init__(self, amounts: tuple[float, ...], spaces: Spaces) -> None:
        self.last, self.spaces = len(amounts) - 1, spaces
        self.table = tf.Variable(amounts, trainable=False)

    def value(self, progress: Progress) -> Tensor:
        return self.table[tf.minimum(progress.update, self.last)]


@component
class Half:
    """Half of another."""

    of: Schedule = parameter(default=Constant(amount=1.0), doc="twice as much")

    def value(self, progress: Progress) -> Tensor:
        return value_of(self.of, progress) / 2.0


@component
class Nesting:
    """An exploration within an exploration."""

    inner: Exploration = parameter(default=Boltzmann(), doc="which explores")
    many: tuple[Schedule, ...] = parameter(default=(), doc="several")

    def select(self, values: Tensor, seen: Any, call: Any) -> Tensor:
        return self.inner.select(values, seen, call)


def test_a_schedule_is_built_once_wherever_it_stands_and_nothing_else_is_copied() -> None:
    table = Table(amounts=(0.5, 0.25))
    agent = DQN(exploration=Nesting(inner=Boltzmann(temperature=table), many=(table, Half(of=table))))
    made: Any = WorkingSchedules(SPACES, None).within(agent)
    built = made.exploration.inner.temperature
    assert isinstance(built, WorkingTable) and built.spaces == SPACES
    assert made.exploration.many[0] is built and made.exploration.many[1].of is built
    assert made.network is agent.network and made.optimizer is agent.optimizer
    assert agent.exploration.inner.temperature is table  # type: ignore[attr-defined]


def test_an_agent_without_schedules_is_itself() -> None:
    agent = DQN()
    assert WorkingSchedules(SPACES, None).within(agent) is agent


def test_variables_of_schedules_are_reachable_in_optimizers_too() -> None:
    rate, epsilon = Table(amounts=(0.5, 0.25)), Table(amounts=(1.0, 0.0))
    agent = DQN(batch_size=4, optimizer=SGD(learning_rate=rate), exploration=EpsilonGreedy(schedule=epsilon))
    variables = trace_parts(agent, agent.buffer, SPACES).shapes.program.variables
    assert {"learner.optimizer.learning_rate.schedule.table", "learner.exploration.schedule.table"} <= set(variables)


def test_a_plugins_schedule_is_known_by_an_annotation_for_type_checkers_only(
    plugin_site: PluginSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Constant, "ends")  # or the file would be refused already
    plugin_site.install("rates", PLUGIN)
    plugin_site.discover()
    experiment = rlkit.load("cartpole_dqn", ["exploration={name: odd, rate: {name: constant, amount: 3}}"])
    with pytest.raises(
        ScheduleError, match=re.escape("exploration.rate: its value at step 0 is 3; allowed: at most 2")
    ):
        WorkingSchedules(SPACES, None).within(experiment.agent)


PLUGIN = '''\
from __future__ import annotations

from typing import TYPE_CHECKING

from rlkit import component, greedy, hookimpl, parameter

if TYPE_CHECKING:
    from rlkit import Call, Schedule, Seen, Tensor


@component
class Odd:
    """Odd."""

    rate: float | Schedule = parameter(default=1.0, doc="rate", at_most=2)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return greedy(values, seen.allowed)


@hookimpl
def rlkit_explorations():
    return {"odd": Odd}
'''
