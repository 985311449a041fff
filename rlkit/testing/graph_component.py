"""A component as graph code: built, called, put on backends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import numpy.typing as npt

from rlkit.contracts.spaces import Spaces
from rlkit.contracts.working import working
from rlkit.noise.drawn import DrawnNoise
from rlkit.noise.philox import stream_key
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.examples import example_progress
from rlkit.programs.program import Backend, GraphFunction, Program
from rlkit.programs.schedule_error import ScheduleError
from rlkit.programs.schedules import WorkingSchedules
from rlkit.programs.state import UnreachableStateError
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.made import noting_variables
from rlkit.programs.verifying.second_trace import compare
from rlkit.testing.component_suite import ComponentSuite
from rlkit.testing.part_program import PartProgram, program_of
from rlkit.testing.sharing import shared
from rlkit.testing.verdict import ContractBroken, finite, raised, shown


class Builds(NamedTuple):
    """Two builds of a component."""

    programs: tuple[Program, Program]
    begun: list[dict[str, npt.NDArray[Any]]]
    """The values that the variables of each began with."""
    difference: str | None


class GraphComponent(ComponentSuite):
    """The base of `GraphSuite`, without its tests."""

    def program(self) -> Program:
        """The component built afresh, as graph functions with example inputs. Each kind's suite says how."""
        raise NotImplementedError

    def builds(self) -> tuple[Program, Program]:
        """Two builds, from other seeds of all generators, their variables as they began; the tests share them."""

        made = self._made
        for program, begun in zip(made.programs, made.begun, strict=True):
            for name, variable in program.variables.items():
                variable.assign(begun[name])
        return made.programs

    def difference_of_builds(self) -> str | None:
        """In what the builds differ beside what the core draws, found before anything was done with them; or None."""
        return self._made.difference

    @property
    def _made(self) -> Builds:
        def make() -> Builds:
            first, second = self.built(0), self.built(1)
            begun = [
                {name: variable.numpy() for name, variable in program.variables.items()} for program in (first, second)
            ]
            return Builds((first, second), begun, self.compared(first, second))

        return shared(self, "builds", make)

    def compared(self, first: Program, second: Program) -> str | None:
        """In what two builds differ beside what the core draws, or None."""
        if common := self.common(first, second):
            return f"has {', '.join(common)} in two builds"
        drawn = first.drawn if isinstance(first, PartProgram) else tuple(first.variables)
        try:
            compare(first, second, drawn)
        except HiddenRandomnessError as error:
            return str(error)
        return None

    def common(self, first: Program, second: Program) -> list[str]:
        """The variables that two builds share, which neither can be traced or restored with."""
        known = {id(variable) for variable in first.variables.values()}
        return [name for name, variable in second.variables.items() if id(variable) in known]

    def built(self, seed: int) -> Program:
        """The component built afresh, from this seed of all generators."""
        keras.utils.set_random_seed(seed)
        with quiet_autograph(), noting_variables():
            return self.program()

    def working(self, spaces: Spaces) -> Any:
        """The component at work, as the core makes it."""
        return working(self.with_schedules(spaces), spaces)

    def with_schedules(self, spaces: Spaces, *, by_update: bool = False) -> Any:
        """The component with the schedules within it built, and held to their ranges; `by_update`: to that clock."""
        try:
            return WorkingSchedules(spaces, None).within(self.component, by_update=by_update)
        except ScheduleError as error:
            asks = "schedules that may stand there"
            raise ContractBroken(f"{self.name}: the contract asks for {asks}; found {error}") from error

    def others(self, program: Program, reference: Backend) -> Iterator[tuple[str, Callable[[], Backend]]]:
        """The backends that must agree with the reference."""
        yield "LiteRT", lambda: LiteRTBackend(convert(program), program, reference.used)
        yield "XLA", lambda: TensorFlowBackend(program, "xla")

    def backend(self, program: Program, mode: str) -> TensorFlowBackend:
        """A TensorFlow backend. Raises ContractBroken for state that the core cannot find."""
        try:
            with quiet_autograph():
                return TensorFlowBackend(program, mode)
        except UnreachableStateError as error:
            asks = "variables as attributes of the working part"
            raise ContractBroken(f"{self.name}: the contract asks for {asks}; found that {error}") from error

    @contextmanager
    def asking(self, asks: str, method: str) -> Iterator[None]:
        """Within it, what the component raises is told as what the contract asks for, and what was found."""
        try:
            yield
        except ContractBroken:
            raise
        except Exception as error:
            text = f"{self.name}.{method}: the contract asks for {asks}; found {raised(error)}"
            raise ContractBroken(text) from error

    def demand_array(self, value: Any, dtype: str, shape: tuple[int, ...], what: str, method: str) -> None:
        """Raise ContractBroken unless a method's result is an array of this dtype and shape, all of it finite."""
        __tracebackhide__ = True
        same = getattr(value, "dtype", None) == dtype and getattr(value, "shape", None) == shape
        self.demand(same, f"{dtype} {what} of shape {shape}", shown(value), method)
        self.demand(finite(value), f"finite {what}", str(value), method)

    def called(self, function: GraphFunction, part: object) -> Callable[..., dict[str, npt.NDArray[Any]]]:
        """A function of inputs as keywords and a `counter`, which decides noise and progress; outputs by name."""
        backend = self.backend(program_of(part, (function,)), "graph")
        bound, outputs = backend.function(function.name), backend.outputs(function.name)
        noise = DrawnNoise(stream_key(0, "conformance"), function.noise)

        def call(counter: int = 0, **inputs: Any) -> dict[str, npt.NDArray[Any]]:
            inputs.setdefault("progress", example_progress(counter))
            given = [inputs[spec.name] for spec in function.inputs if spec.name in inputs]
            return dict(zip(outputs, bound(*given, *noise.at(counter)), strict=True))

        return call
