"""Sessions on several ranks give what one process gives: information, data and rows, of pieces and of wholes."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkContourFilter
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource
from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter, vtkXMLUnstructuredGridWriter

from ...harness.sessions_of_ranks import RANKS, SharedSessions, large_vectors, needs_mpi

EXTENT = [-20, 20, -15, 15, -10, 12]
FEW = [-6, 5, -4, 6, -4, 7]


pytestmark = needs_mpi

Made = Callable[[Any], Any]


@pytest.fixture(scope="module")
def one(sessions: SharedSessions) -> Any:
    return sessions.on(1)


@pytest.fixture(scope="module", params=RANKS)
def several(request: pytest.FixtureRequest, sessions: SharedSessions) -> Any:
    return sessions.on(request.param)


def wavelet(session: Any, **more: Any) -> Any:
    return session.sources.Wavelet(WholeExtent=EXTENT, **more)


def contour(session: Any) -> Any:
    return session.filters.Contour(Input=wavelet(session), Isosurfaces=[157.0909, 120.5])


def plane_contour(session: Any) -> Any:
    flat = session.sources.Wavelet(WholeExtent=[-20, 20, -15, 15, 0, 0])
    return session.filters.Contour(Input=flat, Isosurfaces=[157.0909])


def contour_on_the_seam(session: Any) -> Any:
    """Of plateaus with the very value, many of them along points at which pieces of two ranks meet."""
    steps = session.filters.Calculator(Input=wavelet(session), Function="floor(RTData/20)*20", ResultArrayName="steps")
    chosen = {"ContourBy": ["POINTS", "steps"], "Isosurfaces": [120.0, 160.0]}
    return session.filters.Contour(Input=steps, ComputeGradients=True, **chosen)


def sliced(session: Any) -> Any:
    cut = session.filters.Slice(Input=wavelet(session))
    cut.SliceType.Normal = [1.0, 0.3, 0.2]
    return cut


def on_the_seam(session: Any) -> Any:
    """A cut along the very points at which pieces of two ranks meet."""
    cut = session.filters.Slice(Input=wavelet(session))
    cut.SliceType.Origin, cut.SliceType.Normal = [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]
    return cut


def clipped(session: Any) -> Any:
    return session.filters.Clip(Input=wavelet(session))


def thresholded(session: Any) -> Any:
    return session.filters.Threshold(Input=wavelet(session), LowerThreshold=130.0, UpperThreshold=210.0)


def calculated(session: Any) -> Any:
    return session.filters.Calculator(Input=wavelet(session), Function="RTData*2 + coordsZ", ResultArrayName="two")


def gradient(session: Any) -> Any:
    return session.filters.Gradient(Input=wavelet(session))


def at_cells(session: Any) -> Any:
    return session.filters.PointDatatoCellData(Input=wavelet(session))


def at_points_again(session: Any) -> Any:
    return session.filters.CellDatatoPointData(Input=at_cells(session))


def curvature_of_values(session: Any) -> Any:
    """Layers of layers: the gradient of a number that was made of a gradient."""
    first = gradient(session)
    size = session.filters.Calculator(Input=first, Function="mag(Gradient)", ResultArrayName="steep")
    return session.filters.Gradient(Input=size, ScalarArray=["POINTS", "steep"], ResultArrayName="second")


def gradient_of_cells(session: Any) -> Any:
    return session.filters.Gradient(Input=at_cells(session), ScalarArray=["CELLS", "RTData"])


def sizes(session: Any) -> Any:
    return session.filters.CellSize(Input=thresholded(session))


def elevated(session: Any) -> Any:
    return session.filters.Elevation(Input=contour(session))


def divided_by_rank_0(session: Any) -> Any:
    """What cannot be made in pieces, and is large: it is divided for what works on it."""
    grown = session.sources.Wavelet(WholeExtent=[-24, 24, -24, 24, -24, 24])
    smooth = session.filters.ImageGaussianSmooth(Input=grown)
    return session.filters.Contour(Input=smooth, Isosurfaces=[150.25])


def transformed(session: Any) -> Any:
    moved = session.filters.Transform(Input=thresholded(session))
    moved.Transform.Rotate = [10.0, 20.0, 30.0]
    return moved


def warped(session: Any) -> Any:
    return session.filters.WarpByScalar(Input=wavelet(session), ScaleFactor=0.01)


def middles(session: Any) -> Any:
    return session.filters.CellCenters(Input=thresholded(session))


def shrunk(session: Any) -> Any:
    return session.filters.Shrink(Input=thresholded(session))


def islands(session: Any) -> Any:
    """Cells of six regions, one of which is on all ranks, and three of which are of two cells each."""
    return session.filters.Threshold(Input=wavelet(session), LowerThreshold=205.0, UpperThreshold=400.0)


def connected(session: Any) -> Any:
    return session.filters.Connectivity(Input=islands(session))


def connected_surfaces(session: Any) -> Any:
    return session.filters.Connectivity(Input=session.filters.Contour(Input=wavelet(session), Isosurfaces=[205.0]))


def connected_by_size(session: Any) -> Any:
    return session.filters.Connectivity(Input=islands(session), RegionIdAssignmentMode="Cell Count Descending")


def largest(session: Any) -> Any:
    """A region that has cells on all ranks."""
    return session.filters.Connectivity(Input=islands(session), ExtractionMode="Extract Largest Region")


def largest_by_size(session: Any) -> Any:
    made = largest(session)
    made.RegionIdAssignmentMode = "Cell Count Ascending"
    return made


def largest_surface(session: Any) -> Any:
    surface = session.filters.Contour(Input=wavelet(session), Isosurfaces=[205.0])
    return session.filters.Connectivity(Input=surface, ExtractionMode="Extract Largest Region")


def closest(session: Any) -> Any:
    """The region in the middle, on all ranks."""
    made = session.filters.Connectivity(Input=islands(session), ExtractionMode="Extract Closest Point Region")
    made.ClosestPoint = [0.3, 0.2, 0.1]
    return made


def closest_in_a_corner(session: Any) -> Any:
    """One of a few cells, which not all ranks have."""
    made = session.filters.Connectivity(Input=islands(session), ExtractionMode="Extract Closest Point Region")
    made.ClosestPoint = [-20.0, -15.0, 12.0]
    return made


def connected_without_numbers(session: Any) -> Any:
    return session.filters.Connectivity(Input=islands(session), ColorRegions=False)


def elevated_twice(session: Any) -> Any:
    return session.filters.Elevation(Input=session.filters.Calculator(Input=sliced(session), Function="RTData+1"))


IN_PIECES: list[Made] = [
    wavelet, contour, plane_contour, contour_on_the_seam, sliced, on_the_seam, clipped, thresholded, calculated,
    gradient, at_cells, at_points_again, gradient_of_cells, sizes, curvature_of_values, elevated, divided_by_rank_0,
    transformed, warped, middles, shrunk, elevated_twice, connected, connected_surfaces, connected_by_size,
    connected_without_numbers, largest, largest_by_size, largest_surface, closest, closest_in_a_corner,
]  # fmt: skip


def normals(session: Any) -> Any:
    return session.filters.SurfaceNormals(Input=contour(session))


def integrated(session: Any) -> Any:
    return session.filters.IntegrateVariables(Input=clipped(session))


def lines(session: Any) -> Any:
    """Few of them: of a thousand, as is usual, three seconds of a processor, which others may not leave to it."""
    made = session.filters.StreamTracer(Input=gradient(session), Vectors=["POINTS", "Gradient"])
    made.SeedType.Resolution = 40
    return made


def over_a_line(session: Any) -> Any:
    line = session.filters.PlotOverLine(Input=wavelet(session))
    return line


def surface(session: Any) -> Any:
    return session.filters.ExtractSurface(Input=wavelet(session))


def together(session: Any) -> Any:
    return session.filters.AppendDatasets(Input=[clipped(session), session.sources.Sphere()])


def statistics(session: Any) -> Any:
    return session.filters.DescriptiveStatistics(Input=wavelet(session))


def quartiles(session: Any) -> Any:
    return session.filters.ComputeQuartiles(Input=wavelet(session))


def correlated(session: Any) -> Any:
    return session.filters.MulticorrelativeStatistics(
        Input=gradient(session), Task="Detailed model of input data", VariablesofInterest=["RTData", "Gradient"]
    )


def contour_of_cells(session: Any) -> Any:
    """Cell values are brought to the points first, and normals look farther than that."""
    return session.filters.Contour(Input=at_cells(session), ContourBy=["CELLS", "RTData"], Isosurfaces=[150.0])


def sums_of_sizes(session: Any) -> Any:
    return session.filters.CellSize(Input=thresholded(session), ComputeSum=True)


def clipped_contour(session: Any) -> Any:
    """Points on edges of what has its points in other orders on other ranks."""
    return session.filters.Clip(Input=contour(session))


OF_THE_WHOLE: list[Made] = [
    clipped_contour,
    contour_of_cells,
    sums_of_sizes,
    normals,
    lines,
    over_a_line,
    surface,
    together,
    quartiles,
    correlated,
]


def integrated_surface(session: Any) -> Any:
    return session.filters.IntegrateVariables(Input=contour(session))


def averages(session: Any) -> Any:
    """Averages of cell arrays; ranks have no part of it where they have nothing."""
    low = session.filters.Threshold(Input=at_cells(session), ThresholdMethod="Below Lower Threshold")
    low.LowerThreshold = 55.0
    return session.filters.IntegrateVariables(Input=low, DivideCellDataByVolume=True)


def counted(session: Any) -> Any:
    return session.filters.Histogram(Input=wavelet(session), BinCount=7)


def counted_of_some(session: Any) -> Any:
    """Of unstructured cells, with points that ranks have in common."""
    limits = {"UseCustomBinRanges": True, "CustomBinRanges": [140.0, 200.0], "Normalize": True}
    return session.filters.Histogram(Input=thresholded(session), BinCount=5, **limits)


def counted_of_vectors(session: Any) -> Any:
    found = session.filters.Histogram(Input=gradient(session), SelectInputArray=["POINTS", "Gradient"])
    found.Component, found.CenterBinsAroundMinAndMax = "Magnitude", True
    return found


def counted_of_cells(session: Any) -> Any:
    return session.filters.Histogram(Input=at_cells(session), SelectInputArray=["CELLS", "RTData"], BinCount=4)


ADDED_UP: list[Made] = [
    integrated,
    integrated_surface,
    averages,
    counted,
    counted_of_some,
    counted_of_vectors,
    counted_of_cells,
    statistics,
]


def name_of(made: Made) -> str:
    return made.__name__


def cells_of(data: Any) -> Any:
    """All cells as rows of numbers, sorted: places and point values of their corners, and their own values."""
    points = vtk_to_numpy(data.GetPoints().GetData()).astype(np.float64)
    values = list(map(tuple, np.column_stack([points, *arrays_of(data.GetPointData())]).tolist()))
    if data.IsA("vtkPolyData"):
        several = [data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips()]
    else:
        several = [data.GetCells()]
    rows: list[Any] = []
    own = np.column_stack([np.zeros(data.GetNumberOfCells()), *arrays_of(data.GetCellData())]).tolist()
    for cells in several:
        offsets, corners = (vtk_to_numpy(a).tolist() for a in (cells.GetOffsetsArray(), cells.GetConnectivityArray()))
        for begin, end in itertools.pairwise(offsets):
            of_corners = sorted(values[corner] for corner in corners[begin:end])
            rows.append((*itertools.chain.from_iterable(of_corners), *own[len(rows)]))
    return sorted(rows)


def arrays_of(attributes: Any) -> list[Any]:
    """The arrays of numbers, in the order of their names."""
    names = sorted(attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays()))
    return [vtk_to_numpy(attributes.GetArray(name)).astype(np.float64) for name in names if attributes.GetArray(name)]


def assert_equal_data(found: Any, expected: Any) -> None:
    assert found.GetClassName() == expected.GetClassName()
    assert found.GetNumberOfCells() == expected.GetNumberOfCells()
    assert found.GetNumberOfPoints() == expected.GetNumberOfPoints()
    if found.IsA("vtkStructuredGrid"):
        places = [vtk_to_numpy(one.GetPoints().GetData()) for one in (found, expected)]
        np.testing.assert_array_equal(places[0], places[1])
    if found.IsA("vtkImageData") or found.IsA("vtkStructuredGrid"):
        assert found.GetExtent() == expected.GetExtent()
        for which in ("GetPointData", "GetCellData"):
            pairs = [(arrays_of(getattr(one, which)())) for one in (found, expected)]
            assert len(pairs[0]) == len(pairs[1])
            for mine, theirs in zip(*pairs, strict=True):
                np.testing.assert_array_equal(mine, theirs)
    else:
        mine, theirs = cells_of(found), cells_of(expected)
        assert list(map(len, mine)) == list(map(len, theirs))
        one, other = (np.array(list(itertools.chain.from_iterable(cells))) for cells in (mine, theirs))
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def told(information: Any) -> dict[str, Any]:
    """What is told of data, but for the memory that it takes."""
    arrays = [
        (one.name, one.association, one.data_type, one.components, one.tuples, one.attribute)
        for one in information.arrays
    ]
    counts = information.number_of_points, information.number_of_cells, information.number_of_rows
    return {"type": information.data_type, "counts": counts, "arrays": sorted(arrays), "filled": information.filled}


def assert_equal_information(found: Any, expected: Any) -> None:
    assert told(found) == told(expected)
    np.testing.assert_allclose(found.bounds or (), expected.bounds or (), rtol=1e-6, atol=1e-6)
    for array in expected.arrays:
        ranges = found.array(array.name, array.association).ranges
        for mine, theirs in zip(ranges, array.ranges, strict=True):
            assert (mine is None) == (theirs is None)
            np.testing.assert_allclose(mine or (), theirs or (), rtol=1e-6, atol=1e-6)


ON_SOME_RANKS = (on_the_seam, closest_in_a_corner)


@pytest.mark.parametrize("made", IN_PIECES, ids=name_of)
def test_pieces_are_the_whole(made: Made, one: Any, several: Any) -> None:
    expected, found = made(one), made(several)
    information = found.update_pipeline()
    assert information.raw["in_pieces"], "it is to be made in pieces"
    assert all(rank["points"] for rank in information.raw["ranks"]) or made in ON_SOME_RANKS
    assert_equal_information(information, expected.update_pipeline())
    assert_equal_data(found.fetch().to_vtk(), expected.fetch().to_vtk())


@pytest.mark.parametrize("made", OF_THE_WHOLE, ids=name_of)
def test_what_needs_the_whole_gets_it(made: Made, one: Any, several: Any) -> None:
    expected, found = made(one), made(several)
    information = found.update_pipeline()
    assert not information.raw["in_pieces"]
    assert_equal_information(information, expected.update_pipeline())


def numbers_of(data: Any) -> list[Any]:
    """All arrays of numbers of data, of all its blocks."""
    if data.IsA("vtkMultiBlockDataSet"):
        return [one for index in range(data.GetNumberOfBlocks()) for one in numbers_of(data.GetBlock(index))]
    kinds = [data.GetRowData()] if data.IsA("vtkTable") else [data.GetPointData(), data.GetCellData()]
    places = [] if data.IsA("vtkTable") else [vtk_to_numpy(data.GetPoints().GetData())]
    return [*places, *(array for kind in kinds for array in arrays_of(kind))]


@pytest.mark.parametrize("made", ADDED_UP, ids=name_of)
def test_what_ranks_add_up_is_that_of_the_whole(made: Made, one: Any, several: Any) -> None:
    expected, found = made(one), made(several)
    information = found.update_pipeline()
    assert information.raw["added_up"], "each rank is to add up its piece"
    assert told(information) == told(expected.update_pipeline())
    pairs = numbers_of(found.fetch().to_vtk()), numbers_of(expected.fetch().to_vtk())
    assert len(pairs[0]) == len(pairs[1]) > 0
    for mine, theirs in zip(*pairs, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9 * np.abs(theirs).max())


def lines_of_a_row(session: Any) -> Any:
    made = session.filters.StreamTracer(Input=large_gradient(session), Vectors=["POINTS", "Gradient"])
    made.SeedType.Resolution, made.MaximumSteps = 15, 200
    return made


def lines_of_a_cloud(session: Any) -> Any:
    made = session.filters.StreamTracer(Input=large_gradient(session), Vectors=["POINTS", "Gradient"])
    made.SeedType = session.sources.PointCloud(Radius=40.0, NumberOfPoints=20)
    made.IntegratorType, made.IntegrationDirection, made.ComputeVorticity = "Runge-Kutta 4", "FORWARD", False
    made.MaximumSteps = 200
    return made


def lines_of_what_is_in_pieces(session: Any) -> Any:
    cut = session.filters.Slice(Input=wavelet(session))
    few = session.filters.MaskPoints(Input=cut, OnRatio=80)
    given = {"Input": large_gradient(session), "SeedSource": few, "Vectors": ["POINTS", "Gradient"]}
    return session.filters.StreamTracerWithCustomSource(IntegrationStepUnit="Length", MaximumSteps=200, **given)


@functools.cache
def large_gradient(session: Any) -> Any:
    """One for all lines of a session."""
    return large_vectors(session)


HANDED_OVER = [lines_of_a_row, lines_of_a_cloud, lines_of_what_is_in_pieces]


@pytest.mark.parametrize("made", HANDED_OVER, ids=name_of)
def test_lines_that_are_handed_over_are_those_of_the_whole(made: Made, one: Any, several: Any) -> None:
    """To the last bit, also in the filter behind them; `test_lines_of_ranks` has the rules by which they are made."""
    both = made(one), made(several)
    expected, found = (lines.update_pipeline() for lines in both)
    assert found.raw["handed_over"] > 0
    assert not found.raw["in_pieces"]
    assert told(found) == told(expected)
    assert_same_numbers(*both)
    behind = [session.filters.Tube(Input=lines) for session, lines in zip((one, several), both, strict=True)]
    assert told(behind[1].update_pipeline()) == told(behind[0].update_pipeline())
    for lines in both:
        lines.MaximumSteps = 40
    assert told(behind[1].update_pipeline()) == told(behind[0].update_pipeline())
    assert_same_numbers(*both)
    assert_same_numbers(*behind)


def assert_same_numbers(one: Any, other: Any) -> None:
    mine, theirs = (numbers_of(proxy.fetch().to_vtk()) for proxy in (one, other))
    assert len(mine) == len(theirs) > 2
    for expected, found in zip(mine, theirs, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_lines_in_small_images_say_why_they_are_not_handed_over(several: Any) -> None:
    why = lines(several).update_pipeline().raw["why_whole"]
    assert "rank 0 follows lines in less than 64 MiB faster by itself" in why


def test_what_is_added_up_follows_changes(one: Any, several: Any) -> None:
    made = [(session, wavelet(session)) for session in (one, several)]
    tables = [session.filters.DescriptiveStatistics(Input=source) for session, source in made]
    for extent in (EXTENT, [0, 1, 0, 1, 0, 1], EXTENT):  # of the second one there are no pieces
        for _, source in made:
            source.WholeExtent = extent
        expected, found = (table.update_pipeline() for table in tables)
        assert found.raw["added_up"] == (extent is EXTENT)
        assert told(found) == told(expected)
        moments = [numbers_of(table.fetch().to_vtk()) for table in tables]
        for mine, theirs in zip(*moments, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9)
    second = [table.update_pipeline(port=1) for table in tables]  # the data, which is no sum
    assert not second[1].raw["added_up"]
    assert second[1].number_of_points == second[0].number_of_points == 41 * 31 * 23
    assert numbers_of(tables[1].fetch().to_vtk())[0][0] == numbers_of(tables[0].fetch().to_vtk())[0][0]


def test_values_of_pieces_are_counted_where_they_are(one: Any, several: Any) -> None:
    made = [(session, thresholded(session)) for session in (one, several)]
    for array in ("RTData", "nothing"):
        found: list[Any] = []
        for session, kept in made:
            try:
                found.append(session.histogram(kept, array, bins=9))
            except Exception as error:
                found.append((type(error), str(error)))
        assert found[1] == found[0]
    assert made[1][1].update_pipeline().raw["in_pieces"]


def test_what_cannot_be_added_up_is_told_by_all_alike(several: Any) -> None:
    kept = thresholded(several)
    model = several.filters.DescriptiveStatistics(Input=kept, VariablesofInterest=["nothing"])
    with pytest.raises(Exception, match=r"no array of numbers is called 'nothing'") as raised:
        model.update_pipeline()
    assert str(raised.value).count("nothing") < 3, "each rank has said it"
    model.VariablesofInterest = ["RTData"]
    assert model.update_pipeline().raw["added_up"]


def test_regions_are_counted_over_all_ranks(one: Any, several: Any) -> None:
    made = [connected(session) for session in (one, several)]
    information = [filter_.update_pipeline() for filter_ in made]
    assert information[1].raw["in_pieces"]
    assert [one.array("RegionId", "CELLS").ranges[0] for one in information] == [(0.0, 5.0), (0.0, 5.0)]
    for filter_ in made:
        assert filter_.update_property_information()["NumberOfExtractedRegions"] == 6


def test_which_regions_are_kept_follows_changes(one: Any, several: Any) -> None:
    """All of them, one, all again, of pieces and of data that is too small for them."""
    sources = [wavelet(session) for session in (one, several)]
    limits = [one.filters.Threshold(Input=sources[0]), several.filters.Threshold(Input=sources[1])]
    made = [one.filters.Connectivity(Input=limits[0]), several.filters.Connectivity(Input=limits[1])]
    for limit in limits:
        limit.LowerThreshold, limit.UpperThreshold = 205.0, 400.0
    modes = ["Extract Largest Region", "Extract All Regions", "Extract Closest Point Region", "Extract Largest Region"]
    for mode in modes:
        for filter_ in made:
            filter_.ExtractionMode = mode
        expected, found = (filter_.update_pipeline() for filter_ in made)
        assert found.raw["in_pieces"]
        assert_equal_information(found, expected)
        counts = [filter_.update_property_information()["NumberOfExtractedRegions"] for filter_ in made]
        assert counts[1] == counts[0]
    for extent in ([0, 1, 0, 1, 0, 1], EXTENT):
        for source, limit in zip(sources, limits, strict=True):
            limit.LowerThreshold = 205.0 if extent is EXTENT else 0.0
            source.WholeExtent = extent
        expected, found = (filter_.update_pipeline() for filter_ in made)
        assert found.raw["in_pieces"] == (extent is EXTENT)
        assert_equal_information(found, expected)


def test_changes_reach_all_ranks(one: Any, several: Any) -> None:
    made = [(session, wavelet(session)) for session in (one, several)]
    surfaces = [session.filters.Contour(Input=source, Isosurfaces=[150.5]) for session, source in made]
    for value, frequency in ((150.5, 60.0), (180.25, 60.0), (180.25, 30.0), (0.0, 30.0)):
        for (_, source), surface in zip(made, surfaces, strict=True):
            source.XFreq, surface.Isosurfaces = frequency, [value]
        expected, found = (surface.update_pipeline() for surface in surfaces)
        assert_equal_information(found, expected)
    for _, source in made:
        source.WholeExtent = [0, 9, 0, 9, 0, 1]  # too few layers for a piece each along z
    for surface in surfaces:
        surface.Isosurfaces = [150.5]
    expected, found = (surface.update_pipeline() for surface in surfaces)
    assert_equal_information(found, expected)


def test_files_are_read_in_pieces(one: Any, several: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "wavelet.vti")
    one.save_data(path, wavelet(one))
    expected, found = (
        session.filters.Contour(Input=session.open(path), Isosurfaces=[157.0909]) for session in (one, several)
    )
    information = found.update_pipeline()
    assert information.raw["in_pieces"]
    assert_equal_information(information, expected.update_pipeline())
    assert_equal_data(found.fetch().to_vtk(), expected.fetch().to_vtk())


def in_parts(folder: Path, kind: str) -> str:
    """A file of five parts in files of their own, which touch: cells of an image, or its contour."""
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(*FEW)
    source.Update()
    bounds = np.linspace(FEW[4], FEW[5], 6).astype(int)
    grids = {"vtu": (vtkAppendFilter, vtkXMLUnstructuredGridWriter), "vtp": (vtkContourFilter, vtkXMLPolyDataWriter)}
    make, writer_of = grids[kind]
    for index, (low, high) in enumerate(itertools.pairwise(bounds)):
        slab = vtkImageData()
        slab.ShallowCopy(source.GetOutput())
        slab.Crop([*FEW[:4], int(low), int(high)])
        grid: Any = make()
        if kind == "vtp":
            grid.SetValue(0, 157.0909)
        grid.SetInputData(slab)
        writer: Any = writer_of()
        writer.SetInputConnection(grid.GetOutputPort())
        writer.SetFileName(str(folder / f"part {index}.{kind}"))
        assert writer.Write() == 1
    parts = "".join(f'<Piece Source="part {index}.{kind}"/>' for index in range(5))
    name = {"vtu": "PUnstructuredGrid", "vtp": "PPolyData"}[kind]
    array = '<DataArray type="Float32" Name="RTData"/>' if kind == "vtu" else ""
    path = folder / f"parts.p{kind}"
    path.write_text(
        f'<VTKFile type="{name}" version="0.1" byte_order="LittleEndian"><{name} GhostLevel="0">'
        f"<PPointData>{array.replace('Data', 'PData', 1)}</PPointData>"
        f'<PPoints><PDataArray type="Float32" NumberOfComponents="3"/></PPoints>{parts}</{name}></VTKFile>',
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize("kind", ["vtu", "vtp"])
def test_parts_of_files_are_read_by_the_ranks(kind: str, one: Any, several: Any, tmp_path: Path) -> None:
    path = in_parts(tmp_path, kind)
    grids = [session.open(path) for session in (one, several)]
    expected, found = (grid.update_pipeline() for grid in grids)
    assert found.raw["in_pieces"]
    assert all(rank["cells"] for rank in found.raw["ranks"])
    assert_equal_information(found, expected)
    assert_equal_data(grids[1].fetch().to_vtk(), grids[0].fetch().to_vtk())
    filters: dict[str, dict[str, Any]] = {
        "Elevation": {},
        "CellCenters": {},
        "Connectivity": {},  # parts have points of their own: they do not touch
    }
    if kind == "vtu":
        filters |= {"Slice": {}, "Clip": {}, "Contour": {"Isosurfaces": [150.5]}, "Gradient": {}}
    for name, properties in filters.items():
        made = [
            getattr(session.filters, name)(Input=grid, **properties)
            for session, grid in zip((one, several), grids, strict=True)
        ]
        expected, found = (filter_.update_pipeline() for filter_ in made)
        assert found.raw["in_pieces"], name
        assert_equal_information(found, expected)
        assert_equal_data(made[1].fetch().to_vtk(), made[0].fetch().to_vtk())
    if kind == "vtu":
        made = [
            session.filters.CellDatatoPointData(Input=session.filters.CellSize(Input=grid))
            for session, grid in zip((one, several), grids, strict=True)
        ]
        assert_equal_information(made[1].update_pipeline(), made[0].update_pipeline())
        assert made[1].update_pipeline().raw["in_pieces"]
    integrals = [
        session.filters.IntegrateVariables(Input=grid) for session, grid in zip((one, several), grids, strict=True)
    ]
    assert integrals[1].update_pipeline().raw["added_up"]
    for mine, theirs in zip(*[numbers_of(one.fetch().to_vtk()) for one in integrals], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9)


def test_grids_in_one_part_are_divided(one: Any, several: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "tetrahedra.vtu")
    source = one.sources.Wavelet(WholeExtent=[0, 28, 0, 28, 0, 28])
    one.save_data(path, one.filters.Tetrahedralize(Input=source))
    grids = [session.open(path) for session in (one, several)]
    kept = [
        session.filters.Threshold(Input=grid, LowerThreshold=240.0)
        for session, grid in zip((one, several), grids, strict=True)
    ]
    higher = [session.filters.Elevation(Input=grid) for session, grid in zip((one, several), kept, strict=True)]
    expected, found = (surface.update_pipeline() for surface in higher)
    assert found.raw["in_pieces"]
    assert sum(rank["cells"] for rank in found.raw["ranks"]) == found.number_of_cells > 0
    assert_equal_information(found, expected)
    assert_equal_data(higher[1].fetch().to_vtk(), higher[0].fetch().to_vtk())
    cuts = [session.filters.Slice(Input=grid) for session, grid in zip((one, several), grids, strict=True)]
    assert_equal_information(cuts[1].update_pipeline(), cuts[0].update_pipeline())


def test_what_goes_wrong_is_told_and_comes_right_again(several: Any) -> None:
    source = wavelet(several)
    wrong = several.filters.Calculator(Input=source, Function="nothing*2", ResultArrayName="two")
    with pytest.raises(Exception, match="nothing"):
        wrong.update_pipeline()
    wrong.Function = "RTData*2"
    low, high = wrong.update_pipeline().array("two").ranges[0]
    assert (low, high) == tuple(2 * one for one in source.update_pipeline().array("RTData").ranges[0])


def test_pictures_are_the_same(one: Any, several: Any) -> None:
    pictures: list[Any] = []
    for session in (one, several):
        view = session.views.RenderView(ViewSize=[200, 150])
        session.show(contour(session), view)
        pictures.append(np.asarray(view.screenshot().pixels))
        view.delete()
    assert pictures[0].std() > 10
    np.testing.assert_array_equal(pictures[0], pictures[1])
