"""Runs on a Ray cluster: of this machine, or one that is there already."""

from __future__ import annotations

import os
import re
import socket
import time
import warnings
from collections.abc import Iterator
from importlib.util import find_spec

from rlkit import Ended, Interrupts, LauncherError, Order, Orders, ParameterError, component, parameter
from rlkit_launchers.ray_driver import Driver

_ADDRESS = re.compile(r"auto|(ray://)?(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):[0-9]{1,5}")
_POLL_SECONDS = 0.2
_ANSWER_SECONDS = 5.0
"""For somebody to answer at an address."""
_CONNECT_SECONDS = 25.0
"""For what answers there to be a cluster, which has to start a process or two."""
_START_SECONDS = 90.0
_END_SECONDS = 5.0
"""From the second Ctrl-C on, for the places of a cluster to be left tidy."""


@component
class RayCluster:
    """Places in a Ray cluster, a core each, as many as it has cores unless `--jobs` says otherwise.

    Without an address a cluster of this machine's cores is started, and ended with the runs. The machines of one that
    is there need the same packages, and no file system in common with this one: a run's files come back into its folder
    when it is over. A machine that is lost costs the runs on it. Needs the extra `ray`.
    """

    address: str | None = parameter(
        default=None,
        doc="of a cluster that is there: host:port where this machine is part of it, ray://host:port from outside, or "
        "auto for the one that runs on this machine; null to start one",
    )

    def __post_init__(self) -> None:
        if self.address is not None and not _ADDRESS.fullmatch(self.address):
            raise ParameterError("address", f"found {self.address!r}; allowed: host:port, ray://host:port, auto, null")

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        if find_spec("ray") is None:
            raise LauncherError("launcher 'ray' needs the package ray: pip install 'rlkit-framework[ray]'")
        if self.address not in (None, "auto"):
            _check_somebody_answers(str(self.address))
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        driver = Driver(self.address, jobs or cores, jobs)
        try:
            self._connect(driver, interrupts)
            yield from _served(driver, orders, interrupts)
        finally:
            driver.leave()

    def _connect(self, driver: Driver, interrupts: Interrupts) -> None:
        """Wait until the cluster is there. Raises LauncherError."""
        deadline = time.monotonic() + (_START_SECONDS if self.address is None else _CONNECT_SECONDS)
        while not driver.poll(_POLL_SECONDS):
            if interrupts.count > 1:
                return
            if time.monotonic() > deadline:
                driver.kill()
                if self.address is None:
                    raise LauncherError("launcher 'ray': no Ray cluster starts on this machine")
                raise LauncherError(f"what answers at {self.address} is no Ray cluster that launcher 'ray' can use")


def _check_somebody_answers(address: str) -> None:
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWER_SECONDS).close()
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error) or "no answer"
        raise LauncherError(f"nobody answers at {address}, where launcher 'ray' is to find a cluster: {why}") from None


def _served(driver: Driver, orders: Orders, interrupts: Interrupts) -> Iterator[Ended]:
    """Answer what the driver asks, until it has nothing left to do."""
    going, asked_twice = list[Order](), 0.0
    while True:
        if interrupts.count > 1:
            asked_twice = asked_twice or time.monotonic()
            if time.monotonic() - asked_twice > _END_SECONDS:
                driver.kill()
                break
        if not driver.poll(_POLL_SECONDS):
            continue
        try:
            match driver.hear():
                case "state", _:
                    driver.answer((interrupts.count, interrupts.signal, orders.waiting()))
                case "take", after:
                    order = None if interrupts.count else orders.take(after)
                    going += [order] if order else []
                    driver.answer(order)
                case "ended", ended:
                    going.remove(ended.order)
                    yield ended
                    driver.answer(None)
                case "warning", text:
                    warnings.warn(text, stacklevel=1)
                    driver.answer(None)
                case "error", text:
                    raise LauncherError(text)
                case _:
                    return
        except (EOFError, OSError):
            break
    for order in going:
        yield Ended(order, "the connection to the Ray cluster was lost", died=True)
    if not interrupts.count:
        raise LauncherError("launcher 'ray': its process that holds the connection to the cluster has ended")
