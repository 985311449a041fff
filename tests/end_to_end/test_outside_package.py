"""Parts that ask for the whole reach of the contracts, from a package outside the tree: each runs in both loops."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.installed import python_with, run, wheel_of

SOURCE = Path(__file__).parent / "outside"
PROGRAM = """
import json, sys
import rlkit

common = ["limits={episodes: 2000, steps: 700}", "stop=[]", "recorders=[]", "evaluation.episodes=1"]
common += ["network.hidden=[16]"]
told = {}
for name, changes in json.loads(sys.argv[1]).items():
    result = rlkit.run(rlkit.load(changes[0], [*common, *changes[1:]], seed=1), out=sys.argv[2])
    told[name] = json.loads((result.folder / "run.json").read_bytes())
print(json.dumps(told))
"""
PARTS = {
    "upper_confidence": ["exploration=upper_confidence"],
    "value_differences": ["exploration=value_differences"],
    "proportional": ["buffer={name: proportional, capacity: 500}", "agent.n_step=3"],
    "quantiles": ["head=quantiles"],
    "corridor": ["environment={name: compiled, id: Corridor-v0}"],
}
STEPWISE = {"corridor": ["environment={name: gymnasium, id: rlkit/Corridor-v0}"]}
ROLLOUTS = {
    "one environment": ["environment={name: gymnasium, id: CartPole-v1}"],
    "eight environments": ["environment={name: gymnasium, id: CartPole-v1, count: 8}"],
    "compiled": ["environment={name: compiled, id: CartPole-v1}"],
}
EXPERIMENT = """
name: outside
environment: {name: gymnasium, id: CartPole-v1}
agent: advantage_actor_critic
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(SOURCE, project, dirs_exist_ok=True)
    return python_with(wheel_of(project, project / "dist"), tmp_path_factory.mktemp("environment"))


@pytest.mark.parametrize(
    ("experiment", "loop"),
    [
        ("cartpole_dqn", "stepwise"),
        # Five XLA compilations: conformance suites and tests/loops run such parts there.
        pytest.param("cartpole_dqn_compiled", "compiled", marks=pytest.mark.slow),
    ],
)
def test_every_part_runs_by_name_in_both_loops(python: Path, tmp_path: Path, experiment: str, loop: str) -> None:
    special = STEPWISE if loop == "stepwise" else {}
    runs = {name: [experiment, *special.get(name, changes)] for name, changes in PARTS.items()}
    told = json.loads(run(python, "-c", PROGRAM, json.dumps(runs), tmp_path, cwd=tmp_path).splitlines()[-1])
    ran = {name: (one["status"], one["loop"]) for name, one in told.items()}
    assert ran == dict.fromkeys(PARTS, ("finished", loop))
    assert all(one["steps"] >= 700 and one["updates"] > 100 for one in told.values())


def test_an_agent_of_rollouts_runs_in_both_loops_and_in_eight_environments(python: Path, tmp_path: Path) -> None:
    file = tmp_path / "outside.yaml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    runs = {name: [str(file), *changes] for name, changes in ROLLOUTS.items()}
    told = json.loads(run(python, "-c", PROGRAM, json.dumps(runs), tmp_path, cwd=tmp_path).splitlines()[-1])
    assert {name: one["status"] for name, one in told.items()} == dict.fromkeys(ROLLOUTS, "finished")
    assert told["compiled"]["loop"] == "compiled"
    assert [told[name]["updates"] for name in ("one environment", "eight environments")] == [700 // 16, 704 // 8 // 16]
