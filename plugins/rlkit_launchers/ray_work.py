"""What the process does that is connected to a Ray cluster."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rlkit import LauncherError, Order

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

QUIET = {
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is reported to anybody
}
STORE_BYTES = 128 * 1024 * 1024
"""For what is on its way through a cluster of our own; files come in packs of a few MB."""
_STATE_SECONDS = 0.1


def work(pipe: Connection, address: str | None, cores: int, jobs: int | None) -> None:
    """Have a cluster carry out what the parent has to offer; see `Driver` for who asks whom.

    Args:
        pipe: to the parent. Its end is ours.
        address: of a cluster that is there; None to start one.
        cores: of the latter.
        jobs: runs at the same time at most; None for as many as the cluster has cores.
    """
    _apart()
    parent = _Parent(pipe)
    try:
        with _connected(address, cores) as ray:
            from rlkit_launchers.ray_seats import carried_out

            for ended in carried_out(ray, jobs, parent, parent, parent.warn):
                parent.ask("ended", ended)
        pipe.send(("over", None))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass
    except LauncherError as error:
        with contextlib.suppress(OSError):
            pipe.send(("error", str(error)))


class _Parent:
    """The parent's orders and interrupts, as `rlkit.Orders` and `rlkit.Interrupts`."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._state, self._asked = (0, 0, 0), 0.0

    def ask(self, what: str, of: object = None) -> Any:
        self._pipe.send((what, of))
        return self._pipe.recv()

    def take(self, after: Order | None = None) -> Order | None:
        order: Order | None = self.ask("take", after)
        self._asked = 0.0
        return order

    def waiting(self) -> int:
        return self._now()[2]

    @property
    def count(self) -> int:
        return self._now()[0]

    @property
    def signal(self) -> int:
        return self._now()[1]

    def warn(self, text: str) -> None:
        self.ask("warning", text)

    def _now(self) -> tuple[int, int, int]:
        if time.monotonic() - self._asked > _STATE_SECONDS:
            self._state, self._asked = self.ask("state"), time.monotonic()
        return self._state


def _apart() -> None:
    """Leave the terminal: its signals are for the parent, and what Ray says there is for nobody."""
    if hasattr(os, "setsid"):
        os.setsid()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


@contextlib.contextmanager
def _connected(address: str | None, cores: int) -> Iterator[Any]:
    """The module `ray`, connected. Raises LauncherError."""
    folder = None
    os.environ.update(QUIET)
    settings: dict[str, Any] = {"address": address, "namespace": "rlkit"}
    if address is None:
        # Its servers listen on the loopback interface alone, and to nobody who does not know the token.
        token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        os.environ.update(token, RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0")
        folder = tempfile.mkdtemp(prefix="rlkit-ray-", dir="/tmp" if sys.platform != "win32" else None)
        own = {"num_cpus": cores, "include_dashboard": False, "object_store_memory": STORE_BYTES, "_temp_dir": folder}
        settings |= {"address": "local", **own}
    try:
        ray = _initialized(settings)
        yield ray
        ray.shutdown()
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _initialized(settings: dict[str, Any]) -> Any:
    try:
        import ray

        ray.init(log_to_driver=False, logging_level=logging.ERROR, **settings)
    except (
        Exception
    ) as error:  # of many classes: another version of Ray or Python there, no cluster here, no Ray at all
        where = "start a cluster" if settings["address"] == "local" else f"use the cluster at {settings['address']}"
        why = " ".join(str(error).split())[:400]
        raise LauncherError(f"launcher 'ray' cannot {where}: {why}") from None
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # Ray would hear it
    return ray
