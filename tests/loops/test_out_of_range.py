"""In both loops an action that does not exist, a slot that is not stored and a weight that is none name who chose."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import (
    Added,
    Array,
    Call,
    Discrete,
    Seen,
    Selected,
    Spaces,
    Storage,
    Stored,
    Surprise,
    Tensor,
    component,
    greedy,
    parameter,
)
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import make_compiled
from rlkit.loops.loop import Loop
from rlkit.loops.selected_rows import SelectionFailure, check_rows
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.keeping.entry import pack, unpack
from rlkit.programs.making import make
from rlkit.worlds.world import ActionFailure, World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn import DQN, MLP, UniformBuffer
from tests.loops.compiled.scripted import Counter as CompiledCounter
from tests.loops.scripted import Counter
from tests.unverified import unverified

SPACES = Spaces(Array((2,), "float32"), Discrete(2))
HERE = re.escape(__file__)


@component
class Exploration:
    action: int = 0

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return greedy(values, seen.allowed) * 0 + self.action


@component
class Buffer(UniformBuffer):
    how: str = parameter(default="", doc="what is wrong")

    def build(self, storage: Storage) -> Any:
        if self.how in ("added", "update"):
            return Massive(self.how)
        return Selection(storage.sampling.size, self.how)


class Selection:
    def __init__(self, size: int, how: str) -> None:
        self.size, self.how = size, how

    def added(self, added: Any, call: Call) -> None: ...

    def select(self, stored: Stored, call: Call) -> Selected:
        beyond = stored.count if self.how == "slot" else stored.count - 1
        weight = {"zero": 0.0, "infinite": np.inf}.get(self.how, 1.0)
        return Selected(tf.repeat(beyond[None], self.size), tf.fill((self.size,), np.float32(weight)))

    def update(self, surprise: Any, call: Call) -> None: ...


class Massive:
    """Leaves drawing to the core, and gives a mass that is none."""

    draws_by_mass = True

    def __init__(self, how: str) -> None:
        self.how = how

    def added(self, added: Added, call: Call) -> Tensor:
        return tf.fill(added.slots.shape, 0.0 if self.how == "added" else 1.0)

    def select(self, stored: Stored, call: Call) -> Selected:
        return Selected(stored.drawn.slots, stored.drawn.share)

    def update(self, surprise: Surprise, call: Call) -> Tensor:
        return surprise.priority * np.float32(np.inf if self.how == "update" else 1.0)


def loops(*, debug: bool = True, **parts: Any) -> list[Loop]:
    """The stepwise and the compiled one; with `debug` nothing is converted or compiled, which takes longest."""
    agent = DQN(batch_size=4, network=MLP(hidden=(4,)), **parts)
    limits = Limits(steps=20)

    ready = make(agent, agent.buffer, SPACES, 0, verify=unverified, debug=debug)
    world = World(Counter([8]), SPACES, seed=0, stream="environment", steps_per_episode=None)
    compiled = make_compiled(agent, agent.buffer, CompiledCounter(), SPACES, 0, verify=unverified, debug=debug)
    return [
        StepwiseLoop(ready, Worlds([world]), limits, metrics_interval=1),
        CompiledLoop(compiled, limits, environment="Script", metrics_interval=1),
    ]


def test_an_action_that_does_not_exist_names_the_exploration_and_its_select() -> None:
    for loop in loops(exploration=Exploration(action=7)):
        with pytest.raises(ActionFailure) as failure:
            list(loop.train())
        message = rf"exploration Exploration, select \({HERE}:\d+\) chose action 7; there are 0 to 1 \(environment .*"
        assert re.fullmatch(message, str(failure.value))


def test_a_slot_that_is_not_stored_names_the_buffer_and_its_select() -> None:
    both = loops(debug=False, buffer=Buffer(capacity=50, how="slot"))
    for loop, what in zip(both, ("slot 5", "a slot that is not stored"), strict=True):
        with pytest.raises(SelectionFailure) as failure:
            list(loop.train())
        message = rf"buffer Buffer, select \({HERE}:\d+\) selected {what} at update 0; stored are the slots 0 to 4"
        assert re.fullmatch(message, str(failure.value))


@pytest.mark.parametrize("how", ["zero", "infinite"])
def test_a_weight_that_is_none_names_the_buffer_and_its_select(how: str) -> None:
    for loop in loops(buffer=Buffer(capacity=50, how=how)):
        with pytest.raises(SelectionFailure) as failure:
            list(loop.train())
        what = r"gave a weight (of \w+|that is not allowed) at update 0; allowed: weights that are finite and above 0"
        message = rf"buffer Buffer, select \({HERE}:\d+\) {what}"
        assert re.fullmatch(message, str(failure.value))


@pytest.mark.parametrize("how", ["added", "update"])
def test_a_mass_that_is_none_names_the_buffer_and_its_method(how: str) -> None:
    for loop in loops(buffer=Buffer(capacity=50, how=how)):
        with pytest.raises(SelectionFailure) as failure:
            list(loop.train())
        what = r"gave a mass (of \w+|that is not allowed) at update 0; allowed: masses that are finite and above 0"
        assert re.fullmatch(rf"buffer Buffer, {how} \({HERE}:\d+\) {what}", str(failure.value))


def test_a_slot_below_0_is_told_with_its_number() -> None:
    check_rows(np.array([0, 4]), np.array([0.5, 1.0], np.float32), 5, "the buffer", 0)
    with pytest.raises(SelectionFailure, match="the buffer selected slot -1 at update 3"):
        check_rows(np.array([0, -1]), np.ones(2, np.float32), 5, "the buffer", 3)


def test_programs_that_are_kept_know_who_chooses() -> None:
    agent = DQN(batch_size=4, network=MLP(hidden=(4,)))
    made = make(agent, agent.buffer, SPACES, 0, verify=unverified)
    assert re.fullmatch(r"exploration 'epsilon_greedy', select \(.*epsilon_greedy.py:\d+\)", made.deciders.act)
    assert re.fullmatch(r"agent 'dqn', act \(.*dqn_learner.py:\d+\)", made.deciders.act_greedy)
    assert re.fullmatch(r"buffer 'uniform', select \(.*uniform.py:\d+\)", made.deciders.select)
    assert unpack(pack(made), SPACES, 0).deciders == made.deciders
