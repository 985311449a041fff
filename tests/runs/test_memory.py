from __future__ import annotations

import re
from pathlib import Path

import pytest

from rlkit.runs.memory import available_bytes, memory_short

MIB = 2**20


def system(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


MACHINE = {"proc/meminfo": f"MemTotal: {900 * 1024} kB\nMemAvailable:  {500 * 1024} kB\n"}


def test_the_machine_says_what_is_available(tmp_path: Path) -> None:
    assert available_bytes(system(tmp_path, MACHINE)) == 500 * MIB


def test_a_control_group_leaves_less_and_gives_back_its_file_pages(tmp_path: Path) -> None:
    groups = {
        "proc/self/cgroup": "0::/user/job\n",
        "sys/fs/cgroup/user/job/memory.max": "max\n",
        "sys/fs/cgroup/user/job/memory.current": f"{150 * MIB}\n",
        "sys/fs/cgroup/user/memory.max": f"{200 * MIB}\n",
        "sys/fs/cgroup/user/memory.current": f"{150 * MIB}\n",
        "sys/fs/cgroup/user/memory.stat": f"anon 3\ninactive_file {30 * MIB}\n",
    }
    assert available_bytes(system(tmp_path, MACHINE | groups)) == 80 * MIB


def test_the_first_version_of_control_groups_is_read_too(tmp_path: Path) -> None:
    groups = {
        "proc/self/cgroup": "4:cpu:/\n9:memory:/job\n",
        "sys/fs/cgroup/memory/job/memory.limit_in_bytes": f"{100 * MIB}\n",
        "sys/fs/cgroup/memory/job/memory.usage_in_bytes": f"{40 * MIB}\n",
    }
    assert available_bytes(system(tmp_path, MACHINE | groups)) == 60 * MIB


def test_a_group_beyond_its_limit_leaves_nothing(tmp_path: Path) -> None:
    groups = {
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": "10\n",
        "sys/fs/cgroup/memory.current": "20\n",
    }
    assert available_bytes(system(tmp_path, MACHINE | groups)) == 0


def test_a_system_that_does_not_say_is_not_asked_again(tmp_path: Path) -> None:
    assert available_bytes(tmp_path) is None


def test_what_fits_passes() -> None:
    assert memory_short(1024, "a small ring") == ""


@pytest.mark.skipif(available_bytes() is None, reason="this system does not say what is available")
def test_what_does_not_fit_is_one_sentence_with_both_sizes() -> None:
    message = r"^the ring of 10 rows needs 1048576\.0 GiB of memory, and \d+(\.\d)? [GM]iB is available$"
    assert re.search(message, memory_short(2**50, "the ring of 10 rows"))
