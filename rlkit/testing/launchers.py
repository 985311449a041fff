"""The suite of launchers."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections import deque
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from rlkit.contracts.launcher import Ended, Launcher, Order
from rlkit.experiment.loading import load
from rlkit.experiment.resolved import to_yaml
from rlkit.runs.folder import RunFolder
from rlkit.runs.order_runner import order_runner
from rlkit.testing.component_suite import ComponentSuite

_OVERRIDES = (
    "name=conformance",
    "recorders=[]",
    "limits={episodes: 2, steps_per_episode: 20}",
    "evaluation.episodes=0",
)
_SEEDS = (0, 1, 2)
_LATE = 3
"""A seed that comes to wait when a run has ended."""
_WRONG = "name: conformance\nagent: no_such_agent\n"


class LauncherSuite(ComponentSuite):
    """`component = LocalProcesses()`. What it needs must be there: the cluster, say. A demand takes some seconds."""

    contract = Launcher
    jobs: ClassVar[int] = 2
    """Runs at the same time."""

    def test_every_run_that_waits_is_carried_out_once(self) -> None:
        """Those that come to wait meanwhile, too."""
        told = sorted(end.order.seed for end in self._launched.ends if not end.problems)
        self.demand(told == [*_SEEDS, _LATE], f"the seeds {[*_SEEDS, _LATE]}, each once", str(told), "launch")
        lost = [end for end in self._launched.ends if end.died or end.reason]
        self.demand(not lost, "no run to be lost", "; ".join(end.reason for end in lost), "launch")

    def test_a_run_is_what_it_is_anywhere(self) -> None:
        """The same files, with the same rows, as if it had been carried out here."""
        for seed, files in self._launched.files.items():
            here = self._launched.here[seed]
            asks = f"the files {', '.join(sorted(here))} in the run's folder"
            self.demand(files.keys() == here.keys(), asks, ", ".join(sorted(files)), "launch")
            rows, expected = _rows(files["episodes.jsonl"]), _rows(here["episodes.jsonl"])
            self.demand(rows == expected, f"the rows {expected} of seed {seed}", str(rows), "launch")
            status = json.loads(files["run.json"])["status"]
            self.demand(status == "finished", "a run.json that says the run is finished", str(status), "launch")

    def test_an_experiment_that_is_wrong_is_told_with_its_problems(self) -> None:
        """And is no reason to try again."""
        wrong = [end for end in self._launched.ends if end.order.experiment == _WRONG]
        told = len(wrong) == 1 and wrong[0].problems and not wrong[0].died
        self.demand(told, "one rlkit.Ended with problems that has not died", str(wrong), "launch")

    def test_nothing_begins_after_an_interrupt(self) -> None:
        """A study that is interrupted starts no more."""
        with tempfile.TemporaryDirectory() as name:
            orders = _Waiting(Path(name))
            orders.add(0)
            ends = list(self.component.launch(orders, self.jobs, _Interrupts(count=1)))
            self.demand(not orders.took and not ends, "no order to be taken", f"{len(orders.took)} taken", "launch")

    def test_closing_it_early_ends_it(self) -> None:
        """Whoever iterates may stop."""
        with tempfile.TemporaryDirectory() as name:
            orders = _Waiting(Path(name))
            for seed in range(4):
                orders.add(seed)
            ends = iter(self.component.launch(orders, 1, _Interrupts()))
            next(ends)
            close = getattr(ends, "close", None)
            self.demand(close is not None, "an iterator that can be closed, such as a generator", repr(ends), "launch")
            assert close is not None
            close()

    @property
    def _launched(self) -> _Launch:
        """One launch, which several demands look at."""
        cls: Any = type(self)
        if "_launch" not in cls.__dict__:
            cls._launch = self._launch_all()
        launch: _Launch = cls._launch
        return launch

    def _launch_all(self) -> _Launch:
        with tempfile.TemporaryDirectory() as name, warnings.catch_warnings(action="ignore"):
            orders = _Waiting(Path(name, "runs"))
            for seed in _SEEDS:
                orders.add(seed)
            orders.add(0, _WRONG)
            ends = list[Ended]()
            for end in self.component.launch(orders, self.jobs, _Interrupts()):
                if not ends:
                    orders.add(_LATE)
                ends.append(end)
            files = {end.order.seed: _files(end.order.folder) for end in ends if not end.problems}
            alone = _Waiting(Path(name, "here"))
            here, carry_out = {}, order_runner()
            for seed in sorted(files):
                alone.add(seed)
                order = alone.take()
                assert order is not None
                carry_out(order)
                here[seed] = _files(order.folder)
            return _Launch(ends, files, here)


class _Launch(NamedTuple):
    ends: list[Ended]
    files: dict[int, dict[str, bytes]]
    """By seed and name: what the runs have left."""
    here: dict[int, dict[str, bytes]]
    """The same of runs that were carried out in this process."""


class _Interrupts(NamedTuple):
    count: int = 0  # type: ignore[assignment]
    signal: int = 0


class _Waiting:
    """Orders, as `rlkit.Orders`."""

    def __init__(self, out: Path) -> None:
        self._out, self.took = out, list[Order]()
        self._experiment = load("cartpole_dqn", _OVERRIDES)
        self._text = to_yaml({**self._experiment.resolved, "seed": 0})
        self._waiting: deque[tuple[int, str]] = deque()

    def add(self, seed: int, text: str = "") -> None:
        self._waiting.append((seed, text or self._text))

    def take(self, after: Order | None = None) -> Order | None:
        if not self._waiting:
            return None
        seed, text = self._waiting.popleft()
        folder = RunFolder.create(self._out, "conformance", seed)
        self.took.append(Order(text, self._experiment.source, seed, folder.path))
        return self.took[-1]

    def waiting(self) -> int:
        return len(self._waiting)


def _files(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".reserve")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _rows(file: bytes) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in file.splitlines()]
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]
