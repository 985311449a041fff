"""The suite of target-update rules."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import tensorflow as tf

from rlkit.contracts.data import Call
from rlkit.contracts.target_update import TargetUpdate
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.programs.examples import example_progress
from rlkit.programs.functions import with_call
from rlkit.programs.program import GraphFunction, Outputs, Program
from rlkit.testing.component_suite import VECTOR
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.part_program import program_of
from rlkit.testing.verdict import finite

_SHAPES = ((3, 2), (2,), ())
_MOVE = tf.TensorSpec((), tf.float32, name="move")


class TargetUpdateSuite(GraphSuite):
    """`component = SoftUpdate(tau=0.01)`."""

    contract = TargetUpdate

    def program(self) -> Program:
        """See `GraphSuite`. Each call moves the online weights first, as learning does."""
        return program_of(part := self._networks(), (self._update(part),))

    def test_it_assigns_the_target_and_nothing_else(self) -> None:
        """The online weights stay, the target's keep their shapes and are finite, for up to 100,000 updates."""
        part = self._networks()
        update = self.called(self._update(part), part)
        for turn in range(16):
            before = [variable.numpy() for variable in part.online]
            update(turn, move=np.float32(0.5), progress=example_progress(turn))
            moved = [value + np.float32(0.5) for value in before]
            kept = all(np.array_equal(one, other.numpy()) for one, other in zip(moved, part.online, strict=True))
            self.demand(kept, "online weights that are left as they are", "that update assigned them", "update")
            values = [variable.numpy() for variable in part.target]
            self.demand(all(map(finite, values)), "finite target weights", f"{values}", "update")

    def _networks(self) -> SimpleNamespace:
        rule = self.working(VECTOR)
        return SimpleNamespace(rule=rule, target=_weights(-1.0), online=_weights(1.0))

    def _update(self, part: SimpleNamespace) -> GraphFunction:
        def update(call: Call, move: Tensor) -> Outputs:
            for variable in part.online:
                variable.assign(variable + move)
            answer = part.rule.update(part.target, part.online, call)
            self.demand(answer is None, "assignments, and nothing returned", f"{answer!r} returned", "update")
            return {"updated": tf.constant(True)}

        return with_call("update", update, (_MOVE,))


def _weights(start: float) -> list[Variable]:
    """Keras variables, as networks have them, each with values of its own."""
    return [keras.Variable(np.full(shape, start + place, np.float32)) for place, shape in enumerate(_SHAPES)]
