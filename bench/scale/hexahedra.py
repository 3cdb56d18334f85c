"""A grid of hexahedra in a file of parts (.pvtu): a wave over a cube, each part a slab of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

ARRAY: Final = "wave"
VALUE: Final = 0.2
PARTS: Final = 8
BYTES_EACH: Final = 95
"""That a hexahedron takes in the files."""
_LIST: Final = """<?xml version="1.0"?>
<VTKFile type="PUnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">
<PUnstructuredGrid GhostLevel="0">
<PPointData Scalars="wave"><PDataArray type="Float32" Name="wave"/></PPointData>
<PPoints><PDataArray type="Float32" NumberOfComponents="3"/></PPoints>
{parts}
</PUnstructuredGrid>
</VTKFile>
"""


def write_hexahedra(folder: Path, count: float) -> tuple[Path, int]:
    """Write about so many hexahedra; returns the file that lists the parts, and how many there are."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkAppendFilter
    from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet
    from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridWriter

    side = max(PARTS, round(count ** (1 / 3)) // PARTS * PARTS)
    along = np.arange(side + 1, dtype=np.float32) / side
    plane = np.sin(9 * along)[:, None] * np.cos(7 * along)[None, :]
    cuts = np.linspace(0, side, PARTS + 1).astype(int).tolist()
    for part in range(PARTS):
        layers = np.sin(8 * along[cuts[part] : cuts[part + 1] + 1] + 0.3)
        image = vtkImageData()
        image.SetExtent(0, side, 0, side, cuts[part], cuts[part + 1])
        wave = numpy_to_vtk((plane[None] * layers[:, None, None]).astype(np.float32).ravel(), deep=True)
        wave.SetName(ARRAY)
        image.GetPointData().SetScalars(wave)
        points, grid = vtkImageDataToPointSet(), vtkAppendFilter()  # of images it would make voxels
        points.SetInputData(image)
        grid.SetInputConnection(points.GetOutputPort())
        writer = vtkXMLUnstructuredGridWriter()
        writer.SetInputConnection(grid.GetOutputPort())
        writer.SetFileName(str(folder / f"part{part}.vtu"))
        writer.SetCompressorTypeToNone()
        writer.EncodeAppendedDataOff()
        if writer.Write() != 1:
            raise OSError(f"part {part} of {count:.3g} hexahedra was not written to {folder}")
    listed = folder / "hexahedra.pvtu"
    parts = "\n".join(f'<Piece Source="part{part}.vtu"/>' for part in range(PARTS))
    listed.write_text(_LIST.format(parts=parts), encoding="utf-8")
    return listed, side**3
