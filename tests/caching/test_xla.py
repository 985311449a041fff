from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from rlkit.caching import xla

SCRIPT = Path(__file__).with_name("xla_programs.py")
PROGRAMS = 7


def outcomes(*processes: tuple[Path, float]) -> list[dict[str, Any]]:
    """What processes print that begin at the same time, each with its cache and the factor of its first program."""
    environment = {name: value for name, value in os.environ.items() if name not in {"TF_XLA_FLAGS", "XLA_FLAGS"}}
    done = subprocess.run(
        [sys.executable, SCRIPT, *(str(word) for process in processes for word in process)],
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(printed) == len(processes)
    return sorted(printed, key=lambda outcome: outcome["place"])


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("xla/entries/*/*"))


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A cache that two processes began at the same time, and what they printed. The path has a space in it."""
    folder = tmp_path_factory.mktemp("a cache")
    return folder, outcomes((folder, 1.0), (folder, 1.0))


def test_processes_that_compile_the_same_at_once_keep_each_program_once(
    cold: tuple[Path, list[dict[str, Any]]],
) -> None:
    folder, (one, other) = cold
    assert one["results"] == other["results"]
    assert one["why_not"] == other["why_not"] == ""
    assert len({path.name.rpartition(".")[0] for path in entries(folder)}) == PROGRAMS
    assert list(folder.glob("xla/working/*")) == []


def _first_byte_flipped(content: bytes) -> bytes:
    return bytes([content[0] ^ 0xFF]) + content[1:]


def _machine_code_flipped(content: bytes) -> bytes:
    middle = len(content) * 3 // 4
    return content[:middle] + bytes(byte ^ 0xFF for byte in content[middle : middle + 64]) + content[middle + 64 :]


DAMAGES: tuple[Callable[[bytes], bytes], ...] = (
    _first_byte_flipped,
    _machine_code_flipped,
    lambda content: b"",
    lambda content: content[: len(content) // 2],
    lambda content: content[:-1],
    lambda content: b"something else\n" * 100,
)


def test_only_what_was_changed_or_damaged_is_compiled_again(
    cold: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    whole, filled = (Path(shutil.copytree(cold[0], tmp_path / name)) for name in ("whole", "damaged"))
    by_program = {path.name.rpartition(".")[0]: path for path in entries(filled)}
    assert len(by_program) == len(DAMAGES) + 1
    for damage, path in zip(DAMAGES, by_program.values(), strict=False):
        path.write_bytes(damage(path.read_bytes()))
    without_sum = entries(filled)[0].with_name("xla_compile_cache__1__2__XLA_CPU_JIT.pb")
    without_sum.write_bytes(b"no sum")

    changed, again = outcomes((whole, 1.5), (filled, 1.0))

    expected = cold[1][0]["results"]
    assert (changed["fetched"], changed["kept"]) == (PROGRAMS, 1)
    assert changed["results"][1:] == expected[1:]
    assert changed["results"][0] != expected[0]

    assert again["results"] == expected
    assert (again["fetched"], again["kept"]) == (1, len(DAMAGES))
    assert not without_sum.exists()
    assert {path.name.rpartition(".")[0] for path in entries(filled)} == set(by_program)


def decide(folder: Path, code: str, **environment: str) -> str:
    """What a process without TensorFlow prints."""
    clean = {name: value for name, value in os.environ.items() if name not in {"TF_XLA_FLAGS", "XLA_FLAGS"}}
    program = (
        f"import os, sys\nfrom rlkit.caching.xla import use_xla_cache\n{code}\nassert 'tensorflow' not in sys.modules"
    )
    process = subprocess.run(
        [sys.executable, "-c", program],
        env=clean | {"RLKIT_CACHE_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def test_once_tensorflow_is_in_use_it_is_too_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tf.constant(1)
    monkeypatch.setattr(xla, "_process", None)
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("TF_XLA_FLAGS", raising=False)
    cache = xla.use_xla_cache(True)
    assert (cache.folder, cache.why_not) == (None, "TensorFlow was in use before")
    assert "TF_XLA_FLAGS" not in os.environ
    assert list(tmp_path.iterdir()) == []


def test_turned_off_it_sets_nothing(tmp_path: Path) -> None:
    code = "cache = use_xla_cache(False)\nprint(cache.why_not, cache.keep(), os.environ.get('TF_XLA_FLAGS'))"
    assert decide(tmp_path, code) == "it is turned off 0 None"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_the_user_gave_to_tensorflow_is_left_alone(tmp_path: Path) -> None:
    theirs = "--tf_xla_persistent_cache_directory=/theirs"
    code = "cache = use_xla_cache(True)\nprint(cache.folder, os.environ['TF_XLA_FLAGS'], cache.why_not)"
    assert decide(tmp_path, code, TF_XLA_FLAGS=theirs) == f"None {theirs} TF_XLA_FLAGS is set: {theirs}"


def test_other_flags_of_the_user_stay_and_tell_the_entries_apart(tmp_path: Path) -> None:
    code = "cache = use_xla_cache(True)\nprint(cache.folder.name, os.environ['TF_XLA_FLAGS'])"
    plain, _, _ = decide(tmp_path, code).partition(" ")
    flagged, _, flags = decide(tmp_path, code, TF_XLA_FLAGS="--tf_xla_max_cluster_size=7").partition(" ")
    assert flags.startswith("--tf_xla_max_cluster_size=7 --tf_xla_persistent_cache_directory=")
    other, _, _ = decide(tmp_path, code, XLA_FLAGS="--xla_cpu_enable_fast_math=true").partition(" ")
    assert len({plain, flagged, other}) == 3
    assert decide(tmp_path, code).partition(" ")[0] == plain


def test_a_process_started_by_another_has_a_folder_of_its_own(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys\nuse_xla_cache(True)\nprint(os.environ['TF_XLA_FLAGS'])\n"
        "child = 'import os; from rlkit.caching.xla import use_xla_cache; use_xla_cache(True); '\n"
        "child += 'print(os.environ[\"TF_XLA_FLAGS\"])'\n"
        "print(subprocess.run([sys.executable, '-c', child], capture_output=True, text=True).stdout)"
    )
    parent, child = decide(tmp_path, code).split("\n")
    assert parent.count("persistent_cache_directory") == child.count("persistent_cache_directory") == 1
    assert parent != child


def test_a_folder_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "xla").mkdir()
    (tmp_path / "xla").chmod(0o777)
    code = "cache = use_xla_cache(True)\nprint(cache.folder, cache.why_not, os.environ.get('TF_XLA_FLAGS'))"
    assert decide(tmp_path, code) == f"None {tmp_path / 'xla'} cannot be used: others can write there None"


def test_where_no_folder_can_be_made_nothing_is_cached(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code = "cache = use_xla_cache(True)\nprint(cache.folder, 'cannot be used' in cache.why_not)"
    assert decide(tmp_path / "file", code) == "None True"


def test_turned_off_after_it_was_on_it_offers_nothing_any_more(tmp_path: Path) -> None:
    code = (
        "folder = use_xla_cache(True).folder\nfolder.mkdir(parents=True)\n"
        "import hashlib\ncontent = bytes([26, 1, 7])\n"
        "(folder / ('a.pb.' + hashlib.sha256(content).hexdigest())).write_bytes(content)\n"
        "cache = use_xla_cache(True)\nworking = cache._working.path\n"
        "print(cache.fetched, len(list(working.glob('*.pb'))))\n"
        "cache = use_xla_cache(False)\n"
        "print(cache.fetched, len(list(working.glob('*.pb'))), len(list(folder.iterdir())))"
    )
    assert decide(tmp_path, code).split("\n") == ["1 1", "0 0 1"]


STORED = """
import hashlib
folder = use_xla_cache(True).folder
folder.mkdir(parents=True, exist_ok=True)
content = bytes([26, 1, 7])
(folder / ("a.pb." + hashlib.sha256(content).hexdigest())).write_bytes(content)
cache = use_xla_cache(True)
assert cache.fetched == 1
"""
"""A cache of one entry, which is at hand."""


def age(folder: Path) -> None:
    for lock in folder.glob("xla/working/*.lock"):
        os.utime(lock, (1_000_000_000, 1_000_000_000))


@pytest.mark.parametrize(("before", "trusted"), [("", 0), ("cache.keep()", 1)])
def test_what_a_process_had_at_hand_that_died_before_it_ran_a_program_is_not_trusted(
    tmp_path: Path, before: str, trusted: int
) -> None:
    decide(tmp_path, f"{STORED}{before}\nsys.stdout.flush()\nassert 'tensorflow' not in sys.modules\nos._exit(0)")
    age(tmp_path)
    assert decide(tmp_path, "print(use_xla_cache(True).fetched)") == str(trusted)
    assert list(tmp_path.glob("xla/working/*")) == []


def test_a_process_that_ends_well_leaves_its_entries_trusted_and_no_folder(tmp_path: Path) -> None:
    decide(tmp_path, STORED)
    assert list(tmp_path.glob("xla/working/*")) == []
    assert decide(tmp_path, "print(use_xla_cache(True).fetched)") == "1"


def test_dropped_entries_are_neither_at_hand_nor_stored(tmp_path: Path) -> None:
    code = (
        f"{STORED}cache.drop()\n"
        "print(cache.fetched, len(list(folder.iterdir())), len(list(cache._working.path.iterdir())))"
    )
    assert decide(tmp_path, code) == "0 0 0"
