"""Starting the worker program: as a worker, or as what workers are forked from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from async_paraview.interpreter.lock import options_for_lock
from async_paraview.interpreter.module_path import module_path
from async_paraview.launched import without_launcher

PROGRAM: Final = Path(__file__).parents[1] / "worker_start.py"

FIRST: Final = {"OPENBLAS_NUM_THREADS": "1"}
"""Variables of a worker that the environment may overrule. VTK does not compute with BLAS, whose threads, one for each
core, would be there before anything else is, and keep the program from being forked."""


def start_program(
    title: str,
    *,
    variables: Mapping[str, str] | None = None,
    stdout: int = subprocess.PIPE,
    launcher: Sequence[str] = (),
    **more: Any,
) -> subprocess.Popen[bytes]:
    """Start it, or a `launcher` that starts it. The title is for those who list processes.

    Raises OSError, and what Popen raises without a Python.
    """
    flags: dict[str, Any] = {}
    if sys.platform == "win32":
        flags["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP  # Ctrl-C is for the program in front
    if sys.__stderr__ is None:  # as in a program without a console: number 2 may be anything by now
        flags["stderr"] = subprocess.DEVNULL
    return subprocess.Popen(
        [*launcher, sys.executable, *options_for_lock(), "-P", str(PROGRAM), title],
        stdin=subprocess.PIPE,
        stdout=stdout,
        env={**FIRST, **without_launcher(os.environ), **(variables or {})},
        **flags,
        **more,
    )


def first_line(**told: Any) -> bytes:
    """Return what the program reads first, with the directories that it finds modules in: those of this process."""
    return json.dumps({**told, "path": module_path()}).encode() + b"\n"
