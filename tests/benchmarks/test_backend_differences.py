"""The probes of differences between backends, and the page that shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def differences(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(PROJECT / "benchmarks"))
    import backend_differences

    return backend_differences


def test_the_page_has_a_row_for_every_probe(differences) -> None:
    page = (PROJECT / "docs" / "backend-differences.md").read_text(encoding="utf-8")
    rows = [tuple(line.split(" | ")[:2]) for line in page.splitlines() if line.startswith("| `")]
    assert rows == [(f"| `{probe.operation}`", probe.inputs) for probe in differences.PROBES]


def test_a_difference_an_error_and_a_refusal_are_told_apart(differences) -> None:
    def found(operation: str, inputs: str, backend: str) -> str:
        probe = next(one for one in differences.PROBES if (one.operation, one.inputs) == (operation, inputs))
        result: str = differences.result(probe, backend)
        return result

    both = "an index twice, both updates 3"
    assert found("tf.tensor_scatter_nd_update", both, "graph") == "`[10, 3, 10, 10]`"
    assert found("tf.tensor_scatter_nd_update", both, "litert") == "`[10, -4, 10, 10]`"
    assert found("tf.gather", "index 3 of 3", "litert") == "an error"
    assert found("tf.tensor_scatter_nd_max", "an index twice", "litert") == "refused: LiteRT has no TensorScatterMax"
