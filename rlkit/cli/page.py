"""Text that fits the terminal."""

from __future__ import annotations

import shutil
import textwrap


class Page:
    """Lines, filled to the terminal's width, or to 120 columns where the output is no terminal."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.width = max(40, shutil.get_terminal_size((120, 24)).columns)

    def __str__(self) -> str:
        return "\n".join(self.lines).strip()

    def text(self, text: str, indent: str = "") -> None:
        """Paragraphs, filled; indented lines keep their indentation."""
        for paragraph in text.split("\n\n"):
            lines = paragraph.split("\n")
            if any(line.startswith(" ") for line in lines):
                for line in lines:
                    own = line[: len(line) - len(line.lstrip())]
                    self._fill(line.strip(), indent + own, indent + own + "  ")
            else:
                self._fill(" ".join(lines), indent, indent)
            self.lines.append("")
        self.lines.pop()

    def rows(self, rows: list[list[str]], indent: str = "  ") -> None:
        """Columns, the last one cut to what is left of the line; empty columns are left out."""
        columns = [column for column in zip(*rows, strict=True) if any(column)]
        widths = [max(map(len, column)) for column in columns[:-1]]
        for row in zip(*columns, strict=True):
            start = indent + "".join(f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=False))
            room = max(20, self.width - len(start))
            self.lines.append((start + textwrap.shorten(row[-1], room, placeholder="…")).rstrip())

    def _fill(self, text: str, first: str, further: str) -> None:
        filled = textwrap.wrap(
            text, self.width, initial_indent=first, subsequent_indent=further, break_long_words=False,
            break_on_hyphens=False,
        )  # fmt: skip
        self.lines += filled or [""]
