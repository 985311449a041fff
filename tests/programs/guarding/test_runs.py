"""A run with a wrong part fails before its first step, in either loop, and says so in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlkit.cli.main import main
from tests.conftest import PluginSite

PLUGIN = '''
import tensorflow as tf
from rlkit import component, hookimpl


@component
class Wrong:
    """Misspelt."""

    def select(self, values, seen, call):
        return tf.argmax(values, -1, tf.int32) + self.nothing


@hookimpl
def rlkit_explorations():
    return {"wrong": Wrong}
'''
COMPILED = "environment={name: compiled, id: CartPole-v1}"
LOOPS = pytest.mark.parametrize("loop", [[], ["--set", COMPILED]], ids=["stepwise", "compiled"])


@pytest.fixture
def message(plugin_site: PluginSite) -> str:
    file = plugin_site.install("mistaken", PLUGIN) / "__init__.py"
    plugin_site.discover()
    return f"exploration 'wrong', select ({file}:11): AttributeError: 'Wrong' object has no attribute 'nothing'"


@LOOPS
def test_a_run_fails_with_the_message_and_keeps_what_was_raised(
    loop: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "cartpole_dqn", "--quiet", "--out", str(tmp_path), "--set", "exploration=wrong", *loop]
    assert main(arguments) == 1
    printed = capsys.readouterr().err
    assert message in printed and "Traceback" not in printed
    (file,) = tmp_path.rglob("error.txt")
    first, own, everything = file.read_text().split("\n\n", 2)
    assert first == message
    assert "self.nothing" in own and "AttributeError" in everything


@LOOPS
def test_check_play_says_it_in_a_line(loop: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--play", "cartpole_dqn", "--set", "exploration=wrong", *loop]) == 1
    assert capsys.readouterr().err.strip().splitlines()[-1] == f"cartpole_dqn: {message}"
