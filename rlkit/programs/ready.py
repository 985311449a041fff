"""Programs that are ready to run, as the loops see them: plain data and callables. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rlkit.contracts.data import Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.noise.drawn import NoiseLayout
from rlkit.programs.weights.initial_weights import InitialWeight, draw
from rlkit.replay.ring import Columns

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from rlkit.contracts.agent import Learner
    from rlkit.contracts.buffer import Selection
    from rlkit.loops.compiled.episode import EpisodeProgram
    from rlkit.loops.compiled.greedy import GreedyProgram
    from rlkit.programs.program import Arrays, Backend, Program

MEMORY = "memory_"
"""Before the number of a leaf of the memory, where it is an input or output."""
ADDED_AT_ONCE = 64
"""Times the environments: how many new slots one call of `added` takes."""


class Chosen(NamedTuple):
    """A backend, and why it is this one."""

    backend: Backend
    reason: str
    """Empty for the fastest."""


class InputOutline(NamedTuple):
    """An input of a function; a `tf.TensorSpec` has a name as well."""

    name: str


class FunctionOutline(NamedTuple):
    """What is to be known of a `GraphFunction` in order to call it."""

    name: str
    inputs: tuple[InputOutline, ...]
    noise: NoiseLayout


class Outline(NamedTuple):
    """What is to be known of a `Program` in order to call it."""

    functions: tuple[FunctionOutline, ...]
    variables: tuple[str, ...]


@dataclass(frozen=True)
class LearnerShapes:
    """The learner's program, and what a loop must know of its shapes."""

    program: Program | Outline
    columns: Columns
    """What the ring keeps of each step."""
    metrics: tuple[str, ...]
    """Names of the entries of `learn`'s output `metrics`."""
    reports: tuple[str, ...]
    """Names of the entries of `report`'s output; empty if there is no such function."""
    memory: tuple[npt.NDArray[Any], ...]
    """The leaves of the memory at an episode's start, for all environments."""
    greedy_memory: tuple[npt.NDArray[Any], ...]
    """The same for the one environment of an evaluation."""


class Start(NamedTuple):
    """What variables begin with whatever the seed, those left out that are drawn by the plan of weights."""

    learner: Arrays
    selection: Arrays


class Made(NamedTuple):
    """What programs were traced from, where that was done in this process."""

    learner: Learner
    selection: Selection
    learner_program: Program
    selection_program: Program
    built: Start
    """What all variables begin with that the plan of weights does not draw, with the seed they were built with."""


@dataclass(frozen=True)
class ReadyPrograms:
    """All that a loop runs on; for the stepwise one, beside the environment."""

    spaces: Spaces
    seed: int
    due: Callable[..., Any]
    """`Learner.due`."""
    shapes: LearnerShapes
    acting: Chosen
    """The learner's program."""
    selecting: Chosen
    """The selection's program."""
    selection: Program | Outline
    sampling: Sampling
    capacity: int
    warnings: tuple[str, ...]
    plan: tuple[InitialWeight, ...]
    """How the weights begin that the core draws; the other variables begin as their component made them."""
    episodes: EpisodeProgram | None = None
    """For training in the compiled loop."""
    greedy: GreedyProgram | None = None
    """For evaluation in the compiled loop."""
    made: Made | None = None
    """None if the programs were kept by an earlier process."""
    start: Start | None = None
    """None if it follows from the seed, or is not known not to."""
    origin: str = ""
    """In a few words for people, where the programs came from and whether they are kept."""

    def noise_of(self, function: str) -> NoiseLayout:
        """What noise a function asks for."""
        functions = (*self.shapes.program.functions, *self.selection.functions)
        layout: NoiseLayout = next(found.noise for found in functions if found.name == function)
        return layout


def begin(prepared: ReadyPrograms, start: Start) -> None:
    """Set all variables as a run with this seed begins: the plan's are drawn, the others are those of `start`."""
    backend = prepared.acting.backend
    backend.write({**start.learner, **drawn(prepared)})
    prepared.selecting.backend.write(start.selection)
    if any(function.name == "begin" for function in prepared.shapes.program.functions):
        backend.function("begin")()


def drawn(prepared: ReadyPrograms) -> Mapping[str, npt.NDArray[np.float32]]:
    """The initial weights of this seed."""
    return draw(prepared.plan, prepared.seed)
