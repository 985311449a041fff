"""What compiled machine code depends on beside the program itself, as a name for the folder that holds it."""

from __future__ import annotations

import hashlib
import importlib.machinery
import json
import os
import platform
from pathlib import Path

_FORMAT = 1
"""Raised when the layout of the cache changes."""
_VARIABLES = ("XLA_FLAGS", "TF_XLA_FLAGS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


def xla_key() -> str:
    """16 hexadecimal digits: the same where machine code of one process may serve another.

    TensorFlow's own key of an entry is the HLO program and the name and arguments of the function, which covers every
    change of a component, but neither the compiler, nor its flags, nor the processor. These are here: TensorFlow's
    libraries by size and time (a version number does not tell two builds apart), the variables that it reads its
    flags and threads from, the processor's model and features, the number of cores that this process may use.
    """
    parts = {
        "format": _FORMAT,
        "libraries": _libraries(),
        "variables": {name: os.environ.get(name, "") for name in _VARIABLES},
        "processor": [platform.system(), platform.machine(), *_processor()],
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _libraries() -> list[tuple[str, int, int]]:
    """TensorFlow's shared libraries: name, bytes, time of change. None are found where it is not installed."""
    # The path finder is asked because `sys.modules` may hold a stand-in.
    found = importlib.machinery.PathFinder.find_spec("tensorflow")
    folders = [Path(place) for place in (found.submodule_search_locations or ())] if found is not None else []
    files = [
        path for folder in folders for path in (*folder.glob("*tensorflow*.*"), *folder.glob("python/*tensorflow*"))
    ]
    return sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files if path.is_file())


def _processor() -> list[str]:
    """Model and features of the first processor, as far as the system tells."""
    wanted = ("vendor_id", "cpu family", "model", "model name", "stepping", "flags", "Features", "CPU part")
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return [platform.processor()]
    first = text.split("\n\n", 1)[0]
    return [line for line in first.splitlines() if line.split("\t")[0].split(":")[0].strip() in wanted]
