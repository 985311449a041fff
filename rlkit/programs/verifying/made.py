"""Where variables are made, so that a message can name the line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from rlkit.contracts.tensor import Variable
from rlkit.programs.verifying.places import Place, calling_place

_MADE_AT = "_rlkit_made_at"


@contextlib.contextmanager
def noting_variables() -> Iterator[None]:
    """Note the author's line of every variable that is made meanwhile; Keras's are made of TensorFlow's."""

    def make(maker: Callable[..., Variable], **given: Any) -> Variable:
        variable = maker(**given)
        with contextlib.suppress(AttributeError):  # a kind of variable that takes no attributes
            setattr(variable, _MADE_AT, calling_place())
        return variable

    with tf.variable_creator_scope(make):
        yield


def made_at(variable: Variable) -> Place | None:
    """Where a variable was made, if that was noted."""
    return getattr(variable, _MADE_AT, None)
