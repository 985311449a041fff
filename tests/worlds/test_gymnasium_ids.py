"""Compiled environments in Gymnasium's registry, third parties' too."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import gymnasium
import pytest

import rlkit
from rlkit.catalogue.catalogue import AmbiguousComponent
from tests.conftest import PluginSite

TOYS = """
    from __future__ import annotations
    import tensorflow as tf
    from rlkit import Array, Discrete, Spaces, Transition, component, hookimpl, parameter

    @component
    class Toy:
        reward: float = 1.0

        @property
        def episode_limit(self):
            return 3

        def spaces(self):
            return Spaces(Array((1,), "float32", 0.0, 9.0), Discrete(2))

        def reset(self, noise):
            return tf.zeros(1)

        def observe(self, state):
            return state

        def step(self, state, action, noise):
            return Transition(state + 1.0, tf.constant(self.reward), tf.constant(False))

    @component
    class Needy(Toy):
        size: int = parameter(doc="needed")

    @hookimpl
    def rlkit_compiled_environments():
        return {"Games/Toy-v2": Toy, "Needy-v0": Needy, "CartPole-v1": Toy}
"""


@pytest.fixture
def registry() -> Iterator[dict[str, object]]:
    """Gymnasium's, put back afterwards."""
    before = dict(gymnasium.registry)
    for id in before:
        if id.startswith("rlkit/"):
            del gymnasium.registry[id]
    yield gymnasium.registry
    gymnasium.registry.clear()
    gymnasium.registry.update(before)


def test_third_partys_environment_has_an_id_unless_it_needs_parameters(
    plugin_site: PluginSite, registry: dict[str, object]
) -> None:
    plugin_site.install("toys", TOYS)
    plugin_site.discover()
    ids = rlkit.register_with_gymnasium()
    assert "rlkit/Games-Toy-v2" in ids
    assert "rlkit/Needy-v0" not in ids
    assert set(ids) <= set(registry)
    made = gymnasium.make("rlkit/Games-Toy-v2", reward=2.5)
    made.reset(seed=0)
    assert [made.step(0)[1:4] for _ in range(3)] == [(2.5, False, False), (2.5, False, False), (2.5, False, True)]


def test_name_that_two_packages_offer_is_an_error_that_names_both(
    plugin_site: PluginSite, registry: dict[str, object]
) -> None:
    plugin_site.install("toys", TOYS)
    plugin_site.discover()
    assert rlkit.register_with_gymnasium().count("rlkit/CartPole-v1") == 1
    with pytest.raises(AmbiguousComponent, match=r"toys:CartPole-v1"):
        gymnasium.make("rlkit/CartPole-v1")
    made = gymnasium.make("rlkit/CartPole-v1", name="toys:CartPole-v1")
    assert type(made.unwrapped).__name__ == "HostedEnvironment"


def test_ids_are_registered_without_tensorflow() -> None:
    code = (
        "import sys, gymnasium, rlkit; ids = rlkit.register_with_gymnasium();"
        "assert 'rlkit/CartPole-v1' in ids and ids == rlkit.register_with_gymnasium();"
        "spec = gymnasium.spec('rlkit/CartPole-v1'); assert spec.max_episode_steps == 500;"
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
