"""Parts under guard: what they raise and return while they are built and traced is told with the author's line."""
