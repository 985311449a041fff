"""The compiled loop's policies, kept between processes: converting one takes longer than many a run trains."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

from rlkit.caching.atomic import WriteError
from rlkit.caching.entries import SUFFIX, read_entry, write_entry
from rlkit.caching.loose_sources import changed_source
from rlkit.caching.program_key import NoKey, program_key
from rlkit.caching.switch import caching
from rlkit.caching.turn import turn
from rlkit.experiment.experiment import Experiment
from rlkit.programs.keeping.entry import NotPackable
from rlkit.programs.keeping.kept import programs_folder, sources_of
from rlkit.programs.ready import ReadyPrograms
from rlkit.programs.weights.start import SeedDependent, same_graphs
from rlkit.replay.of_experiment import buffer_of


def kept_policy(experiment: Experiment, prepared: ReadyPrograms, convert: Callable[[], bytes]) -> bytes:
    """The model of a trained agent's actions: one that an earlier run has kept, else converted now, and kept.

    Args:
        experiment: whose agent it is.
        prepared: as it was made in this process, for the seed of `experiment`.
        convert: makes the model.

    Raises whatever `convert` raises. A cache that cannot be used, or holds something else, is passed over.
    """
    if not caching():
        return convert()
    try:
        path = programs_folder() / f"{program_key(experiment)}.policy{SUFFIX}"
    except NoKey:
        return convert()
    with turn(path):
        model = _read(path)
        if model is None:
            model = convert()
            with contextlib.suppress(SeedDependent, NotPackable, WriteError):
                _keep(model, experiment, prepared, path)
    return model


def _read(path: Path) -> bytes | None:
    try:
        packed = read_entry(path)
        if packed is None:
            return None
        sources, _, model = packed.partition(b"\n")
        return model if changed_source(json.loads(sources)) is None else None
    except ValueError:  # a damaged entry, or no JSON
        return None


def _keep(model: bytes, experiment: Experiment, prepared: ReadyPrograms, path: Path) -> None:
    """Keep it if every seed has the same; the weights are no part of it, but a constant may be."""
    assert prepared.made is not None
    sources = json.dumps(sources_of(experiment))
    same_graphs(prepared, prepared.made, experiment.agent, buffer_of(experiment))
    agent = experiment.catalogue.entry_of(experiment.agent).name
    write_entry(path, sources.encode() + b"\n" + model, f"{experiment.name}: {agent}, its policy alone")
