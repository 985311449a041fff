"""Whether the memory that a run is going to need is there, asked before the run starts.

`np.zeros` succeeds for sizes that the machine does not have: the process dies later, when the rows are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def memory_short(needed_bytes: int, what: str) -> str:
    """What to say if `what` needs more memory than is available; nothing if it fits, or where that cannot be read."""
    available = available_bytes()
    if available is None or needed_bytes <= available:
        return ""
    return f"{what} needs {shown_size(needed_bytes)} of memory, and {shown_size(available)} is available"


def available_bytes(root: Path = Path("/")) -> int | None:
    """Memory that this process may still take: what the machine has, within its control groups' limits.

    None where the system does not say (no Linux).
    """
    known = [size for size in (_machine(root), *_control_groups(root)) if size is not None]
    return max(0, min(known)) if known else None


def _machine(root: Path) -> int | None:
    for line in _read(root / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _control_groups(root: Path) -> Iterator[int | None]:
    """What each control group around this process leaves, in version 2 and in version 1 of their interface."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        inner = Path(path.lstrip("/"))
        for group in (inner, *inner.parents):
            if not controllers:
                yield _left(root / "sys/fs/cgroup" / group, "memory.max", "memory.current", "inactive_file")
            elif "memory" in controllers.split(","):
                folder = root / "sys/fs/cgroup/memory" / group
                yield _left(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def _left(group: Path, limit: str, used: str, reclaimable: str) -> int | None:
    most, taken = _number(_read(group / limit)), _number(_read(group / used))
    if most is None or taken is None:
        return None
    for line in _read(group / "memory.stat").splitlines():
        if line.startswith(reclaimable + " "):  # file pages that the kernel gives up when memory is asked for
            taken -= int(line.split()[1])
    return most - taken


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None  # `max` stands for no limit


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def shown_size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"
