"""Why XLA refuses a program, and which component is to blame."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable

from rlkit.catalogue.catalogue import Entry

_OPERATIONS = re.compile(r"\bon XLA_\w+: (\w+)|[;)] *(\w+) \(No registered")
_REFUSED = re.compile(r"unsupported operations|tf2xla conversion failed|must be a compile-time constant")
_PLACES = re.compile(r'File "([^"]+)", line (\d+)')


class NotCompilableError(ValueError):
    """XLA cannot compile an experiment's loop; the message names the component and the reason."""


def refusal(error: Exception, entries: Iterable[Entry]) -> NotCompilableError | None:
    """What to tell of TensorFlow's error; None if it says something else than that XLA cannot compile.

    Args:
        error: raised when XLA was asked to compile.
        entries: the components of the experiment.
    """
    text = str(error)
    if not _REFUSED.search(text):
        return None
    operations = sorted({name for found in _OPERATIONS.findall(text) for name in found if name})
    reason = f"XLA has no {', '.join(operations)}" if operations else text.strip().splitlines()[0][:200]
    places = [(file, int(line)) for file, line in _PLACES.findall(text)]
    for file, line in reversed(places):
        for entry in entries:
            source = inspect.getsourcefile(entry.component) or ""
            if source and source.endswith(file.lstrip("/")):
                return NotCompilableError(
                    f"{entry.kind.name} {entry.name!r} cannot be compiled: {reason} ({source}:{line})"
                )
    where = f" ({places[-1][0]}:{places[-1][1]})" if places else ""
    return NotCompilableError(f"the experiment cannot be compiled: {reason}{where}")
