"""Files that a living process holds: the system gives up the lock of one that ends, however it ends."""

from __future__ import annotations

from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def locked(file: IO[str], *, otherwise: bool = True) -> bool:
    """Lock an open file for this process, if no other has; `otherwise` on a system without such locks."""
    if fcntl is None:
        return otherwise
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
