"""Filters and sources that are Python scripts: only where the server was started with --allow-python.

This is the one place that executes text of a client, and it does so with all rights of the server's process.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary, ref

import numpy as np
from vtkmodules.vtkCommonCore import vtkOutputWindow

from ....settings import adopted
from ...base.errors import InvalidProperty

_scripts: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
"""By algorithm and method."""
EXECUTE: Final = "SetExecuteMethod"


def check_script(name: str, value: Any) -> str:
    """Return a script that compiles. Raises `InvalidProperty`, also if scripts are not allowed here."""
    if not isinstance(value, str):
        raise InvalidProperty(f"{name} expects the text of a script, not {type(value).__name__} {value!r:.80}")
    if value and not adopted().allow_python:
        raise InvalidProperty(
            f"{name}: this server executes no scripts of clients; whoever trusts all of them starts it with "
            "--allow-python (built in: set APV_ALLOW_PYTHON=1)"
        )
    try:
        compile(value, "Script", "exec")
    except (SyntaxError, ValueError) as error:
        raise InvalidProperty(f"{name} is no Python: {error}") from error
    return value


def write_script(method: str, algorithm: Any, script: str) -> None:
    """Have a method of the algorithm execute a script with `inputs`, `output`, `self` (the algorithm) and `np`."""
    if read_script(method, algorithm) == script:
        return
    _scripts.setdefault(algorithm, {})[method] = script
    getattr(algorithm, method)(_executing(script, ref(algorithm)))
    algorithm.Modified()


class Executed:
    """What this process has done for its users."""

    scripts = False
    """Whether one was executed: it may have left files open, or something else that Python's own end puts right."""


def _executing(script: str, of: Callable[[], Any]) -> Callable[[], None]:
    code = compile(script, "Script", "exec")

    def execute() -> None:
        Executed.scripts = True
        algorithm = of()  # the algorithm keeps what it executes
        assert algorithm is not None
        count = algorithm.GetNumberOfInputConnections(0) if algorithm.GetNumberOfInputPorts() else 0
        inputs = [algorithm.GetInputDataObject(0, index) for index in range(count)]
        names = {"self": algorithm, "inputs": inputs, "output": algorithm.GetOutputDataObject(0), "np": np}
        try:
            with _modules_below(getattr(algorithm, "GetPythonPath", str)()):
                exec(code, names)  # noqa: S102  # --allow-python
        except Exception:
            vtkOutputWindow.GetInstance().DisplayErrorText(traceback.format_exc(limit=-4))
        finally:
            names.clear()  # functions of the script keep it, and would keep the data

    return execute


@contextmanager
def _modules_below(folders: str) -> Iterator[None]:
    """Have modules found in folders, with colons between them, before all others."""
    found = [one for one in folders.split(os.pathsep) if one]
    sys.path[:0] = found
    try:
        yield
    finally:
        for one in found:
            sys.path.remove(one)


def read_script(method: str, algorithm: Any) -> str:
    """Return the script that was set for a method."""
    return _scripts.get(algorithm, {}).get(method, "")
