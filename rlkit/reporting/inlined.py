"""The page's style sheet and script, from the files of the folder assets."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

STYLES = ("page.css", "colours.css", "verdicts.css", "tables.css", "charts.css", "print.css")
SCRIPTS = (
    "tables.js", "numbers.js", "scales.js", "chart_drawing.js", "readout.js", "charts.js",
)  # fmt: skip
"""In the order in which they are needed."""


def style_sheet() -> str:
    """All styles."""
    return "".join(map(_read, STYLES))


def script() -> str:
    """All scripts in one scope of their own."""
    return f'(() => {{\n"use strict";\n{"".join(map(_read, SCRIPTS))}}})();\n'


def allowed(text: str) -> str:
    """What a content security policy calls this text, so that nothing else may run or style the page."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
