"""What keeps runs from being compared."""

from __future__ import annotations


class ComparisonError(ValueError):
    """Runs or options that cannot be compared; the text is a sentence for people."""
