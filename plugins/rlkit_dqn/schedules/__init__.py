"""Numbers that change with progress."""
