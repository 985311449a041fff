from __future__ import annotations

import hashlib
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rlkit.runs.weights import WeightsError, load_weights, save_weights

VARIABLES = {
    "online/dense/kernel": np.arange(12, dtype=np.float32).reshape(4, 3),
    "online/dense/bias": np.zeros(3, np.float32),
    "optimizer/iteration": np.int64(7),
    "file": np.asfortranarray(np.eye(3)[:, :2]),
    "empty": np.empty((0, 5), np.float32),
}


def saved(folder: Path) -> Path:
    return folder / save_weights(folder, "final", VARIABLES, {"step": 12, "score": 226.1})["file"]


def test_weights_come_back_as_they_were(tmp_path: Path) -> None:
    weights = load_weights(saved(tmp_path))
    assert list(weights.variables) == list(VARIABLES)
    for name, value in VARIABLES.items():
        assert weights.variables[name].dtype == value.dtype
        assert weights.variables[name].shape == value.shape
        assert np.array_equal(weights.variables[name], value)
        assert weights.variables[name].flags.writeable
    assert weights.facts == {"step": 12, "score": 226.1}


def test_the_entry_for_the_manifest_names_file_and_sum(tmp_path: Path) -> None:
    entry = save_weights(tmp_path, "best", VARIABLES, {"step": 12})
    content = (tmp_path / "checkpoints" / "best.npz").read_bytes()
    assert entry == {"file": "checkpoints/best.npz", "sha256": hashlib.sha256(content).hexdigest(), "step": 12}


def test_equal_weights_give_equal_bytes(tmp_path: Path) -> None:
    sums = {save_weights(tmp_path, name, VARIABLES, {})["sha256"] for name in ("final", "best")}
    assert len(sums) == 1


def test_numpy_alone_reads_the_file(tmp_path: Path) -> None:
    with np.load(saved(tmp_path), allow_pickle=False) as arrays:
        assert np.array_equal(arrays["online/dense/kernel"], VARIABLES["online/dense/kernel"])


def test_objects_are_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="variable odd has dtype object"):
        save_weights(tmp_path, "final", {"odd": np.array([{}])}, {})
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = saved(tmp_path)
    whole = path.read_bytes()
    for place in np.random.default_rng(0).integers(0, len(whole), 50):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(WeightsError, match="SHA-256"):
            load_weights(path)


def test_weights_newer_than_their_manifest_are_noticed(tmp_path: Path) -> None:
    path = saved(tmp_path)
    manifest = path.with_suffix(".json").read_bytes()
    save_weights(tmp_path, "final", {"online/dense/kernel": np.ones(2, np.float32)}, {})
    path.with_suffix(".json").write_bytes(manifest)
    with pytest.raises(WeightsError, match="killed while it was replacing it"):
        load_weights(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot read"),
        ("", "no manifest"),
        ("[]", "no manifest"),
        ("{}", "no manifest"),
        ("[" * 100_000, "no manifest"),
        ('{"format": 2}', "format 2; this version of rlkit reads format 1"),
        ('{"format": 1, "sha256": 3, "variables": {}, "facts": {}}', "no manifest"),
    ],
)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    path = saved(tmp_path)
    path.with_suffix(".json").unlink()
    if content is not None:
        path.with_suffix(".json").write_text(content)
    with pytest.raises(WeightsError, match=said):
        load_weights(path)


class Bomb:
    """Unpickling it leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.trace,)


def member(header: str, data: bytes = b"") -> bytes:
    text = header.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


def hostile(folder: Path, members: dict[str, bytes], described: dict[str, Any], compression: int = 0) -> Path:
    """An npz file with a manifest that agrees with it in its sum: what an attacker would make."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    path = folder / "final.npz"
    path.write_bytes(buffer.getvalue())
    sums = {"format": 1, "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(), "facts": {}}
    path.with_suffix(".json").write_text(json.dumps({**sums, "variables": described}))
    return path


def pickled(folder: Path) -> Path:
    header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    data = pickle.dumps(np.array([Bomb(folder / "executed")], object))
    return hostile(folder, {"w.npy": member(header, data)}, {"w": {"shape": [1], "dtype": "object"}})


def endless(folder: Path) -> Path:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776, 1099511627776), }"
    return hostile(folder, {"w.npy": member(header)}, {"w": {"shape": [2**40, 2**40], "dtype": "float32"}})


def compressed(folder: Path) -> Path:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1048576,), }"
    described = {"w": {"shape": [1048576], "dtype": "float32"}}
    return hostile(folder, {"w.npy": member(header, bytes(2**22))}, described, zipfile.ZIP_DEFLATED)


def other_shape(folder: Path) -> Path:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    return hostile(folder, {"w.npy": member(header, bytes(8))}, {"w": {"shape": [3], "dtype": "float32"}})


def more_members(folder: Path) -> Path:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    members = {"w.npy": member(header, bytes(8)), "../../up.npy": member(header, bytes(8))}
    return hostile(folder, members, {"w": {"shape": [2], "dtype": "float32"}})


def no_array(folder: Path) -> Path:
    return hostile(folder, {"w.npy": b"import os"}, {"w": {"shape": [2], "dtype": "float32"}})


def wild_header(folder: Path) -> Path:
    header = "__import__('pathlib').Path('executed').touch()"
    return hostile(folder, {"w.npy": member(header)}, {"w": {"shape": [2], "dtype": "float32"}})


def odd_description(folder: Path) -> Path:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    return hostile(folder, {"w.npy": member(header, bytes(8))}, {"w": None})


@pytest.mark.parametrize(
    "make", [pickled, endless, compressed, other_shape, more_members, no_array, wild_header, odd_description]
)
def test_a_hostile_file_is_refused_and_nothing_in_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], Path]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = make(tmp_path)
    with pytest.raises(WeightsError, match=r"final\.npz"):
        load_weights(path)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["final.json", "final.npz"]


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path)
    path.write_bytes(b"not a zip file")
    manifest = json.loads(path.with_suffix(".json").read_text())
    manifest["sha256"] = hashlib.sha256(b"not a zip file").hexdigest()
    path.with_suffix(".json").write_text(json.dumps(manifest))
    with pytest.raises(WeightsError, match="no npz file of weights"):
        load_weights(path)
