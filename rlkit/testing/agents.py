"""The suite of agents."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import numpy as np

from rlkit.contracts.demand import Due, Sampling
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.loops.learning import LearningDiverged
from rlkit.programs.learner_program import rows_of
from rlkit.programs.ready import MEMORY, begin
from rlkit.replay.columns import EXTRA
from rlkit.testing.agent_at_work import AgentAtWork
from rlkit.testing.learner_examples import begun, example_sample, example_seen
from rlkit.testing.learner_functions import (
    METRIC,
    act_function,
    begin_function,
    extras_of,
    learn_function,
    memory_of,
)
from rlkit.testing.no_tensorflow import no_tensorflow
from rlkit.testing.training import train
from rlkit.testing.verdict import ContractBroken, raised, shown

CLOCKS = get_args(get_type_hints(Due)["clock"])


class AgentSuite(AgentAtWork):
    """`component = DQN(network=MLP(hidden=(16,)), batch_size=8)`."""

    def test_it_says_how_it_samples_and_when_it_learns(self) -> None:
        """`sampling` is a Sampling, `due` a Due: plain data, for which TensorFlow is not needed."""
        try:
            with no_tensorflow(type(self.component)):
                sampling, due = self.component.sampling, self.component.due
        except Exception as error:
            text = f"{self.name}: the contract asks for sampling and due as plain data, without the use of TensorFlow"
            raise ContractBroken(f"{text}; found {raised(error)}") from error
        self.demand(isinstance(sampling, Sampling), "an rlkit.Sampling", shown(sampling), "sampling")
        rollout = sampling.order == "rollout"
        good = (sampling.size == 0 if rollout else sampling.size >= 1) and sampling.length >= 1 and sampling.before >= 0
        self.demand(good, "at least one row (none for a rollout) and one step", f"{sampling}", "sampling")
        self.demand(isinstance(due, Due), "an rlkit.Due", shown(due), "due")
        good = due.clock in CLOCKS and due.every >= 1 and due.times >= 1 and due.first >= max(1, sampling.size)
        asks = f"a clock of {', '.join(CLOCKS)}, learning every so often, first when a sample is stored"
        self.demand(good, asks, f"{due} for {sampling}", "due")

    def test_it_acts_within_the_action_space(self) -> None:
        """Exploring and greedy, in one environment and in several, early and late, where episodes begin and go on.

        What it remembers keeps its shape, and is finite; what it stores with a step has a row for each environment.
        """
        for environments in (1, self.environments + 1) if self.environments > 1 else (1,):
            learner, spaces = self.learner(environments), self.spaces(environments)
            start = memory_of(learner, environments)
            for leaf in start.values():
                leads = leaf.shape[:1] == (environments,)
                self.demand(leads, f"a row for each of {environments} environments", shown(leaf), "initial_memory")
            for explore in (True, False):
                act = self.called(act_function(self.name, learner, spaces, explore=explore), learner)
                rng, memory = np.random.default_rng(0), start
                for turn in range(8):
                    seen = example_seen(spaces, rng)
                    if turn == 0:
                        seen = begun(seen, range(environments))
                    # The core puts the memory back where an episode begins.
                    memory = {name: _put_back(leaf, start[name], seen["first"]) for name, leaf in memory.items()}
                    chosen = act(turn, **seen, **memory)
                    self._check_action(chosen["action"], spaces, seen.get("allowed"))
                    memory = {name: value for name, value in chosen.items() if name.startswith(MEMORY)}
                    for name, leaf in start.items():
                        self.demand_array(memory[name], leaf.dtype.name, leaf.shape, "memory", "act")
                    for name, value in chosen.items():
                        rows = not name.startswith(EXTRA) or value.shape[:1] == (environments,)
                        what = f"extras, {name.removeprefix(EXTRA)!r} among them, of ({environments}, …)"
                        self.demand(rows, what, shown(value), "act")

    def test_it_learns_from_a_sample(self) -> None:
        """Metrics: float32 scalars, finite, `loss` among them. Priority: (B,) float32, finite, for every row.

        After `begin`, if it has one; from rows all of whose steps are valid, and from rows that are cut short.
        """
        learner, spaces = self.learner(), self.spaces()
        sampling = self.component.sampling
        if hasattr(learner, "begin"):
            self.called(begin_function(self.name, learner), learner)()
        extras = extras_of(act_function(self.name, learner, spaces, explore=True))
        function = learn_function(self.name, learner, spaces, sampling, extras)
        learn = self.called(function, learner)
        for turn, cut in enumerate((False, True)):
            learned = learn(turn, **example_sample(function, spaces, sampling, cut=cut))
            self.demand_array(learned["priority"], "float32", (rows_of(sampling, spaces),), "priorities", "learn")
            names = [name.removeprefix(METRIC) for name in learned if name.startswith(METRIC)]
            self.demand("loss" in names, "a metric `loss`", f"the metrics {', '.join(names) or 'none'}", "learn")
            for name in names:
                self.demand_array(learned[METRIC + name], "float32", (), f"metric {name!r}", "learn")

    def test_it_learns_and_a_seed_repeats_it(self) -> None:
        """In the stepwise loop, on the backends that a run would choose: finite metrics, and all the same twice."""
        runs = []
        try:
            for _ in range(2):
                begin(self.ready)
                worlds = [self.environment() for _ in range(self.environments)]
                runs.append(train(self.ready, *worlds, steps=self.steps))
        except LearningDiverged as error:
            raise ContractBroken(f"{self.name}: the contract asks for finite metrics; found that {error}") from error
        first, again = runs
        asks = f"an agent that learns within {self.steps} steps (give the test more `steps`, or one that begins sooner)"
        self.demand(first.metrics, asks, "no learning step")
        asks = "the same run from the same seed and variables"
        self.demand(first.episodes == again.episodes, asks, "other episodes the second time")
        self.demand(first.metrics == again.metrics, asks, "other metrics the second time")

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


def _put_back(memory: Any, start: Any, first: Any) -> Any:
    """The memory, where episodes begin that of an episode's start."""
    kept = np.array(memory)
    kept[first] = start[first]
    return kept
