"""Studies: variants × environments × seeds, planned, run, and gone on with."""
