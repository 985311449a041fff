"""In which settings the variants differ from the base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit.reporting.markup import Markup, tag
from rlkit.reporting.numbers import NOTHING
from rlkit.reporting.sections.scores import named
from rlkit.reporting.tables import Column, table


def variants(document: Mapping[str, Any]) -> Markup:
    """A column a setting that differs somewhere; what a variant has as the base has it, is left open."""
    found = document["variants"]
    keys = list(dict.fromkeys(key for variant in found for key in variant["differences"]))
    if not keys:
        return tag("p", "The experiments of the variants differ in no setting.", class_="lead")
    rows = [
        [
            named(variant["name"], number, base=bool(variant["base"])),
            *(tag("code", str(of[key])) if key in (of := variant["differences"]) else NOTHING for key in keys),
        ]
        for number, variant in enumerate(found)
    ]
    columns = [Column("variant", "text"), *(Column(key, "text") for key in keys)]
    return table(f"Settings that differ from those of the base ({NOTHING}: as the base)", columns, rows)
