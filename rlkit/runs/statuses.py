"""How a run may stand, as its run.json says."""

STATUSES = ("running", "finished", "interrupted", "failed")
