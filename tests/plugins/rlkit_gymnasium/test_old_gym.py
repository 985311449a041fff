"""Environments of the package gym come by way of shimmy, and whoever asks Gymnasium for one is told so."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest

from rlkit import ParameterError, Spaces
from rlkit_gymnasium import GymnasiumEnvironment, importing, old_gym, warned_once

ID = "GymV26Environment-v0"
OLD = """\
import gym
import numpy as np


class Steps(gym.Env):
    '''As written before gym 0.26: no seed in reset, four values of a step.'''

    metadata = {"render.modes": ["rgb_array"]}
    observation_space = gym.spaces.Box(0, 10, (2,), np.float32)
    action_space = gym.spaces.Discrete(2)

    def seed(self, seed=None):
        self.rng = np.random.RandomState(seed)

    def reset(self):
        self.count = 0
        return np.array([0, self.rng.randint(10)], np.float32)

    def step(self, action):
        self.count += 1
        return np.array([self.count, action], np.float32), 1.0, False, {}

    def render(self, mode="human"):
        return np.zeros((4, 4, 3), np.uint8)


gym.register("Steps-v0", Steps, max_episode_steps=3)
"""


@pytest.fixture
def with_gym():
    pytest.importorskip("gym", reason="the extra shimmy is not installed")
    pytest.importorskip("shimmy", reason="the extra shimmy is not installed")


@pytest.fixture
def steps(with_gym, tmp_path, monkeypatch):
    """A package of such environments, and what names one."""
    (tmp_path / "steps_of_a_test.py").write_text(OLD)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    return {"env_id": "steps_of_a_test:Steps-v0", "make_kwargs": {"apply_api_compatibility": True}}


def test_an_environment_of_gym_is_made_with_its_arguments(with_gym):
    kwargs = {"env_id": "FrozenLake-v1", "make_kwargs": {"map_name": "8x8"}}
    made = GymnasiumEnvironment(id=ID, kwargs=kwargs).make(render=False)
    spaces = Spaces.of(made)
    assert (spaces.observation.shape, spaces.action.n) == ((64,), 4)
    np.testing.assert_array_equal(made.reset(seed=3)[0], np.eye(64)[0])


def test_one_of_the_older_interface_has_its_seed_and_its_time_limit(steps):
    made = GymnasiumEnvironment(id=ID, kwargs=steps).make(render=False)
    starts = [int(made.reset(seed=seed)[0][1]) for seed in (0, 1, 0)]
    assert starts == [np.random.RandomState(seed).randint(10) for seed in (0, 1, 0)]
    assert [made.step(1)[1:4] for _ in range(3)] == [(1.0, False, False)] * 2 + [(1.0, False, True)]


def test_one_of_the_older_interface_is_answered_with_what_it_needs(steps):
    with pytest.raises(ParameterError) as refused:
        GymnasiumEnvironment(id=ID, kwargs={"env_id": steps["env_id"]}).make(render=False)
    needs = "takes no seed, as before gym 0.26; it needs make_kwargs: {apply_api_compatibility: true}"
    assert (refused.value.parameter, refused.value.message) == ("kwargs", f"the environment's reset {needs}")


def test_one_without_a_seed_is_reset_all_the_same_and_told_of_once(steps, monkeypatch):
    unseeded = OLD.replace("def seed(self, seed=None):\n        self.rng", "rng").replace(
        "RandomState(seed)", "RandomState()"
    )
    assert "def seed" not in unseeded
    with open(f"{sys.path[0]}/unseeded_of_a_test.py", "w", encoding="utf-8") as file:
        file.write(unseeded.replace("Steps-v0", "Unseeded-v0"))
    monkeypatch.setattr(warned_once, "_shown", set())
    environment = GymnasiumEnvironment(id=ID, kwargs={**steps, "env_id": "unseeded_of_a_test:Unseeded-v0"})
    with pytest.warns(UserWarning, match="the environment has no way to be seeded"):
        made = environment.make(render=False)
    assert made.reset(seed=3)[0][0] == 0


def test_pictures_are_asked_of_gym(with_gym):
    pytest.importorskip("pygame")
    made = GymnasiumEnvironment(id=ID, kwargs={"env_id": "FrozenLake-v1"}).make(render=True)
    made.reset(seed=0)
    assert made.render().shape[2] == 3


def test_an_id_that_gym_knows_is_answered_with_how_to_write_it(steps):
    GymnasiumEnvironment(id=ID, kwargs=steps).make(render=False)  # imports the module that registers it
    with pytest.raises(ParameterError) as refused:
        GymnasiumEnvironment(id="Steps-v0").make(render=False)
    assert "Environment `Steps` doesn't exist." in refused.value.message
    known = "the package gym knows it: that is written id: GymV26Environment-v0, kwargs: {env_id: Steps-v0}"
    assert known in refused.value.message


@pytest.mark.parametrize(
    ("id", "hinted"), [("Unheard-v0", True), ("Cartpole-v1", False), ("CartPole-v9", False), ("nowhere/Pong-v5", False)]
)
def test_without_gym_an_id_like_no_other_may_be_one_of_gym(monkeypatch, id, hinted):
    monkeypatch.setattr(old_gym, "find_spec", lambda name: None if name == "gym" else find_spec(name))
    with pytest.raises(ParameterError) as refused:
        GymnasiumEnvironment(id=id).make(render=False)
    hint = f"; an environment of the old package gym is written id: {ID}, kwargs: {{env_id: {id}}}, and needs pip "
    assert (hint in refused.value.message) is hinted


def test_with_gym_an_id_that_it_does_not_know_either_has_no_hint(monkeypatch):
    monkeypatch.setattr(old_gym, "find_spec", lambda name: object())
    monkeypatch.setattr(old_gym, "import_module", lambda name: SimpleNamespace(registry={"Known-v0": None}))
    unheard = gymnasium.error.NameNotFound("no such environment")
    assert "{env_id: Known-v0}" in old_gym.hint("Known-v0", unheard)
    assert not old_gym.hint("Unheard-v0", unheard)


def test_what_gym_itself_registers_when_a_module_imports_it_is_not_the_module_s(steps, monkeypatch):
    GymnasiumEnvironment(id=ID, kwargs=steps).make(render=False)
    monkeypatch.setitem(importing._registered_with_gym, "steps_and_gym", frozenset({"Steps-v0", "CartPole-v1"}))
    assert importing.registered_with_gym_by("steps_and_gym") == ["Steps-v0"]


def test_asking_gym_prints_nothing_of_its_own(tmp_path, monkeypatch, capsys):
    (tmp_path / "gym_that_talks.py").write_text("import sys\nprint('unmaintained', file=sys.stderr)\nregistry = {}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(old_gym, "find_spec", lambda name: object())
    monkeypatch.setattr(old_gym, "import_module", lambda name: import_module("gym_that_talks"))
    assert not old_gym.hint("Unheard-v0", gymnasium.error.NameNotFound("no such environment"))
    assert "gym_that_talks" in sys.modules and capsys.readouterr().err == ""


@pytest.mark.parametrize("id", [ID, "GymV21Environment-v0", "GymV26Environment"])
def test_an_id_within_that_imports_a_module_is_refused(monkeypatch, id):
    monkeypatch.delenv("RLKIT_ALLOW_IMPORTS", raising=False)
    with pytest.raises(ParameterError, match=r"kwargs\.env_id: found 'this:Zen-v0', which imports the module 'this'"):
        GymnasiumEnvironment(id=id, kwargs={"env_id": "this:Zen-v0"})


@pytest.mark.parametrize(
    ("kwargs", "said"),
    [
        ({}, f"environment {ID} needs an env_id, the environment's id in the package gym"),
        ({"env_id": 3}, f"environment {ID} needs an env_id, the environment's id in the package gym"),
        ({"env_id": "A-v0", "make_kwargs": [1]}, "found make_kwargs: [1]; allowed: a map of arguments of gym.make"),
        (
            {"env_id": "A-v0", "make_kwargs": {"render_mode": "human"}},
            "'render_mode' cannot be given in make_kwargs: it is set for each one made",
        ),
    ],
)
def test_arguments_that_gym_could_not_take_are_refused(kwargs, said):
    with pytest.raises(ParameterError) as refused:
        old_gym.arguments(ID, kwargs, render=False)
    assert (refused.value.parameter, refused.value.message) == ("kwargs", said)


def test_arguments_of_other_environments_are_passed_on():
    assert old_gym.arguments("CartPole-v1", {"a": 1}, render=False) == {"a": 1}
    assert old_gym.arguments("CartPole-v1", {"a": 1}, render=True) == {"a": 1, "render_mode": "rgb_array"}


def test_the_module_of_an_id_within_is_looked_for_in_the_current_folder_too(with_gym, tmp_path, monkeypatch):
    (tmp_path / "steps_beside.py").write_text(OLD.replace("Steps-v0", "Beside-v0"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place])
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    within = {"make_kwargs": {"apply_api_compatibility": True}}
    GymnasiumEnvironment(id=ID, kwargs={"env_id": "steps_beside:Beside-v0", **within}).make(render=False).close()
    with pytest.raises(ParameterError, match="found no module named 'steps_besides'; looked in the current fol") as no:
        GymnasiumEnvironment(id=ID, kwargs={"env_id": "steps_besides:Beside-v0", **within}).make(render=False)
    assert no.value.parameter == "kwargs.env_id"
