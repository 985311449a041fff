"""Environments whose own code fails, and what is said of it."""

from __future__ import annotations

import importlib
import textwrap
import warnings

import gymnasium
import pytest

from rlkit import ParameterError
from rlkit_gymnasium import GymnasiumEnvironment

ID = "rlkit_tests/Made-v0"
HEAD = """\
import gymnasium
from gymnasium.spaces import Box, Discrete

class Made(gymnasium.Env):
    observation_space, action_space = Box(0, 1, (2,)), Discrete(2)

"""


@pytest.fixture
def register(monkeypatch, tmp_path):
    """Registers the environment that has this constructor, whose first line is line 7 of the file that it returns."""

    def register(constructor, name):
        file = tmp_path / f"{name}.py"
        file.write_text(HEAD + textwrap.indent(textwrap.dedent(constructor), "    "))
        monkeypatch.syspath_prepend(tmp_path)
        gymnasium.register(ID, importlib.import_module(name).Made)
        return file

    yield register
    gymnasium.registry.pop(ID, None)


def refusal(*, render=False, **parameters):
    with pytest.raises(ValueError) as refused, warnings.catch_warnings(action="ignore"):
        GymnasiumEnvironment(id=ID, **parameters).make(render=render)
    return refused.value


def test_a_list_in_place_of_a_tuple_is_refused_with_how_a_tuple_is_written(register):
    file = register("def __init__(self, shape=(3,)):\n    self.shape = shape + (2,)\n", "made_with_a_tuple")
    refused = refusal(kwargs={"shape": [3]})
    assert isinstance(refused, ParameterError) and refused.parameter == "kwargs"
    assert "refuses its arguments" in refused.message
    assert f"({file}:8); a list in the file is a list here, and a tuple is written !tuple [3, 4]" in refused.message
    GymnasiumEnvironment(id=ID, kwargs={"shape": (3,)}).make(render=False)


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("{shape: 'map'}", [3]),
        ("shape['rooms'] + (2,)", {"rooms": [3]}),
        ("{shape['deep']['er']: 1}", {"deep": {"er": [3]}}),
    ],
)
def test_a_list_that_is_no_key_or_lies_deeper_is_told_likewise(register, line, shape):
    register(f"def __init__(self, shape):\n    self.map = {line}\n", f"made_of_{len(line)}")
    assert "a tuple is written !tuple [3, 4]" in refusal(kwargs={"shape": shape}).message


def test_an_error_without_a_word_is_told_with_the_line_that_raised_it(register):
    file = register("def __init__(self):\n    raise AssertionError\n", "made_without_a_word")
    assert str(refusal()) == f"environment {ID} cannot be made: AssertionError ({file}:8)"


def test_a_constructor_that_leaves_the_program_is_told_with_its_line(register):
    file = register("def __init__(self):\n    raise SystemExit('no display')\n", "made_to_leave")
    assert str(refusal()) == f"environment {ID} cannot be made: SystemExit: no display ({file}:8)"


@pytest.mark.parametrize("name", ["observation_space", "action_space"])
def test_an_environment_without_a_space_of_gymnasium_s_is_told_which(register, name):
    register(f"def __init__(self):\n    self.{name} = None\n", f"made_without_{name}")
    assert str(refusal()) == f"environment {ID}: {name} must be a space of Gymnasium's; there is none"
    gymnasium.registry.pop(ID)
    register(f"def __init__(self):\n    self.{name} = dict()\n", f"made_with_a_dict_as_{name}")
    assert str(refusal()).endswith(f"{name} must be a space of Gymnasium's; found builtins.dict")


def test_a_constructor_that_knows_no_render_mode_draws_no_pictures(register):
    register("def __init__(self):\n    pass\n", "made_without_pictures")
    said = f"environment {ID} draws no pictures (rgb_array): its constructor knows no render_mode"
    assert str(refusal(render=True)) == said


def test_a_constructor_that_refuses_to_draw_draws_no_pictures(register):
    code = "def __init__(self, render_mode=None):\n    if render_mode: raise KeyError(render_mode)\n"
    file = register(code, "made_for_people_who_look_away")
    assert str(refusal(render=True)) == (
        f"environment {ID} draws no pictures (rgb_array): KeyError: 'rgb_array' ({file}:8)"
    )


def test_a_constructor_that_fails_with_and_without_pictures_has_failed(register):
    register("def __init__(self, render_mode=None):\n    raise OSError('no licence')\n", "made_never")
    assert str(refusal(render=True)).startswith(f"environment {ID} cannot be made: OSError: no licence (")


def test_an_environment_of_the_old_gym_is_sent_to_shimmy(register, monkeypatch):
    def make(*_, **__):
        raise TypeError("Gym is incompatible with Gymnasium, please update the environment class")

    monkeypatch.setattr(gymnasium, "make", make)
    said = str(refusal(kwargs={"size": 3}))
    assert said.startswith(f"environment {ID} cannot be made: it is written for the old gym")
    assert "GymV26Environment-v0" in said and "kwargs {env_id: …}" in said


def test_an_environment_whose_metadata_is_none_is_made(register):
    register("def __init__(self):\n    self.metadata = None\n", "made_without_metadata")
    GymnasiumEnvironment(id=ID).make(render=False).close()
