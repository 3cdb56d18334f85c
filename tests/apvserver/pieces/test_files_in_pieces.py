"""Files that are read piece by piece: blocks of images, and parts of grids."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkRectilinearGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet
from vtkmodules.vtkFiltersGeometry import vtkDataSetSurfaceFilter
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource
from vtkmodules.vtkIOParallelXML import (
    vtkXMLPImageDataWriter,
    vtkXMLPRectilinearGridWriter,
    vtkXMLPStructuredGridWriter,
)
from vtkmodules.vtkIOXML import (
    vtkXMLImageDataWriter,
    vtkXMLPolyDataWriter,
    vtkXMLRectilinearGridWriter,
    vtkXMLStructuredGridWriter,
    vtkXMLUnstructuredGridWriter,
)

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.files.hdf5_content import image_arrays
from apvserver.vtk.pipeline.guards import memory_guard
from apvserver.vtk.pipeline.guards.memory_guard import announced_bytes
from apvserver.vtk.pipeline.pieces import parts
from apvserver.vtk.pipeline.pieces.parts import parts_of
from apvserver.vtk.types.catalog import construct

from ...harness.apvtest import with_settings
from .scenes import (
    BYTES,
    CELLS,
    EXTENT,
    POINTS,
    Filter,
    arrays_of,
    as_a_whole,
    both,
    cells_of,
    chain,
    executed,
    in_pieces,
)

CONTOUR: Filter = ("Contour", {"ContourBy": ["POINTS", "RTData"], "Isosurfaces": [150.0]})
CHAINS: dict[str, list[Filter]] = {
    "contour": [CONTOUR],
    "slice": [("Slice", {})],
    "surface": [("ExtractSurface", {})],
    "surface of a threshold": [("Threshold", {"LowerThreshold": 150.0}), ("ExtractSurface", {})],
    "contour of a clip": [("Clip", {}), CONTOUR],
}
PARTS = 8


def _rectilinear(image: Any) -> Any:
    grid = vtkRectilinearGrid()
    grid.SetExtent(image.GetExtent())
    for axis, name in enumerate("XYZ"):
        low, high = image.GetExtent()[2 * axis : 2 * axis + 2]
        places = np.arange(low, high + 1) ** 3 / 20.0  # cells of many lengths
        getattr(grid, f"Set{name}Coordinates")(numpy_to_vtk(places, deep=True))
    grid.GetPointData().ShallowCopy(image.GetPointData())
    return grid


def _curved(image: Any) -> Any:
    converted = vtkImageDataToPointSet()
    converted.SetInputData(image)
    converted.Update()
    points = vtk_to_numpy(converted.GetOutput().GetPoints().GetData())
    points[:, 2] += 0.1 * points[:, 0] ** 2
    return converted.GetOutput()


STRUCTURED: dict[str, tuple[str, Any, Any]] = {
    "vtr": ("vtkXMLRectilinearGridReader", vtkXMLRectilinearGridWriter, _rectilinear),
    "vts": ("vtkXMLStructuredGridReader", vtkXMLStructuredGridWriter, _curved),
    "pvti": ("vtkXMLPImageDataReader", vtkXMLPImageDataWriter, lambda image: image),
    "pvtr": ("vtkXMLPRectilinearGridReader", vtkXMLPRectilinearGridWriter, _rectilinear),
    "pvts": ("vtkXMLPStructuredGridReader", vtkXMLPStructuredGridWriter, _curved),
}
"""By ending: the reader, a writer, and what makes such data of an image."""
_GRID = """<?xml version="1.0"?>
<VTKFile type="PUnstructuredGrid" version="0.1" byte_order="LittleEndian">
<PUnstructuredGrid GhostLevel="0">
<PPointData Scalars="RTData"><PDataArray type="Float32" Name="RTData"/></PPointData>
<PPoints><PDataArray type="Float32" NumberOfComponents="3"/></PPoints>
{parts}
</PUnstructuredGrid>
</VTKFile>
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an image in a file, and a grid in a file of eight parts."""
    folder = tmp_path_factory.mktemp("pieces")
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(*EXTENT)
    source.Update()
    _write(vtkXMLImageDataWriter(), source.GetOutput(), folder / "image.vti")
    for name, (_, make_writer, made) in STRUCTURED.items():
        writer = make_writer()
        if name.startswith("p"):
            writer.SetNumberOfPieces(3)
            writer.SetEndPiece(2)
        _write(writer, made(source.GetOutput()), folder / f"grid.{name}")
    cuts = np.linspace(EXTENT[4], EXTENT[5], PARTS + 1).astype(int)
    for index in range(PARTS):
        slab = vtkImageData()
        slab.ShallowCopy(source.GetOutput())
        slab.Crop([*EXTENT[:4], int(cuts[index]), int(cuts[index + 1])])
        grid = vtkAppendFilter()
        grid.SetInputData(slab)
        grid.Update()
        _write(vtkXMLUnstructuredGridWriter(), grid.GetOutput(), folder / f"part {index}.vtu")
    parts = "\n".join(f'<Piece Source="part {index}.vtu"/>' for index in range(PARTS))
    (folder / "parts.pvtu").write_text(_GRID.format(parts=parts), encoding="utf-8")
    return folder


def _write(writer: Any, data: Any, path: Path) -> None:
    writer.SetFileName(str(path))
    writer.SetInputData(data)
    assert writer.Write() == 1


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("filters", CHAINS.values(), ids=CHAINS)
def test_images_are_read_block_by_block(files: Path, filters: list[Filter], count: int) -> None:
    source = "XMLImageDataReader", {"FileName": [str(files / "image.vti")]}
    whole, pieces, _ = both(lambda: chain(filters, source), count)
    assert pieces.GetNumberOfPoints() == whole.GetNumberOfPoints() > 0
    np.testing.assert_allclose(cells_of(pieces), cells_of(whole), rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", STRUCTURED)
@pytest.mark.parametrize("filters", CHAINS.values(), ids=CHAINS)
def test_structured_grids_are_read_block_by_block(files: Path, filters: list[Filter], kind: str) -> None:
    path = str(files / f"grid.{kind}")
    reader = construct(STRUCTURED[kind][0])
    reader.SetFileName(path)
    reader.UpdateInformation()
    source = STRUCTURED[kind][0].removeprefix("vtk"), {"FileName": [path]}
    whole, pieces, _ = both(lambda: chain(filters, source), 5, announced_bytes(reader, 0))
    assert pieces.GetNumberOfPoints() == whole.GetNumberOfPoints() > 0
    np.testing.assert_allclose(cells_of(pieces), cells_of(whole), rtol=0, atol=1e-5)


def _write_hdf5(path: Path, image: Any, steps: int) -> None:
    """Write an image of VTKHDF, with a vector of points and a number of cells beside its own; 0 steps: without time."""
    x, y, z = image.GetDimensions()
    values = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(z, y, x)
    arrays = {
        "PointData": {"RTData": values, "vectors": np.stack([values, 2 * values, -values], axis=-1)},
        "CellData": {"numbers": values[1:, 1:, 1:].astype(np.int16)},
    }
    with h5py.File(path, "w") as file:
        root = file.create_group("VTKHDF")
        root.attrs["Version"] = [2, 0]
        root.attrs.create("Type", b"ImageData", dtype=h5py.string_dtype("ascii", 9))
        root.attrs["WholeExtent"], root.attrs["Direction"] = image.GetExtent(), np.eye(3).ravel()
        root.attrs["Origin"], root.attrs["Spacing"] = image.GetOrigin(), image.GetSpacing()
        if steps:
            root.create_group("Steps").attrs["NSteps"] = steps
            root["Steps/Values"] = np.arange(steps, dtype=np.float64)
        for group, named in arrays.items():
            for name, numbers in named.items():
                later = np.stack([numbers + 10 * step for step in range(steps)]) if steps else numbers
                root[f"{group}/{name}"] = later.astype(numbers.dtype)
                if steps:
                    root[f"Steps/{group}Offsets/{name}"] = np.arange(steps)


@pytest.mark.parametrize(("steps", "time"), [(0, None), (3, 0.0), (3, 2.0)])
@pytest.mark.parametrize("filters", CHAINS.values(), ids=CHAINS)
def test_images_of_vtkhdf_are_read_block_by_block(
    tmp_path: Path, filters: list[Filter], steps: int, time: float | None
) -> None:
    path = tmp_path / "image.vtkhdf"
    image = vtkRTAnalyticSource()
    image.SetWholeExtent(*EXTENT)
    image.Update()
    _write_hdf5(path, image.GetOutput(), steps)
    source: Filter = "VTKHDFReader", {"FileName": [str(path)]}
    reader = construct("vtkHDFReader")
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    assert announced_bytes(reader, 0) == POINTS * (4 + 12) + CELLS * 2
    with as_a_whole():
        whole = executed(chain(filters, source), time=time)
    with in_pieces(5, announced_bytes(reader, 0)):
        pipeline = chain(filters, source)
        pieces = executed(pipeline, time=time)
        held = pipeline.proxy(1).in_pieces
        assert held is not None
        assert held.division.count == 5
    assert pieces.GetNumberOfPoints() == whole.GetNumberOfPoints() > 0
    assert arrays_of(pieces).keys() == arrays_of(whole).keys() > {("points", "RTData"), ("points", "vectors")}
    np.testing.assert_allclose(cells_of(pieces), cells_of(whole), rtol=0, atol=1e-5)


def test_grids_and_what_is_no_vtkhdf_have_no_known_size(tmp_path: Path) -> None:
    for name, kind in (("grid", b"UnstructuredGrid"), ("other", None)):
        with h5py.File(tmp_path / name, "w") as file:
            root = file.create_group("VTKHDF" if kind else "else")
            if kind:
                root.attrs["Type"] = kind
            root["PointData/values"] = np.zeros(5)
        assert image_arrays(str(tmp_path / name), "Point") == {}
    assert image_arrays(str(tmp_path / "missing"), "Point") == {}


@pytest.mark.parametrize("count", [1, 2, 5, 8])
@pytest.mark.parametrize("filters", CHAINS.values(), ids=CHAINS)
def test_grids_are_read_part_by_part(files: Path, filters: list[Filter], count: int) -> None:
    path = files / "parts.pvtu"
    source = "XMLPartitionedUnstructuredGridReader", {"FileName": [str(path)]}
    reader = construct("vtkXMLPUnstructuredGridReader")
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    parts = parts_of(reader)
    assert parts is not None
    assert parts.count == PARTS
    assert parts.bytes > CELLS * (8 * 8 + 9)
    whole, pieces, _ = both(lambda: chain(filters, source), count, parts.bytes)
    assert pieces.GetNumberOfPoints() == whole.GetNumberOfPoints() > 0
    np.testing.assert_allclose(cells_of(pieces), cells_of(whole), rtol=0, atol=1e-5)


def test_integrals_and_histograms_of_parts(files: Path) -> None:
    path = str(files / "parts.pvtu")
    reader = construct("vtkXMLPUnstructuredGridReader")
    reader.SetFileName(path)
    reader.UpdateInformation()
    parts = parts_of(reader)
    assert parts is not None
    lasts: list[Filter] = [("IntegrateVariables", {}), ("Histogram", {"SelectInputArray": ["POINTS", "RTData"]})]
    for last in lasts:
        source: Filter = "XMLPartitionedUnstructuredGridReader", {"FileName": [path]}
        whole, pieces, _ = both(partial(chain, [last], source), PARTS, parts.bytes)
        for key, values in arrays_of(whole).items():
            np.testing.assert_allclose(arrays_of(pieces)[key], values, rtol=1e-12)


def test_a_file_of_one_part_has_no_pieces(files: Path) -> None:
    reader = construct("vtkXMLUnstructuredGridReader")
    reader.SetFileName(str(files / "part 0.vtu"))
    reader.UpdateInformation()
    parts = parts_of(reader)
    assert parts is not None
    assert parts.count == 1
    assert parts.bytes < BYTES * 10


def test_a_file_that_is_not_there_has_no_parts(tmp_path: Path) -> None:
    reader = construct("vtkXMLPUnstructuredGridReader")
    reader.SetFileName(str(tmp_path / "nothing.pvtu"))
    assert parts_of(reader) is None


WAYS = {
    "raw": (False, False, 1.0),
    "base64": (False, True, 1.0),
    "compressed": (True, False, 0.0),
}
"""Compressed, encoded, and which part of what it takes is known of a grid."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["vtu", "vtp"])
def test_a_grid_of_one_part_that_does_not_fit_is_refused_before_it_is_read(
    tmp_path: Path, kind: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_guard, "_FEW_BYTES", 0)
    monkeypatch.setattr(parts, "_HEAD_BYTES", 64)
    source, grid, surface = vtkRTAnalyticSource(), vtkAppendFilter(), vtkDataSetSurfaceFilter()
    source.SetWholeExtent(-15, 15, -15, 15, -15, 15)
    grid.SetInputConnection(source.GetOutputPort())
    surface.SetInputConnection(source.GetOutputPort())
    ways: dict[str, tuple[Any, Any, str]] = {
        "vtu": (grid, vtkXMLUnstructuredGridWriter(), "XMLUnstructuredGridReader"),
        "vtp": (surface, vtkXMLPolyDataWriter(), "XMLPolyDataReader"),
    }
    made, writer, type_name = ways[kind]
    made.Update()
    data = made.GetOutput()
    is_compressed, is_encoded, known = WAYS[way]
    writer.SetDataModeToAppended()
    writer.SetEncodeAppendedData(is_encoded)
    if not is_compressed:
        writer.SetCompressorTypeToNone()
    path = tmp_path / f"grid.{kind}"
    _write(writer, data, path)
    reader = construct(f"vtk{type_name}")
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    least, takes = parts.least_bytes(reader), data.GetActualMemorySize() * 1024
    assert max(0.85 * known * takes, 12 * data.GetNumberOfPoints()) <= least <= takes
    with_settings(monkeypatch, max_memory=least - 1)
    pipeline = chain([], (type_name, {"FileName": [str(path)]}))
    with pytest.raises(ExecutionFailed, match=r"or more, of .* \(--max-memory\).*In one part.*written in parts"):
        executed(pipeline)
    with_settings(monkeypatch, max_memory=least)
    assert executed(pipeline).GetNumberOfCells() == data.GetNumberOfCells()
    reader.GetPointDataArraySelection().DisableAllArrays()
    assert parts.least_bytes(reader) < least or is_compressed
    path.unlink()
    assert parts.least_bytes(reader) == 0
