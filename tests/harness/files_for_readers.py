"""Small files for readers that are asked for by ParaView's names, with the values that were written into them."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import (
    vtkImageData,
    vtkPartitionedDataSet,
    vtkPartitionedDataSetCollection,
    vtkPolyData,
    vtkRectilinearGrid,
    vtkTable,
)  # fmt: skip
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkTriangleFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet
from vtkmodules.vtkFiltersSources import vtkHyperTreeGridSource, vtkSphereSource
from vtkmodules.vtkIOGeometry import vtkBYUWriter, vtkFacetWriter
from vtkmodules.vtkIOImage import vtkJPEGWriter, vtkMetaImageWriter, vtkTIFFWriter
from vtkmodules.vtkIOParallel import vtkPDataSetWriter
from vtkmodules.vtkIOParallelXML import (
    vtkXMLPartitionedDataSetCollectionWriter,
    vtkXMLPartitionedDataSetWriter,
    vtkXMLPImageDataWriter,
    vtkXMLPPolyDataWriter,
    vtkXMLPRectilinearGridWriter,
    vtkXMLPStructuredGridWriter,
    vtkXMLPTableWriter,
    vtkXMLPUnstructuredGridWriter,
)  # fmt: skip
from vtkmodules.vtkIOXML import vtkXMLHyperTreeGridWriter, vtkXMLPolyDataWriter, vtkXMLTableWriter

Properties = dict[str, Any]
Expected = dict[str, Any]
Make = Callable[[Path], tuple[Properties, Expected]]
"""Writes files into a folder; returns the reader's properties, and what it is to have read."""

MADE: Final[dict[str, Make]] = {}
"""By the names of the readers."""


def makes(*names: str) -> Callable[[Make], Make]:
    def keep(make: Make) -> Make:
        MADE.update(dict.fromkeys(names, make))
        return make

    return keep


def image(size: tuple[int, int, int] = (4, 3, 2)) -> vtkImageData:
    """An image with one number at each point: its own place in the order of points, squared."""
    made = vtkImageData()
    made.SetDimensions(*size)
    made.SetSpacing(0.5, 1.0, 2.0)
    made.SetOrigin(1.0, 2.0, 3.0)
    values = numpy_to_vtk(np.arange(made.GetNumberOfPoints(), dtype=float) ** 2, deep=True)
    values.SetName("squares")
    made.GetPointData().SetScalars(values)
    return made


SQUARES: Final = {"squares": [0.0, 529.0]}
PLACE: Final = [1.0, 2.5, 2.0, 4.0, 3.0, 5.0]


def ball() -> vtkPolyData:
    source = vtkSphereSource()
    source.Update()
    return source.GetOutput()


def written(writer: Any, path: Path, data: Any) -> Path:
    writer.SetFileName(str(path))
    writer.SetInputData(data)
    writer.Write()
    assert path.stat().st_size > 0
    return path


def _grid(kind: str) -> Any:
    if kind == "Image":
        return image()
    if kind == "Rectilinear":
        made = vtkRectilinearGrid()
        made.SetDimensions(4, 3, 2)
        for set_axis, ends in ((made.SetXCoordinates, (1, 2.5, 4)), (made.SetYCoordinates, (2, 4, 3)),
                               (made.SetZCoordinates, (3, 5, 2))):  # fmt: skip
            set_axis(numpy_to_vtk(np.linspace(*ends), deep=True))
        made.GetPointData().ShallowCopy(image().GetPointData())
        return made
    convert = vtkImageDataToPointSet()
    convert.SetInputData(image())
    convert.Update()
    if kind == "Structured":
        return convert.GetOutput()
    append = vtkAppendFilter()
    append.SetInputData(convert.GetOutput())
    append.Update()
    return append.GetOutput()


def _partitioned(kind: str, writer: Any, ending: str) -> Make:
    def make(folder: Path) -> tuple[Properties, Expected]:
        path = written(writer(), folder / f"whole.{ending}", _grid(kind))
        return {"FileName": str(path)}, {"points": 24, "cells": 6, "bounds": PLACE, "ranges": SQUARES}

    return make


MADE["XMLPartitionedImageDataReader"] = _partitioned("Image", vtkXMLPImageDataWriter, "pvti")
MADE["XMLPartitionedRectilinearGridReader"] = _partitioned("Rectilinear", vtkXMLPRectilinearGridWriter, "pvtr")
MADE["XMLPartitionedStructuredGridReader"] = _partitioned("Structured", vtkXMLPStructuredGridWriter, "pvts")
MADE["XMLPartitionedUnstructuredGridReader"] = _partitioned("Cells", vtkXMLPUnstructuredGridWriter, "pvtu")
MADE["PartitionedLegacyVTKReader"] = _partitioned("Structured", vtkPDataSetWriter, "pvtk")


@makes("XMLPartitionedPolydataReader")
def _surface(folder: Path) -> tuple[Properties, Expected]:
    path = written(vtkXMLPPolyDataWriter(), folder / "ball.pvtp", ball())
    return {"FileName": str(path)}, {"points": 50, "cells": 96, "bounds": list(ball().GetBounds())}


@makes("RTXMLPolyDataReader")
def _surface_alone(folder: Path) -> tuple[Properties, Expected]:
    path = written(vtkXMLPolyDataWriter(), folder / "ball.vtp", ball())
    return {"FileName": str(path)}, {"points": 50, "cells": 96, "bounds": list(ball().GetBounds())}


def _rows() -> vtkTable:
    made = vtkTable()
    column = vtkDoubleArray()
    column.SetName("height")
    for value in (1.5, -2.0, 7.25):
        column.InsertNextValue(value)
    made.AddColumn(column)
    return made


@makes("XMLPartitionedTableReader")
def _table_in_parts(folder: Path) -> tuple[Properties, Expected]:
    path = written(vtkXMLPTableWriter(), folder / "rows.pvtt", _rows())
    return {"FileName": str(path)}, {"rows": 3, "ranges": {"height": [-2.0, 7.25]}}


@makes("XMLTableReader")
def _table(folder: Path) -> tuple[Properties, Expected]:
    path = written(vtkXMLTableWriter(), folder / "rows.vtt", _rows())
    return {"FileName": str(path)}, {"rows": 3, "ranges": {"height": [-2.0, 7.25]}}


@makes("XMLPartitionedDatasetReader")
def _parts(folder: Path) -> tuple[Properties, Expected]:
    made = vtkPartitionedDataSet()
    made.SetNumberOfPartitions(2)
    made.SetPartition(0, image())
    made.SetPartition(1, image((2, 2, 2)))
    path = written(vtkXMLPartitionedDataSetWriter(), folder / "parts.vtpd", made)
    return {"FileName": str(path)}, {"points": 32, "cells": 7, "ranges": SQUARES}


@makes("XMLPartitionedDatasetCollectionReader")
def _collection(folder: Path) -> tuple[Properties, Expected]:
    made = vtkPartitionedDataSetCollection()
    made.SetNumberOfPartitionedDataSets(2)
    made.SetPartition(0, 0, image())
    made.SetPartition(1, 0, ball())
    path = written(vtkXMLPartitionedDataSetCollectionWriter(), folder / "parts.vtpc", made)
    return {"FileName": str(path)}, {"points": 74, "cells": 102, "ranges": SQUARES}


@makes("HyperTreeGridReader")
def _trees(folder: Path) -> tuple[Properties, Expected]:
    source = vtkHyperTreeGridSource()
    source.SetDimensions(3, 3, 2)
    source.SetMaxDepth(2)
    source.SetDescriptor("RR.. | ........ ........")
    source.Update()
    path = written(vtkXMLHyperTreeGridWriter(), folder / "trees.htg", source.GetHyperTreeGridOutput())
    return {"FileNames": [str(path)]}, {"cells": source.GetHyperTreeGridOutput().GetNumberOfCells()}


def _picture() -> vtkImageData:
    made = vtkImageData()
    made.SetDimensions(8, 8, 1)
    values = numpy_to_vtk(np.full(64, 100, np.uint8), deep=True)
    values.SetName("grey")
    made.GetPointData().SetScalars(values)
    return made


def _series(writer: Any, ending: str) -> Make:
    def make(folder: Path) -> tuple[Properties, Expected]:
        path = written(writer(), folder / f"grey.{ending}", _picture())
        return {"FileNames": [str(path)]}, {"points": 64, "cells": 49, "any range": [100.0, 100.0]}

    return make


MADE["JPEGSeriesReader"] = _series(vtkJPEGWriter, "jpg")
MADE["TIFFSeriesReader"] = _series(vtkTIFFWriter, "tif")
MADE["MetaFileSeriesReader"] = _series(vtkMetaImageWriter, "mha")


@makes("MRCSeriesReader")
def _mrc(folder: Path) -> tuple[Properties, Expected]:
    header = bytearray(1024)
    struct.pack_into("<10i", header, 0, 4, 3, 2, 2, 0, 0, 0, 4, 3, 2)
    struct.pack_into("<6f", header, 40, 4.0, 3.0, 2.0, 90.0, 90.0, 90.0)
    struct.pack_into("<3i", header, 64, 1, 2, 3)
    header[208:212] = b"MAP "
    header[212:216] = b"\x44\x44\0\0"
    (folder / "map.mrc").write_bytes(bytes(header) + np.arange(24, dtype="<f4").tobytes())
    return {"FileNames": [str(folder / "map.mrc")]}, {"points": 24, "cells": 6, "any range": [0.0, 23.0]}


@makes("BYUReader")
def _byu(folder: Path) -> tuple[Properties, Expected]:
    writer = vtkBYUWriter()
    writer.SetGeometryFileName(str(folder / "ball.g"))
    writer.SetInputData(ball())
    assert writer.Write() == 1
    return {"FileName": str(folder / "ball.g")}, {"points": 50, "cells": 96, "bounds": list(ball().GetBounds())}


@makes("FacetReader")
def _facet(folder: Path) -> tuple[Properties, Expected]:
    triangles = vtkTriangleFilter()
    triangles.SetInputData(ball())
    writer = vtkFacetWriter()
    writer.SetInputConnection(triangles.GetOutputPort())
    writer.SetFileName(str(folder / "ball.facet"))
    writer.Write()
    return {"FileName": str(folder / "ball.facet")}, {"points": 50, "cells": 96, "bounds": list(ball().GetBounds())}


def _text(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


TETRAHEDRON: Final = ((0, 0, 0), (2, 0, 0), (0, 3, 0), (0, 0, 4))


@makes("ObjectFileFormatOFFReader")
def _off(folder: Path) -> tuple[Properties, Expected]:
    places = "\n".join(" ".join(map(str, one)) for one in TETRAHEDRON)
    text = f"OFF\n4 4 6\n{places}\n3 0 2 1\n3 0 1 3\n3 0 3 2\n3 1 2 3\n"
    return {"FileName": _text(folder / "t.off", text)}, {"points": 4, "cells": 4, "bounds": [0, 2, 0, 3, 0, 4]}


@makes("PTSReader")
def _pts(folder: Path) -> tuple[Properties, Expected]:
    text = "4\n" + "\n".join(" ".join(map(str, one)) for one in TETRAHEDRON) + "\n"
    return {"FileName": _text(folder / "t.pts", text)}, {"points": 4, "bounds": [0, 2, 0, 3, 0, 4]}


@makes("XYZReader")
def _xyz(folder: Path) -> tuple[Properties, Expected]:
    text = "3\nwater\nO 0.0 0.0 0.1\nH 0.0 0.75 -0.5\nH 0.0 -0.75 -0.5\n"
    return {"FileName": _text(folder / "w.xyz", text)}, {"points": 3, "ranges": {"Atomic Numbers": [1.0, 8.0]}}


@makes("PDBReader")
def _pdb(folder: Path) -> tuple[Properties, Expected]:
    atoms = [("C", 0.0, 0.0, 0.0), ("N", 1.4, 0.0, 0.0), ("O", 0.0, 1.2, 3.0)]
    lines = ["HELIX    1   1 GLY A    2  GLY A    3  1                                   2"]
    lines += [
        f"ATOM  {number:5d}  {name:<3s} GLY A{number:4d}    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           {name}"
        for number, (name, x, y, z) in enumerate(atoms, 1)
    ]
    text = "\n".join([*lines, "END", ""])
    return {"FileName": _text(folder / "g.pdb", text)}, {
        "points": 3,
        "bounds": [0, 1.4, 0, 1.2, 0, 3],
        "values": {"secondary_structures_begin": [0, 1, 0], "secondary_structures_end": [0, 0, 1]},
    }


@makes("TecplotTableReader")
def _tecplot_table(folder: Path) -> tuple[Properties, Expected]:
    text = "a history\ntime force\n0 1.5\n1 2.5\n2 -3.0\n"
    properties = {
        "FileName": _text(folder / "h.dat", text),
        "Numberofheaderlines": 2,
        "Linewithcolumnnames": 1,
        "Skipcolumnnamefields": 0,
    }
    return properties, {"rows": 3, "ranges": {"force": [-3.0, 2.5]}}


@makes("ParticlesReader")
def _particles(folder: Path) -> tuple[Properties, Expected]:
    text = "".join(f"{x} {y} {z} {x + y + z}\n" for x, y, z in TETRAHEDRON)
    properties = {"FileName": _text(folder / "p.txt", text), "HasScalar": True}
    return properties, {"points": 4, "bounds": [0, 2, 0, 3, 0, 4], "any range": [0.0, 4.0]}


@makes("DEMReader")
def _dem(folder: Path) -> tuple[Properties, Expected]:
    profiles, rows = 100, 4
    head = "a hill".ljust(144) + f"{1:6d}{1:6d}{1:6d}{10:6d}" + "0.0".rjust(24) * 15 + f"{2:6d}{2:6d}{4:6d}"
    corners = [(0.0, 0.0), (0.0, 90.0), (2970.0, 90.0), (2970.0, 0.0)]
    head += "".join(f"{x:24.15E}{y:24.15E}".replace("E", "D") for x, y in corners)
    head += f"{1.0:24.15E}{9.0:24.15E}{0.0:24.15E}".replace("E", "D") + f"{0:6d}"
    head += f"{30.0:12.6E}{30.0:12.6E}{1.0:12.6E}" + f"{1:6d}{profiles:6d}"
    body = ""
    for column in range(profiles):
        place = f"{column * 30.0:24.15E}{0.0:24.15E}{0.0:24.15E}{1.0:24.15E}{9.0:24.15E}".replace("E", "D")
        heights = "".join(f"{1 + (column + row) % 9:6d}" for row in range(rows))
        body += (f"{1:6d}{column + 1:6d}{rows:6d}{1:6d}" + place + heights).ljust(1024)
    return {"FileName": _text(folder / "hill.dem", head.ljust(1024) + body)}, {
        "points": 400, "any range": [1.0, 9.0], "bounds": [0.0, 2970.0, 0.0, 90.0, 1.0, 1.0]
    }  # fmt: skip


@makes("proSTARSTARCDReader")
def _prostar(folder: Path) -> tuple[Properties, Expected]:
    places = "".join(f"{number:9d} {x} {y} {z}\n" for number, (x, y, z) in enumerate(TETRAHEDRON, 1))
    _text(folder / "t.vrt", "PROSTAR_VERTEX\n4000 0 0 0 0 0 0 0\n" + places)
    _text(folder / "t.cel", "PROSTAR_CELL\n4000 0 0 0 0 0 0 0\n1 13 4 1 1\n1 1 2 3 4\n")
    return {"FileName": str(folder / "t.vrt")}, {"points": 4, "cells": 1, "bounds": [0, 2, 0, 3, 0, 4]}


@makes("PLOT3DMetaFileReader")
def _plot3d_meta(folder: Path) -> tuple[Properties, Expected]:
    axes = np.meshgrid(np.arange(2.0), np.arange(3.0), np.arange(4.0), indexing="ij")
    numbers = b"".join(one.astype("<f4").ravel(order="F").tobytes() for one in axes)
    (folder / "g.xyz").write_bytes(struct.pack("<3i", 2, 3, 4) + numbers)
    told = {"auto-detect-format": True, "filenames": [{"time": 3.5, "xyz": "g.xyz"}]}
    return {"FileName": _text(folder / "g.p3d", json.dumps(told))}, {
        "points": 24,
        "cells": 6,
        "bounds": [0, 1, 0, 2, 0, 3],
    }
