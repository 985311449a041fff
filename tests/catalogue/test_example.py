from __future__ import annotations

import dataclasses

import pytest
import yaml

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.discovery import discover
from rlkit.catalogue.example import yaml_example
from rlkit.catalogue.parameters import REQUIRED, parameters_of

ENTRIES = [entry for kind in discover().kinds for entry in discover().entries(kind)]


def example(kind: str, name: str, catalogue: Catalogue | None = None) -> str:
    catalogue = catalogue or discover()
    return yaml_example(catalogue.find(kind, name), catalogue)


@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{entry.kind.name}-{entry.name}" for entry in ENTRIES])
def test_every_default_components_example_is_yaml_that_holds_its_defaults(entry: Entry):
    read = yaml.safe_load(yaml_example(entry, discover()))
    found = read if "name" in read else next(iter(read.values()))
    found = found[0] if isinstance(found, list) else found
    assert found.pop("name") == entry.name
    for parameter in parameters_of(entry.component, discover()):
        value = found.get(parameter.name, read.get(parameter.name))
        if parameter.default is not REQUIRED and not dataclasses.is_dataclass(parameter.default):
            assert value == (list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default)


def test_a_slot_is_written_under_its_key():
    assert example("target_update", "soft") == "target_update:\n  name: soft\n  tau: 0.01\n"


def test_recorders_are_a_list():
    assert yaml.safe_load(example("recorder", "learning_curve"))["recorders"][0]["name"] == "learning_curve"


def test_an_agents_slots_are_keys_beside_it():
    text = example("agent", "dqn")
    read = yaml.safe_load(text)
    assert "buffer" not in read["agent"]
    assert read["buffer"] == {"name": "uniform", "capacity": 50_000, "storage": "memory"}
    assert "optimizer: {name: adam, learning_rate: 0.001" in text


def test_what_no_key_takes_is_the_value_of_a_parameter():
    assert example("schedule", "linear").startswith("name: linear\n")


def test_required_values_are_examples_within_their_range_and_marked(plugin_site):
    plugin_site.install(
        "acme_rl",
        """
        from __future__ import annotations
        from typing import Literal
        from rlkit import Schedule, component, hookimpl, parameter

        @component
        class Needy:
            ends: tuple[int, ...]
            few: int = parameter(at_least=3)
            share: float = parameter(above=0, at_most=0.5)
            colour: Literal["red", "blue"]
            rate: Schedule
            text: str
            flag: bool
            def select(self, values, seen, call): ...

        @hookimpl
        def rlkit_explorations():
            return {"needy": Needy}
        """,
    )
    text = example("exploration", "needy", plugin_site.discover())
    assert text.count("  # required; replace this example\n") == 7
    assert yaml.safe_load(text) == {
        "exploration": {
            "name": "needy",
            "ends": [1],
            "few": 3,
            "share": 0.5,
            "colour": "red",
            "rate": {"name": "constant", "amount": 1.0},
            "text": "…",
            "flag": False,
        }
    }


KINDS = """
from collections.abc import Mapping
from typing import Protocol
from rlkit import hookspec

class Hand(Protocol):
    def take(self): ...

class Glove(Protocol):
    def wear(self): ...

@hookspec
def rlkit_hands() -> Mapping[str, type[Hand]]: ...

@hookspec
def rlkit_gloves() -> Mapping[str, type[Glove]]: ...
"""

PARTS = """
from __future__ import annotations
from dataclasses import field
from acme_kinds import Glove, Hand
from rlkit import Exploration, component, hookimpl

@component
class Left:
    glove: Glove
    def take(self): ...

@component
class Woollen:
    hand: Hand
    others: tuple[Hand, ...]
    maybe: Hand | None
    def wear(self): ...

@component
class Wrapped:
    inner: Exploration
    def select(self, values, seen, call): ...

@component
class Endless:
    inner: Exploration = field(default_factory=lambda: Endless())
    def select(self, values, seen, call): ...

@hookimpl
def rlkit_hands():
    return {"left": Left}

@hookimpl
def rlkit_gloves():
    return {"woollen": Woollen}

@hookimpl
def rlkit_explorations():
    return {"wrapped": Wrapped, "endless": Endless}
"""


@pytest.fixture
def nested(plugin_site):
    plugin_site.install("acme_kinds", KINDS)
    plugin_site.install("acme_rl", PARTS)
    return plugin_site.discover()


def test_a_part_that_needs_one_of_its_own_kind_is_given_another(nested):
    assert yaml.safe_load(example("exploration", "wrapped", nested)) == {
        "exploration": {"name": "wrapped", "inner": "boltzmann"}
    }


def test_kinds_that_need_each_other_without_end_are_left_out_with_a_comment(nested):
    assert example("hand", "left", nested) == (
        "name: left\n# glove: …  # required (glove); every part that is installed needs another one in turn\n"
    )
    assert example("glove", "woollen", nested) == (
        "name: woollen\n"
        "# hand: …  # required (hand); every part that is installed needs another one in turn\n"
        "others: []  # required; replace this example\n"
        "maybe: null  # required; replace this example\n"
    )


def test_a_default_that_makes_itself_without_end_is_a_fault_of_the_component(nested):
    (fault,) = nested.broken
    assert fault.error.startswith(
        "exploration 'endless' (acme_rl.Endless): the default of the field 'inner' cannot be made: RecursionError: "
    )


def test_a_name_that_two_packages_offer_is_written_with_its_package(plugin_site):
    source = """
        from rlkit import component, hookimpl

        @component
        class Soft:
            def update(self, target, online, call): ...

        @hookimpl
        def rlkit_target_updates():
            return {"soft": Soft}
    """
    plugin_site.install("acme_rl", source)
    catalogue = plugin_site.discover()
    text = example("target_update", "acme-rl:soft", catalogue)
    assert yaml.safe_load(text) == {"target_update": {"name": "acme-rl:soft"}}
    assert catalogue.find("target_update", yaml.safe_load(text)["target_update"]["name"]).plugin.name == "acme_rl"
