from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rlkit.contracts.component import check_ranges, component, parameter
from rlkit.faults.authors import author_frames, one_line, where
from rlkit.faults.part_error import PartError
from rlkit.runs.failure import describe_failure


def raised(*, wrapped: bool = False) -> Exception:
    """An error from this file, by way of NumPy; with `wrapped`, told as a library would."""
    try:
        try:
            np.apply_along_axis(divide, 0, np.ones(3))
        except ZeroDivisionError as error:
            if wrapped:
                raise RuntimeError("the step failed") from error
            raise
    except Exception as error:
        return error
    raise AssertionError


def divide(row: object) -> float:
    return 1 / 0


def line_of(text: str) -> int:
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.strip() == text)


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_authors_innermost_frame_is_found(wrapped: bool) -> None:
    assert where(raised(wrapped=wrapped)) == f"{__file__}:{line_of('return 1 / 0')}"


def test_frames_of_libraries_and_of_the_core_are_left_out() -> None:
    @component
    class Odd:
        share: float = parameter(default=0.5, at_most=1)

    odd = Odd()
    object.__setattr__(odd, "share", 2.0)
    with pytest.raises(ValueError, match="share") as caught:
        check_ranges(odd)
    assert [Path(frame.filename) for frame in author_frames(caught.value)] == [Path(__file__)]
    assert all("numpy" not in frame.filename for frame in author_frames(raised()))


def test_the_text_starts_with_the_message_and_the_authors_frames() -> None:
    text = describe_failure(raised(wrapped=True), "environment cartpole failed in episode 3, step 17")
    message, own, everything = text.split("\n\n", 2)
    assert message == "environment cartpole failed in episode 3, step 17"
    assert own.startswith("In the author's own code, innermost last:\n  File ")
    assert own.endswith("return 1 / 0") or "~~^~~" in own
    assert "ZeroDivisionError: division by zero" in everything
    assert everything.endswith("RuntimeError: the step failed\n")


def test_an_error_without_foreign_frames_is_told_whole() -> None:
    text = describe_failure(ValueError("a loss of nan"))
    assert text == "ValueError: a loss of nan\n\nValueError: a loss of nan\n"
    assert where(ValueError()) == ""


def test_one_line_keeps_the_first_line_of_a_long_message() -> None:
    assert one_line(ValueError("\n shapes differ:\n\n (2,) and (3,)")) == "ValueError: shapes differ:"
    assert one_line(ValueError()) == "ValueError"
    assert one_line(KeyError("x")) == "KeyError: 'x'"


def test_one_line_looks_through_autographs_wrapping() -> None:
    wrapped = ValueError('in user code:\n\n    File "a.py", line 3, in select *\n\n    TypeError: no such shape\n')
    assert one_line(wrapped) == "TypeError: no such shape"


def test_errors_that_cause_each_other_end() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert author_frames(first) == []


def test_one_line_looks_through_keras_wrapping() -> None:
    text = "Exception encountered when calling Odd.call().\n\n\x1b[1mno such shape\x1b[0m\n\nArguments received by Odd"
    assert one_line(ValueError(text)) == "ValueError: no such shape"


def test_an_error_that_names_its_place_is_told_as_it_is() -> None:
    error = PartError("exploration 'odd', select (odd.py:3): KeyError: 'x'")
    assert (one_line(error), where(error)) == (str(error), "")
