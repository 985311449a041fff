"""A search whose runs are brought back at once by a launcher of the tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rlkit
from rlkit import Ended, Interrupts, Order, Orders
from rlkit.experiment.loading import from_text
from rlkit.tuning.checking import Tuning, check_tuning
from rlkit.tuning.folder import made as made_folder
from rlkit.tuning.folder import opened
from rlkit.tuning.reading import read_tuning
from rlkit.tuning.running import Progress, run_search

TEXT = """
base: cartpole_dqn_compiled
set: {limits.steps: 300, recorders: [], evaluation.episodes: 0, stop: []}
space: {agent.gamma: {low: 0.5, high: 1.0}}
trials: 4
seeds: 3
test_seeds: 10-14
objective: final
pruner: none
"""


class Killed(BaseException):
    """Ends a search as SIGKILL does: nothing hears of it."""


class Elsewhere:
    """Brings back a run that was made before, for every order.

    Its returns are all of one height: 100 times the discount factor, more or less by the seed.
    """

    def __init__(self, run: Path) -> None:
        self.run, self.took = run, list[tuple[str, int]]()
        self.lose, self.fail = set[int](), set[int]()
        """The first orders, by their number, that are lost, and that fail."""
        self.wrong, self.kill_at, self.kill_after_order = set[int](), -1, False

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        places: list[Order] = []
        while not interrupts.count:
            while len(places) < (jobs or 1) and (order := orders.take()) is not None:
                places.append(order)
            if not places:
                return
            yield self._ended(places.pop(0))

    def _ended(self, order: Order) -> Ended:
        number = len(self.took)
        self.took.append((order.folder.parent.name, order.seed))
        if number == self.kill_at and not self.kill_after_order:
            raise Killed
        if number in self.lose:
            return Ended(order, "its machine was lost", died=True)
        if number in self.wrong:
            return Ended(order, problems=(rlkit.Problem("file", "network.hidden", "has no room for that"),))
        shutil.copytree(self.run, order.folder, dirs_exist_ok=True)
        experiment = from_text(order.experiment, order.source)
        height = 100 * experiment.agent.gamma + order.seed % 3  # type: ignore[attr-defined]
        row = {"episode": 0, "step": 40, "length": 40, "return": height, "terminated": True, "truncated": False}
        (order.folder / "episodes.jsonl").write_text(json.dumps({**row, "seconds": 0.1}) + "\n", encoding="utf-8")
        changes: dict[str, Any] = {"seed": order.seed, "experiment": experiment.name}
        if number in self.fail:
            changes |= {"status": "failed", "stop_reason": "the environment broke"}
        file = order.folder / "run.json"
        file.write_text(json.dumps({**json.loads(file.read_bytes()), **changes}), encoding="utf-8")
        if number == self.kill_at:
            raise Killed
        return Ended(order)


@pytest.fixture(scope="module")
def real_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run leaves."""
    experiment = rlkit.load("cartpole_dqn", ["limits.steps=40", "recorders=[]", "evaluation.episodes=0", "stop=[]"])
    return rlkit.run(experiment, out=tmp_path_factory.mktemp("runs")).folder


@pytest.fixture
def elsewhere(real_run: Path) -> Elsewhere:
    return Elsewhere(real_run)


@pytest.fixture
def tuning(tmp_path: Path) -> Callable[..., Tuning]:
    """A checked tuning file, some of its text replaced, its runs carried out by a launcher."""

    def make(launcher: Elsewhere, *changes: tuple[str, str]) -> Tuning:
        text = TEXT
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "toy.yaml"
        path.write_text(text, encoding="utf-8")
        return replace(check_tuning(read_tuning(str(path))), launcher=launcher)

    return make


@pytest.fixture
def searched() -> Callable[..., Progress]:
    """The search carried out in a folder; what was said goes into `said`."""

    def run(tuning: Tuning, folder: Path, *, said: list[str] | None = None, jobs: int = 1) -> Progress:
        def told(progress: Progress, sentence: str) -> None:
            if said is not None and sentence:
                said.append(sentence)

        with made_folder(folder) as worker:
            return run_search(opened(tuning, folder, worker), jobs=jobs, debug=False, told=told)

    return run
