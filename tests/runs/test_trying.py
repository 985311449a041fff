from __future__ import annotations

from pathlib import Path

import pytest

import rlkit
from rlkit.cli.main import main
from rlkit.runs.trying import try_out
from tests.conftest import PluginSite

PLUGIN = """
from rlkit import component, hookimpl

@component
class Always:
    def met(self, history):
        return True

@component
class Misspelt:
    def start(self, run):
        return self

    def episode_end(self, event): ...
    def run_ended(self, event):
        return event.solved

@component
class Wary:
    def start(self, run):
        raise RuntimeError(f"trial {run.trial}")

@hookimpl
def rlkit_stops():
    return {"always": Always}

@hookimpl
def rlkit_recorders():
    return {"misspelt": Misspelt, "wary": Wary}
"""


@pytest.fixture
def package(plugin_site: PluginSite) -> Path:
    folder = plugin_site.install("acme_host", PLUGIN)
    plugin_site.discover()
    return folder / "__init__.py"


def test_the_default_parts_pass() -> None:
    assert list(try_out(rlkit.load("cartpole_dqn", ["recorders=[progress, learning_curve, csv]"]))) == []


def test_recorders_are_named_that_a_run_would_switch_off(package: Path) -> None:
    assert list(try_out(rlkit.load("cartpole_dqn", ["recorders=misspelt"]))) == [
        f"recorder misspelt has a method episode_end ({package}:14), which nothing calls; "
        "did you mean 'episode_ended'?",
        f"recorder misspelt was switched off: its run_ended ({package}:15) returned False (bool); allowed: None",
    ]


def test_a_recorder_is_told_that_it_is_tried(package: Path) -> None:
    (sentence,) = try_out(rlkit.load("cartpole_dqn", ["recorders=wary"]))
    assert "RuntimeError: trial True in its start" in sentence


def test_check_play_names_a_stop_criterion_that_breaks_its_contract(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "cartpole_dqn", "--set", "stop=always", "--play"]) == 1
    (error,) = capsys.readouterr().err.splitlines()
    assert error == (
        f"cartpole_dqn: stop criterion always returned True (bool) from its met ({package}:6); "
        "allowed: rlkit.Stopped, or None where training goes on"
    )
