"""An agent made ready for an environment, as its suite needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gymnasium

from rlkit.contracts.agent import Agent, Learner
from rlkit.contracts.environment import forbids_actions
from rlkit.contracts.spaces import Spaces
from rlkit.programs.learner_program import learner_program
from rlkit.programs.program import Backend, Program
from rlkit.programs.ready import ReadyPrograms, drawn
from rlkit.programs.schedule_error import ScheduleError
from rlkit.programs.state import UnreachableStateError
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.part_program import PartProgram
from rlkit.testing.sharing import shared
from rlkit.testing.training import prepare
from rlkit.testing.verdict import ContractBroken
from rlkit.testing.worlds.endings import Endings


class AgentAtWork(GraphSuite):
    """The base of `AgentSuite`, without its own tests."""

    contract = Agent
    steps = 200
    """Environment steps, within which it must learn at least once."""
    environments = 2
    """In which it trains at once; 1 for an agent that serves no more."""

    def environment(self) -> gymnasium.Env[Any, Any]:
        """Where it acts and learns; for an agent that cannot act there, override it."""
        return Endings()

    def program(self) -> Program:
        """See `GraphSuite`."""
        learner, spaces = self.learner(self.environments), self.spaces(self.environments)
        made = learner_program(learner, spaces, self.component.sampling).program
        return PartProgram(made.name, made.functions, made.variables, made.example, learner)

    def built(self, seed: int) -> Program:
        """See `GraphSuite`: the first is what trains, so that it is converted once."""
        if seed:
            return super().built(seed)
        ready = self.ready
        program = ready.shapes.program
        for name, value in {**ready.start.learner, **drawn(ready)}.items():
            program.variables[name].assign(value)
        return PartProgram(program.name, program.functions, program.variables, program.example, ready.learner)

    def others(self, program: Program, reference: Backend) -> Iterator[tuple[str, Callable[[], Backend]]]:
        """See `GraphSuite`."""
        chosen = self.ready.acting.backend
        for name, make in super().others(program, reference):
            yield name, (lambda: chosen) if name == "LiteRT" and chosen.name == "litert" else make

    def compared(self, first: Program, second: Program) -> str | None:
        """See `GraphComponent`: as making it ready found it, before anything was converted."""
        return self._verified[1]

    @property
    def ready(self) -> ReadyPrograms:
        """On the backends that a run would choose; the tests share it."""
        return self._verified[0]

    @property
    def _verified(self) -> tuple[ReadyPrograms, str | None]:
        """And in what the agent differs when it is built again: that is a test of its own."""

        def make() -> tuple[ReadyPrograms, str | None]:
            found: list[str] = []

            def verify(again: Callable[[], None]) -> None:
                try:
                    again()
                except HiddenRandomnessError as error:
                    found.append(str(error))

            made = prepare(self.component, self.environment(), environments=self.environments, verify=verify)
            return made, found[0] if found else None

        self.learner(self.environments)
        try:
            return shared(self, "ready", make)
        except (LookupError, HiddenRandomnessError, ScheduleError, UnreachableStateError) as error:
            asks = "an agent that a loop can run"
            raise ContractBroken(f"{self.name}: the contract asks for {asks}; found that {error}") from error

    def spaces(self, environments: int = 1) -> Spaces:
        """Of so many of the suite's environment."""
        environment = self.environment()
        spaces = Spaces.of(environment, environments)
        return spaces.masked() if forbids_actions(environment) else spaces

    def learner(self, environments: int = 1) -> Learner:
        """The working agent, built afresh."""
        spaces = self.spaces(environments)
        asks = "an agent that can serve the suite's `environment` (override it in the test)"
        self.demand(self.accepts(spaces), asks, f"that its check refuses {spaces.observation} and {spaces.action}")
        learner: Learner = self.with_schedules(spaces).build(spaces)
        return learner
