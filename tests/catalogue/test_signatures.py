from __future__ import annotations

import functools
from typing import Protocol

import pytest

from rlkit import component
from rlkit.catalogue.signatures import signature_problems
from rlkit.contracts.buffer import Buffer
from rlkit.contracts.environment import Environment
from rlkit.contracts.exploration import Exploration


def problems(cls: type, contract: type = Exploration) -> list[str]:
    return list(signature_problems(component(cls), contract))


def fits(cls: type, contract: type = Exploration) -> bool:
    return problems(cls, contract) == []


def test_the_contracts_own_signature_fits():
    class Plain:
        def select(self, values, seen, call): ...

    assert fits(Plain)


def test_an_underscore_marks_an_unused_parameter_and_extra_ones_have_defaults():
    class Lazy:
        def select(self, values, _seen, _call, temperature=1.0, *rest, scale=2.0, **more): ...

    assert fits(Lazy)


def test_catch_all_parameters_take_what_the_contract_passes():
    class Wide:
        def select(self, *arguments): ...

    class Wider:
        def make(*arguments, **options): ...

    assert fits(Wide)
    assert fits(Wider, Environment)


def test_static_and_class_methods_count_without_their_first_parameter():
    class Static:
        @staticmethod
        def select(values, seen, call): ...

    class OfClass:
        @classmethod
        def select(cls, values, seen, call): ...

    class Wrong:
        @staticmethod
        def select(_self, values, seen, call): ...

    assert fits(Static)
    assert fits(OfClass)
    assert not fits(Wrong)


def test_a_decorated_method_counts_as_the_one_that_it_wraps():
    def logged(function):
        @functools.wraps(function)
        def inner(*arguments, **options):
            return function(*arguments, **options)

        return inner

    class Right:
        @logged
        def select(self, values, seen, call): ...

    class Wrong:
        @logged
        def select(self, values): ...

    assert fits(Right)
    assert not fits(Wrong)


def test_found_and_expected_signature_are_told_without_annotations():
    class Swapped:
        def select(self, seen: object, values: object, call: object = None) -> int: ...

    assert problems(Swapped) == [
        "found the method select(self, seen, values, call=None), expected select(self, values, seen, call)"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "def select(self, values, seen): ...",
        "def select(self, values, seen, call, temperature): ...",
        "def select(self, values, seen, call, *, temperature): ...",
        "def select(self, values, *, seen, call): ...",
        "def select(self, values, seen, __call): ...",
        "def select(): ...",
        "select = 3",
        "@property\n    def select(self): ...",
    ],
)
def test_what_a_call_by_the_contract_would_not_reach_is_refused(source):
    names: dict[str, type] = {}
    exec(f"class Wrong:\n    {source}", names)
    (problem,) = problems(names["Wrong"])
    assert "expected" in problem
    assert "select(self, values, seen, call)" in problem


def test_a_keyword_only_parameter_may_be_positional_too_but_needs_its_name():
    class Either:
        def make(self, render): ...

    class Renamed:
        def make(self, *, _render): ...

    assert fits(Either, Environment)
    assert problems(Renamed, Environment) == ["found the method make(self, *, _render), expected make(self, *, render)"]


def test_an_attribute_of_the_contract_may_be_a_field_a_value_or_a_property():
    class Field:
        capacity: int = 10

        def build(self, storage): ...

    class Property:
        def build(self, storage): ...

        @property
        def capacity(self): ...

    class Value:
        capacity = 10

        def build(self, storage): ...

    class Required:
        capacity: int

        def build(self, storage): ...

    for cls in (Field, Property, Value, Required):
        assert fits(cls, Buffer)


def test_an_attribute_that_lacks_or_is_a_method_is_refused():
    class Without:
        def build(self, storage): ...

    class Method:
        def build(self, storage): ...

        def capacity(self): ...

    assert problems(Without, Buffer) == ["it has no attribute 'capacity'"]
    assert problems(Method, Buffer) == ["'capacity' is a method, expected an attribute or a property"]


def test_a_component_that_builds_its_working_part_needs_none_of_the_contracts_methods():
    class Builds:
        def build(self, spaces): ...

    class BuildsWrongly:
        def build(self): ...

    class BuildsAndSelectsWrongly:
        def build(self, spaces): ...

        def select(self): ...

    assert fits(Builds)
    assert problems(BuildsWrongly) == ["found the method build(self), expected build(self, spaces)"]
    assert len(problems(BuildsAndSelectsWrongly)) == 1


def test_build_excuses_nothing_where_the_contract_itself_builds():
    class Builds:
        def build(self, storage): ...

    assert problems(Builds, Buffer) == ["it has no attribute 'capacity'"]


def test_what_any_component_may_have_is_checked_where_it_is_there():
    class Reporting:
        def select(self, values, seen, call): ...

        def report(self): ...

        def check(self, environment): ...

    assert problems(Reporting) == [
        "found the method check(self, environment), expected check(self, spaces)",
        "found the method report(self), expected report(self, progress)",
    ]


def test_a_field_cannot_have_the_name_of_a_method_that_rlkit_calls():
    class Checked:
        check: bool

        def select(self, values, seen, call): ...

    assert problems(Checked) == [
        "the field 'check' has the name of the method check(self, spaces), which rlkit would call"
    ]


class Forgiving(Protocol):
    scale: float = 1.0
    offset: float

    def needed(self, x):
        """Must be there."""

    def optional(self, x):
        return x + 1

    def _private(self): ...


def test_what_the_contract_gives_a_body_or_a_value_is_optional_but_checked():
    class Least:
        offset = 1.0

        def needed(self, x): ...

    class Overrides:
        offset = 1.0

        def needed(self, x): ...

        def optional(self, y): ...

    assert fits(Least, Forgiving)
    assert problems(Overrides, Forgiving) == ["found the method optional(self, y), expected optional(self, x)"]


def test_inheriting_a_declaration_from_the_contract_does_not_implement_it():
    class Inherits(Forgiving): ...

    assert problems(Inherits, Forgiving) == ["it has no attribute 'offset'", "it has no method needed(self, x)"]


def test_a_contract_that_extends_another_asks_for_both():
    class Wider(Exploration, Protocol):
        def reset(self): ...

    class Half:
        def reset(self): ...

    assert problems(Half, Wider) == ["it has no method select(self, values, seen, call)"]


def test_an_attribute_may_be_none():
    class Unlimited:
        offset = None

        def needed(self, x): ...

    class Methodless:
        offset = None
        needed = None

    assert fits(Unlimited, Forgiving)
    assert problems(Methodless, Forgiving) == ["it has no method needed(self, x)"]
