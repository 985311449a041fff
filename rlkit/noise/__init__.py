"""Random numbers and who draws them: on the host, in a graph, for an episode."""
