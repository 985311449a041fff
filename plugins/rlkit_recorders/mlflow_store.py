"""Where MLflow keeps runs, by URI: which there are, and how one is opened."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATABASES = ("sqlite", "postgresql", "mysql", "mssql")
FOLDERS = ("", "file")
SCHEMES = (*FOLDERS, *DATABASES, "http", "https", "databricks")


def scheme_of(uri: str) -> str:
    """In lower case, a database's driver left out; empty for a path."""
    found = re.match(r"([a-z][a-z0-9.-]*)(\+[a-z0-9]+)?:", uri, re.IGNORECASE)
    return found[1].lower() if found else ""


def absolute(uri: str) -> str:
    """The same place, wherever the working folder will be."""
    scheme, path = scheme_of(uri), uri.partition(":")[2]
    if scheme == "":
        return Path(uri).absolute().as_uri()
    if scheme == "file" and not path.startswith("/"):
        return Path(path).absolute().as_uri()
    if scheme == "sqlite" and path.startswith("///"):
        return f"{uri.partition(':')[0]}:///{Path(path[3:]).absolute()}"
    return uri


def opened(uri: str) -> Any:
    """MLflow's client. A database of a path is made, with its folder, if there is none.

    Raises:
        MlflowException: or whatever the store raises, if it cannot be opened.
    """
    if scheme_of(uri) in FOLDERS:
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")  # kept up no more, but the person asked for a folder
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    from mlflow.tracking import MlflowClient

    logger = logging.getLogger("mlflow")
    before = logger.level
    logger.setLevel(logging.WARNING)  # that tables are made is no news
    try:
        with _alone_with(_database_file(uri)):
            return MlflowClient(tracking_uri=uri)
    finally:
        logger.setLevel(before)


@contextlib.contextmanager
def _alone_with(file: Path | None) -> Iterator[None]:
    """Runs that begin at the same time would all make the tables of a new database, and fail."""
    import fcntl

    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a network's file system may have no locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def experiment_id(client: Any, uri: str, name: str) -> str:
    """Of the experiment of that name, which is made if there is none. Raises MlflowException if it cannot be."""
    from mlflow.exceptions import MlflowException

    if (found := client.get_experiment_by_name(name)) is None:
        file = _database_file(uri)  # beside which artifacts go: without a server, MLflow has the working folder instead
        with contextlib.suppress(MlflowException):  # another process may be quicker
            return str(client.create_experiment(name, str(file.parent / "mlartifacts") if file else None))
        found = client.get_experiment_by_name(name)
    return str(found.experiment_id)


def _database_file(uri: str) -> Path | None:
    path = uri.partition(":")[2]
    return Path(path[3:]) if scheme_of(uri) == "sqlite" and path.startswith("////") else None
