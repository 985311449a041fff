from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from rlkit.caching.working_folder import WorkingFolder, left_behind

KILLED = """
import os, sys
from pathlib import Path
from rlkit.caching.working_folder import WorkingFolder
folder = WorkingFolder(Path(sys.argv[1]))
(folder.path / "one.pb").write_bytes(b"1")
folder.note({"one.pb", "two.pb"})
os._exit(1)
"""


def aged(parent: Path) -> None:
    for lock in parent.glob("*.lock"):
        old = time.time() - 3600
        os.utime(lock, (old, old))


def test_a_folder_goes_with_its_process(tmp_path: Path) -> None:
    folder = WorkingFolder(tmp_path)
    assert folder.path.is_dir()
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_cleared_and_told(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False, timeout=60)
    assert list(left_behind(tmp_path)) == []  # too young to judge
    aged(tmp_path)
    assert list(left_behind(tmp_path)) == [{"one.pb", "two.pb"}]
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_living_process_stays(tmp_path: Path) -> None:
    folder = WorkingFolder(tmp_path)
    aged(tmp_path)
    assert list(left_behind(tmp_path)) == []
    assert folder.path.is_dir()
    folder.remove()
