"""A contour of a grid in a file of parts, one part after the other, with VTK alone: contour_by_vtk FILE PIECES."""

from __future__ import annotations

import sys
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkAppendPolyData, vtkContourFilter
from vtkmodules.vtkFiltersParallel import vtkIntegrateAttributes
from vtkmodules.vtkIOXML import vtkXMLPUnstructuredGridReader

from ..children import say
from ..hexahedra import ARRAY, VALUE


def main(path: str, pieces: int) -> None:
    """Make it, and say how large it is."""
    together = vtkAppendPolyData()
    for piece in range(pieces):
        reader, contour = vtkXMLPUnstructuredGridReader(), vtkContourFilter()  # one that goes on keeps all parts
        reader.SetFileName(path)
        contour.SetInputConnection(reader.GetOutputPort())
        contour.SetInputArrayToProcess(0, 0, 0, 0, ARRAY)
        contour.SetValue(0, VALUE)
        contour.ComputeNormalsOff()
        contour.UpdatePiece(piece, pieces, 0)
        kept = vtkPolyData()
        kept.ShallowCopy(contour.GetOutput())
        together.AddInputData(kept)
        del reader, contour
    together.Update()
    area: Any = vtkIntegrateAttributes()
    area.SetInputConnection(together.GetOutputPort())
    area.Update()
    made = together.GetOutput()
    say(
        points=made.GetNumberOfPoints(),
        cells=made.GetNumberOfCells(),
        area=area.GetOutput().GetCellData().GetArray("Area").GetValue(0),
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
