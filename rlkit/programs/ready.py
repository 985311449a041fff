"""Programs that are ready to run, as the loops see them: plain data and callables. No TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.contracts.agent import Learner
from rlkit.contracts.buffer import Columns, Storage
from rlkit.contracts.demand import Due
from rlkit.contracts.spaces import Spaces
from rlkit.noise.drawn import DrawnNoise, NoiseLayout
from rlkit.noise.philox import stream_key
from rlkit.programs.program import Arrays, Backend, Program
from rlkit.programs.weights.initial_weights import InitialWeight, draw

MEMORY = "memory_"
"""Before the number of a leaf of the memory, where it is an input or output."""
MASS = "mass"
"""The output of `added` and `update` where the core draws by masses."""
ADDED_AT_ONCE = 64
"""Times the environments: how many new slots one call of `added` takes at most."""
_ADDED_AT_ONCE = 8
"""The same at least: what is stored before learning begins comes in few calls."""


def added_at_once(due: Due, environments: int) -> int:
    """How many new slots one call of `added` takes: as many as come between learning steps, if those are few.

    Room that stays empty is paid for, in trees above all.
    """
    steps = {"episode_end": ADDED_AT_ONCE, "step": -(-due.every // environments)}.get(due.clock, due.every)
    return min(max(steps, _ADDED_AT_ONCE), ADDED_AT_ONCE) * environments


def draws_by_mass(selection: object) -> bool:
    """Whether a working selection leaves drawing to the core. See `Selection`."""
    return getattr(selection, "draws_by_mass", False) is True


def rank_exponent(selection: object) -> float | None:
    """How fast masses fall with the rank, of one whose masses are those of ranks. See `Selection`.

    Raises:
        ValueError: for what is no finite number of at least 0.
    """
    exponent = getattr(selection, "rank_exponent", None)
    if exponent is None or not draws_by_mass(selection):
        return None
    if not isinstance(exponent, (int, float)) or not 0.0 <= exponent < math.inf:
        message = f"rank_exponent is {exponent!r}; allowed: a finite number, at least 0"
        raise ValueError(f"buffer, {type(selection).__name__}: {message}")
    return float(exponent)


class Chosen(NamedTuple):
    """A backend, and why it is this one."""

    backend: Backend
    reason: str
    """Empty for the fastest."""


@dataclass(frozen=True)
class Deciders:
    """What to call those who choose, in messages: part, method, the author's file and line."""

    act: str = "the agent"
    """Who chooses actions while training."""
    act_greedy: str = "the agent"
    """Who does while evaluating."""
    select: str = "the buffer"
    """Who selects rows."""
    added: str = "the buffer"
    """Who gives new steps their masses."""
    update: str = "the buffer"
    """Who gives rows their masses that were learned from."""


@dataclass(frozen=True)
class LearnerShapes:
    """The learner's program, and what a loop must know of its shapes."""

    program: Program
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
    """What variables begin with, those left out that are drawn by the plan of weights. No seed changes it."""

    learner: Arrays
    selection: Arrays


@dataclass(frozen=True)
class ReadyPrograms:
    """All that the stepwise loop runs on, beside the environment."""

    compiled: ClassVar[bool] = False
    """They are for the compiled loop."""
    spaces: Spaces
    seed: int
    due: Due
    storage: Storage
    shapes: LearnerShapes
    acting: Chosen
    """The learner's program."""
    selection: Program
    selecting: Chosen
    """The selection's program."""
    plan: tuple[InitialWeight, ...]
    """How the weights begin that the core draws; the other variables begin as their component made them."""
    start: Start
    learner: Learner | None = None
    """The working agent; None if the programs were kept by an earlier process."""
    deciders: Deciders = Deciders()
    warnings: tuple[str, ...] = ()
    rank_exponent: float | None = None
    """Where the selection's masses are priorities to be ranked, how fast masses fall with the rank."""
    origin: str = ""
    """In a few words for people, where the programs came from and whether they are kept."""

    @property
    def by_mass(self) -> bool:
        """Whether the core draws rows by the masses that the selection gives them."""
        select = self.selection.function("select")
        return select is not None and "drawn_slots" in select.specs()

    def noise_of(self, function: str) -> NoiseLayout:
        """What noise a function asks for."""
        functions = (*self.shapes.program.functions, *self.selection.functions)
        return next(found.noise for found in functions if found.name == function)

    @property
    def drawing_noise(self) -> NoiseLayout:
        """What drawing the rows of a sample by their masses asks for: an integer a row."""
        storage = self.storage
        return NoiseLayout((False,) * (storage.sampling.size or storage.environments))

    def drawn_noise(self, function: str, stream: str) -> DrawnNoise:
        """The numbers of a function, drawn from a stream of the run."""
        return DrawnNoise(stream_key(self.seed, stream), self.noise_of(function))


def begin(ready: ReadyPrograms) -> None:
    """Set all variables as a run with this seed begins: the plan's are drawn, the others are those of `start`."""
    backend = ready.acting.backend
    backend.write({**ready.start.learner, **drawn(ready)})
    ready.selecting.backend.write(ready.start.selection)
    if ready.shapes.program.function("begin") is not None:
        noise = ready.drawn_noise("begin", "begin").at(0)
        backend.function("begin")(np.zeros(4, np.int64), *noise)


def drawn(ready: ReadyPrograms) -> Mapping[str, npt.NDArray[Any]]:
    """The initial weights of this seed."""
    return draw(ready.plan, ready.seed)
