"""Corrects what some readers of VTK make, whenever they have executed: by the exact class of the reader.

A correction gets the reader and its output, before anything downstream sees that. What cannot be made right is a
`FileError`, which becomes an error of the reader.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkOutputWindow

from ..base.errors import FileError

Correction = Callable[[Any, Any], None]

_CORRECTIONS: Final[dict[str, tuple[str, str]]] = {
    "vtkNetCDFCFReader": ("apvserver.vtk.files.corrections.netcdf_values", "correct_grid"),
    "vtkNetCDFReader": ("apvserver.vtk.files.corrections.netcdf_values", "correct_grid"),
    "vtkNetCDFUGRIDReader": ("apvserver.vtk.files.corrections.netcdf_values", "correct_mesh"),
    **dict.fromkeys(
        ("vtkMPASReader", "vtkNetCDFCAMReader", "vtkNetCDFPOPReader"),
        ("apvserver.vtk.files.corrections.netcdf_values", "correct_model"),
    ),
    "vtkMultiBlockPLOT3DReader": ("apvserver.vtk.files.corrections.plot3d_time", "tell_time"),
    "vtkXMLPImageDataReader": ("apvserver.vtk.files.corrections.piece_direction", "correct_direction"),
}
"""The module of each and its function; imported when the first of that class is made."""


def watch_output(algorithm: Any) -> None:
    """Have what an algorithm makes corrected, if its class is one of those that need it."""
    where = _CORRECTIONS.get(type(algorithm).__name__)
    if where is None:
        return
    correct: Correction = getattr(importlib.import_module(where[0]), where[1])

    def executed(reader: Any, _event: str) -> None:
        data = reader.GetOutputDataObject(0)
        try:
            correct(reader, data)
        except (FileError, OSError, ValueError, MemoryError) as error:
            data.Initialize()  # no wrong values may be left
            vtkOutputWindow.GetInstance().DisplayErrorText(f"{reader.GetFileName()}: {error}")

    algorithm.AddObserver("EndEvent", executed)
