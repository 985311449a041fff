"""Where somebody else's code failed."""

from __future__ import annotations

import gymnasium
import pytest

from rlkit import ParameterError, raised_at
from rlkit_gymnasium import GymnasiumEnvironment


def test_it_is_the_innermost_line_that_is_none_of_rlkit_s_libraries() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        gymnasium.spaces.Dict(a=1 / 0)
    line = raised.tb.tb_lineno
    assert raised_at(raised.value) == f" ({__file__}:{line})"


def test_a_library_or_a_plugin_of_rlkit_s_own_is_no_place_to_name() -> None:
    error = _caught()
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next  # without this file
    assert raised_at(error) == ""


def _caught() -> ParameterError:
    try:
        GymnasiumEnvironment(id="a:b:c")
    except ParameterError as error:
        return error
    raise AssertionError
