"""For authors of plugins: a conformance suite a kind, and probe worlds with known answers.

A test of a component is two lines, run by pytest (or by anything that calls its `test_` methods):

    class TestBoltzmann(ExplorationSuite):
        component = Boltzmann(temperature=0.5)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rlkit.programs.functions import with_call as with_call
    from rlkit.programs.program import GraphFunction as GraphFunction
    from rlkit.programs.program import Program as Program
    from rlkit.testing.agents import AgentSuite as AgentSuite
    from rlkit.testing.buffers import BufferSuite as BufferSuite
    from rlkit.testing.compiled_environments import CompiledEnvironmentSuite as CompiledEnvironmentSuite
    from rlkit.testing.component_suite import ComponentSuite as ComponentSuite
    from rlkit.testing.environments import EnvironmentSuite as EnvironmentSuite
    from rlkit.testing.explorations import ExplorationSuite as ExplorationSuite
    from rlkit.testing.graph_suite import GraphSuite as GraphSuite
    from rlkit.testing.known_values import check_known_values as check_known_values
    from rlkit.testing.networks import NetworkSuite as NetworkSuite
    from rlkit.testing.optimizers import OptimizerSuite as OptimizerSuite
    from rlkit.testing.part_program import program_of as program_of
    from rlkit.testing.recorders import RecorderSuite as RecorderSuite
    from rlkit.testing.schedules import ScheduleSuite as ScheduleSuite
    from rlkit.testing.stops import StopSuite as StopSuite
    from rlkit.testing.target_updates import TargetUpdateSuite as TargetUpdateSuite
    from rlkit.testing.verdict import ContractBroken as ContractBroken
    from rlkit.testing.worlds import Bandit as Bandit
    from rlkit.testing.worlds import Chain as Chain
    from rlkit.testing.worlds import DelayedReward as DelayedReward
    from rlkit.testing.worlds import Endings as Endings

_HOMES = {
    "agents": ("AgentSuite",),
    "buffers": ("BufferSuite",),
    "compiled_environments": ("CompiledEnvironmentSuite",),
    "component_suite": ("ComponentSuite",),
    "environments": ("EnvironmentSuite",),
    "explorations": ("ExplorationSuite",),
    "graph_suite": ("GraphFunction", "GraphSuite", "Program", "with_call"),
    "known_values": ("check_known_values",),
    "networks": ("NetworkSuite",),
    "optimizers": ("OptimizerSuite",),
    "part_program": ("program_of",),
    "recorders": ("RecorderSuite",),
    "schedules": ("ScheduleSuite",),
    "stops": ("StopSuite",),
    "target_updates": ("TargetUpdateSuite",),
    "verdict": ("ContractBroken",),
    "worlds": ("Bandit", "Chain", "DelayedReward", "Endings"),
}
_HOME = {name: f"rlkit.testing.{home}" for home, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Import a suite at its first use: that of stop criteria and recorders needs no TensorFlow."""
    if name not in _HOME:
        raise AttributeError(f"module 'rlkit.testing' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
