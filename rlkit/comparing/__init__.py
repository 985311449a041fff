"""What may be concluded from runs: measures, aggregates with intervals, verdicts."""
