"""What the benchmark of the compiled loop says of its medians."""

from __future__ import annotations

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_the_baseline_given_is_the_one_that_counts() -> None:
    from compiled import GIVEN, JAX, PLAIN, _verdicts

    lines = _verdicts("rlkit", {"rlkit": 100_000.0, PLAIN: 1.0, GIVEN: 500.0, JAX: 50_000.0})
    assert lines == [
        "- rlkit beside the baseline given: 200.0 ×; at least 150 × is asked: met; the goal of 250 × is not reached.",
        "- `benchmarks/jax_dqn.py` beside the baseline given: 100.0 ×; at least 121 × is asked: missed.",
        "- rlkit beside `benchmarks/jax_dqn.py`: 2.00 ×.",
    ]


def test_without_one_it_is_ours() -> None:
    from compiled import PLAIN, _verdicts

    (line,) = _verdicts("rlkit", {"rlkit": 100_000.0, PLAIN: 400.0})
    assert line.endswith("250.0 ×; at least 150 × is asked: met; the goal of 250 × is reached.")
