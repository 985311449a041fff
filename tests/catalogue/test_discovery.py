from __future__ import annotations

import inspect
import textwrap

import pytest

from rlkit.catalogue.catalogue import AmbiguousComponent

UCB = """
    '''Upper confidence bounds.'''
    from __future__ import annotations
    from rlkit import component, hookimpl, parameter

    @component
    class Ucb:
        width: float = parameter(default=2.0, doc="of the bound", above=0)

        def select(self, values, seen, call):
            return values

    @hookimpl
    def rlkit_explorations():
        return {"ucb": Ucb}
"""

CURIOSITY = """
    from __future__ import annotations
    from collections.abc import Mapping
    from typing import Protocol
    from rlkit import component, hookimpl, hookspec

    class IntrinsicReward(Protocol):
        '''A reward of the agent's own.'''
        def reward(self, observation): ...

    @hookspec
    def rlkit_intrinsic_rewards() -> Mapping[str, type[IntrinsicReward]]:
        '''Curiosity.'''
"""

COUNTS = """
    from __future__ import annotations
    from rlkit import component, hookimpl

    @component
    class Counts:
        def reward(self, observation):
            return 1 / observation

    @hookimpl
    def rlkit_intrinsic_rewards():
        return {"counts": Counts}
"""


def test_every_plugin_that_comes_with_rlkit_works(plugin_site):
    catalogue = plugin_site.discover()
    assert catalogue.broken == ()
    assert {plugin.distribution for plugin in catalogue.plugins} == {"rlkit-framework"}
    assert all(catalogue.entries(kind) for kind in catalogue.kinds)


def test_a_third_partys_component_is_found_with_its_provenance(plugin_site):
    plugin_site.install("acme_rl", UCB, distribution="acme-rl", version="0.3.1")
    entry = plugin_site.discover().find("exploration", "ucb")
    assert entry.component().width == 2.0
    assert (entry.plugin.name, entry.plugin.distribution, entry.plugin.version) == ("acme_rl", "acme-rl", "0.3.1")
    assert entry.qualified == "acme-rl:ucb"
    assert entry.plugin.module == "acme_rl"
    assert 0 < entry.plugin.seconds < 10


def test_a_component_and_its_instances_lead_back_to_the_entry(plugin_site):
    plugin_site.install("acme_rl", UCB)
    catalogue = plugin_site.discover()
    entry = catalogue.find("exploration", "ucb")
    assert catalogue.entry_of(entry.component) is entry
    assert catalogue.entry_of(entry.component(width=1.0)) is entry
    with pytest.raises(LookupError, match=r"no plugin offers the class builtins\.int"):
        catalogue.entry_of(3)


def test_a_name_that_two_plugins_offer_must_be_qualified(plugin_site):
    plugin_site.install("acme_rl", UCB, version="0.3.1")
    plugin_site.install("zenith_rl", UCB, version="2.0")
    catalogue = plugin_site.discover()
    assert catalogue.broken == ()
    with pytest.raises(AmbiguousComponent) as caught:
        catalogue.find("exploration", "ucb")
    assert str(caught.value) == (
        "exploration 'ucb' is offered by 2 plugins; write one of 'acme-rl:ucb' of acme_rl (acme-rl 0.3.1) "
        "and 'zenith-rl:ucb' of zenith_rl (zenith-rl 2.0)"
    )
    assert catalogue.find("exploration", "acme-rl:ucb").plugin.name == "acme_rl"
    assert catalogue.find("exploration", "zenith-rl:ucb").plugin.name == "zenith_rl"
    assert catalogue.find("exploration", "greedy").plugin.distribution == "rlkit-framework"


def test_a_qualified_name_takes_every_spelling_of_the_distribution(plugin_site):
    plugin_site.install("acme_rl", UCB, distribution="Acme.RL-parts", entry_point="tricks = acme_rl")
    catalogue = plugin_site.discover()
    entry = catalogue.find("exploration", "ucb")
    for package in ("Acme.RL-parts", "acme-rl-parts", "acme_rl_parts", "tricks"):
        assert catalogue.find("exploration", f"{package}:ucb") == entry


def test_two_plugins_of_one_distribution_are_told_apart_by_their_own_names(plugin_site):
    plugin_site.install("acme_rl", UCB, entry_point="first = acme_rl\nsecond = acme_rl.second")
    plugin_site.write("acme_rl/second.py", UCB)
    catalogue = plugin_site.discover()
    with pytest.raises(AmbiguousComponent, match=r"'first:ucb' of .* and 'second:ucb' of"):
        catalogue.find("exploration", "ucb")
    assert catalogue.find("exploration", "second:ucb").plugin.module == "acme_rl.second"


def test_the_shortest_name_of_an_entry_finds_it_again(plugin_site):
    plugin_site.install("acme_rl", UCB, entry_point="first = acme_rl\nsecond = acme_rl.second")
    plugin_site.write("acme_rl/second.py", UCB)
    plugin_site.install("zenith_rl", UCB.replace('"ucb"', '"greedy"'))
    catalogue = plugin_site.discover()
    entries = catalogue.entries("exploration")
    names = [catalogue.shortest_name(entry) for entry in entries]
    assert names == [
        "boltzmann",
        "bootstrapped",
        "count_ucb",
        "ensemble_ucb",
        "epsilon_greedy",
        "ez_greedy",
        "rlkit-framework:greedy",
        "zenith-rl:greedy",
        "first:ucb",
        "second:ucb",
        "vdbe",
    ]
    assert [catalogue.find("exploration", name) for name in names] == list(entries)


@pytest.mark.parametrize("implementer", ["aardvark", "zebra"])
def test_a_plugin_adds_a_kind_and_another_contributes_to_it_in_either_order(plugin_site, implementer):
    plugin_site.install("curiosity", CURIOSITY)
    plugin_site.install(implementer, COUNTS)
    catalogue = plugin_site.discover()
    assert catalogue.broken == ()
    kind = catalogue.kind("intrinsic-rewards")
    assert (kind.name, kind.plural, kind.hook) == (
        "intrinsic_reward",
        "intrinsic_rewards",
        "rlkit_intrinsic_rewards",
    )
    assert (kind.doc, kind.distribution) == ("Curiosity.", "curiosity")
    assert kind.contract.__name__ == "IntrinsicReward"
    assert catalogue.find("intrinsic_reward", "counts").plugin.name == implementer


def test_two_plugins_that_define_the_same_kind_are_both_named(plugin_site):
    plugin_site.install("curiosity", CURIOSITY)
    plugin_site.install("wonder", CURIOSITY.replace("rlkit_intrinsic_rewards", "rlkit_wonders"))
    catalogue = plugin_site.discover()
    (fault,) = catalogue.broken
    assert fault.name == "wonder"
    assert fault.error == (
        "it defines the kind 'intrinsic_reward' (hook rlkit_wonders), which plugin curiosity (curiosity 1.0) defines "
        "too (hook rlkit_intrinsic_rewards): uninstall one of the two, or give its kind another name"
    )
    assert catalogue.kind("intrinsic_reward").distribution == "curiosity"


def test_no_plugin_can_take_over_a_kind_of_rlkits(plugin_site):
    text = CURIOSITY.replace("IntrinsicReward", "Buffer").replace("rlkit_intrinsic_rewards", "rlkit_buffers")
    plugin_site.install("aaa", text)
    catalogue = plugin_site.discover()
    assert "which rlkit itself defines too" in catalogue.broken[0].error
    assert catalogue.kind("buffer").contract.__module__ == "rlkit.contracts.buffer"


def test_importing_another_plugins_hook_spec_does_not_define_the_kind_again(plugin_site):
    plugin_site.install("curiosity", CURIOSITY)
    plugin_site.install("wonder", textwrap.dedent(UCB) + "\nfrom curiosity import rlkit_intrinsic_rewards\n")
    assert plugin_site.discover().broken == ()


def test_hooks_may_live_on_an_object_that_the_entry_point_names(plugin_site):
    text = textwrap.dedent(UCB).split("@hookimpl")[0]
    text += "class Hooks:\n    @hookimpl\n    def rlkit_explorations(self):\n        return {'ucb': Ucb}\n"
    text += "hooks = Hooks()\n"
    plugin_site.install("acme_rl", text, entry_point="acme = acme_rl:hooks")
    assert plugin_site.discover().find("exploration", "ucb").plugin.module == "acme_rl"


def test_what_a_plugin_prints_goes_to_standard_error(plugin_site, capsys):
    plugin_site.install("chatty", "print('hello from chatty')")
    plugin_site.discover()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "hello from chatty" in captured.err


def test_discovery_happens_once_a_process(plugin_site):
    first = plugin_site.discover()
    from rlkit.catalogue.discovery import discover

    assert discover() is first


def test_the_digest_follows_the_sources_and_nothing_else(plugin_site):
    folder = plugin_site.install("acme_rl", UCB)
    plugin_site.write("acme_rl/inner/part.py", "x = 1\n")

    def digest() -> str:
        return next(plugin for plugin in plugin_site.discover().plugins if plugin.name == "acme_rl").digest

    first = digest()
    assert len(bytes.fromhex(first)) == 32
    (folder / "notes.txt").write_text("no source")
    assert digest() == first
    plugin_site.write("acme_rl/inner/part.py", "x = 2\n")
    second = digest()
    assert second != first
    (folder / "inner" / "part.py").rename(folder / "inner" / "renamed.py")
    assert digest() not in {first, second}


def test_a_plugin_of_a_single_module_has_a_digest_of_its_own(plugin_site):
    plugin_site.install("acme_rl", UCB, entry_point="single = single_module")
    plugin_site.write("single_module.py", "x = 1\n")
    plugin = next(plugin for plugin in plugin_site.discover().plugins if plugin.name == "single")
    assert plugin.digest
    first = plugin.digest
    plugin_site.write("single_module.py", "x = 2\n")
    assert next(p for p in plugin_site.discover().plugins if p.name == "single").digest != first


def test_the_digest_of_a_package_within_a_namespace_leaves_its_neighbours_out(plugin_site):
    plugin_site.install("unused", "", entry_point="part = acme_spaces.part")
    plugin_site.write("acme_spaces/part/__init__.py", UCB)
    plugin_site.write("acme_spaces/neighbour/__init__.py", "x = 1\n")

    def digest() -> str:
        return plugin_site.discover().find("exploration", "ucb").plugin.digest

    first = digest()
    assert first
    plugin_site.write("acme_spaces/neighbour/__init__.py", "x = 2\n")
    assert digest() == first
    plugin_site.write("acme_spaces/part/more.py", "x = 2\n")
    assert digest() != first


def test_an_interrupt_by_the_person_is_not_swallowed(plugin_site):
    plugin_site.install("slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        plugin_site.discover()


def test_a_kind_says_what_its_hook_spec_says(plugin_site):
    from rlkit import hookspecs

    kind = plugin_site.discover().kind("target_update")
    assert kind.doc == inspect.getdoc(hookspecs.rlkit_target_updates)
    assert kind.distribution == "rlkit-framework"
