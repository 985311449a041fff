"""The suites and worlds: each name with its home, for type checkers and for the lazy imports of `__init__.py`."""

from .agents import AgentSuite as AgentSuite
from .buffers import BufferSuite as BufferSuite
from .compiled_environments import CompiledEnvironmentSuite as CompiledEnvironmentSuite
from .component_suite import ComponentSuite as ComponentSuite
from .environments import EnvironmentSuite as EnvironmentSuite
from .explorations import ExplorationSuite as ExplorationSuite
from .graph_suite import GraphFunction as GraphFunction  # type: ignore[attr-defined]
from .graph_suite import GraphSuite as GraphSuite
from .graph_suite import Program as Program  # type: ignore[attr-defined]
from .graph_suite import with_call as with_call  # type: ignore[attr-defined]
from .known_values import check_known_values as check_known_values
from .launchers import LauncherSuite as LauncherSuite
from .networks import NetworkSuite as NetworkSuite
from .optimizers import OptimizerSuite as OptimizerSuite
from .part_program import program_of as program_of
from .recorded_data import RecordedDataSuite as RecordedDataSuite
from .recorders import RecorderSuite as RecorderSuite
from .schedules import ScheduleSuite as ScheduleSuite
from .stops import StopSuite as StopSuite
from .target_updates import TargetUpdateSuite as TargetUpdateSuite
from .verdict import ContractBroken as ContractBroken
from .worlds import Bandit as Bandit
from .worlds import Chain as Chain
from .worlds import DelayedReward as DelayedReward
from .worlds import Endings as Endings
