"""Contours through plateaus, and slices through points of the grid, in pieces: all points and cells of the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

from apvserver.vtk.pipeline.proxies import Pipeline

from .scenes import Filter, both, cells_of, chain

SIZES = [(9, 5, 6), (8, 7, 4), (1, 7, 8), (9, 7, 1)]
"""Along z, y and x."""


def written(values: Any, path: Path) -> Filter:
    """An image with these values, and numbers of its cells, in a file, and what reads it."""
    image = vtkImageData()
    image.SetDimensions(values.shape[::-1])
    array = numpy_to_vtk(values.ravel(), deep=True)
    array.SetName("v")
    image.GetPointData().SetScalars(array)
    numbers = numpy_to_vtk(np.arange(image.GetNumberOfCells()), deep=True)
    numbers.SetName("number")
    image.GetCellData().AddArray(numbers)
    writer = vtkXMLImageDataWriter()
    writer.SetFileName(str(path))
    writer.SetInputData(image)
    writer.Write()
    return "XMLImageDataReader", {"FileName": [str(path)]}


def bytes_of(values: Any) -> int:
    """What the image takes."""
    return int(values.nbytes + 8 * np.prod([max(1, size - 1) for size in values.shape]))


def assert_pieces_are_the_whole(source: Filter, bytes_: int, filter_: Filter, plane: Any = None) -> None:
    """Cells, values, and how many points there are."""

    def make() -> Pipeline:
        pipeline = chain([], source)
        if plane is not None:
            pipeline.create(3, "objects/Plane", {"Normal": plane[0], "Origin": plane[1]})
        pipeline.create(4, *filter_, {"Input": [(1, 0)]}, {} if plane is None else {"SliceType": 3})
        return pipeline

    whole, pieces, _ = both(make, 3, bytes_)
    assert pieces.GetNumberOfCells() == whole.GetNumberOfCells()
    assert pieces.GetNumberOfPoints() == whole.GetNumberOfPoints()
    np.testing.assert_allclose(cells_of(pieces), cells_of(whole), rtol=0, atol=1e-5)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("triangles", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_contours_of_plateaus(seed: int, triangles: bool, size: tuple[int, int, int], tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(0, 4, size).astype([np.int32, np.float32, np.float64][seed % 3])
    chosen = {"ContourBy": ["POINTS", "v"], "Isosurfaces": [1.0, 2.5], "GenerateTriangles": triangles}
    assert_pieces_are_the_whole(written(values, tmp_path / "p.vti"), bytes_of(values), ("Contour", chosen))


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_slices_at_any_angle(seed: int, size: tuple[int, int, int], tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    normal = random.normal(size=3) if seed % 4 else random.choice([-1.0, 1.0], 3)
    origin = [float(random.integers(0, count)) for count in size[::-1]]
    values = random.normal(size=size)
    assert_pieces_are_the_whole(
        written(values, tmp_path / "p.vti"), bytes_of(values), ("Slice", {}), (normal.tolist(), origin)
    )
