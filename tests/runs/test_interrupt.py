"""Ctrl-C: training stops after its step, everything else at once."""

from __future__ import annotations

import signal
from types import SimpleNamespace

import pytest

from rlkit.runs.interrupt import Interrupt


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_the_first_asks_the_loop_and_the_second_stops_at_once() -> None:
    loop = SimpleNamespace(interrupted=False)
    with Interrupt() as interrupt:
        interrupt.loop = loop
        press()
        assert loop.interrupted
        assert interrupt.asked
        with pytest.raises(KeyboardInterrupt):
            press()


def test_where_nothing_trains_it_stops_at_once() -> None:
    with Interrupt() as interrupt, pytest.raises(KeyboardInterrupt):
        press()
    assert interrupt.asked


def test_the_handler_of_before_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
