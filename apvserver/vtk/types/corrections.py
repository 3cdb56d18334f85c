"""Corrects what some readers of VTK make, whenever they have executed: by the exact class of the reader.

A correction gets the reader and its output, before anything downstream sees that. What cannot be made right is a
`FileError`, which becomes an error of the reader.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkOutputWindow

from ..base.errors import FileError
from ..base.facts import vtk_facts

Correction = Callable[[Any, Any], None]

_ROOM: Final = "apvserver.vtk.files.corrections"


def corrections_of(class_name: str) -> tuple[str, ...]:
    """Return what is to be corrected of what algorithms of a class make, as `base/facts/files.toml` says."""
    return vtk_facts.by_name("files", "corrections").get(class_name, ())


def watch_output(algorithm: Any, corrections: Iterable[str]) -> None:
    """Have what an algorithm makes corrected, in those ways."""
    for name in corrections:
        _watch(algorithm, name)


def _watch(algorithm: Any, name: str) -> None:
    """Correct with a function of a module of the room of corrections, which is imported for that."""
    module, _, function = name.rpartition(".")
    correct: Correction = getattr(importlib.import_module(f"{_ROOM}.{module}"), function)
    is_unmeasured = name in vtk_facts.unmeasured("files", "corrections")

    def executed(reader: Any, _event: str) -> None:
        data = reader.GetOutputDataObject(0)
        if is_unmeasured:
            vtkOutputWindow.GetInstance().DisplayWarningText(
                f"what {type(reader).__name__} reads is put right as VTK 9.7 needs it, and this is VTK "
                f"{vtk_facts.installed_version()}, of which that is not known: compare it with another program"
            )
        try:
            correct(reader, data)
        except (FileError, OSError, ValueError, MemoryError) as error:
            data.Initialize()  # no wrong values may be left
            vtkOutputWindow.GetInstance().DisplayErrorText(f"{_named(reader)}: {error}")

    algorithm.AddObserver("EndEvent", executed)


def _named(reader: Any) -> str:
    """Return the path that a reader has, or its class, where it has several."""
    for getter in ("GetFileName", "GetCaseFileName"):
        try:
            return str(getattr(reader, getter)())
        except (AttributeError, TypeError):
            continue
    return type(reader).__name__
