"""Whose code is at fault: the author's own lines in an error, in a graph, in a component."""
