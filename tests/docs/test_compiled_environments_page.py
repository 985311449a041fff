"""The examples of docs/compiled-environments.md are run as they stand."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import pytest
import yaml

import rlkit

PAGE = Path(__file__).parents[2] / "docs" / "compiled-environments.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("## Writing your own")[2].partition("\n## ")[0]
PLUGIN, TEST = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
YAML = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)


@pytest.fixture
def my_rooms(plugin_site):
    """The page's plugin, installed."""
    plugin_site.install("my_rooms", PLUGIN)
    catalogue = plugin_site.discover()
    assert not [plugin.error for plugin in catalogue.broken if plugin.name == "my_rooms"]
    return sys.modules["my_rooms"]


def test_the_pages_plugin_passes_the_pages_test(my_rooms):
    page = types.ModuleType("page")
    exec(TEST, page.__dict__)
    for name in dir(page.TestThermostat):
        if name.startswith("test_"):
            getattr(page.TestThermostat(), name)()


def test_the_pages_plugin_is_about_as_long_as_promised():
    assert len([line for line in PLUGIN.splitlines() if line.strip()]) <= 32


def test_the_pages_environments_can_be_chosen(my_rooms):
    for text in YAML:
        chosen = yaml.safe_load(text)["environment"]
        experiment = rlkit.load("catch_dqn", [f"environment={yaml.safe_dump(chosen, default_flow_style=True).strip()}"])
        given = {name: value for name, value in chosen["id"].items() if name != "name"}
        found = {name: getattr(experiment.environment.id, name) for name in given}
        assert found == {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def test_the_pages_plugin_trains(my_rooms, tmp_path):
    world = "environment={name: compiled, id: {name: Thermostat-v0, episode_limit: 20}}"
    experiment = rlkit.load("catch_dqn", [world, "limits.episodes=3", "evaluation.episodes=0", "recorders=[]"])
    result = rlkit.run(experiment, out=tmp_path)
    assert result.steps == 60
