"""Making Gymnasium's environments, and saying why one cannot be made."""

from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple

import rlkit
from rlkit import ParameterError, Spaces
from rlkit_gymnasium import GymnasiumEnvironment, warned_once


class Showing(gymnasium.Env):
    """Shows what it was given, in a space it was given."""

    def __init__(self, space, shown, render_mode=None):
        self.observation_space, self.shown, self.render_mode = space, shown, render_mode
        self.metadata = {"render_modes": ["ansi"]}
        self.action_space = Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.shown, {}

    def step(self, action):
        return self.shown, 1.0, False, False, {}


@pytest.fixture
def showing():
    """Make the environment that shows `shown` in `space`."""
    gymnasium.register("rlkit_tests/Showing-v0", Showing, max_episode_steps=3)

    def make(space, shown, render=False):
        return GymnasiumEnvironment(id="rlkit_tests/Showing-v0", kwargs={"space": space, "shown": shown}).make(
            render=render
        )

    yield make
    del gymnasium.registry["rlkit_tests/Showing-v0"]


def refusal(**parameters):
    with pytest.raises(ValueError) as refused:
        GymnasiumEnvironment(**parameters).make(render=False)
    assert "\n" not in str(refused.value)
    return refused.value


def test_environment_comes_with_its_time_limit_and_without_gymnasium_s_checker():
    made = GymnasiumEnvironment(id="CartPole-v1").make(render=False)
    assert made.spec.max_episode_steps == 500
    assert "PassiveEnvChecker" not in str(made)
    assert made.render_mode is None
    spaces = Spaces.of(made)
    assert (spaces.observation.shape, spaces.observation.dtype, spaces.action.n) == ((4,), "float32", 2)


def test_arguments_reach_the_environment():
    made = GymnasiumEnvironment(id="CartPole-v1", kwargs={"sutton_barto_reward": True, "max_episode_steps": 7})
    environment = made.make(render=False)
    assert environment.spec.max_episode_steps == 7
    environment.reset(seed=0)
    assert environment.step(0)[1] == 0.0


def test_rendering_gives_pictures():
    made = GymnasiumEnvironment(id="FrozenLake-v1").make(render=True)
    assert made.render_mode == "rgb_array"


def test_discrete_observations_become_one_hot_rows(showing):
    made = showing(Discrete(3, start=5), 6)
    assert made.observation_space == Box(0.0, 1.0, (3,), np.float32)
    for observation in (made.reset(seed=0)[0], made.step(0)[0]):
        assert observation.dtype == np.float32
        assert observation.tolist() == [0, 1, 0]


def test_discrete_observation_outside_its_space_is_an_error(showing):
    made = showing(Discrete(3, start=5), 4)
    with pytest.raises(ValueError, match=r"observation is 4, outside its space, Discrete\(3, start=5\)"):
        made.reset(seed=0)


def test_float64_boxes_become_float32(showing):
    made = showing(Box(-1e300, 2.0, (2,), np.float64), np.array([0.1, 2.0]))
    assert made.observation_space.dtype == np.float32
    assert made.observation_space.low.tolist() == [-np.inf, -np.inf]
    observation = made.reset(seed=0)[0]
    assert observation.dtype == np.float32
    np.testing.assert_array_equal(observation, np.array([0.1, 2.0], np.float32))


@pytest.mark.parametrize(
    ("space", "shown"),
    [
        (Box(0, 255, (2, 2, 3), np.uint8), np.zeros((2, 2, 3), np.uint8)),
        (Box(0, 1, (2,), np.float32), np.zeros(2, np.float32)),
        (MultiBinary(3), np.zeros(3, np.int8)),
    ],
)
def test_other_arrays_are_passed_on_as_they_are(showing, space, shown):
    made = showing(space, shown)
    assert made.observation_space is space
    assert made.reset(seed=0)[0] is shown


def test_id_that_imports_a_module_is_refused(monkeypatch):
    monkeypatch.delenv("RLKIT_ALLOW_IMPORTS", raising=False)
    with pytest.raises(ParameterError, match=r"imports the module 'this', that is, runs its code.*--allow-imports"):
        GymnasiumEnvironment(id="this:Zen-v0")


def test_id_that_imports_a_module_is_taken_if_allowed(monkeypatch, tmp_path):
    code = "import gymnasium\ngymnasium.register('Pole-v0', 'gymnasium.envs.classic_control:CartPoleEnv')\n"
    (tmp_path / "poles_of_a_test.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    made = GymnasiumEnvironment(id="poles_of_a_test:Pole-v0").make(render=False)
    assert made.unwrapped.spec.id == "Pole-v0"
    assert GymnasiumEnvironment(id="poles_of_a_test:Pole-v0").imports == ("poles_of_a_test",)
    assert GymnasiumEnvironment(id="CartPole-v1").imports == ()


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("Cartpole-v1", "Did you mean: `CartPole`?"),
        ("CartPole-v9", "It provides versioned environments: [ `v0`, `v1` ]."),
        ("LunarLander-v2", "Please use `LunarLander-v3` instead."),
        ("nowhere/Pong-v5", "Namespace nowhere not found."),
        ("nowhere/Pong-v5", "module:Name-vN and needs --allow-imports"),
        ("", "Malformed environment ID"),
    ],
)
def test_wrong_ids_are_refused_with_gymnasium_s_advice(id, said):
    refused = refusal(id=id)
    assert isinstance(refused, ParameterError) and refused.parameter == "id"
    assert said in refused.message


def test_missing_package_is_named_with_how_to_install_it():
    gymnasium.register("Needy-v0", _needs_a_package)
    try:
        said = str(refusal(id="Needy-v0"))
    finally:
        del gymnasium.registry["Needy-v0"]
    assert said == "environment Needy-v0 cannot be made: Box2D is not installed, run `pip install box2d`"


def _needs_a_package():
    raise gymnasium.error.DependencyNotInstalled("Box2D is not installed,\nrun `pip install box2d`")


def test_argument_that_the_environment_does_not_know_is_refused():
    refused = refusal(id="CartPole-v1", kwargs={"gravity": 1})
    assert isinstance(refused, ParameterError) and refused.parameter == "kwargs"
    assert refused.message == (
        "environment CartPole-v1 refuses its arguments: "
        "CartPoleEnv.__init__() got an unexpected keyword argument 'gravity'"
    )


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (Dict({}), "holds no value"),
        (Tuple(()), "holds no value"),
        (Discrete(2_000_000_000), r"becomes 2,000,000,000 numbers, .* take 7.5 GiB; allowed: at most 134,217,728"),
        (MultiDiscrete([2_000_000_000, 3]), "becomes 2,000,000,003 numbers"),
    ],
)
def test_observations_that_hold_nothing_or_fit_no_memory_are_refused(showing, space, said):
    with pytest.raises(ValueError, match=said):
        showing(space, None)


@pytest.mark.parametrize("name", ["id", "render_mode", "disable_env_checker"])
def test_argument_that_is_set_for_each_environment_is_refused(name):
    with pytest.raises(ParameterError, match="cannot be given here"):
        GymnasiumEnvironment(id="CartPole-v1", kwargs={name: "human"})


def test_failure_of_the_environment_s_own_code_keeps_its_cause():
    refused = refusal(id="FrozenLake-v1", kwargs={"map_name": "9x9"})
    assert str(refused) == "environment FrozenLake-v1 cannot be made: KeyError: '9x9'"
    assert isinstance(refused.__cause__, KeyError)


def test_environment_without_pictures_is_refused_when_pictures_are_asked_for(showing):
    with (
        pytest.raises(ValueError, match=r"draws no pictures \(rgb_array\); its render modes: ansi"),
        warnings.catch_warnings(action="ignore"),
    ):
        showing(Box(0, 1, (2,), np.float32), np.zeros(2, np.float32), render=True)


def test_outdated_version_is_told_of_once_in_plain_words(monkeypatch):
    monkeypatch.setattr(warned_once, "_shown", set())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            GymnasiumEnvironment(id="CartPole-v0").make(render=False)
    said = [str(warning.message) for warning in caught if warning.category is UserWarning]
    assert said == ["The environment CartPole-v0 is out of date. You should consider upgrading to version `v1`."]


def test_minatars_versions_are_two_sets_of_actions_and_none_is_called_outdated(monkeypatch):
    monkeypatch.setattr(warned_once, "_shown", set())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = [GymnasiumEnvironment(id=f"MinAtar/Breakout-v{version}").make(render=False) for version in (0, 1)]
    assert [environment.action_space.n for environment in made] == [6, 3]
    assert not [str(warning.message) for warning in caught if "out of date" in str(warning.message)]


def test_warnings_of_others_pass_through():
    with pytest.warns(FutureWarning, match="from elsewhere"), warned_once.warned_once():
        warnings.warn("from elsewhere", FutureWarning, stacklevel=1)


def test_component_stays_as_it_was_made():
    given = {"sutton_barto_reward": True}
    environment = GymnasiumEnvironment(id="CartPole-v1", kwargs=given)
    given["gravity"] = 1
    assert dict(environment.kwargs) == {"sutton_barto_reward": True}
    assert environment == GymnasiumEnvironment(id="CartPole-v1", kwargs={"sutton_barto_reward": True})
    assert len({environment, GymnasiumEnvironment(id="CartPole-v1")}) == 2
    with pytest.raises(TypeError):
        environment.kwargs["gravity"] = 1


def test_minatar_s_episodes_are_those_of_its_own_seeds():
    pytest.importorskip("minatar")
    made = GymnasiumEnvironment(id="MinAtar/Asterix-v1").make(render=False)
    gymnasiums = gymnasium.make("MinAtar/Asterix-v1", disable_env_checker=True)
    for seed in (3, 4, 3):
        np.testing.assert_array_equal(made.reset(seed=seed)[0], gymnasiums.reset(seed=seed)[0])
        for step in range(40):
            ours, theirs = made.step(step % 3), gymnasiums.step(step % 3)
            np.testing.assert_array_equal(ours[0], theirs[0])
            assert ours[1:3] == theirs[1:3]


@pytest.mark.parametrize("name", ["normalize_observations", "normalize_rewards"])
def test_a_second_wrapper_that_normalises_the_same_is_refused(name):
    with pytest.raises(rlkit.ExperimentError, match=r"as wrappers\.0 does; allowed: one of them"):
        rlkit.load("cartpole_dqn", [f"environment.wrappers=[{name}, {{name: {name}, clip: 1}}]"])
