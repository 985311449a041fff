"""The suite of returns."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit import Array, Call, Discrete, Spaces, Tensor
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of, with_call
from rlkit_dqn.contracts.returns import Following, Returns

_ROWS, _ACTIONS = 6, 4


class ReturnsSuite(GraphSuite):
    """`component = WatkinsReturns(trace_decay=0.8)`."""

    contract = Returns

    def program(self) -> Program:
        """See `GraphSuite`."""
        part = self._build()
        examples = {
            "policy": lambda spec, rng: _policy(rng),
            "action": lambda spec, rng: rng.integers(0, _ACTIONS, _ROWS).astype(np.int32),
        }
        return program_of(part, (_trace(part),), examples)

    def test_its_decay_is_a_share(self) -> None:
        """(R,) float32 of 0 to 1, and (R,) float32 of finite values that are replaced; each row's from itself alone."""
        part = self._build()
        called = self.called(_trace(part), part)
        for scale in (0.0, 1e-3, 1.0, 1e4):
            given = _given(scale)
            found = called(**given)
            decay, replaced = found["decay"], found["replaced"]
            self.demand_array(decay, "float32", (_ROWS,), "decays", "trace")
            self.demand_array(replaced, "float32", (_ROWS,), "values that are replaced", "trace")
            inside = bool(((decay >= 0) & (decay <= 1)).all())
            self.demand(inside, "decays of 0 to 1", f"{decay.tolist()}", "trace")
            backwards = called(**{name: array[::-1] for name, array in given.items()})
            same = all(np.allclose(found[name], backwards[name][::-1], rtol=1e-5) for name in ("decay", "replaced"))
            self.demand(same, "each row's answer from itself alone", "another one in another order", "trace")

    def test_it_bootstraps_after_the_last_step_alone_if_it_says_so(self) -> None:
        """With `last_only`, the decay is 1 and `value` is replaced."""
        if not getattr(self.component, "last_only", False):
            return
        part = self._build()
        given = _given(1.0)
        found = self.called(_trace(part), part)(**given)
        true = bool((found["decay"] == 1.0).all() and (found["replaced"] == given["value"]).all())
        self.demand(true, "decay 1 and `value` replaced, as last_only says", f"{found}", "trace")

    def _build(self) -> Returns:
        part: Returns = self.working(Spaces(Array((4,), "float32"), Discrete(_ACTIONS)))
        return part


def _trace(part: Returns) -> GraphFunction:
    def trace(call: Call, **given: Tensor) -> dict[str, Tensor]:
        made = part.trace(Following(**given), call)
        return {"decay": made.decay, "replaced": made.replaced}

    specs = (
        tf.TensorSpec((_ROWS,), tf.int32, name="action"),
        tf.TensorSpec((_ROWS, _ACTIONS), tf.float32, name="policy"),
        tf.TensorSpec((_ROWS, _ACTIONS), tf.float32, name="values"),
        tf.TensorSpec((_ROWS,), tf.float32, name="value"),
    )
    return with_call("trace", trace, specs)


def _given(scale: float) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "action": rng.integers(0, _ACTIONS, _ROWS).astype(np.int32),
        "policy": _policy(rng),
        "values": (scale * rng.normal(size=(_ROWS, _ACTIONS))).astype(np.float32),
        "value": (scale * rng.normal(size=_ROWS)).astype(np.float32),
    }


def _policy(rng: np.random.Generator) -> Any:
    """Some rows greedy, some not."""
    drawn = rng.dirichlet(np.ones(_ACTIONS), _ROWS)
    drawn[::2] = np.eye(_ACTIONS)[drawn[::2].argmax(axis=1)]
    return drawn.astype(np.float32)
