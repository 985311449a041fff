"""What a traced function does beside computing its outputs."""

from __future__ import annotations

from typing import Any

from tensorflow.python.framework import op_def_registry

_HARMLESS = frozenset({"Assert", "If", "While", "Case", "StatefulPartitionedCall", "Placeholder"})
"""Operations that count as stateful and are not, by themselves: what control flow contains is looked at as well."""


def stateful_operations(traced: Any) -> list[str]:
    """The names of operations that draw random numbers, call Python, print, or keep state; sorted."""
    definition = traced.graph.as_graph_def()
    nodes = [*definition.node, *(node for inner in definition.library.function for node in inner.node_def)]
    return sorted({node.op for node in nodes if _stateful(node.op)} - _HARMLESS)


def _stateful(operation: str) -> bool:
    known = op_def_registry.get(operation)
    return known is not None and bool(known.is_stateful)
