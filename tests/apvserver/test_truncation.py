"""Files that are complete are never refused; what is cut off is, where VTK would crash or make up the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkRectilinearGrid, vtkTable
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkImagingCore import vtkImageCast, vtkRTAnalyticSource

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.truncation.checks import check_truncation
from apvserver.vtk.files.writers.writing import write_data


def image() -> Any:
    source, cast = vtkRTAnalyticSource(), vtkImageCast()
    source.SetWholeExtent(0, 30, 0, 30, 0, 0)
    cast.SetInputConnection(source.GetOutputPort())
    cast.SetOutputScalarTypeToUnsignedChar()
    cast.Update()
    return cast.GetOutput()


def sphere() -> Any:
    source = vtkSphereSource()
    source.Update()
    return source.GetOutput()


def tetrahedra() -> Any:
    cells = vtkDataSetTriangleFilter()
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(0, 3, 0, 3, 0, 3)
    cells.SetInputConnection(source.GetOutputPort())
    cells.Update()
    grid = cells.GetOutput()
    for name, kind, components in (("a", np.float64, 3), ("b", np.int64, 1), ("c", np.uint8, 4)):
        array = numpy_to_vtk(np.zeros((grid.GetNumberOfCells(), components), kind), deep=True)
        array.SetName(name)
        grid.GetCellData().AddArray(array)
    return grid


def rectilinear() -> Any:
    grid = vtkRectilinearGrid()
    grid.SetDimensions(30, 40, 50)
    for axis, set_axis in ((30, grid.SetXCoordinates), (40, grid.SetYCoordinates), (50, grid.SetZCoordinates)):
        set_axis(numpy_to_vtk(np.linspace(0, 1, axis, dtype=np.float32), deep=True))
    return grid


def table() -> Any:
    found = vtkTable()
    for name in ("x", "y z"):
        column = numpy_to_vtk(np.linspace(0, 1, 200), deep=True)
        column.SetName(name)
        found.AddColumn(column)
    return found


@pytest.mark.parametrize(
    ("name", "make", "reader", "options"),
    [
        ("a.png", image, "vtkPNGReader", {}),
        ("a.ply", sphere, "vtkPLYReader", {}),
        ("text.ply", sphere, "vtkPLYReader", {"FileType": "ASCII"}),
    ],
)
def test_whole_files_pass_and_every_cut_is_told(
    name: str, make: Any, reader: str, options: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / name
    write_data(str(path), make(), options)
    content = path.read_bytes()
    check_truncation(str(path), reader)
    for size in {*range(10, len(content) - 9, len(content) // 50), len(content) - 9}:
        path.write_bytes(content[:size])
        with pytest.raises(FileError, match=r"cut off.*is it complete"):
            check_truncation(str(path), reader)


@pytest.mark.parametrize("version", [42, 51])
@pytest.mark.parametrize("make", [sphere, tetrahedra, image, rectilinear, table])
def test_legacy_files_pass_and_cuts_inside_of_numbers_are_told(make: Any, version: int, tmp_path: Path) -> None:
    path = tmp_path / "a.vtk"
    write_data(str(path), make(), {"FileVersion": version})
    content = path.read_bytes()
    assert f"Version {version // 10}.{version % 10}".encode() in content[:40]
    check_truncation(str(path), "vtkGenericDataObjectReader")
    text = frozenset([*range(9, 14), *range(32, 127)])
    in_numbers = [size for size in range(200, len(content)) if text.isdisjoint(content[size - 1 : size + 1])]
    assert len(in_numbers) > 20
    for size in in_numbers[:: max(1, len(in_numbers) // 20)]:
        path.write_bytes(content[:size])
        with pytest.raises(FileError, match=r"cut off after \d+ bytes, inside of "):
            check_truncation(str(path), "vtkGenericDataObjectReader")


@pytest.mark.parametrize("version", [42, 51])
@pytest.mark.parametrize("make", [sphere, tetrahedra, image, rectilinear, table])
def test_legacy_files_of_text_pass_and_cuts_of_their_last_numbers_are_told(
    make: Any, version: int, tmp_path: Path
) -> None:
    """VTK 9.7 made up scalars that were missing at the end, without a word."""
    path = tmp_path / "a.vtk"
    write_data(str(path), make(), {"FileVersion": version, "FileType": "ASCII"})
    content = path.read_bytes()
    assert b"\nASCII\n" in content[:300]
    check_truncation(str(path), "vtkGenericDataObjectReader")
    end = content.rfind(b"METADATA") if b"METADATA" in content[-300:] else len(content)
    numbers = content[:end].rstrip()
    for size in range(len(numbers) - 120, len(numbers) - 30, 7):
        path.write_bytes(numbers[:size])
        with pytest.raises(FileError, match=r"the file is cut off: .* is to have \d+ numbers, and has \d+"):
            check_truncation(str(path), "vtkGenericDataObjectReader")


TEXTS: Final = {
    "scalars of two": (b"POINT_DATA 2\nSCALARS a float 2\nLOOKUP_TABLE default\n", 4),
    "vectors": (b"POINT_DATA 2\nVECTORS a double\n", 6),
    "normals": (b"CELL_DATA 1\nNORMALS a float\n", 3),
    "tensors": (b"POINT_DATA 2\nTENSORS a float\n", 18),
    "texture coordinates": (b"POINT_DATA 2\nTEXTURE_COORDINATES a 2 float\n", 4),
    "colors": (b"POINT_DATA 2\nCOLOR_SCALARS a 3\n", 6),
    "a table": (b"POINT_DATA 2\nSCALARS a float\nLOOKUP_TABLE t\n0 1\nLOOKUP_TABLE t 2\n", 8),
    "a field": (b"POINT_DATA 2\nFIELD FieldData 1\na 2 2 int\n", 4),
    "ids": (b"POINT_DATA 2\nGLOBAL_IDS a vtkIdType\n", 2),
    "vertices": (b"VERTICES 2 4\n", 4),
    "offsets": (b"VERTICES 3 2\nOFFSETS vtktypeint64\n", 3),
    "connectivity": (b"VERTICES 3 2\nOFFSETS vtktypeint64\n0 1 2\nCONNECTIVITY vtktypeint64\n", 2),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_how_many_numbers_a_block_of_text_has(kind: str, tmp_path: Path) -> None:
    block, count = TEXTS[kind]
    path = tmp_path / "a.vtk"
    head = b"# vtk DataFile Version 5.1\ntitle\nASCII\nDATASET POLYDATA\nPOINTS 2 float\n0 0 0 1 1 1\n" + block
    for newline in (b"\n", b"\r\n"):
        path.write_bytes(head.replace(b"\n", newline) + b"1 " * count)
        check_truncation(str(path), "vtkPolyDataReader")
        path.write_bytes(head.replace(b"\n", newline) + b"1 " * (count - 1))
        with pytest.raises(FileError, match=f"is to have {count} numbers, and has {count - 1}"):
            check_truncation(str(path), "vtkPolyDataReader")
    path.write_bytes(head + b"1 " * (count - 1) + b"\nSOMETHING ELSE\nname 1 1 string\nword\n")
    check_truncation(str(path), "vtkPolyDataReader")


def test_blanks_before_the_numbers_and_words_that_are_not_known(tmp_path: Path) -> None:
    path = tmp_path / "a.vtk"
    head = b"# vtk DataFile Version 3.0\ntitle\nBINARY\nDATASET POLYDATA\nPOINTS 2 float \n"
    path.write_bytes(head + bytes(24))
    check_truncation(str(path), "vtkPolyDataReader")
    path.write_bytes(head + bytes(23))
    with pytest.raises(FileError, match="inside of POINTS"):
        check_truncation(str(path), "vtkPolyDataReader")
    path.write_bytes(head + bytes(24) + b"\nSOMETHING 99 new\n")
    check_truncation(str(path), "vtkPolyDataReader")
    path.write_bytes(head.replace(b"BINARY", b"ASCII") + b"0 0 0")
    with pytest.raises(FileError, match="'POINTS 2 float' is to have 6 numbers, and has 3"):
        check_truncation(str(path), "vtkPolyDataReader")
    path.write_bytes(head.replace(b"BINARY", b"ASCII") + b"0 0 0\n1 1 1")
    check_truncation(str(path), "vtkPolyDataReader")


def test_polygons_of_different_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.ply"
    head = b"ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty float x\nelement face 2\n"
    head += b"property list uchar int vertex_indices\nend_header\n"
    faces = b"\x03" + bytes(12) + b"\x04" + bytes(16)
    path.write_bytes(head + bytes(4) + faces)
    check_truncation(str(path), "vtkPLYReader")
    path.write_bytes(head + bytes(4) + faces[:-1])
    with pytest.raises(FileError, match="inside of its 2 elements 'face'"):
        check_truncation(str(path), "vtkPLYReader")
    path.write_bytes(b"ply\nformat binary_little_endian 1.0\nelement vertex many\nend_header\n")
    with pytest.raises(FileError, match="header cannot be understood"):
        check_truncation(str(path), "vtkPLYReader")
