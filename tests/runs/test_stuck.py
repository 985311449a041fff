"""A call that does not return is ended by the second signal, and its run is told of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

STUCK = """
import hashlib
from rlkit.runs import stuck
from rlkit.runs.interrupt import Interrupt

stuck.PATIENCE_SECONDS = 0.3
with Interrupt() as interrupt:
    interrupt.farewell = lambda reason: print(reason, flush=True)
    print("ready", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)  # minutes, with no look at signals
"""
BUSY = STUCK.replace('hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)', "exec('while True: pass')")


def pressed(program: str, number: int, times: int) -> tuple[int, str, str]:
    """Exit status and what was printed after so many signals."""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)  # until it is within that call
        for _ in range(times):
            process.send_signal(number)
            time.sleep(0.1)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    return process.returncode, out, err


@pytest.mark.parametrize(
    ("number", "status", "reason"), [(signal.SIGTERM, 143, "ended by SIGTERM"), (signal.SIGINT, 130, "interrupted")]
)
def test_the_second_signal_ends_a_call_that_does_not_return(number: int, status: int, reason: str) -> None:
    found, out, err = pressed(STUCK, number, 2)
    assert (found, out) == (status, f"{reason}\n")
    assert err == "rlkit: interrupted; what was going on did not return, so its process was ended\n"


def test_a_main_thread_that_hears_its_signals_is_left_to_end_by_itself() -> None:
    _, out, err = pressed(BUSY, signal.SIGINT, 1)
    assert out == "" and err.endswith("KeyboardInterrupt\n")
