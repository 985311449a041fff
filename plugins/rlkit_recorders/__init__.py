"""Recorders: a progress line, the learning curve's picture, tables, videos, trackers; what a run recorded."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import RecordedData, hookimpl
from rlkit_recorders.csv import CSVTable
from rlkit_recorders.data.run import RunData
from rlkit_recorders.learning_curve import LearningCurve
from rlkit_recorders.mlflow import MLflow
from rlkit_recorders.parquet import Parquet
from rlkit_recorders.progress import ProgressLine
from rlkit_recorders.tensorboard import TensorBoard
from rlkit_recorders.video import Video
from rlkit_recorders.wandb import WeightsAndBiases

RLKIT_API = 1


@hookimpl
def rlkit_recorders() -> Mapping[str, type]:
    """Names that a YAML file uses."""
    return {
        "progress": ProgressLine,
        "learning_curve": LearningCurve,
        "tensorboard": TensorBoard,
        "csv": CSVTable,
        "parquet": Parquet,
        "video": Video,
        "mlflow": MLflow,
        "wandb": WeightsAndBiases,
    }


@hookimpl
def rlkit_recorded_data() -> Mapping[str, type[RecordedData]]:
    """What can be learned from beside steps of one's own."""
    return {"run": RunData}
