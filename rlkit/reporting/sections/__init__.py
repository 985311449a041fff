"""The parts of the page, from the verdicts down: a file a part, each a function of the document."""
