"""Seeds come in batches until a question is answered, and no longer."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import rlkit
from rlkit import Ended, Interrupts, Order, Orders
from rlkit.comparing.comparison import compare
from rlkit.comparing.deciding import Deciding
from rlkit.comparing.looks import Looks
from rlkit.comparing.options import Options
from rlkit.comparing.runs import gather
from rlkit.studies.folder import StudyFolder
from rlkit.studies.plan import Plan, plan_of
from rlkit.studies.reading import read_study
from rlkit.studies.running import run_study

TEXT = """
base: cartpole_dqn
set: {limits.steps: 300, recorders: [], evaluation.episodes: 0, stop: []}
variants: {plain: {}, same: {agent.gamma: 0.94}, better: {agent.gamma: 0.96}}
seeds: 12
"""
OPTIONS = Options(measure="final")


class Elsewhere:
    """Brings back a run that was made before, with returns that the variant and the seed decide."""

    def __init__(self, made: Path) -> None:
        self.made, self.took = made, list[Order]()

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        while not interrupts.count and (order := orders.take()) is not None:
            self.took.append(order)
            shutil.copytree(self.made, order.folder, dirs_exist_ok=True)
            told = json.loads((self.made / "run.json").read_bytes())
            (order.folder / "run.json").write_text(json.dumps({**told, "seed": order.seed}), encoding="utf-8")
            variant = order.folder.parent.name
            rng = np.random.default_rng([order.seed, len(variant)])
            value = (60.0 if variant == "better" else 20.0) + float(rng.normal(0, 5))
            rows = [
                json.loads(line) for line in (self.made / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
            ]
            lines = [json.dumps({**row, "return": value}) for row in rows]
            (order.folder / "episodes.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            yield Ended(order)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run."""
    experiment = rlkit.load("cartpole_dqn", ["limits.steps=200", "recorders=[]", "evaluation.episodes=0", "stop=[]"])
    return rlkit.run(experiment, out=tmp_path_factory.mktemp("runs")).folder


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "toy.yaml").write_text(TEXT, encoding="utf-8")
    return plan_of(read_study(str(tmp_path / "toy.yaml")))


def decide(plan: Plan, path: Path, launcher: Elsewhere, batch: int) -> Counter[str]:
    """Run the study until it is decided; how many runs each variant was given."""
    folder = StudyFolder(path)
    folder.batch = batch
    with folder.held():
        folder.take_up(plan, again=False)
        deciding = Deciding(plan, folder, OPTIONS, Looks(plan.seeds, batch))
        run_study(
            plan,
            folder,
            launcher,
            jobs=1,
            debug=False,
            told=lambda *_: None,
            first=deciding.first(),
            more=deciding.more,
        )
    return Counter(order.folder.parent.name for order in launcher.took)


def test_a_variant_that_is_told_apart_gets_no_more_seeds(plan: Plan, made: Path, tmp_path: Path) -> None:
    given = decide(plan, tmp_path / "toy", Elsewhere(made), 4)
    assert given["plain"] == given["same"] == 12
    assert given["better"] in (4, 8)
    found = compare(gather([str(tmp_path / "toy")], tmp_path), OPTIONS)
    assert {verdict.b: verdict.better for verdict in found.verdicts} == {"same": None, "better": "better"}


def test_what_was_looked_at_is_not_run_again(plan: Plan, made: Path, tmp_path: Path) -> None:
    decide(plan, tmp_path / "toy", Elsewhere(made), 4)
    assert not decide(plan, tmp_path / "toy", Elsewhere(made), 4)
