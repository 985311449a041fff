"""What is asked of graph code, whatever its kind: no hidden state, no hidden randomness, one result on all backends."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from rlkit.contracts.tensor import TensorSpec
from rlkit.noise.drawn import DrawnNoise
from rlkit.noise.philox import stream_key
from rlkit.programs.backends.comparison import difference, disagreement, exercise
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.quiet import quiet_autograph, quiet_stderr
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.examples import example_any, example_noise, example_progress
from rlkit.programs.functions import with_call  # noqa: F401 - offered to the suites of other kinds
from rlkit.programs.program import Backend, GraphFunction, Program
from rlkit.programs.state import UnreachableStateError, variables_of
from rlkit.testing.component_suite import ComponentSuite
from rlkit.testing.repetition import by_place, differs_from_itself
from rlkit.testing.verdict import ContractBroken, finite, shown


class GraphSuite(ComponentSuite):
    """The base of the suites whose component, or working part, is graph code."""

    def program(self) -> Program:
        """The component built afresh, as graph functions with example inputs. Each kind's suite says how."""
        raise NotImplementedError

    def test_the_core_finds_all_its_state(self) -> None:
        """What the graph code remembers is in variables that attributes of the working part lead to."""
        self.backend(self.program(), "graph")

    def test_the_same_inputs_give_the_same_results(self) -> None:
        """From the same variables and the same noise: nothing random of its own, no state in Python."""
        program = self.program()
        # Eagerly, because tracing would freeze what Python draws or counts.
        problem = differs_from_itself(self.backend(program, "eager"), program)
        asks = "the same results from the same inputs, noise and variables (no tf.random, numpy.random or random, "
        self.demand(problem is None, f"{asks}nothing counted in Python)", f"that, called again, {problem}")

    def test_saved_variables_restore_it(self) -> None:
        """A working part built anew, given the variables of one in use, goes on as that one does."""
        used, fresh = self.program(), self.program()
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

    def test_two_builds_share_no_variables(self) -> None:
        """And begin alike, where Keras's seed is the same."""
        programs = []
        for _ in range(2):
            keras.utils.set_random_seed(0)
            programs.append(self.program())
        first, second = (list(program.variables.values()) for program in programs)
        shared = [variable.name for variable in first if any(variable is other for other in second)]
        self.demand(not shared, "variables of its own in every build", f"{', '.join(shared)} in two", "build")
        same = len(first) == len(second) and all(
            np.array_equal(one.numpy(), other.numpy(), equal_nan=True) for one, other in zip(first, second, strict=True)
        )
        self.demand(same, "initial values that follow from the seed", "that two builds begin with others", "build")

    def test_all_backends_agree(self) -> None:
        """Graph, eager, XLA, and LiteRT where it converts; where one cannot run it, a warning says so."""
        program = self.program()
        reference = self.backend(program, "graph")
        for name, make in self._others(program, reference):
            try:
                with quiet_stderr():
                    problem = disagreement(make(), reference, program)
            except Exception as error:  # NotConvertibleError, or what XLA raises for an operation that it lacks
                first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
                warnings.warn(f"{self.name} does not run in {name}: {first_line[:400]}", stacklevel=2)
                continue
            advice = " (rlkit.relu for ReLU, rlkit.scatter for rows that repeat)" if name == "LiteRT" else ""
            self.demand(problem is None, f"TensorFlow's result on every backend{advice}", f"in {name} {problem}")

    def backend(self, program: Program, mode: str) -> TensorFlowBackend:
        """A TensorFlow backend. Raises ContractBroken for state that the core cannot find."""
        try:
            with quiet_autograph():
                return TensorFlowBackend(program, mode)
        except UnreachableStateError as error:
            asks = "variables as attributes of the working part"
            raise ContractBroken(f"{self.name}: the contract asks for {asks}; found that {error}") from error

    def demand_array(self, value: Any, dtype: str, shape: tuple[int, ...], what: str, method: str) -> None:
        """Raise ContractBroken unless a method's result is an array of this dtype and shape, all of it finite."""
        __tracebackhide__ = True
        same = getattr(value, "dtype", None) == dtype and getattr(value, "shape", None) == shape
        self.demand(same, f"{dtype} {what} of shape {shape}", shown(value), method)
        self.demand(finite(value), f"finite {what}", str(value), method)

    def called(self, function: GraphFunction, part: object) -> Callable[..., dict[str, npt.NDArray[Any]]]:
        """A function of inputs as keywords and a `counter`, which decides noise and progress; outputs by name."""
        program = program_of(part, (function,))
        backend = self.backend(program, "graph")
        bound, outputs = backend.function(function.name), backend.outputs(function.name)
        noise = DrawnNoise(stream_key(0, "conformance"), function.noise)

        def call(counter: int = 0, **inputs: Any) -> dict[str, npt.NDArray[Any]]:
            inputs.setdefault("progress", example_progress(counter))
            given = [inputs[spec.name] for spec in function.inputs if spec.name in inputs]
            return dict(zip(outputs, bound(*given, *noise.at(counter)), strict=True))

        return call

    def _others(self, program: Program, reference: Backend) -> Iterator[tuple[str, Callable[[], Backend]]]:
        yield "LiteRT", lambda: LiteRTBackend(convert(program), program, reference.used)
        yield "XLA", lambda: TensorFlowBackend(program, "xla")
        yield "eager TensorFlow", lambda: TensorFlowBackend(program, "eager")


def program_of(
    part: object,
    functions: tuple[GraphFunction, ...],
    examples: Mapping[str, Callable[[TensorSpec, np.random.Generator], npt.NDArray[Any]]] | None = None,
) -> Program:
    """A program of graph functions over a working part.

    `examples` gives values for inputs by name; `progress` and noise have theirs, others get normal floats.
    """
    given = examples or {}

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        if spec.name == "progress":
            return example_progress(turn)
        if spec.name in ("uniforms", "integers"):
            return example_noise(spec, rng, turn)
        return given.get(spec.name, example_any)(spec, rng)

    return Program("part", functions, variables_of(part, "part"), example)
