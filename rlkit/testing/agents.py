"""The suite of agents."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import tensorflow as tf

from rlkit.contracts.agent import Agent, Learner
from rlkit.contracts.data import Progress, Sampling
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.loops.learning import LearningDiverged
from rlkit.programs.examples import example_array, example_progress
from rlkit.programs.learner_program import learner_program
from rlkit.programs.program import Program
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.learner_functions import METRIC, act_function, example_sample, extras_of, learn_function
from rlkit.testing.training import prepare, train
from rlkit.testing.verdict import ContractBroken, shown
from rlkit.testing.worlds.endings import Endings


class AgentSuite(GraphSuite):
    """`component = DQN(network=MLP(hidden=(16,)), batch_size=8)`."""

    contract = Agent
    steps = 200
    """Environment steps, within which it must learn at least once."""

    def environment(self) -> gymnasium.Env[Any, Any]:
        """Where it acts and learns; for an agent that cannot act there, override it."""
        return Endings()

    def program(self) -> Program:
        """See `GraphSuite`."""
        return learner_program(self._learner(), self._spaces()).program

    def test_it_says_how_it_samples(self) -> None:
        """`collects` is a bool, `sampling` a Sampling of at least one row and one step."""
        learner = self._learner()
        self.demand(isinstance(learner.collects, bool), "a bool", shown(learner.collects), "build: collects")
        sampling = learner.sampling
        good = isinstance(sampling, Sampling) and sampling.size >= 1 and sampling.length >= 1
        self.demand(good, "a Sampling of at least one row and step", shown(sampling), "build: sampling")

    def test_it_acts_within_the_action_space(self) -> None:
        """Exploring and greedy, in one environment and in three, early and late."""
        for environments in (1, 3):
            learner, spaces = self._learner(environments), self._spaces(environments)
            for explore in (True, False):
                act = self.called(act_function(self.name, learner, spaces, explore=explore), learner)
                rng = np.random.default_rng(0)
                for turn in range(8):
                    observation = example_array(spaces.observation, (environments, *spaces.observation.shape), rng)
                    first = np.full(environments, turn == 0)
                    chosen = act(turn, observation=observation, first=first, progress=example_progress(turn))
                    self._check_action(chosen["action"], spaces)

    def test_it_says_when_learning_is_due(self) -> None:
        """(B,) bool or integer, the same from NumPy on the host and from tensors."""
        learner, episode_step = self._learner(3), np.array([0, 1, 100], np.int64)
        for step, stored in ((1, 1), (100, 100), (100_000, 100_000)):
            host = learner.due(Progress(step, 2, 3), episode_step, stored)
            shape, kind = getattr(host, "shape", None), getattr(getattr(host, "dtype", None), "kind", "")
            asks = "(B,) bool or integer, one an environment"
            self.demand(shape == (3,) and kind in "biu", asks, f"{shown(host)} for 3 environments", "due")
            counts = (tf.constant(count, tf.int64) for count in (step, 2, 3))
            tensors = learner.due(Progress(*counts), tf.constant(episode_step), tf.constant(stored, tf.int64))
            same = np.array_equal(np.asarray(tensors), host)
            self.demand(same, "one answer to NumPy and to tensors", f"{host} and {np.asarray(tensors)}", "due")

    def test_it_learns_from_a_sample(self) -> None:
        """Metrics: float32 scalars, finite, `loss` among them. Priority: (B,) float32, finite, for every row."""
        learner, spaces = self._learner(), self._spaces()
        extras = extras_of(act_function(self.name, learner, spaces, explore=True))
        function = learn_function(self.name, learner, spaces, extras)
        learned = self.called(function, learner)(**example_sample(function, spaces))
        self.demand_array(learned["priority"], "float32", (learner.sampling.size,), "priorities", "learn")
        names = [name.removeprefix(METRIC) for name in learned if name.startswith(METRIC)]
        self.demand("loss" in names, "a metric `loss`", f"the metrics {', '.join(names) or 'none'}", "learn")
        for name in names:
            self.demand_array(learned[METRIC + name], "float32", (), f"metric {name!r}", "learn")

    def test_it_learns_and_a_seed_repeats_it(self) -> None:
        """In the stepwise loop, on the backends that a run would choose: finite metrics, and all the same twice."""
        runs = []
        try:
            prepared = prepare(self.component, self.environment())
            backends = (prepared.acting.backend, prepared.selecting.backend)
            begun = [backend.read() for backend in backends]
            for _ in range(2):
                for backend, values in zip(backends, begun, strict=True):
                    backend.write(values)
                runs.append(train(prepared, self.environment(), steps=self.steps))
        except (LearningDiverged, LookupError) as error:
            raise ContractBroken(f"{self.name}: the contract asks for finite metrics; found that {error}") from error
        first, again = runs
        asks = f"an agent that learns within {self.steps} steps (give the test more `steps`, or one that begins sooner)"
        self.demand(first.metrics, asks, "no learning step")
        asks = "the same run from the same seed and variables"
        self.demand(first.episodes == again.episodes, asks, "other episodes the second time")
        self.demand(first.metrics == again.metrics, asks, "other metrics the second time")

    def _spaces(self, environments: int = 1) -> Spaces:
        return Spaces.of(self.environment(), environments)

    def _learner(self, environments: int = 1) -> Learner:
        spaces = self._spaces(environments)
        asks = "an agent that can serve the suite's `environment` (override it in the test)"
        self.demand(self.accepts(spaces), asks, f"that its check refuses {spaces.observation} and {spaces.action}")
        learner: Learner = self.component.build(spaces)
        return learner

    def _check_action(self, action: Any, spaces: Spaces) -> None:
        space, environments = spaces.action, spaces.environments
        if isinstance(space, Discrete):
            self.demand_array(action, "int32", (environments,), "actions", "act")
            low, high = 0.0, float(space.n - 1)
        else:
            self.demand_array(action, space.dtype, (environments, *space.shape), "actions", "act")
            low, high = space.low, space.high
        inside = ((action >= low) & (action <= high)).all()
        self.demand(inside, f"actions from {low:g} to {high:g}", f"{action.tolist()}", "act")
