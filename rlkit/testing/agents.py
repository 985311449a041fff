"""The suite of agents."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import gymnasium
import numpy as np

from rlkit.contracts.agent import Agent, Learner
from rlkit.contracts.demand import Due, Sampling
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.loops.learning import LearningDiverged
from rlkit.programs.examples import example_progress
from rlkit.programs.learner_program import learner_program, rows_of
from rlkit.programs.program import Program
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.learner_functions import (
    METRIC,
    act_function,
    example_sample,
    example_seen,
    extras_of,
    learn_function,
)
from rlkit.testing.no_tensorflow import no_tensorflow
from rlkit.testing.training import prepare, train
from rlkit.testing.verdict import ContractBroken, shown
from rlkit.testing.worlds.endings import Endings

CLOCKS = get_args(get_type_hints(Due)["clock"])


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
        return learner_program(self._learner(), self._spaces(), self.component.sampling).program

    def test_it_says_how_it_samples_and_when_it_learns(self) -> None:
        """`sampling` is a Sampling, `due` a Due: plain data, for which TensorFlow is not needed."""
        with no_tensorflow(type(self.component)):
            sampling, due = self.component.sampling, self.component.due
        self.demand(isinstance(sampling, Sampling), "an rlkit.Sampling", shown(sampling), "sampling")
        rollout = sampling.order == "rollout"
        good = (sampling.size == 0 if rollout else sampling.size >= 1) and sampling.length >= 1 and sampling.before >= 0
        self.demand(good, "at least one row (none for a rollout) and one step", f"{sampling}", "sampling")
        self.demand(isinstance(due, Due), "an rlkit.Due", shown(due), "due")
        good = due.clock in CLOCKS and due.every >= 1 and due.times >= 1 and due.first >= max(1, sampling.size)
        asks = f"a clock of {', '.join(CLOCKS)}, learning every so often, first when a sample is stored"
        self.demand(good, asks, f"{due} for {sampling}", "due")

    def test_it_acts_within_the_action_space(self) -> None:
        """Exploring and greedy, in one environment and in three, early and late."""
        for environments in (1, 3):
            learner, spaces = self._learner(environments), self._spaces(environments)
            for explore in (True, False):
                act = self.called(act_function(self.name, learner, spaces, explore=explore), learner)
                rng = np.random.default_rng(0)
                for turn in range(8):
                    seen = example_seen(spaces, rng) | {"first": np.full(environments, turn == 0)}
                    chosen = act(turn, **seen, progress=example_progress(turn))
                    self._check_action(chosen["action"], spaces, seen.get("allowed"))

    def test_it_learns_from_a_sample(self) -> None:
        """Metrics: float32 scalars, finite, `loss` among them. Priority: (B,) float32, finite, for every row."""
        learner, spaces = self._learner(), self._spaces()
        extras = extras_of(act_function(self.name, learner, spaces, explore=True))
        sampling = self.component.sampling
        function = learn_function(self.name, learner, spaces, sampling, extras)
        learned = self.called(function, learner)(**example_sample(function, spaces))
        self.demand_array(learned["priority"], "float32", (rows_of(sampling, spaces),), "priorities", "learn")
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

    def _check_action(self, action: Any, spaces: Spaces, allowed: Any) -> None:
        space, environments = spaces.action, spaces.environments
        if isinstance(space, Discrete):
            self.demand_array(action, "int32", (environments,), "actions", "act")
            inside, words = (action >= 0) & (action < space.n), f"actions from 0 to {space.n - 1}"
            if allowed is not None:
                inside, words = inside & allowed[np.arange(environments), action % space.n], "actions that are allowed"
        else:
            self.demand_array(action, space.dtype, (environments, *space.shape), "actions", "act")
            low, high = space.bounds()
            inside, words = (action >= low) & (action <= high), f"actions from {low.min():g} to {high.max():g}"
        self.demand(inside.all(), words, f"{action.tolist()}", "act")
