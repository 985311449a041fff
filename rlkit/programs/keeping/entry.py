"""Programs as bytes: two LiteRT models, and beside them in plain data all that the stepwise loop must know of them.

An npz file without pickle. Unpacking needs no TensorFlow, and nothing unpacked is run but models and known operators.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.buffer import Columns, Storage
from rlkit.contracts.demand import Due, Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.noise.drawn import NoiseLayout
from rlkit.programs.backends.litert import LiteRTBackend, NotConvertibleError
from rlkit.programs.keeping.kept import NotPackable
from rlkit.programs.program import GraphFunction, Input, Program
from rlkit.programs.ready import Chosen, Deciders, LearnerShapes, ReadyPrograms, Start, begin
from rlkit.programs.weights.initial_weights import InitialWeight

_FACTS = "facts"


class NotPacked(ValueError):
    """Bytes that `pack` of this version has not made."""


def pack(ready: ReadyPrograms) -> bytes:
    """Programs that run in LiteRT.

    Raises:
        NotPackable: some run elsewhere, or an initialiser's configuration is no plain data.
    """
    for chosen in (ready.acting, ready.selecting):
        if chosen.backend.name != "litert":
            raise NotPackable(f"not all run in LiteRT: {chosen.reason}")
    shapes, storage = ready.shapes, ready.storage
    facts = {
        "due": ready.due,
        "storage": [storage.capacity, storage.environments, storage.sampling, _columns(storage.columns)],
        "learner": _outline(shapes.program, ready.acting),
        "selection": _outline(ready.selection, ready.selecting),
        "metrics": shapes.metrics,
        "reports": shapes.reports,
        "deciders": dataclasses.astuple(ready.deciders),
        "warnings": ready.warnings,
        "rank_exponent": ready.rank_exponent,
        "plan": [[weight.variable, weight.shape, weight.initializer, weight.config] for weight in ready.plan],
        "memory": len(shapes.memory),
    }
    arrays = {
        "learner.tflite": np.frombuffer(_model(ready.acting), np.uint8),
        "selection.tflite": np.frombuffer(_model(ready.selecting), np.uint8),
        **_numbered("memory", shapes.memory),
        **_numbered("greedy_memory", shapes.greedy_memory),
        **{f"start.learner.{name}": value for name, value in ready.start.learner.items()},
        **{f"start.selection.{name}": value for name, value in ready.start.selection.items()},
    }
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **{_FACTS: np.frombuffer(_json(facts), np.uint8)}, **arrays)
    return packed.getvalue()


def unpack(packed: bytes, spaces: Spaces, seed: int) -> ReadyPrograms:
    """The programs, their variables as a run with this seed begins.

    Raises:
        NotPacked: the bytes are something else.
        NotConvertibleError: LiteRT refuses a model.
    """
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
            ready = _unpacked(json.loads(archive[_FACTS].tobytes()), archive, spaces, seed)
        begin(ready)
    except NotConvertibleError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise NotPacked(f"{type(error).__name__}: {error}") from error
    return ready


def _unpacked(facts: Any, arrays: Mapping[str, npt.NDArray[Any]], spaces: Spaces, seed: int) -> ReadyPrograms:
    learner, acting = _program("learner", facts["learner"], arrays["learner.tflite"])
    selection, selecting = _program("selection", facts["selection"], arrays["selection.tflite"])
    memory, greedy_memory = (
        tuple(arrays[f"{name}.{index:03d}"] for index in range(facts["memory"])) for name in ("memory", "greedy_memory")
    )
    capacity, environments, sampling, described = facts["storage"]
    columns = {name: (tuple(shape), dtype) for name, shape, dtype in described}
    shapes = LearnerShapes(
        program=learner,
        columns=columns,
        metrics=tuple(facts["metrics"]),
        reports=tuple(facts["reports"]),
        memory=memory,
        greedy_memory=greedy_memory,
    )
    return ReadyPrograms(
        spaces=spaces,
        seed=seed,
        due=Due(*facts["due"]),
        storage=Storage(capacity, environments, Sampling(*sampling), columns),
        shapes=shapes,
        acting=acting,
        selection=selection,
        selecting=selecting,
        plan=tuple(InitialWeight(name, tuple(shape), kind, config) for name, shape, kind, config in facts["plan"]),
        start=Start(_below(arrays, "start.learner."), _below(arrays, "start.selection.")),
        deciders=Deciders(*facts["deciders"]),
        warnings=tuple(facts["warnings"]),
        rank_exponent=facts["rank_exponent"],
    )


def _columns(columns: Columns) -> list[Any]:
    return [[name, list(shape), dtype] for name, (shape, dtype) in columns.items()]


def _outline(program: Program, chosen: Chosen) -> dict[str, Any]:
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


def _program(name: str, facts: Any, model: npt.NDArray[np.uint8]) -> tuple[Program, Chosen]:
    functions = tuple(
        GraphFunction(
            function["name"],
            tuple(map(Input, function["inputs"])),
            NoiseLayout(tuple(letter == "f" for letter in function["noise"])),
        )
        for function in facts["functions"]
    )
    program = Program(name, functions, dict.fromkeys(facts["variables"]))
    used = {function["name"]: frozenset(function["used"]) for function in facts["functions"]}
    return program, Chosen(LiteRTBackend(model.tobytes(), program, used.__getitem__), "")


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
