"""Less garbage collection."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(scope="session", autouse=True)
def tensorflow_is_no_garbage() -> None:
    """LiteRT's converter asks for full collections, which take a quarter of the time while TensorFlow is looked at."""
    import tensorflow  # noqa: F401

    gc.collect()
    gc.freeze()
