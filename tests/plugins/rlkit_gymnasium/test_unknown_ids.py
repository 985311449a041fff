"""An id without its module: which installed package has it, told without importing anything."""

from __future__ import annotations

import sys

import pytest

from rlkit import ParameterError
from rlkit_gymnasium import GymnasiumEnvironment

WRITTEN = "(an id whose package must be imported first is written module:Name-vN and needs --allow-imports; "


@pytest.fixture
def install(plugin_site):
    """Installs a distribution that needs Gymnasium; its code must not run."""

    def install(package, source, *, distribution="", needs="gymnasium>=1.0", registers_in="__init__.py"):
        plugin_site.install(package, "raise SystemExit('imported')\n", distribution=distribution)
        name = distribution or package.replace("_", "-")
        info = f"{name.replace('-', '_')}-1.0.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Dist: {needs}\n"
        plugin_site.write(f"{info}/METADATA", metadata)
        plugin_site.write(f"{package}/{registers_in}", f"raise SystemExit('imported')\n{source}")
        plugin_site.write(f"{info}/RECORD", f"{package}/__init__.py,,\n{package}/{registers_in},,\n")

    return install


def refusal(id):
    with pytest.raises(ParameterError) as refused:
        GymnasiumEnvironment(id=id).make(render=False)
    assert refused.value.parameter == "id" and "\n" not in str(refused.value)
    return refused.value.message


def test_the_installed_package_that_registers_it_is_named(install):
    install("zorbs", "register(id='zorb-v0', entry_point='zorbs:Zorb')\n", distribution="zorb-worlds")
    assert refusal("zorb-v0").endswith(WRITTEN + "the installed package zorb-worlds registers it: zorbs:zorb-v0)")
    assert "zorbs" not in sys.modules


def test_another_version_or_other_capitals_are_near_enough(install):
    install("zorbs", "register(id='zorb-v0')\nregister(id='zorb-v2')\n", registers_in="inner.py")
    assert refusal("Zorb-v1").endswith(WRITTEN + "the installed package zorbs registers zorb-v0: zorbs.inner:zorb-v0)")
    assert refusal("zorb-v2").endswith(WRITTEN + "the installed package zorbs registers it: zorbs.inner:zorb-v2)")


def test_a_package_of_the_same_name_is_near_enough(install):
    install("gym_zorb", "for name in NAMES: register(id=name + '-v0')\n")
    said = "is it of the installed package gym-zorb, that is, gym_zorb:zorb-v0?)"
    assert refusal("zorb-v0").endswith(WRITTEN + said)


def test_packages_that_need_no_gymnasium_are_not_read(install):
    install("zorbs", "register(id='zorb-v0')\n", needs="gym-notices")
    assert "zorbs" not in refusal("zorb-v0")


def test_a_module_in_the_current_folder_is_read_too(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_zorbs.py").write_text("gymnasium.register('zorb-v0', Zorb)\n")
    assert refusal("zorb-v0").endswith(WRITTEN + "my_zorbs in the current folder registers it: my_zorbs:zorb-v0)")


def test_where_nobody_has_it_those_that_were_asked_are_named(install):
    install("acme_mazes", "register(id='maze-v0')\n")
    said = refusal("zorb-v0")
    assert "it is named by no installed package that needs Gymnasium (" in said and "acme-mazes" in said


def test_gymnasium_s_own_nearest_match_is_enough_where_there_is_one(install):
    install("acme_mazes", "register(id='maze-v0')\n")
    said = refusal("Cartpole-v1")
    assert "Did you mean: `CartPole`?" in said and "acme" not in said


def test_an_id_of_a_package_that_needs_no_module_is_not_sent_for_one():
    pytest.importorskip("minatar")
    said = refusal("MinAtar/Zorb-v0")
    assert "Zorb" in said and "--allow-imports" not in said


def test_a_module_that_leaves_the_id_to_another_module_is_answered_with_that(plugin_site, install, monkeypatch):
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    install("zorbs", "register(id='zorb-v0')\n", registers_in="worlds.py")
    plugin_site.write("zorbs/__init__.py", "")
    assert "registers it: zorbs.worlds:zorb-v0)" in refusal("zorbs:zorb-v0")


def test_a_module_that_a_package_imports_is_reached_by_the_package(plugin_site, install):
    install("zorbs", "register(id='zorb-v0')\n", registers_in="worlds/inner.py")
    plugin_site.write("zorbs/worlds/__init__.py", "from . import inner\n")
    assert refusal("zorb-v0").endswith("zorbs.worlds:zorb-v0)")
    plugin_site.write("zorbs/__init__.py", "from zorbs import worlds\n")
    assert refusal("zorb-v0").endswith("zorbs:zorb-v0)")


def test_an_id_without_a_version_is_found_where_it_is_registered(install):
    install("zorbs", "LABEL = 'zorb'\nregister(\n    id='mazes/zorb',\n)\n", registers_in="inner.py")
    assert refusal("mazes/zorb").endswith("the installed package zorbs registers it: zorbs.inner:mazes/zorb)")
    assert refusal("zorb-v0").endswith("the installed package zorbs registers mazes/zorb: zorbs.inner:mazes/zorb)")


def test_who_registers_a_namespace_is_named_before_a_package_of_that_name(install):
    install("mazes", "")
    install("bridge", "for name in NAMES: register(f'mazes/{name}-v0')\n", registers_in="inner.py")
    assert refusal("mazes/zorb-v0").endswith("the installed package bridge registers it: bridge.inner:mazes/zorb-v0)")


def test_a_package_that_the_id_begins_with_is_read_whatever_it_needs(install):
    install("zorbs", "gym.register(id='ZorbsReward-v1')\n", needs="numpy")
    assert refusal("ZorbsReward-v1").endswith("the installed package zorbs registers it: zorbs:ZorbsReward-v1)")


def test_a_module_that_registers_others_is_answered_with_the_package_that_has_it(plugin_site, install, monkeypatch):
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    plugin_site.write("othermazes.py", "import gymnasium\ngymnasium.register('OtherMaze-v0', 'othermazes:Maze')\n")
    install("zorbs", "register(id='zorb-v0')\n")
    said = "the module 'othermazes' registered OtherMaze-v0; the installed package zorbs registers it: zorbs:zorb-v0)"
    assert said in refusal("othermazes:zorb-v0")


def test_a_module_that_is_not_found_is_answered_with_the_package_that_has_the_id(install, monkeypatch):
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    install("zorbs", "register(id='zorb-v0')\n")
    assert refusal("no_such_mazes:zorb-v0").endswith("the installed package zorbs registers it: zorbs:zorb-v0")
    assert refusal("no_such_mazes:CartPole-v1").endswith("; CartPole-v1 is known without a module")
    assert refusal("no_such_mazes:BabyAI-GoTo-v0").endswith("; BabyAI-GoTo-v0 is known without a module")


def test_a_module_of_the_old_gym_is_told_by_what_it_registered_there(plugin_site, monkeypatch):
    pytest.importorskip("gym", reason="the extra shimmy is not installed")
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    plugin_site.write("oldzorbs.py", "import gym\ngym.register('OldZorb-v0', 'oldzorbs:Zorb')\n")
    plugin_site.write("bystander.py", "import gym\n")
    said = refusal("oldzorbs:zorb-v0")
    assert "with the old gym OldZorb-v0: it is written for the old gym" in said
    assert 'id GymV26Environment-v0 and kwargs {env_id: "oldzorbs:OldZorb-v0"})' in said
    assert "old gym" not in refusal("bystander:zorb-v0")
