"""What is raised for parts whose results would not follow from the run's seed."""

from __future__ import annotations


class HiddenRandomnessError(ValueError):
    """A part draws numbers past its noise, or is another each time it is built or traced."""
