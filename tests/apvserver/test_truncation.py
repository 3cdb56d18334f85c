"""Files that are complete are never refused; what is cut off is, where VTK would crash or make up the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkRectilinearGrid, vtkTable
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkImagingCore import vtkImageCast, vtkRTAnalyticSource

from apvserver.vtk.base.errors import ExecutionFailed, FileError
from apvserver.vtk.files.truncation.checks import check_truncation
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline


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
    path.write_bytes(head.replace(b"BINARY", b"ASCII") + b"0 0 0\n")
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


HEAD = "# vtk DataFile Version 3.0\nx\nASCII\nDATASET POLYDATA\nPOINTS 3 double\n0 0 0 1 0 0 0 1 0\n"
WHOLE = {
    "scalars": f"{HEAD}POINT_DATA 3\nSCALARS s double 2\nLOOKUP_TABLE default\n1 2 3 4 -5e3 6.5",
    "field": f"{HEAD}FIELD f 1\na 2 3 double\n1 2 3\n4 nan 6.5",
    "points": "# vtk DataFile Version 3.0\nx\nASCII\nDATASET POLYDATA\nPOINTS 2 double\n0 0 0 1 0 7.5",
    "vectors": f"{HEAD}POINT_DATA 3\nVECTORS v double\n1 2 3 4 5 6 7 8 9.5",
}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_text_that_ends_in_the_middle_of_a_line_is_cut_off(name: str, tmp_path: Path) -> None:
    """VTK 9.7 takes what is missing from the memory, and says nothing; whole files need no line end."""
    file = tmp_path / "a.vtk"
    file.write_text(WHOLE[name], encoding="utf-8")
    made = Pipeline()
    made.create(1, "LegacyVTKReader", {"FileName": str(file)})
    Executor().execute(made, 1)
    words = WHOLE[name].split(" ")
    for count in (1, 2):
        file.write_text(" ".join(words[:-count]), encoding="utf-8")
        made.touch(1)
        with pytest.raises((ExecutionFailed, FileError), match="is cut off after"):
            Executor().execute(made, 1)


def test_long_words_of_digits_are_looked_at_once(tmp_path: Path) -> None:
    """Names of arrays may be digits, or begin with them: to look at one takes no longer than to read it."""
    file, name = tmp_path / "a.vtk", "1" * 200 + "x"
    file.write_text(f"{HEAD}FIELD f 1\n{name} 2 3 double\n1 2 3\n4 5 6.5", encoding="utf-8")
    check_truncation(str(file), "vtkPolyDataReader")
    file.write_text(f"{HEAD}FIELD f 1\n{name} 2 3 double\n1 2 3\n4 5", encoding="utf-8")
    with pytest.raises(FileError, match="its last 5 numbers should be 6"):
        check_truncation(str(file), "vtkPolyDataReader")
