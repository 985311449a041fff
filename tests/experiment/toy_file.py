"""An experiment file of the parts in toy_plugin.py."""

from __future__ import annotations

TOY = """\
name: toy
seed: 0
environment: {name: corridor, length: 5}
agent: {name: toy, gamma: 0.9, batch_size: 4}
network: {name: dense, hidden: [8, 8], activation: relu}
buffer: {name: ring, capacity: 100}
exploration: {name: noisy, scale: 0.5}
stop: {name: after, episodes: 3}
limits: {steps: 1000}
evaluation: {episodes: 1}
recorders: [silent]
"""


def with_lines(*edits: str) -> str:
    """The toy file with each line put in place of the one that has its key, or at the end."""
    lines = TOY.splitlines()
    for edit in edits:
        key = edit.partition(":")[0] + ":"
        found = [number for number, line in enumerate(lines) if line.startswith(key)]
        if found:
            lines[found[0]] = edit
        else:
            lines.append(edit)
    return "\n".join(lines) + "\n"
