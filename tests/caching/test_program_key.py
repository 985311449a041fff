"""What determines programs makes another key; what does not leaves it as it is."""

from __future__ import annotations

import dataclasses
import importlib.metadata
from typing import Any

import pytest

import rlkit
from rlkit.caching.program_key import NoKey, determinants, program_key
from rlkit.catalogue.plugins import source_digest
from rlkit.contracts.spaces import Array, Discrete, Normalization, RewardNormalization, Spaces
from rlkit.experiment.experiment import Experiment

PLUGIN = """
    from __future__ import annotations
    from dataclasses import dataclass
    import tensorflow as tf
    from rlkit import hookimpl

    @dataclass(frozen=True, kw_only=True)
    class Always:
        action: int = 0

        def select(self, values, seen, call):
            return tf.fill(tf.shape(values)[:1], self.action)

    @hookimpl
    def rlkit_explorations():
        return {"always": Always}
"""


@pytest.fixture(scope="module")
def cartpole() -> Experiment:
    return rlkit.load("cartpole_dqn")


@pytest.mark.parametrize(
    "overrides",
    [
        ["name=another"],
        ["stop={name: max_steps, steps: 9}"],
        ["limits.episodes=3", "limits.steps_per_episode=7", "limits.seconds=1"],
        ["evaluation.every=100"],
        ["recorders=[csv]"],
        ["environment.kwargs={sutton_barto_reward: true}"],
    ],
    ids=lambda overrides: overrides[0],
)
def test_what_shapes_no_graph_keeps_the_key(cartpole: Experiment, overrides: list[str]) -> None:
    assert program_key(rlkit.load("cartpole_dqn", overrides)) == program_key(cartpole)


def test_a_seed_keeps_the_key(cartpole: Experiment) -> None:
    assert program_key(rlkit.load("cartpole_dqn", seed=7)) == program_key(cartpole)


def test_a_resolved_file_has_the_key_of_its_own(cartpole: Experiment, tmp_path: Any) -> None:
    from rlkit.experiment.resolved import to_yaml

    (tmp_path / "experiment.yaml").write_text(to_yaml(cartpole.resolved))
    assert program_key(rlkit.load(tmp_path / "experiment.yaml")) == program_key(cartpole)


@pytest.mark.parametrize(
    "override",
    [
        "agent.gamma=0.9",
        "agent.batch_size=65",
        "agent.update_every=5",
        "network.hidden=[32]",
        "network.hidden=[64,64]",
        "optimizer.learning_rate=0.002",
        "optimizer.learning_rate={name: constant, amount: 0.001}",
        "optimizer={name: adamw, learning_rate: 0.001}",
        "buffer.capacity=49999",
        "exploration.decay=0.99",
        "target_update.tau=0.02",
        "bootstrap=double",
        "loss=huber",
        "environment.count=2",
        "environment.id=Acrobot-v1",
    ],
)
def test_every_parameter_of_the_agent_and_the_spaces_make_another_key(cartpole: Experiment, override: str) -> None:
    assert program_key(rlkit.load("cartpole_dqn", [override])) != program_key(cartpole)


def test_limits_count_where_a_part_must_know_how_long_the_run_is() -> None:
    linear = "exploration={name: epsilon_greedy, schedule: {name: linear, start: 1, end: 0}}"
    keys = {program_key(rlkit.load("cartpole_dqn", [linear, f"limits.steps={steps}"])) for steps in (100, 100, 200)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    "spaces",
    [
        {"observation": Array((5,), "float32")},
        {"observation": Array((4,), "float64")},
        {"observation": Array((4,), "float32", stack=4)},
        {"action": Discrete(3)},
        {"action": Discrete(2, start=1)},
        {"action": Array((2,), "float32")},
        {"environments": 3},
    ],
    ids=str,
)
def test_other_spaces_make_another_key(cartpole: Experiment, spaces: dict[str, Any]) -> None:
    other = dataclasses.replace(cartpole, spaces=cartpole.spaces._replace(**spaces))
    assert program_key(other) != program_key(cartpole)


@pytest.mark.parametrize("library", ["tensorflow", "keras", "numpy", "ai-edge-litert", "rlkit-framework"])
def test_another_version_of_a_library_makes_another_key(
    cartpole: Experiment, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, version = program_key(cartpole), importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "99.9" if name == library else version(name))
    assert program_key(cartpole) != before


def test_rlkits_own_source_counts(cartpole: Experiment) -> None:
    assert determinants(cartpole)["rlkit"] == source_digest("rlkit")


def test_a_changed_line_of_a_plugin_makes_another_key(plugin_site: Any) -> None:
    package = plugin_site.install("lines", PLUGIN)
    plugin_site.discover()
    before = program_key(rlkit.load("cartpole_dqn", ["exploration=always"]))
    source = package / "__init__.py"
    source.write_text(source.read_text() + "# a comment\n")
    plugin_site.discover()
    assert program_key(rlkit.load("cartpole_dqn", ["exploration=always"])) != before


def test_another_version_of_what_a_plugin_requires_makes_another_key(
    plugin_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin_site.install("lines", PLUGIN)
    required = "Metadata-Version: 2.1\nName: lines\nVersion: 1.0\nRequires-Dist: pyyaml (>=6)\nRequires-Dist: absent\n"
    plugin_site.write("lines-1.0.dist-info/METADATA", required)
    plugin_site.discover()
    experiment = rlkit.load("cartpole_dqn")
    before, version = determinants(experiment), importlib.metadata.version
    assert before["requirements"] == {"pyyaml": version("pyyaml")}
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "99.9" if name == "pyyaml" else version(name))
    assert determinants(experiment)["requirements"] == {"pyyaml": "99.9"}


def test_a_plugin_that_is_not_used_counts_since_others_may_rest_on_it(plugin_site: Any) -> None:
    plugin_site.discover()
    before = program_key(rlkit.load("cartpole_dqn"))
    plugin_site.install("lines", PLUGIN)
    plugin_site.discover()
    assert program_key(rlkit.load("cartpole_dqn")) != before


def test_an_agent_changed_in_python_has_a_key_of_its_own(cartpole: Experiment) -> None:
    agent = dataclasses.replace(cartpole.agent, gamma=0.5)  # type: ignore[type-var]
    changed = dataclasses.replace(cartpole, agent=agent)
    assert changed.document == cartpole.document
    assert program_key(changed) != program_key(cartpole)


def test_a_part_that_no_plugin_offers_has_no_key(cartpole: Experiment) -> None:
    @dataclasses.dataclass(frozen=True)
    class Mine:
        units: int = 3

    agent = dataclasses.replace(cartpole.agent, network=Mine())  # type: ignore[type-var]
    with pytest.raises(NoKey, match=r"no plugin offers the class .*Mine"):
        program_key(dataclasses.replace(cartpole, agent=agent))


def test_a_parameter_that_is_no_plain_data_has_no_key(cartpole: Experiment) -> None:
    agent = dataclasses.replace(cartpole.agent, gamma=object())  # type: ignore[type-var]
    with pytest.raises(NoKey, match="a parameter is a object, which is no plain data"):
        program_key(dataclasses.replace(cartpole, agent=agent))


OTHER_SPACES = {
    "observation": Array((4,), "float32", -1.0, 1.0),
    "action": Discrete(2, masked=True),
    "environments": 2,
    "normalization": Normalization(clip=5.0),
    "reward_normalization": RewardNormalization(gamma=0.9),
}


@pytest.mark.parametrize("field", Spaces._fields)
def test_every_field_of_the_spaces_changes_the_key(cartpole: Experiment, field: str) -> None:
    other = dataclasses.replace(cartpole, spaces=cartpole.spaces._replace(**{field: OTHER_SPACES[field]}))
    assert program_key(other) != program_key(cartpole)


def test_what_is_normalised_and_how_changes_the_key() -> None:
    wrappers = ("", "normalize_observations", "{name: normalize_observations, clip: 1}", "normalize_rewards")
    keys = [program_key(rlkit.load("cartpole_dqn", [f"environment.wrappers=[{wrapper}]"])) for wrapper in wrappers]
    assert len(set(keys)) == len(wrappers)
