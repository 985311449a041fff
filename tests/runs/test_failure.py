from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from rlkit.contracts.component import check_ranges, component, parameter
from rlkit.faults.authors import author_frames, one_line, where
from rlkit.faults.part_error import PartError
from rlkit.runs.failure import describe_failure
from tests.conftest import PluginSite


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


def test_one_line_looks_through_kerass_wrapping() -> None:
    text = (
        "Exception encountered when calling Odd.call().\n\n\x1b[1mCould not infer the shape. Error encountered:\n\n"
        "no such table\x1b[0m\n\nArguments received by Odd.call():\n  • args=()"
    )
    assert one_line(KeyError(text)) == "KeyError: no such table"
    assert one_line(ValueError(text)) == "ValueError: no such table"
    traced = f'in user code:\n\n    File "a.py", line 3, in act *\n        q(x)\n\n    ValueError: {text}'
    assert one_line(ValueError(traced)) == "ValueError: no such table"


def test_one_line_keeps_the_first_line_of_what_autograph_wraps() -> None:
    wrapped = ValueError(
        'in user code:\n\n    File "a.py", line 3, in f *\n        g()\n\n    TypeError: first\n    second\n'
    )
    assert one_line(wrapped) == "TypeError: first"


GRAPH = """
import keras
import tensorflow as tf

def deeper():
    raise KeyError("no such table")

def plain(x):
    deeper()

def branching(x):
    if tf.reduce_sum(x) > 0:
        deeper()
    return x

def mismatched(x):
    return tf.matmul(x, tf.zeros((7, 3)))

class Odd(keras.layers.Layer):
    def call(self, x):
        return deeper()

def layered(x):
    return Odd()(x)
"""


TRACED = [
    ("plain", 6, "KeyError: 'no such table'"),
    ("branching", 6, "KeyError: 'no such table'"),
    ("mismatched", 17, "ValueError: Dimensions must be equal"),
    ("layered", 6, "KeyError: no such table"),
]


def test_the_line_of_what_fails_while_it_is_traced_is_found(plugin_site: PluginSite) -> None:
    """In one test: AutoGraph takes a function for one that it has rewritten before, if only their files differ."""
    import tensorflow as tf

    from rlkit.programs.tracing import trace

    file = plugin_site.install("acme_graph", GRAPH) / "__init__.py"
    module = importlib.import_module("acme_graph")
    for function, line, said in TRACED:
        with pytest.raises(Exception) as caught:
            trace(getattr(module, function), {"x": tf.TensorSpec((1, 2), tf.float32, "x")})
        assert one_line(caught.value).startswith(said)
        assert where(caught.value) == f"{file}:{line}"
        own = describe_failure(caught.value).split("Traceback")[0]
        assert own.count(f'File "{file}", line {line}, in ') == 1


def test_the_default_parts_speak_only_where_nobody_elses_code_took_part() -> None:
    from rlkit_dqn.stops.mean_return import MeanReturn

    def history() -> None:
        raise LookupError("none")

    class Lazy:
        @property
        def returns(self) -> object:
            return history()

    with pytest.raises(LookupError) as caught:
        MeanReturn().met(Lazy())  # type: ignore[arg-type]
    assert all("rlkit_dqn" not in frame.filename for frame in author_frames(caught.value))
    try:
        MeanReturn().met(None)  # type: ignore[arg-type]
    except AttributeError as error:
        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
        assert where(error).partition(":")[0].endswith("rlkit_dqn/stops/mean_return.py")


def test_errors_that_cause_each_other_end() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert author_frames(first) == []


def test_what_fails_in_a_graph_is_told_with_the_line_that_made_the_operation() -> None:
    import tensorflow as tf

    @tf.function
    def look_up(place: tf.Tensor) -> tf.Tensor:
        return tf.gather(tf.zeros((3,)), place)

    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        look_up(tf.constant(7))
    assert one_line(caught.value) == "InvalidArgumentError: indices = 7 is not in [0, 3)"
    frame = author_frames(caught.value)[-1]
    assert (frame.name, Path(frame.filename)) == ("look_up", Path(__file__))
    assert not any("frozen" in frame.filename or "runpy" in frame.filename for frame in author_frames(caught.value))


def test_one_line_looks_through_keras_wrapping() -> None:
    text = "Exception encountered when calling Odd.call().\n\n\x1b[1mno such shape\x1b[0m\n\nArguments received by Odd"
    assert one_line(ValueError(text)) == "ValueError: no such shape"


def test_an_error_that_names_its_place_is_told_as_it_is() -> None:
    error = PartError("exploration 'odd', select (odd.py:3): KeyError: 'x'")
    assert (one_line(error), where(error)) == (str(error), "")
