"""The forms that are timed beside each other give the same numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def test_forms_that_are_compared_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from litert_operations import _forms

    forms = list(_forms().values())
    for slow, fast in ((3, 4), (5, 6)):
        x = tf.constant(np.random.default_rng(0).normal(size=forms[slow][1]).astype(np.float32))
        found, expected = (np.ravel(forms[place][0](x)) for place in (fast, slow))
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
