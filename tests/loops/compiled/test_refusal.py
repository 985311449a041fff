"""What cannot be compiled is named before the run, and runs in the stepwise loop."""

from __future__ import annotations

import pytest

from rlkit.cli.main import main
from rlkit.experiment.loading import load
from rlkit.loops.choice import loop_of
from tests.conftest import PluginSite

PLUGIN = '''\
from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import component, hookimpl


@component
class Counting:
    """Counts in Python."""

    def select(self, values, seen, call):
        return tf.numpy_function(self.choose, [values], tf.int32)

    def choose(self, q_values):
        return np.argmax(q_values, -1).astype(np.int32)


@component
class Telling:
    """Says itself that it is Python."""

    host_only = "it counts in a dictionary"

    def select(self, values, seen, call):
        return tf.argmax(values, -1, tf.int32)


@hookimpl
def rlkit_explorations():
    return {"counting": Counting, "telling": Telling}
'''
COMPILED = "environment={name: compiled, id: CartPole-v1}"


@pytest.fixture
def plugin(plugin_site: PluginSite) -> PluginSite:
    plugin_site.install("counts", PLUGIN)
    plugin_site.discover()
    return plugin_site


def test_a_part_that_says_it_runs_on_the_host_only_is_named_without_tensorflow(plugin: PluginSite) -> None:
    assert loop_of(load("cartpole_dqn", [COMPILED, "exploration=telling"])) == (
        "stepwise",
        "exploration 'telling' runs on the host only: it counts in a dictionary",
    )


def test_a_ring_on_disk_is_for_the_stepwise_loop() -> None:
    loop, why = loop_of(load("cartpole_dqn", [COMPILED, "buffer.storage=disk"]))
    assert (loop, why) == (
        "stepwise",
        "the buffer's storage is disk, and a compiled program keeps its ring in memory",
    )


def test_a_part_that_xla_refuses_is_named_with_operation_and_line_and_the_run_goes_on_stepwise(
    plugin: PluginSite, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["check", "--play", "cartpole_dqn", "--set", COMPILED, "--set", "exploration=counting"])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    (line,) = [line for line in printed.out.splitlines() if "runs in the stepwise loop" in line]
    assert "exploration 'counting' cannot be compiled: XLA has no PyFunc (" in line
    assert "counts/__init__.py:14)" in line
    assert "acting and learning run in graph" in printed.out
