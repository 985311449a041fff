"""What is asked of graph code, whatever its kind: no hidden state, no hidden randomness, one result on all backends."""

from __future__ import annotations

import warnings

from rlkit.programs.backends.comparison import difference, disagreement, exercise
from rlkit.programs.backends.quiet import quiet_stderr
from rlkit.programs.functions import with_call  # noqa: F401 - offered to the suites of other kinds
from rlkit.programs.program import GraphFunction, Program  # noqa: F401 - and these
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.random_operations import check_random_operations
from rlkit.testing.graph_component import GraphComponent
from rlkit.testing.repetition import by_place, differs_from_itself
from rlkit.testing.verdict import ContractBroken


class GraphSuite(GraphComponent):
    """The base of the suites whose component, or working part, is graph code."""

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
        common = self.common(first, second)
        self.demand(not common, "variables of its own in every build", f"{', '.join(common)} in two", "build")
        problem = self.difference_of_builds()
        asks = "the same part in every build, whatever the seed"
        self.demand(problem is None, asks, f"that {problem}", "build")

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
            advice = " (rlkit.relu for ReLU, rlkit.scatter for rows that repeat)" if name == "LiteRT" else ""
            self.demand(problem is None, f"TensorFlow's result on every backend{advice}", f"in {name} {problem}")
