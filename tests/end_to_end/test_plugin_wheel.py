"""A stranger's plugin, from its source to a run: built as a wheel, installed by pip, listed, and used by name."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from tests.end_to_end.installed import python_with, run, wheel_of

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-rl-parts"
version = "0.3.1"
description = "Parts for rlkit"
dependencies = ["rlkit-framework"]

[project.entry-points.rlkit]
acme = "acme_rl_parts"

[tool.hatch.build.targets.wheel]
packages = ["acme_rl_parts"]
"""

PACKAGE = '''
"""Parts for rlkit."""

from __future__ import annotations

from acme_rl_parts.dithering import Dithering
from acme_rl_parts.stepwise_average import StepwiseAverage
from rlkit import hookimpl

RLKIT_API = 1


@hookimpl
def rlkit_explorations():
    return {"dithering": Dithering}


@hookimpl
def rlkit_target_updates():
    return {"stepwise_average": StepwiseAverage}
'''

EXPLORATION = '''
"""Dithering: the greatest of the action values after uniform noise was added to them."""

from __future__ import annotations

import tensorflow as tf

from rlkit import component, parameter


@component
class Dithering:
    """The action of greatest value, after noise uniform in [0, width) was added to each."""

    width: float = parameter(default=1.0, doc="of the noise, in units of return", above=0)

    def select(self, values, _seen, call):
        return tf.argmax(values + self.width * call.noise.uniform(values.shape), -1, tf.int32)
'''

TARGET_UPDATE = '''
"""A target network that takes part of the online weights every few learning steps."""

from __future__ import annotations

import tensorflow as tf

from rlkit import component, parameter


@component
class StepwiseAverage:
    """Every `period` learning steps, `share` of the online weights is mixed in."""

    share: float = parameter(default=0.2, doc="of the online weights", above=0, at_most=1)
    period: int = parameter(default=10, doc="learning steps from one update to the next", at_least=1)

    def update(self, target, online, call):
        share = tf.where(call.progress.update % self.period == 0, self.share, 0.0)
        for old, new in zip(target, online, strict=True):
            old.assign(old + share * (new - old))
'''


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("project")
    files = {
        "pyproject.toml": PROJECT,
        "acme_rl_parts/__init__.py": PACKAGE,
        "acme_rl_parts/dithering.py": EXPLORATION,
        "acme_rl_parts/stepwise_average.py": TARGET_UPDATE,
    }
    for name, text in files.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    return wheel_of(project, project / "dist")


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh virtual environment with the wheel, and all that this environment has."""
    return python_with(wheel, tmp_path_factory.mktemp("environment"))


def test_an_installed_wheel_is_listed_with_its_distribution(python, tmp_path):
    data = json.loads(run(python, "-m", "rlkit", "plugins", "--json", cwd=tmp_path))
    assert data["broken"] == []
    plugin = next(plugin for plugin in data["plugins"] if plugin["name"] == "acme")
    assert (plugin["distribution"], plugin["version"]) == ("acme-rl-parts", "0.3.1")
    assert plugin["loads_tensorflow"] is False
    offered = {
        (kind["name"], component["name"])
        for kind in data["kinds"]
        for component in kind["components"]
        if component["plugin"] == "acme"
    }
    assert offered == {("exploration", "dithering"), ("target_update", "stepwise_average")}
    listed = run(python, "-m", "rlkit", "plugins", cwd=tmp_path)
    assert "  dithering       acme-rl-parts 0.3.1  The action of greatest value, after noise" in listed


def test_an_installed_wheels_parts_run_by_name(python, wheel, tmp_path):
    run(
        *(python, "-m", "rlkit", "run", "cartpole_dqn", "--quiet", "--out", tmp_path / "runs"),
        *("--set", "exploration={name: dithering, width: 0.5}"),
        *("--set", "target_update=acme-rl-parts:stepwise_average"),
        *("--set", "limits.steps=600", "--set", "stop=[]", "--set", "evaluation.episodes=0", "--set", "recorders=[]"),
        cwd=tmp_path,
    )
    (manifest,) = (tmp_path / "runs").glob("cartpole_dqn/*/run.json")
    known = json.loads(manifest.read_text(encoding="utf-8"))
    assert known["status"] == "finished"
    assert known["updates"] > 50
    resolved = (manifest.parent / "experiment.yaml").read_text(encoding="utf-8")
    assert "dithering" in resolved
    assert "stepwise_average" in resolved
    losses = [json.loads(line)["loss"] for line in (manifest.parent / "metrics.jsonl").read_text().splitlines()]
    assert losses
    assert all(abs(loss) < 1e6 for loss in losses)
