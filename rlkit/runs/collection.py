"""Keeping Python's garbage collector from what importing TensorFlow leaves: very many objects, which stay."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def collection_paused() -> Iterator[None]:
    """No garbage collection within: importing TensorFlow makes many objects that stay, and would look at them
    again and again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextlib.contextmanager
def startup_spared() -> Iterator[None]:
    """What lives already is left alone by collections within, the first of which would look at all of it.

    Not where somebody has frozen objects of their own.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
