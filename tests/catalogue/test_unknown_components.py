"""The sentence that a person reads who named a component that is not there."""

from __future__ import annotations

import pytest

from rlkit.catalogue.catalogue import Catalogue, UnknownComponent

ALL = "installed: boltzmann, bootstrapped, count_ucb, ensemble_ucb, epsilon_greedy, ez_greedy, greedy, vdbe"
HOW = (
    "A plugin that offers it must be installed in this Python environment, where it is found by its entry point in "
    "the group 'rlkit' (see: rlkit plugins)"
)


def message(catalogue: Catalogue, kind: str, name: str) -> str:
    with pytest.raises(UnknownComponent) as caught:
        catalogue.find(kind, name)
    return str(caught.value)


@pytest.mark.parametrize("name", ["epsilon_gredy", "epsilon-greedy", "EpsilonGreedy", "epsilon"])
def test_a_near_miss_is_answered_with_the_nearest_name(plugin_site, name):
    assert message(plugin_site.discover(), "exploration", name) == (
        f"found exploration '{name}'; did you mean 'epsilon_greedy'? {ALL}"
    )


def test_a_name_that_nobody_offers_is_answered_with_how_plugins_are_found(plugin_site):
    assert message(plugin_site.discover(), "exploration", "ucb") == f"found exploration 'ucb'; {ALL}. {HOW}"


def test_a_name_of_another_kind_is_recognised(plugin_site):
    said = message(plugin_site.discover(), "exploration", "hard")
    assert "There is a component 'hard' of another kind: target_update." in said


def test_broken_plugins_are_named_since_they_may_be_the_ones_that_offer_it(plugin_site):
    folder = plugin_site.install("acme_rl", "import torchfoo", version="0.3")
    assert message(plugin_site.discover(), "exploration", "ucb") == (
        f"found exploration 'ucb'; {ALL}. {HOW}. Plugins that could not be loaded: acme_rl (acme-rl 0.3): it needs "
        "the package 'torchfoo', which is not installed (ModuleNotFoundError: No module named 'torchfoo') at "
        f"{folder}/__init__.py:1"
    )


def test_of_many_broken_plugins_and_beside_a_near_miss_the_names_alone_are_told(plugin_site):
    for name in ("acme_rl", "bolt_rl", "cog_rl"):
        plugin_site.install(name, "import torchfoo")
    catalogue = plugin_site.discover()
    tail = "Plugins that could not be loaded: acme_rl, bolt_rl, cog_rl (why: rlkit plugins)"
    assert message(catalogue, "exploration", "ucb") == f"found exploration 'ucb'; {ALL}. {HOW}. {tail}"
    assert message(catalogue, "exploration", "gredy") == (
        f"found exploration 'gredy'; did you mean 'greedy'? {ALL}. {tail}"
    )


def test_the_wrong_package_is_answered_with_the_right_ones(plugin_site):
    assert message(plugin_site.discover(), "exploration", "acme-rl:greedy") == (
        "no plugin of 'acme-rl' offers exploration 'greedy'; there is rlkit-framework:greedy"
    )


def test_a_kind_of_which_nothing_is_installed_says_so():
    from rlkit import hookspecs
    from rlkit.catalogue.kinds import kind_of

    catalogue = Catalogue({"stop": kind_of(hookspecs.rlkit_stops, "rlkit-framework")})
    assert message(catalogue, "stop", "ucb") == f"found stop 'ucb'; installed: none. {HOW}"


def test_a_message_is_one_line(plugin_site):
    plugin_site.install("acme_rl", "raise RuntimeError('two\\nlines')")
    said = message(plugin_site.discover(), "exploration", "two\nlines" + 100 * "x")
    assert said.startswith(r"found exploration 'two\nlinesxx")
    assert "\n" not in said
    assert len(said) < 600
