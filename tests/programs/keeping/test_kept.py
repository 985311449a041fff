"""What cannot be kept takes the ordinary path and says why; what is no kept program is refused."""

from __future__ import annotations

import dataclasses
import importlib
import io
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rlkit
from rlkit.caching.entries import entries_in
from rlkit.caching.program_key import NoKey, program_key
from rlkit.catalogue import plugins
from rlkit.experiment.experiment import Experiment
from rlkit.programs.backends.litert import NotConvertibleError
from rlkit.programs.keeping.entry import NotPacked, pack, unpack
from rlkit.programs.keeping.kept import programs_folder
from rlkit.programs.keeping.programs import KEPT, MADE, programs_of
from rlkit.programs.making import make
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.of_experiment import buffer_of
from rlkit.worlds.seen import SeenArrays

SMALL = ["network.hidden=[]", "agent.batch_size=4", "limits.episodes=3", "recorders=[]", "evaluation.episodes=0"]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return rlkit.load("cartpole_dqn", SMALL)


def programs_kept() -> list[Path]:
    """Without the note that the experiment's components have been verified."""
    return [found.path for found in entries_in(programs_folder()) if ".verified." not in found.path.name]


@pytest.fixture(scope="module")
def made(experiment: Experiment) -> ReadyPrograms:
    return make(experiment.agent, buffer_of(experiment), experiment.spaces, experiment.seed)


def test_programs_that_do_not_all_run_in_litert_are_not_kept_and_the_summary_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elu = rlkit.load("cartpole_dqn", [*SMALL, "network.hidden=[4]", "network.activation=elu"])
    result = rlkit.run(elu, out=tmp_path, quiet=False)
    why = "not kept: not all run in LiteRT: LiteRT has no EluGrad"
    assert result.programs == why
    assert f"programs    {why}\n" in capsys.readouterr().out
    (noted,) = entries_in(programs_folder())
    assert noted.path.name.endswith(".verified.entry")  # that it hides no randomness need not be found again
    assert not (result.folder / "policy.tflite").exists()


def test_with_debug_nothing_is_kept(experiment: Experiment) -> None:
    assert programs_of(experiment, debug=True).origin == "not kept: --debug runs graph code eagerly"
    assert not programs_kept()


def test_a_cache_that_cannot_be_written_stops_no_run(experiment: Experiment, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(tmp_path / "file"))
    prepared = programs_of(experiment)
    assert prepared.origin.startswith("not kept: ")
    assert prepared.acting.backend.name == "litert"


class Anything:
    """A network that no plugin offers."""


def test_a_part_that_no_plugin_offers_is_not_kept(experiment: Experiment) -> None:
    agent: Any = dataclasses.replace(experiment.agent, network=Anything())  # type: ignore[type-var]
    with pytest.raises(NoKey, match="a parameter is a Anything"):
        program_key(dataclasses.replace(experiment, agent=agent))


@pytest.fixture(scope="module")
def packed(made: ReadyPrograms) -> bytes:
    return pack(made)


def test_what_is_unpacked_does_what_was_packed(made: ReadyPrograms, packed: bytes) -> None:
    found = unpack(packed, made.spaces, made.seed)
    assert found.shapes.columns == made.shapes.columns
    assert (found.shapes.metrics, found.shapes.reports) == (made.shapes.metrics, made.shapes.reports)
    assert (found.due, found.storage, found.plan) == (made.due, made.storage, made.plan)
    for name in ("act", "act_greedy", "learn", "select"):
        assert found.noise_of(name) == made.noise_of(name)
    seen = SeenArrays(made.spaces)
    seen.observation[:] = 0.5
    for name in ("act", "act_greedy"):
        noise = [np.full(1, 0.9, np.float32), np.array([7], np.int64)] if name == "act" else []
        arguments = (*seen.inputs, np.zeros(4, np.int64), *noise)
        one, other = (prepared.acting.backend.function(name)(*arguments) for prepared in (found, made))
        assert one[0].tobytes() == other[0].tobytes()


def test_no_pickle_is_read_and_no_other_content_taken(made: ReadyPrograms, packed: bytes) -> None:
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
    first = programs_of(several)
    kept = programs_of(several)
    assert kept.origin == KEPT
    assert kept.storage == first.storage
    assert kept.storage.capacity == 99
    assert kept.spaces.environments == 3


@pytest.mark.slow
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
            def select(self, values, seen, call):
                import lib_in_progress
                return tf.fill((values.shape[0],), lib_in_progress.ACTION)

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
        assert programs_of(leaning).origin == MADE
        kept = programs_of(leaning)
        assert kept.origin == KEPT and not kept.warnings
        act = kept.acting.backend.function("act")
        assert act(*SeenArrays(kept.spaces).inputs, np.zeros(4, np.int64))[0].tolist() == [action]
    sys.modules.pop("lib_in_progress", None)


def test_a_source_that_changed_since_the_process_began_is_not_trusted(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "BEGAN", 0.0)
    origin = programs_of(experiment).origin
    assert origin.startswith("not kept: ") and origin.endswith(".py has changed since this process began")
    assert not entries_in(programs_folder())
