"""The package as the catalogue sees it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from rlkit.catalogue.discovery import discover
from rlkit.catalogue.parameters import parameters_of

OFFERED = {
    "agent": ["dqn", "pqn", "r2d2"],
    "network": ["conv", "impala", "minatar", "mlp", "multi", "recurrent"],
    "buffer": ["prioritized", "rank_prioritized", "uniform"],
    "exploration": [
        "boltzmann",
        "bootstrapped",
        "count_ucb",
        "ensemble_ucb",
        "epsilon_greedy",
        "ez_greedy",
        "greedy",
        "vdbe",
    ],
    "schedule": ["constant", "exponential", "linear"],
    "target_update": ["hard", "none", "soft"],
    "stop": ["max_seconds", "max_steps", "mean_return", "no_improvement"],
    "optimizer": ["adam", "adamw", "rmsprop", "sgd"],
    "layer": ["dense", "noisy", "spectral"],
    "loss": ["huber", "squared_error"],
    "regularizer": ["behavior_cloning", "cql"],
    "bonus": ["hash_counts", "random_network"],
    "returns": ["n_step", "peng", "tree_backup", "watkins"],
    "bootstrap": ["averaged", "clipped_double", "double", "expected_sarsa", "max", "munchausen", "sarsa", "soft"],
    "head": ["c51", "ensemble", "fqf", "iqn", "quantile", "value"],
}


def own(kind):
    return [entry for entry in discover().entries(kind) if entry.plugin.name == "rlkit_dqn"]


@pytest.mark.parametrize("kind", OFFERED)
def test_components_are_found_by_name(kind):
    assert sorted(entry.name for entry in own(kind)) == OFFERED[kind]


@pytest.mark.parametrize("kind", OFFERED)
def test_every_component_and_parameter_says_what_it_means(kind):
    for entry in own(kind):
        summary = (entry.component.__doc__ or "").partition("\n")[0]
        assert summary.endswith(".") and len(summary) < 115, entry.name
        for parameter in parameters_of(entry.component, discover()):
            assert parameter.info.doc, f"{entry.name}.{parameter.name}"


@pytest.mark.parametrize("kind", OFFERED)
def test_components_can_be_defaults_of_others(kind):
    """A dataclass refuses defaults that cannot be hashed."""
    for entry in own(kind):
        fields = dataclasses.fields(entry.component)
        if all(field.default is not dataclasses.MISSING for field in fields):
            hash(entry.component())


def test_discovery_imports_neither_tensorflow_nor_numpy():
    program = "\n".join(
        [
            "import sys",
            "from rlkit.catalogue.discovery import discover",
            "assert discover().find('agent', 'dqn').component().network.hidden == (64,)",
            "heavy = {'tensorflow.python', 'keras.src', 'numpy', 'gymnasium'} & set(sys.modules)",
            "sys.exit(f'imported: {heavy}' if heavy else 0)",
        ]
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
