"""The data that flows between the parts of an experiment.

B stands for environments (when acting) or rows (when learning), T for consecutive steps.
"""

from __future__ import annotations

from typing import NamedTuple

from rlkit.contracts.tensor import Nest, Tensor


class Progress(NamedTuple):
    """What was completed before this call. Python or NumPy integers on the host, int64 scalars in a graph."""

    step: Tensor
    """Environment steps, over all environments."""
    episode: Tensor
    """Episodes that have ended."""
    update: Tensor
    """Learning steps."""


class Step(NamedTuple):
    """One environment step, or a batch of them."""

    observation: Tensor
    """(B, *o), what the action was chosen from."""
    action: Tensor
    """(B, *a)."""
    reward: Tensor
    """(B,) float32."""
    terminated: Tensor
    """(B,) bool: the task ended; nothing follows, so nothing is bootstrapped."""
    truncated: Tensor
    """(B,) bool: the episode was cut from outside (a time limit); what would follow is bootstrapped."""
    next_observation: Tensor
    """(B, *o), the episode's own next observation, never the next episode's first."""
    extras: dict[str, Tensor]
    """What `Act.extras` stored with the step."""


class Act(NamedTuple):
    """A learner's choice."""

    action: Tensor
    """(B, *a); int32 for discrete actions, counted from 0."""
    memory: Nest
    """Carried to the next call; `()` for agents that remember nothing."""
    extras: dict[str, Tensor]
    """(B, …) each: stored with the step and handed back in `Sample.steps.extras`."""


class Sampling(NamedTuple):
    """What a learner wants of its buffer at each learning step."""

    size: int
    """Rows in a sample."""
    length: int = 1
    """Consecutive steps in a row: 1; n for n-step returns; T for sequences."""


class Sample(NamedTuple):
    """Rows that a buffer selected. The order of rows carries no meaning."""

    steps: Step
    """(B, T, …) each."""
    valid: Tensor
    """(B, T) bool: False for steps past an episode's end or the newest stored step."""
    slots: Tensor
    """(B,) int64: where the rows start in the ring."""
    weight: Tensor
    """(B,) float32: importance weights, 1 for a uniform buffer."""


class Learned(NamedTuple):
    """What one learning step says of itself."""

    metrics: dict[str, Tensor]
    """float32 scalars, `loss` among them; one that is not finite ends the run."""
    priority: Tensor
    """(B,) float32: how surprising each row was (|td_error|), handed to `Selection.update`."""
