"""Where an author wrote something."""

from __future__ import annotations

import inspect
from typing import Any


def place_of(thing: Any) -> str:
    """`file:line` of a function, a method or a class; empty if its source is not to be found."""
    function = getattr(thing, "__func__", thing)
    code = getattr(function, "__code__", None)
    if code is not None:
        return f"{code.co_filename}:{code.co_firstlineno}"
    try:
        return f"{inspect.getsourcefile(thing)}:{inspect.getsourcelines(thing)[1]}"
    except (TypeError, OSError):
        return ""
