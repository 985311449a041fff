"""Parts that were replaced in Python: the resolved file tells them, or they are refused before anything runs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rlkit
from rlkit import Experiment, ExperimentError, component
from rlkit.experiment.loading import as_told, load
from rlkit.experiment.resolved import to_yaml
from rlkit_dqn.explorations.boltzmann import Boltzmann


@component
class Mine:
    units: int = 3


@pytest.fixture(scope="module")
def cartpole() -> Experiment:
    return rlkit.load("cartpole_dqn")


def with_agent(experiment: Experiment, **changes: Any) -> Experiment:
    agent: Any = experiment.agent
    return dataclasses.replace(experiment, agent=dataclasses.replace(agent, **changes))


def test_what_was_not_replaced_is_left_alone(cartpole: Experiment) -> None:
    assert as_told(cartpole) is cartpole
    same = with_agent(cartpole)
    assert as_told(same) is same


def test_the_resolved_file_tells_the_part_that_is_there(cartpole: Experiment, tmp_path: Path) -> None:
    changed = with_agent(cartpole, gamma=0.5, exploration=Boltzmann(temperature=2.0))
    assert changed.resolved["agent"]["gamma"] == 0.5
    assert changed.resolved["exploration"] == {"name": "boltzmann", "temperature": 2.0}
    told = as_told(changed)
    assert told.agent == changed.agent
    assert {entry.name for entry in told.entries} >= {"boltzmann"}
    assert told.override("buffer.capacity=900").resolved["agent"]["gamma"] == 0.5
    (tmp_path / "told.yaml").write_text(to_yaml(changed.resolved))
    assert load(str(tmp_path / "told.yaml")).agent == changed.agent


def test_a_class_that_no_plugin_offers_is_refused_with_its_place(cartpole: Experiment) -> None:
    lines = Path(__file__).read_text().splitlines()
    place = f"{__file__}:{lines.index('@component') + 1}"
    with pytest.raises(ExperimentError) as caught:
        as_told(with_agent(cartpole, network=Mine()))
    assert str(caught.value) == (
        f"cartpole_dqn (parts replaced in Python): network: found the class Mine ({place}), which no experiment file "
        "can name; allowed: a class that a plugin offers by the hook rlkit_networks"
    )


def test_a_value_that_no_file_can_hold_is_refused(cartpole: Experiment) -> None:
    with pytest.raises(ExperimentError) as caught:
        as_told(with_agent(cartpole, gamma=np.float64(0.5)))
    assert str(caught.value) == (
        "cartpole_dqn (parts replaced in Python): agent.gamma: found np.float64(0.5) (float64), which no experiment "
        "file can hold; allowed: bool, int, float (finite), str, None, lists, tuples and maps of these"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": -1}, "seed: found -1; allowed: 0 to "),
        ({"name": "../elsewhere"}, "name: found '../elsewhere'; allowed: up to 100 letters"),
        ({"stop": (Boltzmann(),)}, "stop.0: found the class Boltzmann ("),
    ],
)
def test_what_a_file_may_not_say_is_refused(cartpole: Experiment, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        as_told(dataclasses.replace(cartpole, **change))
    assert str(caught.value).startswith(f"cartpole_dqn (parts replaced in Python): {message}")


def test_nothing_runs_and_no_folder_is_made(cartpole: Experiment, tmp_path: Path) -> None:
    changed = with_agent(cartpole, network=Mine())
    for refused in (
        lambda: rlkit.run(changed, out=tmp_path),
        lambda: rlkit.run_seeds(changed, range(2), out=tmp_path),
        lambda: rlkit.run_seeds(changed, range(2), jobs=2, out=tmp_path),
    ):
        with pytest.raises(ExperimentError, match="which no experiment file can name"):
            refused()
    assert list(tmp_path.iterdir()) == []
