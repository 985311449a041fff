"""The compiled loop's programs as a backend: weights that are read late, single calls as plain TensorFlow graphs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import tensorflow as tf

from rlkit.loops.compiled.joined_variables import JoinedVariables
from rlkit.loops.compiled.policy import policy_model
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.program import Arrays, Program


class CompiledBackend(TensorFlowBackend):
    """The variables are the program's own: the compiled loop changes them, the host reads and writes them here."""

    def __init__(self, program: Program, *, debug: bool) -> None:
        """Raises UnreachableStateError if a function uses a variable that is not the program's."""
        super().__init__(program, "eager" if debug else "graph")
        if not debug:
            self.name = "xla"
        self._program = program
        self._packed = JoinedVariables(self._variables)
        self.keeping: Callable[[Callable[[], bytes]], bytes] = lambda convert: convert()
        """Where a policy may be kept from an earlier run: given what makes it, returns it."""
        self._pack = tf.function(self._packed.pack, autograph=False).get_concrete_function()

    def read(self) -> Arrays:
        """See `Backend`. Values of this moment, brought to the host when they are looked at."""
        return self._packed.unpacked(self._pack())

    def policy(self) -> bytes | None:
        """See `Backend`. Made when it is first asked for, and not with `--debug`."""
        return None if self.name == "eager" else self._policy

    @cached_property
    def _policy(self) -> bytes:
        return self.keeping(lambda: policy_model(self._program))
