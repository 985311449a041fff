"""The data that flows between the parts of an experiment, in named bundles: one may gain a field and breaks nobody.

B stands for environments (when acting) or rows (when learning), T for consecutive steps, n for discrete actions.
"""

from __future__ import annotations

from typing import NamedTuple

from rlkit.contracts.noise import Noise
from rlkit.contracts.tensor import Nest, Tensor


class Progress(NamedTuple):
    """What was completed before this call. Python or NumPy integers on the host, int64 scalars in a graph."""

    step: Tensor
    """Environment steps, over all environments."""
    episode: Tensor
    """Episodes that have ended."""
    update: Tensor
    """Learning steps."""
    total: Tensor = 0
    """Environment steps that the experiment's limits allow in all, for what changes until the end; 0 if they do not
    say. A component that cannot do without has the attribute `needs_total = True`."""


class Call(NamedTuple):
    """What comes with every call of graph code."""

    noise: Noise
    progress: Progress


class Seen(NamedTuple):
    """What is known of B environments before they act."""

    observation: Tensor
    """(B, *o)."""
    first: Tensor
    """(B,) bool: the episode has just begun, so nothing came before."""
    previous_action: Tensor
    """(B, *a), the action of the step before; zeros at an episode's beginning."""
    previous_reward: Tensor
    """(B,) float32, the reward of the step before; 0 at an episode's beginning."""
    allowed: Tensor
    """(B, n) bool, the actions that the environment allows: all of them where it has no mask. (B, 0) for actions that
    are not discrete."""
    last_reward: Tensor
    """(B,) float32, as `previous_reward`, but at an episode's beginning that of the episode before; 0 where there was
    none, and in evaluation."""


class Act(NamedTuple):
    """A learner's choice."""

    action: Tensor
    """(B, *a); int32 for discrete actions, counted from 0."""
    memory: Nest
    """(B, …) each: carried to the next call; `()` for agents that remember nothing."""
    extras: dict[str, Tensor]
    """(B, …) each: stored with the step and handed back in `Sample.steps.extras`."""


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
    allowed: Tensor
    """(B, n) bool, as in `Seen`."""
    next_allowed: Tensor
    """(B, n) bool, the actions allowed at `next_observation`; all of them where the episode terminated."""


class Sample(NamedTuple):
    """Rows of consecutive steps, for one learning step. See `Sampling` for their order."""

    steps: Step
    """(B, T, …) each, T the sampling's `before + length`."""
    valid: Tensor
    """(B, T) bool: False for what is not stored, and unless the sampling goes across ends, for steps of another
    episode than the row's own."""
    slots: Tensor
    """(B,) int64: where the rows lie in the ring, without the steps before."""
    weight: Tensor
    """(B,) float32: importance weights, 1 for a uniform buffer."""


class Learned(NamedTuple):
    """What one learning step says of itself."""

    metrics: dict[str, Tensor]
    """float32 scalars, `loss` among them; one that is not finite ends the run."""
    priority: Tensor
    """(B,) float32: how surprising each row was (|td_error|), handed to `Selection.update`."""
