"""Parts that ask for the whole reach of the contracts, from a package outside the tree: each runs in both loops."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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
CORRIDOR = "environment={name: compiled, id: {name: Corridor-v0, length: 4}}"
STEPWISE = {CORRIDOR: "environment={name: gymnasium, id: rlkit/Corridor-v0, kwargs: {length: 4}}"}
PARTS = {
    "count, priorities": [
        "exploration=upper_confidence",
        "buffer={name: proportional, capacity: 500}",
        "agent.n_step=3",
    ],
    "value differences, quantiles, mask": [
        "exploration=value_differences",
        "head=quantiles",
        CORRIDOR,
    ],
}
"""Together, since each program takes seconds to make; conformance suites and tests/loops run such parts one by one."""
ROLLOUTS = "environment={name: gymnasium, id: CartPole-v1, count: 8}"
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


def written(folder: Path) -> str:
    """The experiment of the agent of rollouts."""
    file = folder / "outside.yaml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    return str(file)


def told_of(python: Path, folder: Path, runs: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """The manifests of runs, all in one process."""
    printed = run(python, "-c", PROGRAM, json.dumps(runs), folder, cwd=folder)
    told: dict[str, dict[str, Any]] = json.loads(printed.splitlines()[-1])
    return told


@pytest.fixture(scope="module")
def told(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Of every part in the stepwise loop, and of the agent of rollouts."""
    folder = tmp_path_factory.mktemp("runs")
    parts = {name: ["cartpole_dqn", *(STEPWISE.get(one, one) for one in changes)] for name, changes in PARTS.items()}
    return told_of(python, folder, {**parts, "rollouts": [written(folder), ROLLOUTS]})


def assert_finished(told: Mapping[str, Mapping[str, Any]], loop: str) -> None:
    assert {name: (one["status"], one["loop"]) for name, one in told.items()} == dict.fromkeys(
        PARTS, ("finished", loop)
    )
    assert all(one["steps"] >= 700 and one["updates"] > 100 for one in told.values())


def test_every_part_runs_by_name(told: dict[str, dict[str, Any]]) -> None:
    assert_finished({name: told[name] for name in PARTS}, "stepwise")


# To compile them takes longest: conformance suites and tests/loops run such parts there.
@pytest.mark.slow
def test_every_part_runs_by_name_in_the_compiled_loop(python: Path, tmp_path: Path) -> None:
    runs = {name: ["cartpole_dqn_compiled", *changes] for name, changes in PARTS.items()}
    rollouts = [written(tmp_path), "environment={name: compiled, id: CartPole-v1}"]
    told = told_of(python, tmp_path, {**runs, "rollouts": rollouts})
    assert_of_rollouts(told.pop("rollouts"), "compiled", 700 // 16)
    assert_finished(told, "compiled")


def test_an_agent_of_rollouts_runs_in_eight_environments(told: dict[str, dict[str, Any]]) -> None:
    assert_of_rollouts(told["rollouts"], "stepwise", 704 // 8 // 16)


def assert_of_rollouts(told: Mapping[str, Any], loop: str, updates: int) -> None:
    assert (told["status"], told["loop"], told["updates"]) == ("finished", loop, updates)
