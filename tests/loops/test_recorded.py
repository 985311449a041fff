"""The loop that learns from recorded rows alone, and filling a loop's ring."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from rlkit import Array, Discrete, ExperimentError, Spaces
from rlkit.experiment.experiment import Limits
from rlkit.experiment.nodes import MapNode, Mark
from rlkit.loops.filling import fill_from_data
from rlkit.loops.recorded import RecordedLoop
from rlkit.loops.training import EvaluationDue
from rlkit.programs.making import make
from rlkit.replay.columns import step_columns
from rlkit.replay.recorded import fill
from rlkit.replay.ring import Ring
from rlkit_dqn import DQN, MLP, PrioritizedBuffer
from tests.replay.test_recorded import Numbered

SPACES = Spaces(Array((1,), "float32"), Discrete(3))


@pytest.fixture(scope="module")
def ready():
    """Built once; each test's loop has a ring of its own."""
    agent = DQN(batch_size=4, network=MLP(hidden=(4,)), buffer=PrioritizedBuffer(capacity=200), n_step=2)
    return make(agent, agent.buffer, SPACES, seed=0, debug=True, verify=lambda verification: None)


def loop_of(ready, **given):
    limits = Limits(**{"updates": 5} | given.pop("limits", {}))
    loop = RecordedLoop(ready, limits, metrics_interval=2, **given)
    fill(loop.ring, Numbered(150), SPACES)
    return loop


def test_it_learns_until_its_limit_and_evaluates_between_and_at_the_end(ready):
    loop = loop_of(ready, evaluation_interval=2)
    at = []
    for happened in loop.train():
        assert isinstance(happened, EvaluationDue)
        at.append((loop.progress.update, loop.cut_by))
    assert at == [(2, None), (4, None), (5, "updates")]
    assert [logged.update for logged in loop.metrics] == [2, 4]
    assert (loop.progress.step, loop.progress.episode, loop.open_episodes) == (0, 0, 0)


def test_without_an_interval_the_end_alone_is_evaluated(ready):
    loop = loop_of(ready)
    assert [loop.progress.update for _ in loop.train()] == [5]


def test_an_interrupted_run_is_not_evaluated(ready):
    loop = loop_of(ready)
    loop.interrupted = True
    assert list(loop.train()) == [] and loop.cut_by == "interrupt"


def test_a_selection_that_remembers_hears_of_all_recorded_rows(ready):
    """Of more than one call of `added` takes at once, and before the first rows are drawn."""
    loop = loop_of(ready, limits={"updates": 1})
    list(loop.train())
    masses = loop._learning._tree._leaves
    assert (masses[:150] > 0).all() and (masses[150:] == 0).all()


def experiment_with(data):
    catalogue = SimpleNamespace(entry_of=lambda part: SimpleNamespace(name=part if isinstance(part, str) else "some"))
    document = MapNode(Mark("a.yaml", 1, 1), {})
    return SimpleNamespace(data=data, catalogue=catalogue, agent="recalls", spaces=SPACES, document=document)


def test_an_agent_that_stores_extras_is_refused(ready):
    ring = Ring(10, 1, step_columns(SPACES, {"log_probability": ((), "float32")}))
    data = SimpleNamespace(open=lambda spaces: Numbered(6))
    with pytest.raises(ExperimentError, match="agent 'recalls' stores log_probability with each of its own steps"):
        fill_from_data(experiment_with(data), ready, SimpleNamespace(ring=ring, taken=None))


def test_what_the_data_raises_is_told_at_its_place(ready):
    ring = Ring(10, 1, step_columns(SPACES, {}))
    recording = Numbered(6, reward=np.full(6, np.inf, np.float32))
    data = SimpleNamespace(open=lambda spaces: recording)
    with pytest.raises(ExperimentError, match=r"a.yaml.*: data: 'some': row 0: reward: found inf; allowed: finite"):
        fill_from_data(experiment_with(data), ready, SimpleNamespace(ring=ring, taken=None))
