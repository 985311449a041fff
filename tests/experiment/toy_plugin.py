"""A plugin for these tests: small parts whose parameters and checks no other work changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from rlkit import (
    Agent,
    Buffer,
    Due,
    Environment,
    Exploration,
    Network,
    ParameterError,
    Recorder,
    Sampling,
    Schedule,
    Spaces,
    Stop,
    component,
    hookimpl,
    parameter,
)


@component
class Corridor:
    length: int = parameter(doc="cells", at_least=1)
    options: Mapping[str, object] | None = parameter(default=None, doc="anything")
    name_of_goal: str = parameter(default="goal")

    def make(self, *, render: bool) -> Any:
        import gymnasium

        if self.length > 1000:
            raise ValueError(f"a corridor of {self.length} cells\nis too long")
        if self.options and "explode" in self.options:
            raise RuntimeError("boom")
        if self.options and "exit" in self.options:
            raise SystemExit(3)
        made: Any = gymnasium.Env()
        made.observation_space = gymnasium.spaces.Box(0, 1, (self.length,), np.float32)
        made.action_space = gymnasium.spaces.Discrete(2)
        if self.options and "pairs" in self.options:
            made.action_space = gymnasium.spaces.MultiDiscrete([2, 2])
        return made


@component
class Ramp:
    start: float = parameter(doc="at the beginning")
    end: float = parameter(default=0.0)

    def __post_init__(self) -> None:
        if self.end > self.start:
            raise ParameterError("end", f"found {self.end}; allowed: at most start ({self.start})")

    def value(self, progress: Any) -> Any: ...


@component
class Dense:
    hidden: tuple[int, ...] = parameter(default=(64,), doc="units", at_least=1)
    activation: Literal["relu", "tanh"] = parameter(default="relu")
    bias: bool = parameter(default=True)
    seed_name: str | None = parameter(default=None)

    def build(self, inputs: Any, units: int | None = None) -> Any: ...


@component
class Picky:
    """Reads observations of three numbers."""

    def check(self, spaces: Spaces) -> None:
        if spaces.observation.shape != (3,):
            raise ValueError(f"network 'picky' reads 3 numbers; found a {spaces.observation}")

    def build(self, inputs: Any, units: int | None = None) -> Any: ...


@component
class Wrapped:
    """A network within a network."""

    inner: Network = parameter(default=Dense(hidden=(5,)))
    others: tuple[Network, ...] = parameter(default=())

    def build(self, inputs: Any, units: int | None = None) -> Any: ...


@component
class Ring:
    capacity: int = parameter(doc="rows", at_least=1, at_most=100_000)

    def build(self, storage: Any) -> Any: ...


@component
class Noisy:
    scale: float | Schedule = parameter(default=1.0, doc="spread", at_least=0)
    clip: float | None = parameter(default=None, above=0)

    def select(self, values: Any, seen: Any, call: Any) -> Any: ...


@component
class Plain:
    def select(self, values: Any, seen: Any, call: Any) -> Any: ...


@component
class Crashing:
    on_check: bool = parameter(default=False)

    def __post_init__(self) -> None:
        if not self.on_check:
            raise ZeroDivisionError("made badly")

    def check(self, spaces: Spaces) -> None:
        raise KeyError("checked badly")

    def select(self, values: Any, seen: Any, call: Any) -> Any: ...


@component
class After:
    episodes: int = parameter(at_least=1)
    threshold: float = parameter(default=0.5)

    def met(self, history: Any) -> Any: ...


@component
class Silent:
    every: int = parameter(default=1, at_least=1)

    def start(self, run: Any) -> object: ...


@component
class Unwritable:
    """Its default is no number that a file can hold."""

    step: float = np.float64(0.5)

    def start(self, run: Any) -> object: ...


@component
class Toy:
    gamma: float = parameter(default=0.95, doc="discount", at_least=0, at_most=1)
    batch_size: int = parameter(default=4, at_least=1)
    clip: float | Schedule = parameter(default=0.2)
    network: Network = parameter()
    buffer: Buffer = parameter(doc="what is replayed")
    exploration: Exploration = parameter(default=Noisy())
    critic: Network | None = parameter(default=None)

    sampling, due = Sampling(4), Due(1, first=4)

    def build(self, spaces: Spaces) -> Any: ...

    def check(self, spaces: Spaces) -> None:
        if self.batch_size > self.buffer.capacity:
            raise ParameterError("buffer.capacity", f"found {self.buffer.capacity}; at least {self.batch_size} needed")
        if self.gamma == 1:
            raise ParameterError("gamma", "a corridor never ends")


@component
class Lone:
    """An agent without parts."""

    sampling, due = Sampling(4), Due(1, first=4)

    def build(self, spaces: Spaces) -> Any: ...


@component
class Clashing:
    """An agent whose part has the name of a key of every experiment."""

    limits: Stop = parameter(default=After(episodes=1))
    sampling, due = Sampling(4), Due(1, first=4)

    def build(self, spaces: Spaces) -> Any: ...


@hookimpl
def rlkit_agents() -> Mapping[str, type[Agent]]:
    return {"toy": Toy, "lone": Lone, "clashing": Clashing}


@hookimpl
def rlkit_environments() -> Mapping[str, type[Environment]]:
    return {"corridor": Corridor}


@hookimpl
def rlkit_networks() -> Mapping[str, type[Network]]:
    return {"dense": Dense, "picky": Picky, "wrapped": Wrapped}


@hookimpl
def rlkit_buffers() -> Mapping[str, type[Buffer]]:
    return {"ring": Ring}


@hookimpl
def rlkit_explorations() -> Mapping[str, type[Exploration]]:
    return {"noisy": Noisy, "plain": Plain, "crashing": Crashing}


@hookimpl
def rlkit_schedules() -> Mapping[str, type[Schedule]]:
    return {"ramp": Ramp}


@hookimpl
def rlkit_stops() -> Mapping[str, type[Stop]]:
    return {"after": After}


@hookimpl
def rlkit_recorders() -> Mapping[str, type[Recorder]]:
    return {"silent": Silent, "unwritable": Unwritable}
