"""Selections: every source names the points, cells and rows that numpy names, of all kinds of data; bad ones raise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkMultiBlockDataSet, vtkPolyData, vtkTable
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.algorithms.chosen_points import chosen_points
from apvserver.vtk.base.errors import ExecutionFailed, InvalidProperty
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.rendering.pixels.picking import points_of


def wavelet(size: int = 10) -> Any:
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(-size, size, -size, size, -size, size)
    source.Update()
    return source.GetOutput()


WAVELET = wavelet()
RT = vtk_to_numpy(WAVELET.GetPointData().GetArray("RTData")).astype(float)
IDS = np.arange(len(RT))


def mixed() -> Any:
    """Return polydata whose cell 0 is a vertex, 1 and 2 are lines, 3 is a quadrilateral and 4 a triangle."""
    data, points = vtkPolyData(), vtkPoints()
    for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (5, 5), (6, 5), (7, 7)):
        points.InsertNextPoint(x, y, 0.0)
    data.SetPoints(points)
    for name, cells in (("Verts", [[4]]), ("Lines", [[4, 5], [5, 6]]), ("Polys", [[0, 1, 2, 3], [0, 1, 5]])):
        made = vtkCellArray()
        for cell in cells:
            made.InsertNextCell(len(cell), cell)
        getattr(data, f"Set{name}")(made)
    numbers = numpy_to_vtk(np.arange(5.0) * 10, deep=True)
    numbers.SetName("number")
    data.GetCellData().AddArray(numbers)
    places = numpy_to_vtk(np.arange(7.0), deep=True)
    places.SetName("place")
    data.GetPointData().AddArray(places)
    return data


def blocks(*data: Any) -> Any:
    made = vtkMultiBlockDataSet()
    for number, one in enumerate(data):
        made.SetBlock(number, one)
    return made


def extracted(
    data: Any, *selections: tuple[str, dict[str, Any]], append: dict[str, Any] | None = None, **options: Any
) -> Any:
    """Return what an ExtractSelection makes of data by sources of selections, joined if there are several."""
    made = Pipeline()
    made.create(1, "vtkTrivialProducer")
    made.proxy(1).algorithms[0].SetOutput(data)
    for number, (kind, properties) in enumerate(selections):
        made.create(10 + number, kind, properties)
    chosen = [(10 + number, 0) for number in range(len(selections))]
    if append is not None:
        made.create(2, "AppendSelections", append, {"Input": chosen})
        chosen = [(2, 0)]
    made.create(3, "ExtractSelection", options, {"Input": [(1, 0)], "Selection": chosen})
    Executor().execute(made, 3)
    return made.output(3)[0].GetOutputDataObject(0)


def ids(data: Any, kind: str = "Point") -> list[int]:
    attributes = getattr(data, f"Get{kind}Data")()
    array = attributes.GetArray(f"vtkOriginal{kind}Ids")
    return [] if array is None else vtk_to_numpy(array).tolist()


def query(text: str, element: str = "Point Data", **more: Any) -> tuple[str, dict[str, Any]]:
    return "SelectionQuerySource", {"QueryString": text, "ElementType": element, **more}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("RTData > 250", RT > 250),
        ("(RTData > 200) & (id < 5000)", (RT > 200) & (IDS < 5000)),
        ("(RTData > 270) | (id == 0)", (RT > 270) | (IDS == 0)),
        ("~(RTData > 60)", ~(RT > 60)),
        ("RTData == max(RTData)", RT.max() == RT),
        ("RTData == min(RTData)", RT.min() == RT),
        ("abs(RTData - mean(RTData)) <= 0.5", np.abs(RT - RT.mean()) <= 0.5),
        ("isin(id, [3, 5, 8000])", np.isin(IDS, [3, 5, 8000])),
        ("id % 1000 == 7", IDS % 1000 == 7),
        ("id >= 0", IDS >= 0),
        ("RTData > 1000", RT > 1000),
        ("pointIsNear([(0, 0, 0.1), (10, 10, 10)], 0.2, inputs)", np.isin(IDS, [4630, 9260])),
        ("inputs[0].Points[:, 0] > 9", IDS % 21 == 20),
    ],
)
def test_a_query_names_what_numpy_names(text: str, right: np.ndarray[Any, Any]) -> None:
    found = extracted(WAVELET, query(text))
    assert ids(found) == np.flatnonzero(right).tolist()
    assert found.GetNumberOfCells() == int(right.sum()), "each point is a vertex"
    known = {"RTData"} if right.any() else set()
    names = {found.GetPointData().GetArrayName(index) for index in range(found.GetPointData().GetNumberOfArrays())}
    assert names - {"vtkOriginalPointIds"} == known, "nothing is left of how it was found"
    inside_out = extracted(WAVELET, query(text, InsideOut=True))
    assert ids(inside_out) == np.flatnonzero(~right).tolist()


def test_a_query_of_cells_of_rows_and_of_whole_topology() -> None:
    grown = extracted(WAVELET, query("id == 0", "Cell Data", NumberOfLayers=1))
    assert ids(grown, "Cell") == [0, 1, 20, 21, 400, 401, 420, 421]
    containing = extracted(WAVELET, query("cellContainsPoint(inputs, [(0.5, 0.5, 0.5)])", "Cell Data"))
    assert ids(containing, "Cell") == [4210]
    marked = extracted(WAVELET, query("RTData > 250"), PreserveTopology=True)
    assert (marked.GetClassName(), marked.GetNumberOfCells()) == ("vtkImageData", 8000)
    assert vtk_to_numpy(marked.GetPointData().GetArray("vtkInsidedness")).tolist() == (RT > 250).astype(int).tolist()
    assert marked.GetPointData().GetNumberOfArrays() == 2
    assert WAVELET.GetPointData().GetNumberOfArrays() == 1, "the input stays as it is"
    table, column = vtkTable(), numpy_to_vtk(np.array([1.0, 5.0, 2.0, 7.0]), deep=True)
    column.SetName("wind speed")
    table.AddColumn(column)
    assert ids(extracted(table, query("windspeed > 1.5", "Row Data")), "Row") == [1, 2, 3], "as ParaView spells names"


def test_blocks_are_looked_at_together_and_those_that_lack_an_array_have_nothing() -> None:
    small = wavelet(2)
    low = vtk_to_numpy(small.GetPointData().GetArray("RTData")).astype(float)
    both = np.concatenate([RT, low])
    found = extracted(blocks(WAVELET, mixed(), small), query("RTData >= mean(RTData) + 60"))
    limit = both.mean() + 60
    assert ids(found.GetBlock(0)) == np.flatnonzero(limit <= RT).tolist()
    assert found.GetBlock(1) is None or found.GetBlock(1).GetNumberOfPoints() == 0
    assert ids(found.GetBlock(2)) == np.flatnonzero(low >= limit).tolist()
    assert small.GetPointData().GetNumberOfArrays() == 1, "the input stays as it is"
    of_one = extracted(blocks(WAVELET, small), query("RTData > 200", Selectors=["/Root/Block1"]))
    assert of_one.GetBlock(0) is None and ids(of_one.GetBlock(1)) == np.flatnonzero(low > 200).tolist()


@pytest.mark.parametrize(
    ("source", "kind", "right"),
    [
        (("IDSelectionSource", {"FieldType": "CELL", "IDs": [0, 5, 0, 2]}), "Cell", [2, 5]),
        (("IDSelectionSource", {"FieldType": "POINT", "IDs": [0, 7]}), "Point", [7]),
        (("IDSelectionSource", {"FieldType": "POINT", "IDs": [0, 0], "ContainingCells": True}), "Cell", [0]),
        (("IDSelectionSource", {"FieldType": "CELL", "IDs": [0, 0, 0, 10**7]}), "Cell", [0]),
        (
            (
                "ThresholdSelectionSource",
                {"FieldType": "POINT", "ArrayName": "RTData", "Thresholds": [37, 45, 270, 300]},
            ),
            "Point",
            np.flatnonzero((RT <= 45) | (RT >= 270)).tolist(),
        ),
        (("LocationSelectionSource", {"FieldType": "POINT", "Locations": [0, 0, 0, 0.5, 0, 0]}), "Point", [4630]),
        (("LocationSelectionSource", {"FieldType": "CELL", "Locations": [0.5, 0.5, 0.5]}), "Cell", [4210]),
        (
            (
                "FrustumSelectionSource",
                {
                    "FieldType": "POINT",
                    "Frustum": [
                        value for x in (-10.5, -5.5) for y in (-10.5, -5.5) for z in (20, -20) for value in (x, y, z, 1)
                    ],
                },
            ),
            "Point",
            [z * 441 + y * 21 + x for z in range(21) for y in range(5) for x in range(5)],
        ),
    ],
)
def test_every_source_names_what_it_says(source: tuple[str, dict[str, Any]], kind: str, right: list[int]) -> None:
    assert ids(extracted(WAVELET, source), kind) == right


def test_blocks_global_ids_and_values() -> None:
    data = wavelet(1)
    for name, values in (("GlobalIds", np.arange(27) + 1000), ("group", np.arange(27) % 3)):
        array = numpy_to_vtkIdTypeArray(values, deep=True)
        array.SetName(name)
        data.GetPointData().AddArray(array)
    with pytest.raises(ExecutionFailed, match="no global ids; GenerateGlobalIds"):
        extracted(data, ("GlobalIDSelectionSource", {"FieldType": "POINT", "IDs": [1003]}))
    data.GetPointData().SetGlobalIds(data.GetPointData().GetArray("GlobalIds"))
    assert ids(extracted(data, ("GlobalIDSelectionSource", {"FieldType": "POINT", "IDs": [1003, 1020, 5]}))) == [3, 20]
    of_values = ("ValueSelectionSource", {"FieldType": "POINT", "ArrayName": "group", "Values": [0, 1]})
    assert ids(extracted(data, of_values)) == list(range(1, 27, 3))
    both = blocks(data, mixed())
    of_block = extracted(both, ("CompositeDataIDSelectionSource", {"FieldType": "CELL", "IDs": [2, 0, 3, 1, 0, 7]}))
    assert ids(of_block.GetBlock(0), "Cell") == [7] and ids(of_block.GetBlock(1), "Cell") == [3]
    whole = extracted(both, ("BlockSelectionSource", {"Blocks": [2]}))
    assert whole.GetBlock(0) is None and whole.GetBlock(1).GetNumberOfCells() == 5
    whole = extracted(both, ("BlockSelectorsSelectionSource", {"BlockSelectors": ["/Root/Block0"]}))
    assert whole.GetBlock(0).GetNumberOfCells() == 8 and whole.GetBlock(1) is None


def test_selections_are_joined_by_an_expression() -> None:
    low, high, other = query("id < 10"), query("(id > 4) & (id < 20)"), query("id == 50")
    assert ids(extracted(WAVELET, low, high, append={})) == list(range(20)), "all of them"
    append: dict[str, Any] = {"Expression": "(s0 & !s1) | s2"}
    assert ids(extracted(WAVELET, low, high, other, append=append)) == [0, 1, 2, 3, 4, 50]
    append = {"Expression": "one ^ two", "SelectionNames": ["one", "two"], "InsideOut": True}
    assert ids(extracted(WAVELET, low, high, append=append)) == [5, 6, 7, 8, 9, *range(20, 9261)]
    all_wrong: list[dict[str, Any]] = [
        {"Expression": "s0 & s7"},
        {"Expression": "(s0"},
        {"Expression": "s0; s1"},
        {"SelectionNames": ["a"]},
    ]
    for wrong in all_wrong:
        with pytest.raises(ExecutionFailed, match=next(iter(wrong))):
            extracted(WAVELET, low, high, append=wrong)


def test_cells_of_several_dimensions_are_not_mixed_up() -> None:
    """VTK takes the types of such cells from the memory where it makes a grid of them."""
    found = extracted(mixed(), query("number >= 20", "Cell Data"))
    assert ids(found, "Cell") == [2, 3, 4]
    assert [found.GetCellType(index) for index in range(3)] == [3, 9, 5], "a line, a quadrilateral, a triangle"
    assert vtk_to_numpy(found.GetCellData().GetArray("number")).tolist() == [20, 30, 40]
    assert [found.GetCell(index).GetNumberOfPoints() for index in range(3)] == [2, 4, 3]
    of_points = extracted(
        mixed(), ("IDSelectionSource", {"FieldType": "POINT", "IDs": [0, 5], "ContainingCells": True})
    )
    assert ids(of_points, "Cell") == [1, 2, 4], "of which point 5 is one"
    for cells, points in (([0], [4]), ([1, 2], [4, 5, 6]), ([3], [0, 1, 2, 3]), ([0, 2, 4], [0, 1, 4, 5, 6]), ([], [])):
        assert points_of(mixed(), np.array(cells, np.int64)).tolist() == points, "those of a rectangle of a picture"
    chosen = chosen_points(mixed(), np.array([1, 4, 6]))
    assert vtk_to_numpy(chosen.GetPointData().GetArray("place")).tolist() == [1.0, 4.0, 6.0]
    np.testing.assert_array_equal(vtk_to_numpy(chosen.GetPoints().GetData()), [[1, 0, 0], [5, 5, 0], [7, 7, 0]])


@pytest.mark.parametrize(
    ("selection", "why"),
    [
        (query("RTDate > 3"), "there is no array 'RTDate'; there is 'RTData'"),
        (query("RTData > 200 & (id < 50)"), "put parentheses around those"),
        (query("RTData >"), "is no expression"),
        (query("__import__('os')"), "there is no function '__import__'"),
        (query("inputs[0].Points"), "expected one condition for each of 9261 points"),
        (query("cellContainsPoint(inputs, [(0, 0, 0)])"), "is of cells, and points are selected"),
        (query("id > 3", "Edge Data"), "ElementType: points, cells or rows"),
        (("ThresholdSelectionSource", {"FieldType": "POINT", "ArrayName": "RTDat", "Thresholds": [0, 1]}), "'RTData'"),
        (("ThresholdSelectionSource", {"ArrayName": "RTData", "Thresholds": [0, 1]}), "there is none"),
        (("ThresholdSelectionSource", {"ArrayName": "RTData", "Thresholds": [1, 0]}), "each low is at most its high"),
        (("ValueSelectionSource", {"Values": [0, 1]}), "name the array"),
        (("CompositeDataIDSelectionSource", {"IDs": [-1, 0, 0]}), "flat indices of blocks count from 0"),
    ],
)
def test_what_is_wrong_with_a_selection_is_said(selection: tuple[str, dict[str, Any]], why: str) -> None:
    with pytest.raises(ExecutionFailed) as raised:
        extracted(WAVELET, selection)
    assert why in str(raised.value)


def test_lists_are_checked_as_they_are_set() -> None:
    with pytest.raises(InvalidProperty, match="2 integers each"):
        extracted(WAVELET, ("IDSelectionSource", {"IDs": [0, 1, 2]}))
    with pytest.raises(InvalidProperty, match="3 numbers each"):
        extracted(WAVELET, ("LocationSelectionSource", {"Locations": [0.0, 1.0]}))
