"""A coarser surface is made piece by piece: of cells of every kind, with their arrays, and given up between pieces."""

from __future__ import annotations

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkBinnedDecimation, vtkTriangleFilter

from apvserver.vtk.geometry import coarse_surface
from apvserver.vtk.geometry.coarse_surface import DetailUnwanted, reduced_surface, triangles_of

SIDE = 200
KINDS = ("squares", "small", "mixed", "triangles", "strips")


def plain_cells(kind: str, side: int) -> vtkPolyData:
    """A square of side x side places, as polygons of a kind or strips, with its cells' and points' places as arrays."""
    y, x = np.mgrid[0 : side + 1, 0 : side + 1]
    places = np.column_stack([x.ravel(), y.ravel(), 0.1 * np.sin(x.ravel() / 9)]).astype(float)
    row = side + 1
    low = (np.arange(side)[:, None] * row + np.arange(side)).ravel()
    squares = np.column_stack([low, low + 1, low + row + 1, low + row])
    made, cells = vtkPolyData(), vtkCellArray()
    made.SetPoints(vtkPoints())
    made.GetPoints().SetData(numpy_to_vtk(places, deep=True))
    verts = vtkCellArray()
    verts.InsertNextCell(1, [0])
    made.SetVerts(verts)  # numbers of cells begin with those
    if kind == "strips":
        for at in range(side):
            strip = np.column_stack([np.arange(row) + at * row, np.arange(row) + (at + 1) * row])
            cells.InsertNextCell(2 * row, strip.ravel().tolist())
        made.SetStrips(cells)
    elif kind == "mixed":
        for number, square in enumerate(squares.tolist()):
            for cell in [square] if number % 2 else [square[:3], [square[0], *square[2:]]]:
                cells.InsertNextCell(len(cell), cell)
        made.SetPolys(cells)
    elif kind == "triangles":
        halves = np.stack([squares[:, :3], squares[:, [0, 2, 3]]], axis=1)
        cells.SetData(3, numpy_to_vtk(halves.ravel(), deep=True))
        made.SetPolys(cells)
    else:
        cells.SetData(4, numpy_to_vtk(squares.ravel().astype(np.int32 if kind == "small" else np.int64), deep=True))
        made.SetPolys(cells)
    numbers = numpy_to_vtk(np.arange(made.GetNumberOfCells(), dtype=np.int32), deep=True)
    numbers.SetName("cell")
    made.GetCellData().AddArray(numbers)
    return made


@pytest.fixture
def also_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also surfaces of few cells get a coarser one."""
    monkeypatch.setattr(coarse_surface, "CELLS", 0)


@pytest.mark.parametrize("kind", KINDS)
def test_cells_of_every_kind_become_triangles_in_the_same_places(kind: str) -> None:
    made = plain_cells(kind, 12)
    cells = made.GetStrips() if kind == "strips" else made.GetPolys()
    offsets = vtk_to_numpy(cells.GetOffsetsArray())
    places, came_from = triangles_of(offsets[:-1], np.diff(offsets), are_strips=kind == "strips")
    assert places.shape == (2 * 12 * 12, 3)
    corners = vtk_to_numpy(made.GetPoints().GetData())[vtk_to_numpy(cells.GetConnectivityArray())[places]]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    np.testing.assert_allclose(np.abs(across), 1.0)  # each is half a square
    assert len(set(np.sign(across))) == 1  # and none is turned over
    for number in range(cells.GetNumberOfCells()):
        of_cell = corners[came_from == number].reshape(-1, 3)
        box = made.GetCell(1 + number).GetBounds()
        np.testing.assert_allclose(np.stack([of_cell.min(axis=0), of_cell.max(axis=0)], axis=1).ravel(), box)


@pytest.mark.usefixtures("also_small")
@pytest.mark.parametrize("kind", KINDS)
def test_it_has_as_many_triangles_and_points_as_vtk_finds_in_the_same_boxes(kind: str) -> None:
    made = plain_cells(kind, SIDE)
    triangles, decimate = vtkTriangleFilter(), vtkBinnedDecimation()
    triangles.SetInputData(made)
    triangles.PassVertsOff()
    triangles.Update()
    decimate.SetInputData(triangles.GetOutput())
    sides = np.ptp(vtk_to_numpy(made.GetPoints().GetData()), axis=0)
    decimate.SetNumberOfDivisions(*np.ceil(64 * sides / sides.max()).astype(int).tolist())
    decimate.AutoAdjustNumberOfDivisionsOff()
    decimate.Update()
    expected, found = decimate.GetOutput(), reduced_surface(made)
    assert found is not None
    assert found.GetNumberOfPoints() == expected.GetNumberOfPoints() > 0.9 * 64 * 64
    # which of two diagonals halves a square is another question, so that a few more or less of them cross boxes
    assert found.GetNumberOfPolys() == pytest.approx(expected.GetNumberOfPolys(), rel=0.02)
    places = vtk_to_numpy(made.GetPoints().GetData())
    assert set(map(tuple, vtk_to_numpy(found.GetPoints().GetData()).tolist())) < set(map(tuple, places.tolist()))


@pytest.mark.usefixtures("also_small")
@pytest.mark.parametrize("kind", KINDS)
def test_its_cells_have_the_numbers_of_those_that_they_came_from(kind: str) -> None:
    made = plain_cells(kind, SIDE)
    found = reduced_surface(made)
    assert found is not None
    numbers = vtk_to_numpy(found.GetCellData().GetArray("cell"))
    assert numbers.dtype == np.int32
    corners = vtk_to_numpy(found.GetPoints().GetData())[
        vtk_to_numpy(found.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    ]
    away = SIDE / 64 + 1e-9
    for number, places in list(zip(numbers.tolist(), corners, strict=True))[:: len(numbers) // 50]:
        x_low, x_high, y_low, y_high, _, _ = made.GetCell(number).GetBounds()
        assert x_low - away <= places[:, 0].min() and places[:, 0].max() <= x_high + away
        assert y_low - away <= places[:, 1].min() and places[:, 1].max() <= y_high + away


@pytest.mark.usefixtures("also_small")
@pytest.mark.parametrize("kind", ["squares", "triangles"])
def test_points_that_are_nowhere_stand_for_none(kind: str) -> None:
    made = plain_cells(kind, SIDE)
    places = vtk_to_numpy(made.GetPoints().GetData())
    places[: SIDE + 1] = np.nan  # a row
    made.GetPoints().Modified()
    found = reduced_surface(made)
    assert found is not None and found.GetNumberOfCells() > 1000
    assert np.isfinite(vtk_to_numpy(found.GetPoints().GetData())).all()


@pytest.mark.usefixtures("also_small")
def test_it_is_given_up_after_any_of_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coarse_surface, "_AT_A_TIME", 5000)
    made, asked = plain_cells("squares", SIDE), 0

    def never() -> bool:
        nonlocal asked
        asked += 1
        return False

    whole = reduced_surface(made, never)
    assert whole is not None
    pieces = -(-((SIDE + 1) ** 2) // 5000) + SIDE**2 // 5000
    assert asked == pieces
    for given_up in (1, pieces // 2, pieces):
        answers = iter([False] * (given_up - 1) + [True])
        with pytest.raises(DetailUnwanted):
            reduced_surface(made, answers.__next__)
    again = reduced_surface(made)
    assert again is not None
    np.testing.assert_array_equal(
        vtk_to_numpy(again.GetPolys().GetConnectivityArray()), vtk_to_numpy(whole.GetPolys().GetConnectivityArray())
    )


def test_few_cells_or_none_that_are_surfaces_need_no_coarser_one() -> None:
    assert reduced_surface(vtkPolyData()) is None
    assert reduced_surface(plain_cells("squares", 12)) is None
