"""What is asked of graph code, whatever its kind: no hidden state, no hidden randomness, one result on all backends."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy.typing as npt

from rlkit.contracts.spaces import Spaces
from rlkit.contracts.working import working
from rlkit.noise.drawn import DrawnNoise
from rlkit.noise.philox import stream_key
from rlkit.programs.backends.comparison import difference, disagreement, exercise
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.quiet import quiet_autograph, quiet_stderr
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.examples import example_progress
from rlkit.programs.functions import with_call  # noqa: F401 - offered to the suites of other kinds
from rlkit.programs.program import Backend, GraphFunction, Program
from rlkit.programs.schedule_error import ScheduleError
from rlkit.programs.schedules import WorkingSchedules
from rlkit.programs.state import UnreachableStateError
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.made import noting_variables
from rlkit.programs.verifying.random_operations import check_random_operations
from rlkit.programs.verifying.second_trace import compare
from rlkit.testing.component_suite import ComponentSuite
from rlkit.testing.part_program import PartProgram, program_of
from rlkit.testing.repetition import by_place, differs_from_itself
from rlkit.testing.sharing import shared
from rlkit.testing.verdict import ContractBroken, finite, raised, shown


class GraphSuite(ComponentSuite):
    """The base of the suites whose component, or working part, is graph code."""

    def program(self) -> Program:
        """The component built afresh, as graph functions with example inputs. Each kind's suite says how."""
        raise NotImplementedError

    def test_the_core_finds_all_its_state(self) -> None:
        """What the graph code remembers is in variables that attributes of the working part lead to."""
        self.backend(self.builds()[0], "graph")

    def test_the_same_inputs_give_the_same_results(self) -> None:
        """From the same variables and the same noise: nothing random of its own, no state in Python."""
        program, _ = self.builds()
        asks = "the same results from the same inputs, noise and variables (no tf.random, numpy.random or random, "
        asks += "nothing counted in Python)"
        for function in program.functions:
            try:
                check_random_operations(f"{self.name}.{function.name}", function.traced)
            except HiddenRandomnessError as error:
                raise ContractBroken(f"{self.name}: the contract asks for {asks}; found that {error}") from error
        # Eagerly, because tracing would freeze what Python draws or counts.
        problem = differs_from_itself(self.backend(program, "eager"), self.backend(program, "graph"), program)
        self.demand(problem is None, asks, f"that, {problem}")

    def test_saved_variables_restore_it(self) -> None:
        """A working part built anew, given the variables of one in use, goes on as that one does."""
        used, fresh = self.builds()
        first, second = self.backend(used, "graph"), self.backend(fresh, "graph")
        exercise(first, used, first.read())
        saved = first.read()
        shapes = [[value.shape for value in values.values()] for values in (saved, second.read())]
        asks = "the same variables in every build"
        self.demand(shapes[0] == shapes[1], asks, f"variables of shapes {shapes[0]}, then {shapes[1]}", "build")
        going_on = exercise(first, used, saved)
        restored = exercise(second, fresh, dict(zip(fresh.variables, saved.values(), strict=True)))
        problem = difference(by_place(restored), by_place(going_on))
        asks = "a part that goes on where the saved variables left off (all that it remembers is in them)"
        self.demand(problem is None, asks, f"that, built anew and restored, {problem}")

    def test_two_builds_differ_in_what_the_core_draws_alone(self) -> None:
        """No variable is in both; weights of an initialiser that the core knows begin otherwise, nothing else does."""
        first, second = self.builds()
        known = {id(variable) for variable in first.variables.values()}
        common = [name for name, variable in second.variables.items() if id(variable) in known]
        self.demand(not common, "variables of its own in every build", f"{', '.join(common)} in two", "build")
        drawn = first.drawn if isinstance(first, PartProgram) else tuple(first.variables)
        try:
            compare(first, second, drawn)
        except HiddenRandomnessError as error:
            asks = "the same part in every build, whatever the seed"
            raise ContractBroken(f"{self.name}.build: the contract asks for {asks}; found that {error}") from error

    def test_all_backends_agree(self) -> None:
        """Graph, XLA, and LiteRT where it converts, after every call; where one cannot run it, a warning says so."""
        program, _ = self.builds()
        reference = self.backend(program, "graph")
        for name, make in self.others(program, reference):
            try:
                with quiet_stderr():
                    problem = disagreement(make(), reference, program)
            except Exception as error:  # NotConvertibleError, or what XLA raises for an operation that it lacks
                first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
                warnings.warn(f"{self.name} does not run in {name}: {first_line[:400]}", stacklevel=2)
                continue
            advice = " (for ReLU use rlkit.relu)" if name == "LiteRT" else ""
            self.demand(problem is None, f"TensorFlow's result on every backend{advice}", f"in {name} {problem}")

    def builds(self) -> tuple[Program, Program]:
        """Two builds, from other seeds of all generators, their variables as they began; the tests share them."""

        def make() -> list[tuple[Program, dict[str, npt.NDArray[Any]]]]:
            made = [self.built(seed) for seed in (0, 1)]
            return [
                (program, {name: variable.numpy() for name, variable in program.variables.items()}) for program in made
            ]

        first, second = shared(self, "builds", make)
        for program, begun in (first, second):
            for name, variable in program.variables.items():
                variable.assign(begun[name])
        return first[0], second[0]

    def built(self, seed: int) -> Program:
        """The component built afresh, from this seed of all generators."""
        keras.utils.set_random_seed(seed)
        with quiet_autograph(), noting_variables():
            return self.program()

    def working(self, spaces: Spaces) -> Any:
        """The component at work, as the core makes it."""
        return working(self.with_schedules(spaces), spaces)

    def with_schedules(self, spaces: Spaces) -> Any:
        """The component with the schedules within it built, and held to their ranges and clocks."""
        try:
            return WorkingSchedules(spaces, None).within(self.component)
        except ScheduleError as error:
            asks = "schedules whose values the parameter allows"
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
