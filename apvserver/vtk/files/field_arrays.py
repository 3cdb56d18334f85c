"""Field arrays of a file of VTK's legacy format, added to data."""

from __future__ import annotations

from typing import Any, ClassVar

from async_paraview.vtk_imports import one_at_a_time

from ..algorithms.array_algorithm import ArrayAlgorithm
from ..base.blocks import parts
from ..base.errors import FileError
from ..types.own_properties import OwnProperties, text
from .references import check_references
from .truncation.checks import check_truncation

_FORMAT = "vtkGenericDataObjectReader"
"""The class whose checks of files are those of this format: vtkDataObjectReader makes up what is missing at the end."""


class FieldArraysReader(OwnProperties, ArrayAlgorithm):
    """FieldArraysReader - Adds the field arrays of a .vtk file to the data, to each block of a composite."""

    PROPERTIES: ClassVar = (
        text("FileName", "", "The .vtk file, on the server; without one nothing is added.", path=True),
    )

    def __init__(self) -> None:
        ArrayAlgorithm.__init__(self)

    def change(self, output: Any, *inputs: Any) -> None:
        """Add the arrays. Raises `FileError` for what is no such file."""
        path = self.value_of("FileName") or ""
        if not path:
            return
        check_references(path, _FORMAT)
        check_truncation(path, _FORMAT)
        with one_at_a_time:
            from vtkmodules.vtkIOLegacy import vtkDataObjectReader  # late: few sessions read such files

        reader = vtkDataObjectReader()
        reader.SetFileName(path)
        reader.SetContainerAlgorithm(self)
        reader.Update()
        found = reader.GetOutput()
        if found is None:
            raise FileError(f"{path}: this is no file of VTK's legacy format that could be read")
        arrays = found.GetFieldData()
        for part in parts(output):
            for index in range(arrays.GetNumberOfArrays()):
                part.GetFieldData().AddArray(arrays.GetAbstractArray(index))
