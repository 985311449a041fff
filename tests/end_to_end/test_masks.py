"""Forbidden actions, from the experiment's file to the policy in the run's folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

import rlkit
from rlkit.cli.main import main
from rlkit_gymnasium.environment import GymnasiumEnvironment
from tests.conftest import PluginSite
from tests.loops.masked import Doors, Watched

EXPERIMENT = """\
name: masked
environment: {environment}
agent: {{name: dqn, batch_size: 8}}
network: {{name: mlp, hidden: [8]}}
exploration: {exploration}
limits: {{steps: 400, steps_per_episode: 60}}
evaluation: {{episodes: 0}}
recorders: []
"""
PLUGIN = """\
from __future__ import annotations

import tensorflow as tf

from rlkit import component, hookimpl
from tests.loops.masked import Doors


@component
class Ignoring:
    '''Does not look at the mask.'''

    def select(self, values, seen, call):
        return tf.fill((values.shape[0],), 3)


@hookimpl
def rlkit_explorations():
    return {"ignoring": Ignoring}


@hookimpl
def rlkit_compiled_environments():
    return {"Doors-v0": Doors}
"""
TAXI, DOORS = "{name: gymnasium, id: Taxi-v4}", "{name: compiled, id: Doors-v0}"


@pytest.fixture
def plugin(plugin_site: PluginSite) -> PluginSite:
    plugin_site.install("doors", PLUGIN)
    plugin_site.discover()
    return plugin_site


def written(folder: Path, environment: str, exploration: str = "epsilon_greedy") -> Path:
    file = folder / "masked.yaml"
    file.write_text(EXPERIMENT.format(environment=environment, exploration=exploration))
    return file


def made(environment: str) -> gymnasium.Env[Any, Any]:
    return GymnasiumEnvironment(id="Taxi-v4").make(render=False) if environment == TAXI else rlkit.as_gymnasium(Doors())


def play(folder: Path, environment: Watched, steps: int) -> None:
    """Act by the run's policy alone, as docs/run-folder.md says."""
    model, weights = Interpreter(f"{folder}/policy.tflite"), np.load(f"{folder}/checkpoints/final.npz")
    names = [f"variable_{place:03d}" for place in range(len(weights.files))]
    model.get_signature_runner("write_variables")(**dict(zip(names, weights.values(), strict=True)))
    act = model.get_signature_runner("act_greedy")
    inputs = {name: np.zeros(told["shape"], told["dtype"]) for name, told in act.get_input_details().items()}
    over = True
    for step in range(steps):
        if over:
            observation, info = environment.reset(seed=step)
        seen = {"observation": observation[np.newaxis], "allowed": info["action_mask"][np.newaxis].astype(bool)}
        (action,) = act(**{**inputs, **seen})["action"]
        observation, _, terminated, truncated, info = environment.step(action)
        over = terminated or truncated


@pytest.mark.parametrize(
    "environment",
    [pytest.param(TAXI, id="taxi, stepwise"), pytest.param(DOORS, id="doors, compiled", marks=pytest.mark.slow)],
)
def test_a_run_its_evaluation_and_its_policy_do_nothing_forbidden(
    environment: str, plugin: PluginSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The loops end a run whose agent takes a forbidden action, so runs and evaluations that end well obey.
    assert main(["run", str(written(tmp_path, environment)), "--quiet", "--out", str(tmp_path / "runs")]) == 0
    (folder,) = (tmp_path / "runs" / "masked").iterdir()
    assert main(["evaluate", str(folder), "--episodes", "2"]) == 0
    watched = Watched(made(environment))
    play(folder, watched, 100)
    watched.assert_obedient()


@pytest.mark.parametrize("environment", [TAXI, DOORS], ids=["taxi, stepwise", "doors, compiled"])
def test_an_exploration_that_ignores_the_mask_is_named_with_its_line(
    environment: str, plugin: PluginSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(written(tmp_path, environment, "ignoring"))
    assert main(["run", file, "--quiet", "--debug", "--out", str(tmp_path / "runs")]) == 1
    told = capsys.readouterr().err
    chose = r"exploration 'ignoring', select \(\S*doors/__init__.py:\d+\) chose action 3, which is not allowed there"
    assert re.search(chose, told)
    assert "Traceback" not in told
