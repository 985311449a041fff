"""Programs as bytes: two LiteRT models, and beside them in plain data all that the stepwise loop must know of them.

An npz file without pickle. Unpacking needs no TensorFlow, and nothing unpacked is run but models and known operators.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rlkit.caching.loose_sources import changed_source
from rlkit.contracts.data import Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.noise.drawn import NoiseLayout
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.due_expression import Tree, replay
from rlkit.programs.ready import (
    Chosen,
    FunctionOutline,
    InputOutline,
    LearnerShapes,
    Outline,
    ReadyPrograms,
    Start,
    begin,
)
from rlkit.programs.weights.initial_weights import InitialWeight

if TYPE_CHECKING:
    from rlkit.programs.program import Program

_FACTS = "facts"


class NotPackable(ValueError):
    """Programs that cannot be kept; the text says why, in a few words."""


class NotPacked(ValueError):
    """Bytes that `pack` of this version has not made."""


class OutOfDate(NotPacked):
    """What was packed follows from a file that has changed since; the text names it."""


def pack(prepared: ReadyPrograms, start: Start, due: Tree, sources: Mapping[str, str]) -> bytes:
    """Programs that run in LiteRT, with what variables begin with whatever the seed.

    `sources` are files with their SHA-256 that must be the same when the programs are unpacked.

    Raises:
        NotPackable: an initialiser whose configuration is no plain data.
    """
    shapes, selection = prepared.shapes, prepared.selection
    facts = {
        "sources": dict(sources),
        "due": due,
        "learner": _outline(shapes.program, prepared.acting),
        "selection": _outline(selection, prepared.selecting),
        "columns": [[name, list(shape), dtype] for name, (shape, dtype) in shapes.columns.items()],
        "metrics": shapes.metrics,
        "reports": shapes.reports,
        "sampling": prepared.sampling,
        "capacity": prepared.capacity,
        "warnings": prepared.warnings,
        "plan": [[weight.variable, weight.shape, weight.initializer, weight.config] for weight in prepared.plan],
        "memory": len(shapes.memory),
    }
    arrays = {
        "learner.tflite": np.frombuffer(_model(prepared.acting), np.uint8),
        "selection.tflite": np.frombuffer(_model(prepared.selecting), np.uint8),
        **_numbered("memory", shapes.memory),
        **_numbered("greedy_memory", shapes.greedy_memory),
        **{f"start.learner.{name}": value for name, value in start.learner.items()},
        **{f"start.selection.{name}": value for name, value in start.selection.items()},
    }
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **{_FACTS: np.frombuffer(_json(facts), np.uint8)}, **arrays)
    return packed.getvalue()


def unpack(packed: bytes, spaces: Spaces, seed: int) -> ReadyPrograms:
    """The programs, their variables as a run with this seed begins.

    Raises:
        NotPacked: the bytes are something else, or out of date.
        NotConvertibleError: LiteRT refuses a model.
    """
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
            facts = json.loads(archive[_FACTS].tobytes())
            changed = changed_source(facts["sources"])
            if changed is not None:
                raise OutOfDate(f"{changed} has changed")
            prepared, start = _unpacked(facts, archive, spaces, seed)
        begin(prepared, start)
    except OutOfDate:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise NotPacked(f"{type(error).__name__}: {error}") from error
    return prepared


def _unpacked(
    facts: Any, arrays: Mapping[str, npt.NDArray[Any]], spaces: Spaces, seed: int
) -> tuple[ReadyPrograms, Start]:
    learner, acting = _program(facts["learner"], arrays["learner.tflite"])
    selection, selecting = _program(facts["selection"], arrays["selection.tflite"])
    memory, greedy_memory = (
        tuple(arrays[f"{name}.{index:03d}"] for index in range(facts["memory"])) for name in ("memory", "greedy_memory")
    )
    shapes = LearnerShapes(
        program=learner,
        columns={name: (tuple(shape), dtype) for name, shape, dtype in facts["columns"]},
        metrics=tuple(facts["metrics"]),
        reports=tuple(facts["reports"]),
        memory=memory,
        greedy_memory=greedy_memory,
    )
    plan = tuple(InitialWeight(name, tuple(shape), kind, config) for name, shape, kind, config in facts["plan"])
    start = Start(_below(arrays, "start.learner."), _below(arrays, "start.selection."))
    prepared = ReadyPrograms(
        spaces=spaces,
        seed=seed,
        due=replay(facts["due"]),
        shapes=shapes,
        acting=acting,
        selecting=selecting,
        selection=selection,
        sampling=Sampling(*facts["sampling"]),
        capacity=facts["capacity"],
        warnings=tuple(facts["warnings"]),
        plan=plan,
        start=start,
    )
    return prepared, start


def _outline(program: Program | Outline, chosen: Chosen) -> dict[str, Any]:
    functions = [
        {
            "name": function.name,
            "inputs": [spec.name for spec in function.inputs],
            "used": sorted(chosen.backend.used(function.name)),
            "noise": "".join("f" if is_float else "i" for is_float in function.noise.floats),
        }
        for function in program.functions
    ]
    return {"functions": functions, "variables": list(program.variables)}


def _program(facts: Any, model: npt.NDArray[np.uint8]) -> tuple[Outline, Chosen]:
    functions = tuple(
        FunctionOutline(
            function["name"],
            tuple(map(InputOutline, function["inputs"])),
            NoiseLayout(tuple(letter == "f" for letter in function["noise"])),
        )
        for function in facts["functions"]
    )
    outline = Outline(functions, tuple(facts["variables"]))
    used = {function["name"]: frozenset(function["used"]) for function in facts["functions"]}
    return outline, Chosen(LiteRTBackend(model.tobytes(), outline, used.__getitem__), "")


def _model(chosen: Chosen) -> bytes:
    assert isinstance(chosen.backend, LiteRTBackend)
    return chosen.backend.model


def _json(facts: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(facts)
        plan = json.loads(text)["plan"]
    except (TypeError, ValueError) as error:
        raise NotPackable(f"an initialiser's configuration is no plain data: {error}") from error
    configs = [config for *_, config in facts["plan"]]
    if [config for *_, config in plan] != configs:
        raise NotPackable("an initialiser's configuration is no plain data")
    return text.encode()


def _numbered(name: str, arrays: tuple[npt.NDArray[Any], ...]) -> dict[str, npt.NDArray[Any]]:
    return {f"{name}.{index:03d}": array for index, array in enumerate(arrays)}


def _below(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> dict[str, npt.NDArray[Any]]:
    return {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}
