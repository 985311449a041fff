"""Tables that can be read without scripts and sorted with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rlkit.reporting.markup import Child, Markup, tag


class Column(NamedTuple):
    """A heading, and how its cells are ordered."""

    title: str
    sort: str | None = "number"
    """`number` (cells stand to the right), `text`, or None for what has no order."""


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Child]]) -> Markup:
    """A table in a frame that scrolls sideways on its own, with the keyboard too; the first cell of a row names it."""
    head = [
        tag("th", column.title, scope="col", data_sort=column.sort, class_=None if column.sort == "number" else "t")
        for column in columns
    ]
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            [
                tag("td", cell, class_=None if column.sort == "number" else "t")
                for cell, column in zip(row[1:], columns[1:], strict=True)
            ],
        )
        for row in rows
    ]
    whole = tag("table", tag("caption", caption), tag("thead", tag("tr", head)), tag("tbody", body))
    return tag("div", whole, class_="frame", tabindex="0", role="region", aria_label=caption)
