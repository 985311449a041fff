"""How a variant looks: a colour and a line style of its own in every picture."""

from __future__ import annotations

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
"""Okabe and Ito (2008): apart for the colour-blind. The darker ones come first; yellow is too pale for a line."""
DASHES = ("", "7 3", "2 2.5", "9 3 2 3", "12 3 2 3 2 3")
"""Lengths of strokes and gaps, in pixels. With the colours, 35 combinations, so that curves stay apart in grey too."""


def look(variant: int) -> str:
    """Classes of the page's style sheet, for the variant of this number."""
    return f"c{variant % len(COLOURS)} d{variant % len(DASHES)}"
