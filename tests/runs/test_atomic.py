from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rlkit.runs.atomic import WriteError, atomic_file, write_atomically

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes as POSIX does")

WRITE_FOR_EVER = """
import sys
from pathlib import Path
from rlkit.runs.atomic import write_atomically
path, turn = Path(sys.argv[1]), 0
while True:
    turn += 1
    write_atomically(path, f"{turn % 10}" * 400_000)
"""
DIE_HALF_WAY = """
import os, signal, sys
from pathlib import Path
from rlkit.runs.atomic import atomic_file
with atomic_file(Path(sys.argv[1])) as file:
    file.write(b"new, but only hal")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("turn", range(4))
def test_a_process_killed_while_writing_leaves_a_whole_file(tmp_path: Path, turn: int) -> None:
    path = tmp_path / "run.json"
    process = subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(path)])
    deadline = time.monotonic() + 20
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(random.Random(turn).uniform(0.0, 0.05))
    process.kill()
    process.wait()
    text = path.read_text()
    assert len(text) == 400_000
    assert len(set(text)) == 1


def test_a_process_killed_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_atomically(path, "old")
    died = subprocess.run([sys.executable, "-c", DIE_HALF_WAY, str(path)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert path.read_text() == "old"


def test_an_error_while_writing_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_atomically(path, "old")
    with pytest.raises(ZeroDivisionError), atomic_file(path) as file:
        file.write(b"new")
        raise ZeroDivisionError
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("run.json", "old")]


def test_a_file_gets_the_permissions_that_the_person_asked_for(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "run.json", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o640


def test_a_refusal_of_the_file_system_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"cannot write .*gone.run\.json: No such file or directory"):
        write_atomically(tmp_path / "gone" / "run.json", "x")
