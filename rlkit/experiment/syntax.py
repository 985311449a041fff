"""PyYAML's own errors, told in one line."""

from __future__ import annotations

import yaml

from rlkit.experiment.words import quoted


def syntax_message(error: yaml.MarkedYAMLError, text: str) -> str:
    """What is wrong with text that is no YAML; the error's mark says where."""
    mark, began = error.problem_mark, error.context_mark
    problem = error.problem or "found something else than YAML"
    if mark is not None and "cannot start any token" in problem:
        character = "".join(text.splitlines()[mark.line : mark.line + 1])[mark.column : mark.column + 1]
        if character == "\t":
            return "not valid YAML: found a tab where YAML wants spaces"
        return f"not valid YAML: found {quoted(character)}, with which no unquoted value can start"
    since = f" from line {began.line + 1}" if began and mark and began.line < mark.line else ""
    return f"not valid YAML: {problem}" + (f" ({error.context}{since})" if error.context else "")
