"""Conservative Q-learning."""

from __future__ import annotations

from rlkit import Call, Schedule, Tensor, component, parameter, value_of
from rlkit_dqn.contracts.regularizer import Valued
from rlkit_dqn.regularizers.likelihood import surprise_of_action


@component
class ConservativeQ:
    """CQL(H): α · (log Σ_b exp Q(s, b) − Q(s, a)), which pushes down the values of what the data does not do.

    Kumar et al. (2020), "Conservative Q-learning for offline reinforcement learning", equation 4. There the TD error
    costs ½ δ²; beside `squared_error`, which has no ½, the same α weighs half as much.
    """

    alpha: float | Schedule = parameter(
        default=1.0,
        doc="weight beside the TD error; the less the data covers, the more",
        at_least=0,
        source="code of Kumar et al., 2020, Atari with 10 % of the data (4 with 1 %)",
    )

    def cost(self, valued: Valued, call: Call) -> Tensor:
        """See `Regularizer.cost`."""
        return value_of(self.alpha, call.progress) * surprise_of_action(valued.values, valued.action)
