"""Every component that comes with rlkit passes the suite of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

import pytest

import rlkit.testing as suites
import rlkit_dqn.testing as dqn_suites
import rlkit_gymnasium.testing as gymnasium_suites
from rlkit.catalogue.catalogue import Entry
from rlkit.catalogue.discovery import discover
from rlkit.catalogue.plugins import CORE_DISTRIBUTION
from rlkit_dqn.layers.noisy import NoisyLayer
from rlkit_dqn.layers.spectral import SpectralLayer
from rlkit_dqn.networks.minatar import MinAtarNetwork
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.networks.recurrent import RecurrentNetwork
from rlkit_dqn.optimizers.sgd import SGD
from rlkit_dqn.schedules.linear import Linear
from rlkit_worlds.classic_control.cartpole import CartPole
from tests.plugins.rlkit_gymnasium.wrappers.shows import CHOICES, MASKED, register_choices, register_masked

SUITES: Mapping[str, type[suites.ComponentSuite]] = {
    "agent": suites.AgentSuite,
    "bonus": dqn_suites.BonusSuite,
    "bootstrap": dqn_suites.BootstrapSuite,
    "buffer": suites.BufferSuite,
    "compiled_environment": suites.CompiledEnvironmentSuite,
    "environment": suites.EnvironmentSuite,
    "exploration": suites.ExplorationSuite,
    "head": dqn_suites.HeadSuite,
    "launcher": suites.LauncherSuite,
    "layer": dqn_suites.LayerSuite,
    "loss": dqn_suites.LossSuite,
    "network": suites.NetworkSuite,
    "optimizer": suites.OptimizerSuite,
    "recorded_data": suites.RecordedDataSuite,
    "recorder": suites.RecorderSuite,
    "regularizer": dqn_suites.RegularizerSuite,
    "returns": dqn_suites.ReturnsSuite,
    "schedule": suites.ScheduleSuite,
    "stop": suites.StopSuite,
    "target_update": suites.TargetUpdateSuite,
    "wrapper": gymnasium_suites.WrapperSuite,
}
AROUND: Mapping[str, Mapping[str, Any]] = {
    "atari_preprocessing": {"id": "ALE/Pong-v5", "kwargs": {"frameskip": 1}},
    "discretize_actions": {"id": "MountainCarContinuous-v0"},
    "episodic_life": {"id": "ALE/Breakout-v5", "kwargs": {"frameskip": 1}},  # no life is lost in so few frames
    "fire_on_reset": {"id": "ALE/Breakout-v5"},
    "grayscale": {"id": "ALE/Pong-v5"},
    "keep_key": {"id": "MiniGrid-Empty-5x5-v0"},
    "keep_keys": {"id": "MiniGrid-Empty-5x5-v0"},
    "mask_in_observation": {"id": MASKED},
    "minigrid_image": {"id": "MiniGrid-Empty-5x5-v0"},
    "words": {"id": "MiniGrid-Empty-5x5-v0"},
    "number_actions": {"id": CHOICES},
    "resize": {"id": "ALE/Pong-v5"},
}
"""By wrapper: the environment that it is tried on, where it cannot serve just any."""
MISSION = ("get", "to", "the", "green", "goal", "square")
SMALL_IMAGE = MinAtarNetwork(filters=4, hidden=(8,))
BY_UPDATE = Linear(start=0.01, end=0.001, over=100, by="update")
GIVEN: Mapping[tuple[str, str], tuple[Mapping[str, Any], ...]] = {
    ("agent", "pqn"): ({"length": 4, "epochs": 1, "minibatches": 2, "network": MLP(hidden=(8,), layer_norm=True)},),
    ("agent", "r2d2"): (
        {
            "batch_size": 4,
            "length": 2,
            "burn_in": 1,
            "n_step": 2,
            "network": RecurrentNetwork(cell="gru", size=4, encoder=MLP(hidden=())),
        },
    ),
    ("bonus", "hash_counts"): ({"bits": 4},),
    ("bonus", "random_network"): ({"network": MLP(hidden=(8,)), "outputs": 3, "optimizer": SGD()},),
    ("bootstrap", "averaged"): ({"target_networks": 3},),
    ("bootstrap", "munchausen"): ({"temperature": Linear(start=2.0, end=0.1, over=1000)},),
    ("compiled_environment", "DeepSea-v0"): ({}, {"mapping_seed": 3}),
    ("compiled_environment", "GridWorld-v0"): ({}, {"map": ("S1#", "..G", "S9."), "slip": 0.3}),
    ("environment", "compiled"): ({"id": CartPole()},),
    ("environment", "gymnasium"): (
        {"id": "CartPole-v1"},
        {"id": "FrozenLake-v1", "kwargs": {"map_name": "4x4"}},
        {"id": "MountainCarContinuous-v0"},
    ),
    ("exploration", "boltzmann"): ({"temperature": Linear(start=2.0, end=0.1, over=1000)},),
    ("exploration", "ez_greedy"): ({"end": 0.5}, {"most": 1}),
    ("network", "conv"): (
        {"filters": (4, 8), "kernels": (3, 2), "strides": (2, 1), "hidden": (16,)},
        {"filters": (4,), "kernels": (4,), "strides": (2,), "hidden": (), "channels": "first"},
    ),
    ("exploration", "vdbe"): ({}, {"bits": 4}),
    ("head", "c51"): ({"atoms": 5, "low": -3.0, "high": 3.0, "dueling": True, "layer": NoisyLayer()},),
    ("head", "ensemble"): ({"members": 2, "prior_scale": 2.0, "p": 0.5},),
    ("head", "fqf"): ({"fractions": 8}, {"fractions": 4, "cosines": 8, "hidden": (8,)}),
    ("head", "iqn"): (
        {"fractions": 4},
        {"fractions": 4, "acting_fractions": 5, "shared": False, "cosines": 8, "hidden": (8,)},
    ),
    ("head", "quantile"): ({"quantiles": 20}, {"quantiles": 5, "kappa": 0.5, "dueling": True, "hidden": (8,)}),
    ("head", "value"): ({}, {"dueling": True, "hidden": (8,)}),
    ("launcher", "slurm"): ({"cluster": "local", "orders_per_job": 3},),
    ("network", "impala"): ({"filters": (3,), "blocks": 1, "hidden": (8,), "pool": 2, "spectral_norm": True},),
    ("network", "minatar"): ({"hidden": (16, 8)}, {"filters": 4, "hidden": (8,), "layer_norm": True}),
    ("network", "multi"): (
        {"image": SMALL_IMAGE},
        {"encoders": {"speed": MLP(hidden=(4,))}, "image": SMALL_IMAGE, "hidden": ()},
    ),
    ("network", "mlp"): (
        {},
        {"hidden": (8, 8), "activation": "tanh", "layer_norm": True},
        {"hidden": (8,), "layer": NoisyLayer()},
        {"hidden": (8,), "layer": SpectralLayer()},
    ),
    ("network", "recurrent"): (
        {"size": 4, "encoder": MLP(hidden=(5,))},
        {"cell": "gru", "size": 4, "encoder": MLP(hidden=(), layer=NoisyLayer()), "layer": NoisyLayer()},
    ),
    ("optimizer", "adamw"): ({"weight_decay": BY_UPDATE},),
    ("optimizer", "adam"): ({"learning_rate": BY_UPDATE, "clip_norm": 1.0},),
    ("schedule", "constant"): ({"amount": 0.5},),
    ("schedule", "exponential"): ({"start": 1.0, "decay": 0.995, "end": 0.1, "by": "episode"},),
    ("schedule", "linear"): ({"start": 1.0, "end": 0.1, "over": 1000},),
    ("wrapper", "discretize_actions"): ({"bins": 3}, {"bins": (5,)}),
    ("wrapper", "keep_key"): ({"key": "image"},),
    ("wrapper", "keep_keys"): ({"keys": ("image", "direction")},),
    ("wrapper", "minigrid_image"): ({}, {"one_hot": True}),
    ("wrapper", "observation_clip"): ({"low": -0.1, "high": (0.1, 0.2, 0.1, 0.2)},),
    ("wrapper", "observation_scale"): ({"divide": 2.0}, {"subtract": (0.0, 0.5, 0.0, -0.5), "divide": 0.3}),
    ("wrapper", "reward_scale"): ({"factor": 0.1},),
    ("wrapper", "time_limit"): ({"steps": 9},),
    ("wrapper", "words"): (
        {"key": "mission", "vocabulary": MISSION},
        {"key": "mission", "vocabulary": MISSION, "length": 6},
    ),
    ("stop", "max_seconds"): ({"seconds": 0.1},),
    ("stop", "max_steps"): ({"steps": 1000},),
    ("stop", "no_improvement"): ({}, {"window": 1, "patience": 1}),
}
"""Parameters, one instance for each mapping; a component that is not here is tested with its defaults."""
WITHIN_ANOTHER = {
    "head": ("fqf", "iqn", "quantile", "value"),
    "network": ("minatar", "mlp", "mlp_3", "mlp_4", "multi_2"),
}
"""Instances, by kind, whose operations another one has too, that one's layers or the default agent included: whether
backends agree, which takes seconds, is asked of that one, and of these with the slow tests."""
ONLY_OTHER_ACTIONS = frozenset(f"MinAtar/{game}-v0" for game in ("Asterix", "Breakout", "Freeway", "SpaceInvaders"))
"""Games of whose two forms, which share their code, the one with fewer actions is played; of the other, what the suite
asks of any component and of spaces is tested here, its actions in `tests/plugins/rlkit_worlds/minatar`."""
UNPLAYED = {name for name in dir(suites.ComponentSuite) if name.startswith("test_")} | {
    "test_its_spaces_are_plain_data",
    "test_its_episode_limit_is_a_count_or_none",
}
NEEDS_FILES = frozenset({"minari", "run"})
"""Recorded data, whose suites run beside its own tests, which make it."""
SAME_CLASS_AS_ANOTHER = frozenset({"MinAtar/Seaquest-v0"})
FEWER: Mapping[type, Mapping[str, Any]] = {suites.CompiledEnvironmentSuite: {"steps": 40}}
"""What keeps the suite quick: its games have parity tests of their own, over 100,000 steps."""
NEEDS_PACKAGE = {("launcher", "ray"): "ray", ("launcher", "slurm"): "submitit"}
"""Extras that not everybody installs, nor the tests do."""
NOT_IN_LITERT = {("network", "conv"): "Conv2DBackpropFilter", ("network", "impala"): "Conv2DBackpropFilter.*"}
"""What LiteRT is known to lack, of which the suite warns; any other such warning is a failure."""


NEEDS: Mapping[tuple[str, str], str] = {
    ("recorder", "mlflow"): "mlflow",
    ("recorder", "parquet"): "pyarrow",
    ("recorder", "wandb"): "wandb",
}
"""Modules of extras that not everybody has."""
SLOW = frozenset({("r2d2", "test_all_backends_agree")})
"""What takes XLA long; LiteRT is compared with TensorFlow in the other tests as well."""


def cases() -> Iterator[Any]:
    catalogue = discover()
    register_choices()
    register_masked()
    for kind in catalogue.kinds:
        for entry in catalogue.entries(kind):
            if entry.plugin.distribution != CORE_DISTRIBUTION:
                continue
            if entry.name in SAME_CLASS_AS_ANOTHER or (kind == "recorded_data" and entry.name in NEEDS_FILES):
                continue
            for number, parameters in enumerate(GIVEN.get((kind, entry.name), ({},))):
                suite = SUITES[kind]
                under_test = suite_of(suite, entry, parameters)
                for test in sorted(name for name in dir(suite) if name.startswith("test_")):
                    if entry.name in ONLY_OTHER_ACTIONS and test not in UNPLAYED:
                        continue
                    label = entry.name if not number else f"{entry.name}_{number + 1}"
                    lacking = NOT_IN_LITERT.get((kind, entry.name))
                    known = pytest.mark.filterwarnings(f"ignore:.* does not run in LiteRT. .*{lacking}:UserWarning")
                    name = f"{kind}-{label}-{test[5:]}"
                    marks = [known] if lacking else []
                    twin = test == "test_all_backends_agree" and label in WITHIN_ANOTHER.get(kind, ())
                    package = NEEDS_PACKAGE.get((kind, entry.name))
                    if package:
                        marks.append(pytest.mark.skipif(find_spec(package) is None, reason=f"needs {package}"))
                    if twin or (entry.name, test) in SLOW or (package and test not in UNPLAYED):
                        marks.append(pytest.mark.slow)
                    if find_spec(needed := NEEDS.get((kind, entry.name), "rlkit")) is None:
                        marks.append(pytest.mark.skip(reason=f"{entry.name} needs {needed}, of an extra"))
                    yield pytest.param(under_test, test, id=name, marks=marks)


def suite_of(suite: type[suites.ComponentSuite], entry: Entry, parameters: Mapping[str, Any]) -> Any:
    """The suite of one instance, as a class whose tests share what they build."""
    given = {"component": entry.component(**parameters), **FEWER.get(suite, {})}
    if entry.name in AROUND:
        given["around"] = AROUND[entry.name]
    return type(f"Test{entry.component.__name__}", (suite,), given)


@pytest.mark.filterwarnings("error:.* does not run in:UserWarning")
@pytest.mark.parametrize(("under_test", "test"), list(cases()))
def test_default_conforms(under_test: Any, test: str) -> None:
    getattr(under_test(), test)()


def test_every_kind_has_a_suite() -> None:
    assert {kind.name for kind in discover().kinds.values() if kind.distribution == CORE_DISTRIBUTION} == set(SUITES)


def test_no_plugin_of_the_defaults_is_broken() -> None:
    assert not [plugin.error for plugin in discover().broken if plugin.distribution == CORE_DISTRIBUTION]
