"""What components report of episodes that have ended, in the compiled loop. B stands for environments."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor
from rlkit.programs.calling import Call
from rlkit.programs.program import GraphFunction


def reported(report: GraphFunction | None, call: Call, progress: Progress, ended: Tensor, count: int) -> Tensor:
    """Of each environment's episode, if it has ended: (B, reports) float32 (graph code).

    As of each of them, those of environments before it counted.

    Args:
        report: the learner's, if anything reports.
        call: how functions are called.
        progress: episodes that have just ended not counted.
        ended: (B,) int64, 1 for those.
        count: of reports.
    """
    environments = ended.shape[0]
    if report is None:
        return tf.zeros((environments, 0))
    if environments == 1:
        return call(report, progress=tf.stack(progress))["values"][None]
    blank = tf.zeros((environments, count))

    def one_more(number: Tensor, reports: Tensor) -> tuple[Tensor, Tensor]:
        now = tf.stack(progress._replace(episode=progress.episode + number))
        values = call(report, progress=now)["values"]
        return number + 1, tf.tensor_scatter_nd_update(reports, number[None, None], values[None])

    zero, over = tf.zeros((), tf.int64), tf.reduce_sum(ended)
    _, reports = tf.while_loop(lambda number, _: number < over, one_more, [zero, blank])
    return tf.gather(reports, tf.cumsum(ended, exclusive=True))
