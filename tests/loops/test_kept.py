"""What cannot be kept takes the ordinary path and says why; what is no kept program is refused."""

from __future__ import annotations

import dataclasses
import importlib
import io
import sys
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit
from rlkit.caching.entries import entries_in
from rlkit.caching.program_key import NoKey, program_key
from rlkit.catalogue import plugins
from rlkit.experiment.experiment import Experiment
from rlkit.loops.backends.litert import NotConvertibleError
from rlkit.loops.due_expression import recorded
from rlkit.loops.kept import KEPT, MADE, kept_or_made, programs_folder
from rlkit.loops.packing import NotPacked, pack, unpack
from rlkit.loops.prepared import Prepared
from rlkit.loops.preparing import assemble, prepare
from rlkit.loops.replay import buffer_of
from rlkit.loops.start import SeedDependent, start_of

SMALL = ["network.hidden=[]", "agent.batch_size=4", "limits.episodes=3", "recorders=[]", "evaluation.episodes=0"]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return rlkit.load("cartpole_dqn", SMALL)


@pytest.fixture(scope="module")
def made(experiment: Experiment) -> Prepared:
    return prepare(experiment)


def test_programs_that_do_not_all_run_in_litert_are_not_kept_and_the_summary_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elu = rlkit.load("cartpole_dqn", [*SMALL, "network.activation=elu"])
    result = rlkit.run(elu, out=tmp_path, quiet=False)
    why = "not kept, since not all run in LiteRT: LiteRT has no EluGrad"
    assert result.programs == why
    assert f"programs    {why}\n" in capsys.readouterr().out
    assert not entries_in(programs_folder())
    assert not (result.folder / "policy.tflite").exists()


def test_with_debug_nothing_is_kept(experiment: Experiment) -> None:
    assert kept_or_made(experiment, debug=True).origin == "not kept: --debug runs graph code eagerly"
    assert not programs_folder().exists()


def test_a_cache_that_cannot_be_written_stops_no_run(experiment: Experiment, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(tmp_path / "file"))
    prepared = kept_or_made(experiment)
    assert prepared.origin.startswith("not kept: ")
    assert prepared.acting.backend.name == "litert"


class Odd(keras.initializers.Initializer):
    """An initialiser that the core does not know."""

    def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Any:
        return keras.random.normal(shape, dtype=dtype)


class Layers:
    """A network of one layer of its own before the last."""

    def __init__(self, layer: Any) -> None:
        self._layer = layer

    def build(self, observation: Any, units: int) -> Any:
        network = keras.Sequential([self._layer(), keras.layers.Dense(units)])
        network.build((None, *observation.shape))
        return network


class Scaled(keras.layers.Layer):
    """Multiplies by what `draw` gave when it was made."""

    def __init__(self, draw: Any) -> None:
        super().__init__()
        self.scale = draw()

    def call(self, inputs: Any) -> Any:
        return inputs * self.scale


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda: keras.layers.Dense(4, kernel_initializer=Odd()), "kernel begins as its component draws it"),
        (lambda: keras.layers.Dropout(0.5), "seed_generator_state begins as its component draws it"),
        (lambda: Scaled(lambda: np.random.random(4).astype(np.float32)), "draws from NumPy's generator"),
        (lambda: Scaled(lambda: tf.random.uniform((4,))), "scale follows from the seed"),
    ],
)
def test_what_begins_with_something_that_follows_from_the_seed_is_not_kept(
    experiment: Experiment, layer: Any, words: str
) -> None:
    agent: Any = dataclasses.replace(experiment.agent, network=Layers(layer))  # type: ignore[type-var]
    prepared = assemble(agent, agent.buffer, experiment.spaces, 0, debug=True)
    assert prepared.made is not None
    with pytest.raises(SeedDependent, match=words):
        start_of(prepared, prepared.made, agent, agent.buffer)


def test_constants_that_do_not_follow_from_the_seed_are_no_hindrance(experiment: Experiment) -> None:
    layers = Layers(lambda: Scaled(lambda: tf.linspace(0.0, 1.0, 4)))
    agent: Any = dataclasses.replace(experiment.agent, network=layers)  # type: ignore[type-var]
    prepared = assemble(agent, agent.buffer, experiment.spaces, 0, debug=True)
    assert prepared.made is not None
    start = start_of(prepared, prepared.made, agent, agent.buffer)
    assert start.learner and not start.learner.keys() & {weight.variable for weight in prepared.plan}


def test_a_part_that_no_plugin_offers_is_not_kept(experiment: Experiment) -> None:
    agent: Any = dataclasses.replace(experiment.agent, network=Layers(None))  # type: ignore[type-var]
    with pytest.raises(NoKey, match="a parameter is a Layers"):
        program_key(dataclasses.replace(experiment, agent=agent))


@pytest.fixture(scope="module")
def packed(made: Prepared, experiment: Experiment) -> bytes:
    assert made.made is not None
    start = start_of(made, made.made, experiment.agent, buffer_of(experiment))
    return pack(made, start, recorded(made.due, 1), {})


def test_what_is_unpacked_does_what_was_packed(made: Prepared, packed: bytes) -> None:
    found = unpack(packed, made.spaces, made.seed)
    assert found.shapes.columns == made.shapes.columns
    assert (found.shapes.metrics, found.shapes.reports) == (made.shapes.metrics, made.shapes.reports)
    assert (found.sampling, found.capacity, found.plan) == (made.sampling, made.capacity, made.plan)
    for name in ("act", "act_greedy", "learn", "select"):
        assert found.noise_of(name) == made.noise_of(name)
    observation = np.full((1, 4), 0.5, np.float32)
    for name in ("act", "act_greedy"):
        noise = [np.full(1, 0.9, np.float32), np.array([7], np.int64)] if name == "act" else []
        arguments = (observation, np.ones(1, bool), np.zeros(3, np.int64), *noise)
        one, other = (prepared.acting.backend.function(name)(*arguments) for prepared in (found, made))
        assert one[0].tobytes() == other[0].tobytes()


def test_no_pickle_is_read_and_no_other_content_taken(made: Prepared, packed: bytes) -> None:
    with np.load(io.BytesIO(packed)) as archive:
        content = dict(archive)
    hostile: list[dict[str, Any]] = [
        {**content, "facts": np.array([{"due": 1}], dtype=object)},
        {**content, "facts": np.frombuffer(b"[]", np.uint8)},
        {**content, "facts": np.frombuffer(b"not JSON", np.uint8)},
        {**content, "learner.tflite": content["learner.tflite"][:1000]},
        {name: value for name, value in content.items() if name != "selection.tflite"},
        {name: value for name, value in content.items() if not name.startswith("start.learner.")},
    ]
    for arrays in hostile:
        file = io.BytesIO()
        np.savez(file, **arrays)
        with pytest.raises((NotPacked, NotConvertibleError)):
            unpack(file.getvalue(), made.spaces, 0)
    for other in (b"", b"PK", packed[:-200]):
        with pytest.raises(NotPacked):
            unpack(other, made.spaces, 0)


def test_several_environments_and_their_memory_are_kept() -> None:
    several = rlkit.load("cartpole_dqn", [*SMALL, "environment.count=3", "buffer.capacity=100"])
    first = kept_or_made(several)
    kept = kept_or_made(several)
    assert kept.origin == KEPT
    assert kept.capacity == first.capacity == 99
    assert kept.spaces.environments == 3


def test_what_a_plugin_imports_from_a_library_that_is_being_written_makes_programs_anew(
    plugin_site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python takes bytecode of the same second and size
    library = tmp_path / "site" / "lib_in_progress.py"
    library.write_text("ACTION = 0\n")
    plugin_site.install(
        "leaning",
        """
        from __future__ import annotations
        from dataclasses import dataclass
        import tensorflow as tf
        from rlkit import hookimpl

        @dataclass(frozen=True, kw_only=True)
        class Leaning:
            def select(self, q_values, noise, progress):
                import lib_in_progress
                return tf.fill((q_values.shape[0],), lib_in_progress.ACTION)

        @hookimpl
        def rlkit_explorations():
            return {"leaning": Leaning}
        """,
    )
    plugin_site.discover()
    leaning = rlkit.load("cartpole_dqn", [*SMALL, "exploration=leaning"])
    for action in (0, 1):
        library.write_text(f"ACTION = {action}\n")
        sys.modules.pop("lib_in_progress", None)
        importlib.invalidate_caches()
        monkeypatch.setattr(plugins, "BEGAN", time.time())  # as in a process that begins now
        assert kept_or_made(leaning).origin == MADE
        kept = kept_or_made(leaning)
        assert kept.origin == KEPT and not kept.warnings
        act = kept.acting.backend.function("act")
        assert act(np.zeros((1, 4), np.float32), np.ones(1, bool), np.zeros(3, np.int64))[0].tolist() == [action]
    sys.modules.pop("lib_in_progress", None)


def test_a_source_that_changed_since_the_process_began_is_not_trusted(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "BEGAN", 0.0)
    origin = kept_or_made(experiment).origin
    assert origin.startswith("not kept: ") and origin.endswith(".py has changed since this process began")
    assert not entries_in(programs_folder())
