"""The operations of a graph, those of the functions within it included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def graphs_in(graph: Any) -> Iterator[Any]:
    """A graph and the graphs of the functions that its operations call: loops, branches, nested functions."""
    yield graph
    for operation in graph.get_operations():
        for attribute in operation.op_def.attr:
            if attribute.type not in ("func", "list(func)"):
                continue
            named = operation.get_attr(attribute.name)
            for called in named if isinstance(named, list) else [named]:
                inner = getattr(graph._get_function(called.name), "graph", None)
                if inner is not None:
                    yield from graphs_in(inner)


def operations_in(graph: Any) -> Iterator[Any]:
    """All operations, in an order that is the same whenever the same code is traced."""
    for inner in graphs_in(graph):
        yield from inner.get_operations()
