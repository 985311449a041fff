"""The suite of schedules."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np

from rlkit.contracts.data import Progress
from rlkit.contracts.schedule import Schedule
from rlkit.contracts.tensor import Tensor
from rlkit.programs.functions import PROGRESS, as_progress
from rlkit.programs.program import GraphFunction, Outputs, Program
from rlkit.testing.component_suite import VECTOR
from rlkit.testing.graph_suite import GraphSuite
from rlkit.testing.part_program import program_of
from rlkit.testing.verdict import shown

_COUNTS = (0, 1, 2, 99, 100, 9_999, 123_456, 1_000_000, 10_000_000)


class ScheduleSuite(GraphSuite):
    """`component = Linear(start=1.0, end=0.1, over=10_000)`."""

    contract = Schedule

    def program(self) -> Program:
        """See `GraphSuite`."""
        return program_of(part := self._build(), (self._value(part),))

    def test_its_value_is_a_finite_float32_scalar(self) -> None:
        """From the first step to the ten-millionth, in a graph and, from plain integers, on the host alike.

        Whether or not the experiment's limits say how many steps there will be, unless it has `needs_total`.
        """
        part = self._build()
        in_graph = self.called(self._value(part), part)
        totals = (200_000,) if getattr(self.component, "needs_total", False) else (0, 200_000)
        for count, total in itertools.product(_COUNTS, totals):
            now = Progress(step=count, episode=count // 10, update=count // 4, total=total)
            host = np.asarray(part.value(now))
            graph = in_graph(progress=np.array(now, np.int64))["value"]
            self.demand_array(host, "float32", (), f"value on the host at {now}", "value")
            self.demand_array(graph, "float32", (), f"value in a graph at {now}", "value")
            same = np.isclose(float(host), float(graph), rtol=1e-5, atol=1e-7)
            asks = f"one value on the host and in a graph at {now}"
            self.demand(same, asks, f"{float(host)} and {float(graph)}", "value")

    def test_its_ends_are_what_it_is_there(self) -> None:
        """Of one that has `ends(last)`: its values at the count 0 and at `last` are among them."""
        clock = getattr(self.component, "by", None)
        if not hasattr(self.component, "ends") or clock not in (None, "step", "episode", "update"):
            return
        part = self._build()
        for last in (1, 200, 100_000):
            with self.asking("numbers by the parameters that say them", "ends"):
                ends = self.component.ends(last)
            numbers = isinstance(ends, Mapping) and all(isinstance(one, (int, float)) for one in ends.values())
            self.demand(numbers, "numbers by the parameters that say them", shown(ends), "ends")
            for count in (0, last):
                now = Progress(0, 0, 0, last)._replace(**{clock or "step": count})
                value = float(np.asarray(part.value(now)))
                among = any(np.isclose(value, one, rtol=1e-4, atol=1e-6) for one in ends.values())
                asks = f"the value at the count {count} among ends({last})"
                self.demand(among, asks, f"{value:.7g}, and ends {shown(dict(ends))}", "ends")

    def _build(self) -> Schedule:
        part: Schedule = self.working(VECTOR)
        return part

    def _value(self, part: Schedule) -> GraphFunction:
        def value(progress: Tensor) -> Outputs:
            return {"value": part.value(as_progress(progress))}

        return GraphFunction("value", (PROGRESS,), call=value)
