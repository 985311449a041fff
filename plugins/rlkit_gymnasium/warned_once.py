"""Warnings, Gymnasium's in plain words and our own, each shown once."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_GYMNASIUM = re.compile(r"^(?:\x1b\[\d+m)*WARN: (.*?)(?:\x1b\[0m)?$", re.DOTALL)
_OUT_OF_DATE = re.compile(r"\bis out of date\b")
_shown: set[str] = set()


@contextmanager
def warned_once(*, of_versions: bool = True) -> Iterator[None]:
    """Around `gymnasium.make`: an experiment makes its environment several times, and is told of a warning once.

    Without `of_versions`, that there is a higher version is not told.

    Gymnasium says that a version is out of date by a DeprecationWarning, which Python hides as a rule; here it is a
    UserWarning. Where making fails, the error says it all. Warnings of other libraries pass through.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        gymnasiums = _GYMNASIUM.match(str(warning.message))
        if gymnasiums is None:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
        elif gymnasiums[1] not in _shown and (of_versions or not _OUT_OF_DATE.search(gymnasiums[1])):
            _shown.add(gymnasiums[1])
            warnings.warn(gymnasiums[1], stacklevel=4)


def warn_once(text: str) -> None:
    """Warn in words of our own, the first time."""
    if text not in _shown:
        _shown.add(text)
        warnings.warn(text, stacklevel=2)
