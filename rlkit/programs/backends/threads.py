"""How many threads an operation of TensorFlow's is split among: one, so that free cores change no result."""

from __future__ import annotations

import os

_NAME = "TF_NUM_INTRAOP_THREADS"


def one_thread() -> None:
    """Set the environment variable TF_NUM_INTRAOP_THREADS to 1, where the user did not set it to a number.

    A product that is split among threads adds up its terms in another order with each number of threads, and TensorFlow
    takes as many as there are cores: the same experiment would give other results on one core than on two, as `--jobs`
    has them. LiteRT has one thread too (`rlkit.programs.backends.litert`).

    To be called before the first operation of TensorFlow's in this process; it has no effect later.
    """
    os.environ[_NAME] = threads()


def threads() -> str:
    """The number in TF_NUM_INTRAOP_THREADS (0: as TensorFlow likes), or 1 where there is none."""
    told = os.environ.get(_NAME, "")
    return told if told.isdecimal() else "1"
