"""The places of a Ray cluster, as many as there is room for, and what goes on in them."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

from rlkit import Ended, Interrupts, LauncherError, Orders
from rlkit_launchers.ray_seat import Seat

_POLL_SECONDS = 0.2
"""How soon a Ctrl-C is passed on."""
_COUNT_SECONDS = 5.0
"""From one look at the cluster's size to the next."""
_SAY_SECONDS = 15.0
"""Without any place that is free, it is said what is waited for."""
_TIDY_SECONDS = 3.0


def carried_out(
    ray: Any, jobs: int | None, orders: Orders, interrupts: Interrupts, warn: Callable[[str], None]
) -> Iterator[Ended]:
    """As `rlkit.Launcher.launch`.

    Args:
        ray: the module, connected.
        jobs: runs at the same time at most; None for one on each core that the cluster has.
        orders: to be taken from as places become free.
        interrupts: see `rlkit.Interrupts`.
        warn: tells people something.
    """
    seats = _Seats(ray, jobs, warn)
    try:
        yield from seats.carried_out(orders, interrupts)
    finally:
        seats.close()


class _Seats:
    def __init__(self, ray: Any, jobs: int | None, warn: Callable[[str], None]) -> None:
        self._ray, self._jobs, self._warn = ray, jobs, warn
        self._seats: list[Seat] = []
        self._cores, self._counted = 0, 0.0
        self._idle_since, self._said = time.monotonic(), False

    def carried_out(self, orders: Orders, interrupts: Interrupts) -> Iterator[Ended]:
        told = False
        while interrupts.count < 2:
            if not interrupts.count:
                self._fill(orders)
            busy = [seat for seat in self._seats if seat.order]
            if not busy and (interrupts.count or not orders.waiting()):
                return
            self._check_hope(busy)
            if interrupts.count and not told:
                told = True
                for seat in busy:
                    seat.tell(interrupts.signal or signal.SIGINT)
            for seat in self._ready():
                self._idle_since = time.monotonic()
                if (ended := seat.advance()) is not None:
                    yield ended
        for seat in self._seats:
            if seat.order:
                yield seat.cut()

    def close(self) -> None:
        """End all that goes on, and leave nothing on any machine."""
        if not self._ray.is_initialized():
            return
        left = [gone for seat in self._seats if (gone := seat.leave()) is not None]
        if left:
            self._ray.wait(left, num_returns=len(left), timeout=_TIDY_SECONDS)
        for seat in self._seats:
            seat.kill()

    def _ready(self) -> list[Seat]:
        """The places whose answer is there, waited for a little."""
        awaited = {seat.awaited: seat for seat in self._seats if seat.awaited is not None}
        if not awaited:
            time.sleep(_POLL_SECONDS)
            return []
        answers, _ = self._ray.wait(list(awaited), num_returns=1, timeout=_POLL_SECONDS)
        if answers:
            answers, _ = self._ray.wait(list(awaited), num_returns=len(awaited), timeout=0)
        return [awaited[answer] for answer in answers]

    def _fill(self, orders: Orders) -> None:
        """Give every place that is free a run, as far as there are any, and ask for as many places as they need."""
        for seat in self._seats:
            if seat.free and (order := orders.take(seat.before)) is not None:
                seat.begin(order)
        seats = self._seats
        wanted = min(self._room(), sum(seat.order is not None for seat in seats) + orders.waiting())
        for seat in seats:
            if not seat.alive and not seat.given_up and sum(other.alive for other in seats) < wanted:
                seat.start()
        for _ in range(len(seats), wanted):
            seats.append(Seat(self._ray, self._warn))
            seats[-1].start()

    def _room(self) -> int:
        """Places at most."""
        if self._jobs is not None:
            return self._jobs
        if not self._counted or time.monotonic() - self._counted > _COUNT_SECONDS:
            self._cores, self._counted = int(self._ray.cluster_resources().get("CPU", 0)), time.monotonic()
        return max(self._cores, 1)

    def _check_hope(self, busy: list[Seat]) -> None:
        """Raise LauncherError where runs wait and no place will ever be free; say so where that may take long."""
        if busy:
            self._idle_since = time.monotonic()
        elif self._seats and all(seat.given_up for seat in self._seats):
            raise LauncherError(f"the Ray cluster can carry out nothing: {self._seats[0].failure}")
        elif not self._said and time.monotonic() - self._idle_since > _SAY_SECONDS:
            self._said = True
            self._warn("no core of the Ray cluster is free; the runs wait for one")
