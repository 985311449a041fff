"""What the episode program says when it returns, in as few arrays as can be, and what the host makes of them.

B stands for environments.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.loops.compiled.carried import Carried
from rlkit.loops.compiled.returning import Returned
from rlkit.programs.program import Arrays


def said(end: Carried, begun: Tensor, reports: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Counts and flags (4 + 7 · B,) int64, returns and reports float64, and the logged metrics (graph code).

    Args:
        end: of the call.
        begun: (B,) int64, the number of each environment's episode.
        reports: (B, reports) float32.
    """
    sound = tf.math.is_finite(end.episode_return)
    if end.moment.observation.dtype.is_floating:
        finite = tf.math.is_finite(end.moment.observation)
        sound &= tf.reduce_all(tf.reshape(finite, (begun.shape[0], -1)), axis=-1)
    fault = tf.maximum(end.log.fault, end.fault)
    flags = (tf.cast(flag, tf.int64) for flag in (end.terminated, end.truncated, sound))
    counts = [
        tf.stack([end.step, end.update, tf.cast(end.log.finite, tf.int64), end.log.rows]),
        *(begun, end.length, *flags, fault, end.action),
    ]
    numbers = tf.concat([end.episode_return, tf.cast(tf.reshape(reports, (-1,)), tf.float64)], 0)
    return tf.concat(counts, 0), numbers, end.log.metrics


def heard(counts: Tensor, numbers: Tensor, log: Tensor, variables: Arrays | None, environments: int) -> Returned:
    """The inverse of `said`, on the host, with the learner's variables if they were handed out."""
    told, figures = counts.numpy(), numbers.numpy()
    step, update, finite, rows = told[:4].tolist()
    episode, length, terminated, truncated, sound, fault, action = told[4:].reshape(7, environments).tolist()
    logged = rows + (not finite)
    return Returned(
        step,
        update,
        episode,
        length,
        terminated,
        truncated,
        sound,
        fault,
        action,
        figures[:environments].tolist(),
        figures[environments:].reshape(environments, -1).tolist(),
        log.numpy()[:logged] if logged else np.zeros((0, 0)),
        bool(finite),
        variables,
    )
