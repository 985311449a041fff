"""Ids that import a module: allowed or not, found or not."""

from __future__ import annotations

import sys

import pytest

from rlkit import ParameterError
from rlkit_gymnasium import GymnasiumEnvironment

REGISTERS = """\
import gymnasium
for name in ("Pole", "Cart", "Polo"):
    gymnasium.register(name + "-v0", "gymnasium.envs.classic_control:CartPoleEnv")
"""


@pytest.fixture
def here(monkeypatch, tmp_path):
    """The current folder, where imports are allowed; what is put on `sys.path` goes again."""
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place])
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(id):
    with pytest.raises(ParameterError) as refused:
        GymnasiumEnvironment(id=id).make(render=False)
    assert refused.value.parameter == "id" and "\n" not in str(refused.value)
    return refused.value.message


@pytest.mark.parametrize(
    ("told", "allowed"),
    [("", False), ("0", False), ("envs", True), ("other, envs", True), ("envs.inner", False), ("env", False)],
)
def test_the_variable_allows_the_modules_that_it_names(here, monkeypatch, told, allowed):
    (here / "envs.py").write_text("")
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", told)
    for id in ("envs:A-v0", "envs.inner:A-v0") if allowed else ("envs:A-v0",):
        if allowed:
            GymnasiumEnvironment(id=id)
        else:
            with pytest.raises(ParameterError, match="runs its code"):
                GymnasiumEnvironment(id=id)


def test_a_module_that_is_nowhere_is_told_so_whether_it_is_allowed_or_not(here, monkeypatch):
    monkeypatch.delenv("RLKIT_ALLOW_IMPORTS", raising=False)
    with pytest.raises(ParameterError) as refused:
        GymnasiumEnvironment(id="nowhere_at_all:A-v0")
    said = refused.value.message
    assert said.startswith(
        "found 'nowhere_at_all:A-v0', and no module named 'nowhere_at_all'; looked in the current fol"
    )
    assert "--allow-imports" not in said


@pytest.mark.parametrize("id", ["a:b:C-v0", ":C-v0", "a:", "a b:C-v0"])
def test_an_id_with_a_module_has_one_colon_and_something_on_both_sides(id):
    with pytest.raises(ParameterError, match="with a module it is written module:Name-vN"):
        GymnasiumEnvironment(id=id)


def test_a_distribution_in_place_of_its_module_is_answered_with_the_module():
    with pytest.raises(ParameterError, match=r"did you mean 'highway_env:highway-v0'\?"):
        GymnasiumEnvironment(id="highway-env:highway-v0")


def test_an_id_that_shimmy_would_import_is_asked_for_as_well(monkeypatch):
    monkeypatch.delenv("RLKIT_ALLOW_IMPORTS", raising=False)
    with pytest.raises(ParameterError, match="imports the module 'this'") as refused:
        GymnasiumEnvironment(id="GymV26Environment-v0", kwargs={"env_id": "this:Zen-v0"})
    assert refused.value.parameter == "kwargs.env_id"


def test_a_module_in_the_current_folder_is_found_and_hides_nothing_that_is_installed(here):
    (here / "poles_of_the_folder.py").write_text(REGISTERS)
    (here / "numbers.py").write_text("raise RuntimeError\n")
    made = GymnasiumEnvironment(id="poles_of_the_folder:Pole-v0").make(render=False)
    assert made.unwrapped.spec.id == "Pole-v0"
    assert sys.path[-1] == str(here)


def test_the_current_folder_stays_off_the_path_where_nothing_is_imported(here):
    GymnasiumEnvironment(id="CartPole-v1").make(render=False)
    assert str(here) not in sys.path


def test_a_folder_that_an_environment_went_to_does_not_count(here, monkeypatch):
    (here / "poles_that_move.py").write_text(REGISTERS.replace("-v0", "ThatMove-v0"))
    environment = GymnasiumEnvironment(id="poles_that_move:PoleThatMove-v0")
    environment.make(render=False)
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    (here / "elsewhere").rmdir()
    environment.make(render=False)
    assert sys.path[-1] == str(here)
    assert "looked in the current folder (gone)" in refusal("poles_that_stay:PoleThatMove-v0")


def test_a_module_that_is_not_found_is_told_with_where_it_was_looked_for(here):
    (here / "near_poles.py").write_text(REGISTERS)
    assert refusal("nearly_poles:Pole-v0") == (
        f"found no module named 'nearly_poles'; looked in the current folder ({here}) and among what is installed; "
        "did you mean 'near_poles'?"
    )


def test_what_a_module_needs_is_told_apart_from_the_module(here):
    (here / "needy_poles.py").write_text("\nimport no_such_thing\n")
    assert refusal("needy_poles:Pole-v0") == (
        f"the module 'needy_poles' needs 'no_such_thing', which is not installed ({here}/needy_poles.py:2)"
    )


def test_a_module_that_needs_the_old_gym_is_sent_to_shimmy(here):
    (here / "old_poles.py").write_text("raise ModuleNotFoundError('no gym', name='gym')\n")
    said = refusal("old_poles:Pole-v0")
    assert "needs the package gym, which is not installed: it is written for the old gym" in said and "shimmy" in said


def test_a_module_whose_code_fails_is_told_with_the_line(here):
    (here / "failing_poles.py").write_text("x = 1\nx / 0\n")
    assert refusal("failing_poles:Pole-v0") == (
        "the module 'failing_poles' cannot be imported: ZeroDivisionError: division by zero "
        f"({here}/failing_poles.py:2)"
    )


def test_a_module_that_leaves_the_program_is_told_with_the_line(here):
    (here / "leaving_poles.py").write_text("import sys\nsys.exit()\n")
    said = f"the module 'leaving_poles' cannot be imported: SystemExit ({here}/leaving_poles.py:2)"
    assert refusal("leaving_poles:Pole-v0") == said


def test_an_id_that_the_module_does_not_register_is_answered_with_those_that_it_does(here):
    (here / "poles_and_carts.py").write_text(REGISTERS.replace("-v0", "OfTheFolder-v0"))
    said = refusal("poles_and_carts:PoleOfTheFolders-v0")
    assert "Did you mean: `PoleOfTheFolder`?" in said
    assert "the module 'poles_and_carts' registered PoleOfTheFolder-v0, PoloOfTheFolder-v0, CartOfTheFolder-v0" in said


def test_a_module_that_registers_nothing_is_told_so(here):
    (here / "no_poles.py").write_text("")
    assert "the module 'no_poles' registered no environment with Gymnasium)" in refusal("no_poles:Zorb-v0")
