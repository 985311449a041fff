"""What can be wrong with a plugin: for each fault the message, and that everything else goes on working."""

from __future__ import annotations

import pytest

HEAD = """
from __future__ import annotations
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from rlkit import component, hookimpl, hookspec, parameter

@component
class Good:
    def select(self, values, seen, call):
        return values
"""

WHOLE_PLUGIN = {
    "raises on import": (
        "def prepare():\n    return 1 / 0\n\nprepare()",
        "ZeroDivisionError: division by zero at {folder}/__init__.py:2",
    ),
    "raises with a long message of several lines": (
        "raise RuntimeError('first\\nsecond ' + 'x' * 1000)",
        "RuntimeError: first second " + "x" * 286 + "… at {folder}/__init__.py:1",
    ),
    "is no Python": ("def broken(:", "SyntaxError: invalid syntax at {folder}/__init__.py:1"),
    "exits the interpreter": (
        "import sys\nsys.exit(3)",
        "it exits the interpreter (SystemExit: 3) at {folder}/__init__.py:2",
    ),
    "raises what is no Exception": (
        "class Stop(BaseException): ...\nraise Stop('enough')",
        "Stop: enough at {folder}/__init__.py:2",
    ),
    "lacks a dependency": (
        "import torchfoo.nn",
        "it needs the package 'torchfoo', which is not installed (ModuleNotFoundError: No module named 'torchfoo') "
        "at {folder}/__init__.py:1",
    ),
    "imports what rlkit does not have": (
        "from rlkit import Hologram",
        "ImportError: cannot import name 'Hologram' from 'rlkit' (",
    ),
    "was written for a newer API": (
        "RLKIT_API = 2",
        "it was written for version 2 of rlkit's contracts (acme_rl.RLKIT_API), and this rlkit has version 1: "
        "install a newer rlkit-framework",
    ),
    "was written for an older API": (
        "RLKIT_API = 0",
        "it was written for version 0 of rlkit's contracts (acme_rl.RLKIT_API), and this rlkit has version 1: "
        "install a newer acme-rl",
    ),
    "states no number as its API": (
        "RLKIT_API = '1.0'",
        "acme_rl.RLKIT_API is '1.0', expected a whole number such as 1",
    ),
    "asks for the plugins while it is imported": (
        "from rlkit.catalogue.discovery import discover\ndiscover()",
        "RuntimeError: a plugin asked for the installed plugins while it was itself being found at {folder}",
    ),
    "has a hook that takes arguments": (
        HEAD + "@hookimpl\ndef rlkit_explorations(config):\n    return {'good': Good}",
        "its hook rlkit_explorations(config) takes arguments, expected rlkit_explorations()",
    ),
    "has a hook spec without a return annotation": (
        HEAD + "@hookspec\ndef rlkit_things(): ...",
        "hook spec 'rlkit_things': found no return annotation; expected `-> Mapping[str, type[Contract]]`, "
        "Contract being a typing.Protocol",
    ),
    "has a hook spec whose contract is no Protocol": (
        HEAD + "@hookspec\ndef rlkit_things() -> Mapping[str, type[Good]]: ...",
        "hook spec 'rlkit_things': found the return annotation collections.abc.Mapping[str, type[acme_rl.Good]]; "
        "expected",
    ),
    "has a hook spec whose contract is there for type checkers only": (
        HEAD + "@hookspec\ndef rlkit_things() -> Mapping[str, type[Thing]]: ...",
        "hook spec 'rlkit_things': name 'Thing' is not defined; import what its return annotation names outside "
        "`if TYPE_CHECKING:`",
    ),
    "has a hook spec of another name": (
        HEAD + "class Thing(Protocol): ...\n@hookspec\ndef acme_things() -> Mapping[str, type[Thing]]: ...",
        "hook spec 'acme_things': its name must begin with 'rlkit_'",
    ),
}


@pytest.mark.parametrize(("source", "error"), WHOLE_PLUGIN.values(), ids=WHOLE_PLUGIN.keys())
def test_a_plugin_that_cannot_be_loaded_is_reported_and_stops_no_other(plugin_site, source, error):
    folder = plugin_site.install("acme_rl", source, distribution="acme-rl", version="0.3")
    plugin_site.install("other_rl", HEAD + "@hookimpl\ndef rlkit_explorations():\n    return {'good': Good}")
    catalogue = plugin_site.discover()
    (fault,) = catalogue.broken
    assert (fault.name, fault.distribution, fault.version) == ("acme_rl", "acme-rl", "0.3")
    assert fault.error.startswith(error.replace("{folder}", str(folder)))
    assert "\n" not in fault.error
    assert fault.kind == fault.component == ""
    assert "acme_rl" not in [plugin.name for plugin in catalogue.plugins]
    assert catalogue.find("exploration", "good").plugin.name == "other_rl"
    assert catalogue.find("agent", "dqn")


def offering(returned: str, more: str = "") -> str:
    return f"{HEAD}\n{more}\n\n@hookimpl\ndef rlkit_explorations():\n    return {returned}\n"


SELECT = "    def select(self, values, seen, call): ..."
ONE_COMPONENT = {
    "an instance": ("Good()", "", "exploration 'odd': found Good() (Good), expected a class; return the class Good"),
    "a function": ("print", "", "exploration 'odd': found <built-in function print> (builtin_function_or_method)"),
    "no dataclass": (
        "Odd",
        f"class Odd:\n{SELECT}",
        "exploration 'odd' (acme_rl.Odd): found a class that is no dataclass, expected a frozen one: decorate it "
        "with @rlkit.component",
    ),
    "a dataclass that is not frozen": (
        "Odd",
        f"@dataclass\nclass Odd:\n{SELECT}",
        "exploration 'odd' (acme_rl.Odd): found a dataclass that is not frozen, expected a frozen one",
    ),
    "an undecorated subclass, whose own fields would be ignored": (
        "Odd",
        "class Odd(Good):\n    temperature: float = 1.0",
        "exploration 'odd' (acme_rl.Odd): found a class that is no dataclass",
    ),
    "a field that no file can fill": (
        "Odd",
        f"@component\nclass Odd:\n    table: dict[str, int]\n{SELECT}",
        "exploration 'odd' (acme_rl.Odd): the field 'table' has the type dict[str, int], which an experiment file "
        "cannot fill; allowed: bool, int, float, str, None, Literal[…], tuple[T, ...]",
    ),
    "a field of a type that is not there when the program runs": (
        "Odd",
        f"@component\nclass Odd:\n    table: Table\n{SELECT}",
        "exploration 'odd' (acme_rl.Odd): the type of a field cannot be resolved: name 'Table' is not defined; "
        "import it outside `if TYPE_CHECKING:`",
    ),
    "a field whose annotation is nonsense": (
        "Odd",
        f"@component\nclass Odd:\n    table: 1 / 0\n{SELECT}",
        "exploration 'odd' (acme_rl.Odd): ZeroDivisionError: division by zero",
    ),
    "a method that lacks": (
        "Odd",
        "@component\nclass Odd:\n    rate: float = 1.0",
        "exploration 'odd' (acme_rl.Odd): it has no method select(self, values, seen, call)",
    ),
    "a method with other parameters": (
        "Odd",
        "@component\nclass Odd:\n    def select(self, q, rng): ...",
        "exploration 'odd' (acme_rl.Odd): found the method select(self, q, rng), expected select(self, values, "
        "seen, call)",
    ),
    "several faults at once": (
        "Odd",
        "@component\nclass Odd:\n    table: set[int]\n    def check(self): ...",
        "exploration 'odd' (acme_rl.Odd): the field 'table' has the type set[int]",
    ),
}


@pytest.mark.parametrize(("component", "more", "error"), ONE_COMPONENT.values(), ids=ONE_COMPONENT.keys())
def test_a_component_that_cannot_be_used_leaves_its_plugins_other_components_alone(plugin_site, component, more, error):
    plugin_site.install("acme_rl", offering(f"{{'odd': {component}, 'good': Good}}", more))
    catalogue = plugin_site.discover()
    (fault,) = catalogue.broken
    assert fault.error.startswith(error)
    assert (fault.kind, fault.component) == ("exploration", "odd")
    assert catalogue.find("exploration", "good").plugin.name == "acme_rl"
    with pytest.raises(LookupError) as caught:
        catalogue.find("exploration", "odd")
    assert str(caught.value) == (
        f"exploration 'odd' cannot be used; plugin acme_rl (acme-rl 1.0) is broken: {fault.error}"
    )


def test_all_faults_of_a_component_are_told_together(plugin_site):
    odd = "@component\nclass Odd:\n    table: set[int]\n    def check(self): ..."
    plugin_site.install("acme_rl", offering("{'odd': Odd}", odd))
    error = plugin_site.discover().broken[0].error
    assert "cannot fill" in error
    assert "it has no method select(self, values, seen, call)" in error
    assert "found the method check(self), expected check(self, spaces)" in error


NAMES = {
    "'EpsilonGreedy'": "letters, digits and underscores, and begins with a letter, such as 'epsilon_greedy'",
    "'my-policy'": "such as 'my_policy'",
    "'acme:ucb'": "such as 'acme_ucb'",
    "'2_step'": "a name consists of lower-case letters",
    "''": "a name consists of lower-case letters",
    "'off'": "YAML does not read 'off' as text; choose another name",
    "'null'": "YAML does not read 'null' as text",
    "7": "its name is 7 (int), expected text",
}


@pytest.mark.parametrize(("name", "error"), NAMES.items())
def test_a_name_that_reads_badly_in_yaml_is_refused(plugin_site, name, error):
    plugin_site.install("acme_rl", offering(f"{{{name}: Good, 'good': Good}}"))
    catalogue = plugin_site.discover()
    assert [fault.error for fault in catalogue.broken if error in fault.error]
    assert catalogue.find("exploration", "good")


HOOKS = {
    "returns a list": (
        offering("[Good]"),
        "the hook rlkit_explorations returned [<class 'acme_rl.Good'>] (list), expected a mapping from names to "
        'component classes, such as {"my_exploration": MyExploration}',
    ),
    "returns nothing": (offering("None"), "the hook rlkit_explorations returned None (NoneType), expected a mapping"),
    "raises": (offering("{}['a']"), "KeyError: 'a' at {folder}/__init__.py:"),
    "exits the interpreter": (offering("exit()"), "it exits the interpreter (SystemExit"),
    "is misspelt": (
        HEAD + "@hookimpl\ndef rlkit_exploration():\n    return {'good': Good}",
        "it implements the hook rlkit_exploration, which nobody defines; did you mean 'rlkit_explorations'? hooks: "
        "rlkit_agents, ",
    ),
}


@pytest.mark.parametrize(("source", "error"), HOOKS.values(), ids=HOOKS.keys())
def test_a_broken_hook_leaves_its_plugins_other_hooks_alone(plugin_site, source, error):
    source += "\n@hookimpl\ndef rlkit_stops():\n    return {'at_once': AtOnce}\n"
    at_once = "@component\nclass AtOnce:\n    def met(self, history): ...\n"
    folder = plugin_site.install("acme_rl", source.replace("@component", at_once + "@component", 1))
    catalogue = plugin_site.discover()
    (fault,) = catalogue.broken
    assert fault.error.startswith(error.replace("{folder}", str(folder)))
    assert catalogue.find("stop", "at_once").plugin.name == "acme_rl"


def test_details_show_the_plugins_own_frames_before_the_whole_traceback(plugin_site):
    plugin_site.install("acme_rl", "from acme_rl import inner")
    plugin_site.write("acme_rl/inner.py", "import json\njson.loads('{')\n")
    details = plugin_site.discover().broken[0].details
    own, whole = details.split("\n\n", maxsplit=1)
    assert own.startswith("In the plugin's own code, innermost last:")
    assert own.count('File "') == 2
    assert own.endswith("json.loads('{')")
    assert whole.startswith("Traceback (most recent call last)")
    assert "json.decoder.JSONDecodeError" in whole


def test_an_entry_point_to_a_module_that_is_not_there_says_so(plugin_site):
    plugin_site.install("acme_rl", "", entry_point="acme = acme_rl.hooks")
    assert plugin_site.discover().broken[0].error == (
        "its entry point names the module 'acme_rl.hooks', which cannot be found "
        "(ModuleNotFoundError: No module named 'acme_rl.hooks')"
    )


def test_an_entry_point_to_an_attribute_that_is_not_there_says_so(plugin_site):
    plugin_site.install("acme_rl", "", entry_point="acme = acme_rl:hooks")
    assert plugin_site.discover().broken[0].error == "AttributeError: module 'acme_rl' has no attribute 'hooks'"


def test_an_entry_point_that_is_no_module_name_is_reported(plugin_site):
    plugin_site.install("acme_rl", "", entry_point="acme = not a module!")
    (fault,) = plugin_site.discover().broken
    assert fault.name == "acme"
    assert fault.error == "its entry point is 'not a module!', expected package.module or package.module:object"


def test_two_entry_points_to_one_module_are_reported(plugin_site):
    plugin_site.install("acme_rl", offering("{'good': Good}"), entry_point="first = acme_rl\nsecond = acme_rl")
    catalogue = plugin_site.discover()
    (fault,) = catalogue.broken
    assert fault.error == "its entry point names 'acme_rl', and so does that of plugin first (acme-rl 1.0)"
    assert catalogue.find("exploration", "good").plugin.name == "first"


def test_a_plugin_whose_metadata_is_lost_still_works(plugin_site):
    plugin_site.install("acme_rl", offering("{'good': Good}"))
    (plugin_site.folder / "acme_rl-1.0.dist-info" / "METADATA").unlink()
    catalogue = plugin_site.discover()
    assert catalogue.find("exploration", "good").plugin.distribution == "?"


def test_a_hook_that_is_not_decorated_is_named_with_its_place(plugin_site):
    folder = plugin_site.install("acme_rl", HEAD + "def rlkit_explorations():\n    return {'good': Good}\n")
    catalogue = plugin_site.discover()
    (fault,) = catalogue.broken
    assert fault.error == (
        f"its function rlkit_explorations ({folder}/__init__.py:12) is not decorated, so nothing it returns is "
        "offered; write @rlkit.hookimpl above it"
    )
    for name in ("good", "epsilon_gredy"):  # a near name hides nothing
        with pytest.raises(LookupError) as caught:
            catalogue.find("exploration", name)
        assert str(caught.value).endswith(f". Plugin acme_rl (acme-rl 1.0): {fault.error}")
    with pytest.raises(LookupError) as caught:
        catalogue.find("stop", "good")
    assert "acme_rl" not in str(caught.value)


def test_a_hook_that_is_neither_decorated_nor_spelt_right_is_named(plugin_site):
    plugin_site.install("acme_rl", offering("{'good': Good}") + "def rlkit_stop():\n    return {}\n")
    catalogue = plugin_site.discover()
    (fault,) = catalogue.broken
    assert fault.error.endswith("write @rlkit.hookimpl above it, and rename it: did you mean 'rlkit_stops'?")
    assert catalogue.find("exploration", "good")


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (
            HEAD,
            "it offers nothing: acme_rl has no hook, which is a function such as rlkit_explorations() decorated with "
            "@rlkit.hookimpl",
        ),
        (offering("{}"), "it offers nothing: what its hooks return is empty (rlkit_explorations)"),
    ],
)
def test_a_plugin_that_offers_nothing_says_so(plugin_site, source, error):
    plugin_site.install("acme_rl", source)
    (fault,) = plugin_site.discover().broken
    assert fault.error == error


def test_a_plugin_that_defines_a_kind_need_offer_nothing(plugin_site):
    thing = "class Thing(Protocol):\n    def act(self): ...\n"
    spec = "@hookspec\ndef rlkit_things() -> Mapping[str, type[Thing]]: ...\n"
    plugin_site.install("acme_rl", HEAD + thing + spec)
    assert plugin_site.discover().broken == ()
