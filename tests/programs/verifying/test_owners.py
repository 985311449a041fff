"""A line belongs to the part in whose class it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rlkit.programs.verifying.owners import forget_owners, own, owner_of


class Base:
    def shared(self) -> int:
        return 1  # shared


class Part(Base):
    def method(self) -> int:
        def inner() -> int:
            return 2  # inner

        return inner()


class Other(Base):
    pass


@pytest.fixture(autouse=True)
def _nobody_owns_anything() -> Iterator[None]:
    forget_owners()
    yield
    forget_owners()


def owner(marker: str) -> str | None:
    with open(__file__) as file:
        (line,) = (number for number, text in enumerate(file, start=1) if text.endswith(f"# {marker}\n"))
    found = owner_of(__file__, line)
    return None if found is None else f"{found.part}, {found.name}"


def test_a_function_within_a_method_is_the_methods() -> None:
    own("exploration 'mine'", Part)
    assert owner("inner") == "exploration 'mine', method"
    assert owner_of(__file__, 1) is None


def test_an_inherited_method_is_the_parts_unless_several_inherit_it() -> None:
    own("exploration 'mine'", Part)
    assert owner("shared") == "exploration 'mine', shared"
    own("loss 'other'", Other)
    assert owner("shared") is None and owner("inner") == "exploration 'mine', method"


def test_libraries_own_their_lines_themselves() -> None:
    own("network 'net'", dict)
    import rlkit.programs.verifying.owners as library

    assert owner_of(str(library.__file__), 20) is None
