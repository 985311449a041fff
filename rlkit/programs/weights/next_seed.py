"""Another seed for programs that are ready: nothing is traced, converted or compiled again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Variable
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.making import build, global_seed
from rlkit.programs.program import Program
from rlkit.programs.ready import Made, ReadyPrograms, Start, begin
from rlkit.programs.state import variables_of


def with_seed(prepared: ReadyPrograms, agent: Agent, buffer: Buffer, seed: int) -> ReadyPrograms | None:
    """The same programs, every variable as a run with this seed begins. None if they cannot serve it.

    The working parts are built a second time, which takes milliseconds, for the values that their variables begin
    with: some follow from the seed (Keras's own initialisers, the state of dropout). Graphs are not traced again, so
    parts with variables that only tracing makes cannot be served, nor parts that draw from NumPy's generator, since
    what they drew may stand in a graph as a constant.
    """
    made = prepared.made
    again = None if made is None else rebuilt(made, agent, buffer, prepared.spaces, seed)
    if again is None:
        return None
    reseeded = dataclasses.replace(prepared, seed=seed)
    begin(reseeded, again.built)
    return reseeded


def rebuilt(made: Made, agent: Agent, buffer: Buffer, spaces: Spaces, seed: int) -> Made | None:
    """The same programs with working parts built with this seed; None where nobody knows what variables begin with."""
    with quiet_autograph():
        learner, selection = build(agent, buffer, spaces, seed)
    learner_values = _values(variables_of(learner, "learner"), made.learner_program)
    selection_values = _values(variables_of(selection, "selection"), made.selection_program)
    if learner_values is None or selection_values is None or _numpy_was_drawn_from(global_seed(seed)):
        return None
    return made._replace(learner=learner, selection=selection, built=Start(learner_values, selection_values))


def _values(built: Mapping[str, Variable], program: Program) -> dict[str, npt.NDArray[Any]] | None:
    """What variables begin with, or None if they are not those of the program."""
    wanted = {name: (variable.shape, variable.dtype) for name, variable in program.variables.items()}
    if wanted != {name: (variable.shape, variable.dtype) for name, variable in built.items()}:
        return None
    return {name: variable.numpy() for name, variable in built.items()}


def _numpy_was_drawn_from(seed: int) -> bool:
    """Whether NumPy's global generator, seeded like this, has been used since."""
    _, fresh, place, *_ = np.random.RandomState(seed).get_state(legacy=True)
    _, now, reached, *_ = np.random.get_state(legacy=True)
    return reached != place or not np.array_equal(now, fresh)
