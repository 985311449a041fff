"""Programs that were converted once run again without TensorFlow, and give the same bytes as without a cache."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rlkit
from rlkit.catalogue import plugins
from rlkit.programs.keeping.kept import programs_folder
from rlkit.programs.keeping.programs import KEPT, MADE, programs_of
from rlkit.runs.reading import read_rows
from rlkit.runs.weights import load_weights
from rlkit.worlds.seen import SeenArrays

ROOT = Path(__file__).parents[2]
SMALL = [
    "limits.episodes=30",
    "evaluation.episodes=1",
    "evaluation.every=200",
    "network.hidden=[16]",
    "recorders=[progress,learning_curve,csv]",
]
SETTINGS = [word for setting in SMALL for word in ("--set", setting)]
PROGRAM = """
import json, sys
from rlkit.cli.main import main
statuses = [main(argv) for argv in json.loads(sys.argv[1])]
print(json.dumps([statuses, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def start(*commands: Sequence[str], cache: Path) -> subprocess.Popen[str]:
    """A new interpreter that runs commands of the program one after another."""
    environment = os.environ | {"RLKIT_CACHE_DIR": str(cache), "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, set[str]]:
    """What it printed, and the top-level modules it had imported in the end."""
    printed, complained = process.communicate(timeout=180)
    assert process.returncode == 0, complained
    *lines, last = printed.splitlines()
    statuses, modules = json.loads(last)
    assert not any(statuses), printed + complained
    return "\n".join(lines), set(modules)


def kept_of(folder: Path) -> tuple[list[Mapping[str, Any]], bytes]:
    """What may depend on nothing but experiment and seed: rows without their seconds, and the weights."""
    files = ("episodes", "metrics", "evaluation")
    rows = [row for file in files for row in read_rows(folder / f"{file}.jsonl").rows]
    weights = [load_weights(path).variables for path in sorted((folder / "checkpoints").glob("*.npz"))]
    return (
        [{key: value for key, value in row.items() if key != "seconds"} for row in rows],
        b"".join(name.encode() + value.tobytes() for variables in weights for name, value in variables.items()),
    )


def run_of(out: Path, seed: int) -> Path:
    (folder,) = out.glob(f"*/*seed{seed}")
    return folder


def told(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
    return manifest


def programs_kept(folder: Path | None = None) -> list[Path]:
    """Without the note that an experiment's components have been verified."""
    return [path for path in (folder or programs_folder()).iterdir() if ".verified." not in path.name]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: tmp_path_factory.mktemp(name) for name in ("cache", "cold", "warm", "without")}


@pytest.fixture(scope="module")
def cold(places: dict[str, Path]) -> list[set[str]]:
    """Two processes at once on an empty cache, a seed each; the modules of each."""
    cache, out = places["cache"], str(places["cold"])
    processes = [
        start(["run", "cartpole_dqn", "--seed", str(seed), "--out", out, *SETTINGS], cache=cache) for seed in (0, 1)
    ]
    return [ended(process)[1] for process in processes]


@pytest.fixture(scope="module")
def warm(cold: list[set[str]], places: dict[str, Path]) -> tuple[str, set[str]]:
    """One process that runs three seeds, evaluates, checks and plots; what it printed, and its modules."""
    out = str(places["warm"])
    return ended(
        start(
            *(["run", "cartpole_dqn", "--seed", str(seed), "--out", out, *SETTINGS] for seed in (0, 1)),
            ["run", "cartpole_dqn", "--seeds", "2,3", "--out", out, *SETTINGS],
            ["evaluate", "last", "--out", out, "--episodes", "2"],
            ["check", "cartpole_dqn", "--play", *SETTINGS],
            ["plot", "last", "--out", out, "-o", str(places["warm"] / "curve.png")],
            cache=places["cache"],
        )
    )


@pytest.fixture(scope="module")
def without(places: dict[str, Path]) -> None:
    """The seeds 0 to 3 in this process, the cache switched off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RLKIT_NO_CACHE", "1")
        patch.setenv("RLKIT_CACHE_DIR", str(places["without"] / "cache"))
        experiment = rlkit.load("cartpole_dqn", [*SMALL, "recorders=[]"])
        rlkit.run_seeds(experiment, range(4), out=places["without"])


def test_of_processes_that_find_an_empty_cache_one_converts_and_one_entry_is_left(
    cold: list[set[str]], places: dict[str, Path]
) -> None:
    origins = [told(run_of(places["cold"], seed))["programs"] for seed in (0, 1)]
    assert sorted(origins) == [KEPT, MADE]
    for modules, origin in zip(cold, origins, strict=True):
        assert ("tensorflow" in modules) == (origin == MADE)
    assert len(programs_kept(places["cache"] / "programs")) == 1


def test_a_warm_process_imports_neither_tensorflow_nor_keras(
    warm: tuple[str, set[str]], places: dict[str, Path]
) -> None:
    printed, modules = warm
    assert {"rlkit", "ai_edge_litert", "gymnasium", "matplotlib"} <= modules
    assert not modules & {"tensorflow", "keras", "pandas"}
    assert [told(run_of(places["warm"], seed))["programs"] for seed in range(4)] == [KEPT] * 4
    assert re.search(rf"^programs +{KEPT}$", printed, re.MULTILINE)
    assert re.search(rf"^  play +ready in .* s; programs: {KEPT}$", printed, re.MULTILINE)
    assert (places["warm"] / "curve.png").exists()


@pytest.mark.parametrize("seed", range(4))
def test_results_are_byte_for_byte_those_without_a_cache(
    seed: int, warm: tuple[str, set[str]], without: None, places: dict[str, Path]
) -> None:
    expected = kept_of(run_of(places["without"], seed))
    assert kept_of(run_of(places["warm"], seed)) == expected
    if seed < 2:
        assert kept_of(run_of(places["cold"], seed)) == expected
    assert len(expected[1]) > 4_000 and len(expected[0]) > 30


def test_without_a_cache_nothing_is_kept_and_the_run_says_so(without: None, places: dict[str, Path]) -> None:
    assert not (places["without"] / "cache").exists()
    assert told(run_of(places["without"], 0))["programs"] == "not kept: the cache is switched off"


def test_what_variables_begin_with_is_the_same_with_and_without_tensorflow(
    warm: tuple[str, set[str]], without: None, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlkit.programs.making import make
    from rlkit.replay.of_experiment import buffer_of

    monkeypatch.setenv("RLKIT_CACHE_DIR", str(places["cache"]))
    experiment = rlkit.load("cartpole_dqn", SMALL, seed=5)
    kept = programs_of(experiment)
    made = make(experiment.agent, buffer_of(experiment), experiment.spaces, experiment.seed, debug=True)
    assert kept.origin == KEPT and kept.learner is None
    found, expected = kept.acting.backend.read(), made.acting.backend.read()
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert found[name].dtype == value.dtype and found[name].tobytes() == value.tobytes(), name


def test_a_damaged_entry_is_told_and_made_anew(
    warm: tuple[str, set[str]], places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(places["cache"]))
    monkeypatch.setattr(plugins, "BEGAN", time.time())  # other tests have imported what they had written
    (entry,) = programs_kept()
    whole = entry.read_bytes()
    entry.write_bytes(whole[:-100] + bytes(100))
    experiment = rlkit.load("cartpole_dqn", SMALL)
    prepared = programs_of(experiment)
    assert prepared.origin == MADE
    (warning,) = prepared.warnings
    assert warning.startswith(f"the kept programs were not used and are made anew: {entry.name}: it does not match")
    assert programs_of(experiment).origin == KEPT


PLUGIN = """
    from __future__ import annotations
    from dataclasses import dataclass
    import tensorflow as tf
    from rlkit import hookimpl

    @dataclass(frozen=True, kw_only=True)
    class Always:
        def select(self, values, seen, call):
            return tf.fill((values.shape[0],), {action})

    @hookimpl
    def rlkit_explorations():
        return {{"always": Always}}
"""


@pytest.mark.slow
def test_a_changed_line_of_a_plugin_makes_a_new_entry_and_never_a_stale_result(
    plugin_site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python takes bytecode of the same second and size
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(tmp_path / "cache"))
    for action in (0, 1):
        plugin_site.install("always", PLUGIN.format(action=action))
        sys.modules.pop("always", None)
        plugin_site.discover()
        monkeypatch.setattr(plugins, "BEGAN", time.time())  # as in a process that begins now
        experiment = rlkit.load("cartpole_dqn", [*SMALL, "exploration=always"])
        for origin in (MADE, KEPT):
            prepared = programs_of(experiment)
            assert prepared.origin == origin
            act = prepared.acting.backend.function("act")
            assert act(*SeenArrays(prepared.spaces).inputs, np.zeros(4, np.int64))[0].tolist() == [action]
    assert len(programs_kept()) == 2
