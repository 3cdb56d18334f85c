"""Tells a pipeline where an image is and of which type: filters of images take that from there, not from the image.

Some readers of VTK and of our own announce it not, or not all of it (series, .pvti, VTKHDF).
"""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkCommonDataModel import vtkDataObject


def announce_place(algorithm: Any) -> None:
    """Have what comes next see place, direction and type of the images that an algorithm has made."""
    for port in range(algorithm.GetNumberOfOutputPorts()):
        data = algorithm.GetOutputDataObject(port)
        if data is None or not data.IsA("vtkImageData"):
            continue
        information, matrix = algorithm.GetOutputInformation(port), data.GetDirectionMatrix()
        direction = tuple(matrix.GetElement(row, column) for row in range(3) for column in range(3))
        for key, value in (
            (vtkDataObject.ORIGIN(), data.GetOrigin()),
            (vtkDataObject.SPACING(), data.GetSpacing()),
            (vtkDataObject.DIRECTION(), direction),
        ):
            if not key.Has(information) or information.Get(key) != value:
                information.Set(key, value, len(value))
        scalars = data.GetPointData().GetScalars()
        if scalars is not None:
            kind, size = scalars.GetDataType(), scalars.GetNumberOfComponents()
            vtkDataObject.SetPointDataActiveScalarInfo(information, kind, size)
