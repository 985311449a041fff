from __future__ import annotations

import dataclasses
import json
import platform
import subprocess
import sys
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any, cast

from rlkit.experiment.experiment import Experiment
from rlkit.runs.manifest import BackendChoice, Manifest, manifest_of, versions
from rlkit.runs.plain_json import json_page

KEYS = [
    "format",
    "experiment",
    "seed",
    "status",
    "stop_reason",
    "solved",
    "episodes",
    "steps",
    "updates",
    "steps_per_second",
    "mean_return",
    "mean_evaluation",
    "seconds",
    "loop",
    "backends",
    "programs",
    "partial",
    "warnings",
    "metrics_interval",
    "versions",
    "plugins",
    "platform",
    "weights",
    "policy",
    "data",
    "rows",
]


def entry(plugin: str) -> Any:
    return SimpleNamespace(
        plugin=SimpleNamespace(name=plugin, distribution=f"dist-{plugin}", version="1.2", digest=f"sum-{plugin}")
    )


def started() -> Manifest:
    entries = (entry("b"), entry("a"), entry("b"))
    return manifest_of(cast(Experiment, SimpleNamespace(name="cartpole", seed=3, entries=entries)))


def test_run_json_has_the_documented_keys() -> None:
    written = json.loads(json_page(started().to_dict()))
    assert list(written) == KEYS
    assert (written["format"], written["experiment"], written["seed"], written["status"]) == (
        1,
        "cartpole",
        3,
        "running",
    )
    assert list(written["seconds"]) == ["startup", "training", "evaluation", "total"]


def test_each_plugin_used_is_named_once_with_its_digest() -> None:
    assert started().to_dict()["plugins"] == (
        {"plugin": "a", "distribution": "dist-a", "version": "1.2", "digest": "sum-a"},
        {"plugin": "b", "distribution": "dist-b", "version": "1.2", "digest": "sum-b"},
    )


def test_backends_are_plain_data_with_their_reasons() -> None:
    choices = {"learner": BackendChoice(backend="xla", reason="a gradient does not convert")}
    written = json.loads(json_page(dataclasses.replace(started(), backends=choices).to_dict()))
    assert written["backends"] == {"learner": {"backend": "xla", "reason": "a gradient does not convert"}}


def test_versions_are_those_installed() -> None:
    found = versions()
    assert list(found) == ["python", "rlkit", "tensorflow", "keras", "numpy", "gymnasium", "ai_edge_litert"]
    assert found["python"] == platform.python_version()
    assert found["numpy"] == version("numpy")


def test_versions_are_read_without_importing_the_libraries() -> None:
    program = (
        "import sys; from rlkit.runs.manifest import versions; versions(); "
        "print([name for name in ('tensorflow', 'keras', 'gymnasium', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
