from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import pytest

from rlkit import Schedule, Stop, component, parameter
from rlkit.catalogue.parameters import REQUIRED, ParameterTypeError, parameters_of, type_text
from rlkit.contracts.component import ParameterInfo

if TYPE_CHECKING:
    from rlkit import Network


@component
class Everything:
    order: ClassVar[int] = 3
    required: int
    flag: bool = False
    rate: float = parameter(default=0.5, doc="how fast", above=0, source="a paper")
    text: str | None = None
    choice: Literal["relu", "tanh"] = "relu"
    hidden: tuple[int, ...] = (64, 64)
    kernel: tuple[int, int] = (3, 3)
    options: Mapping[str, object] = dataclasses.field(default_factory=dict)
    learning_rate: float | Schedule = 0.1
    schedule: Schedule | None = None
    stops: tuple[Stop, ...] = ()
    network: Network | None = None


@pytest.fixture
def catalogue(plugin_site):
    return plugin_site.discover()


@pytest.fixture
def parameters(catalogue):
    return {p.name: p for p in parameters_of(Everything, catalogue)}


def test_parameters_are_the_fields_in_their_order(parameters):
    assert list(parameters) == [field.name for field in dataclasses.fields(Everything)]


def test_types_are_resolved_even_where_a_contract_is_imported_for_type_checkers_only(parameters):
    from rlkit.contracts.network import Network

    assert parameters["rate"].annotation is float
    assert parameters["hidden"].annotation == tuple[int, ...]
    assert parameters["network"].annotation == Network | None


def test_defaults_and_what_is_known_of_a_parameter(parameters):
    assert parameters["required"].default is REQUIRED
    assert parameters["flag"].default is False
    assert parameters["options"].default == {}
    assert parameters["rate"].info == ParameterInfo(doc="how fast", above=0, source="a paper")
    assert parameters["flag"].info == ParameterInfo()


def test_kinds_and_whether_many_are_taken(parameters):
    assert {name: [kind.name for kind in p.kinds] for name, p in parameters.items() if p.kinds} == {
        "learning_rate": ["schedule"],
        "schedule": ["schedule"],
        "stops": ["stop"],
        "network": ["network"],
    }
    assert [name for name, p in parameters.items() if p.many] == ["stops"]


def test_types_in_the_words_of_an_experiment_file(parameters, catalogue):
    assert {name: type_text(p.annotation, catalogue.kinds) for name, p in parameters.items()} == {
        "required": "int",
        "flag": "bool",
        "rate": "float",
        "text": "str or null",
        "choice": "relu or tanh",
        "hidden": "list of int",
        "kernel": "list of 2: int, int",
        "options": "map",
        "learning_rate": "float or schedule",
        "schedule": "schedule or null",
        "stops": "list of stop",
        "network": "network or null",
    }


@pytest.mark.parametrize(
    "annotation", [Any, object, list[int], dict[str, int], tuple, set[str], bytes, int | list[int], tuple[Any, ...]]
)
def test_a_type_that_no_file_can_fill_is_refused(annotation, catalogue):
    cls = dataclasses.make_dataclass("Odd", [("table", annotation)], frozen=True)
    with pytest.raises(ParameterTypeError, match=r"the field 'table' has the type .* allowed: bool, int, float"):
        parameters_of(cls, catalogue)


def test_kinds_within_an_annotation(catalogue):
    def names(annotation: Any) -> list[str]:
        return [kind.name for kind in catalogue.kinds_in(annotation)]

    assert names(Schedule) == ["schedule"]
    assert names(tuple[Stop, ...]) == ["stop"]
    assert names(float | Schedule) == ["schedule"]
    assert names(tuple[Stop | Schedule, ...] | None) == ["stop", "schedule"]
    assert names(Literal["schedule"]) == []
    assert names(NoneType) == []
