"""Selections in scripts of ParaView's kind: the functions select what ParaView's do, and filters extract it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from servermanager import simple
from servermanager.simple.modules.importing import MODULES
from services_core import RemoteError


@pytest.fixture(autouse=True)
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


def ids_of(source: Any, kind: str = "Point") -> list[int]:
    """Return the numbers of what is selected of a source now, as a filter extracts it."""
    extracted = simple.ExtractSelection(Input=source)
    data = simple.servermanager.Fetch(extracted)
    simple.Delete(extracted)
    simple.SetActiveSource(source)
    array = getattr(data, f"Get{kind}Data")().GetArray(f"vtkOriginal{kind}Ids")
    return [] if array is None else vtk_to_numpy(array).tolist()


def values(source: Any) -> np.ndarray[Any, Any]:
    return vtk_to_numpy(simple.servermanager.Fetch(source).GetPointData().GetArray("RTData"))


def test_queries_select_points_and_cells() -> None:
    wavelet = simple.Wavelet()
    high = values(wavelet)
    selection = simple.SelectPoints("(RTData > 260) & (id < 6000)")
    assert (selection.ElementType, selection.QueryString) == ("Point Data", "(RTData > 260) & (id < 6000)")
    assert ids_of(wavelet) == [one for one in np.flatnonzero(high > 260).tolist() if one < 6000]
    assert list(simple.GetSelections().values()) == [selection]
    simple.SelectCells("id >= 7998", proxy=wavelet)
    assert ids_of(wavelet, "Cell") == [7998, 7999]
    simple.SelectCells()
    assert len(ids_of(wavelet, "Cell")) == 8000
    simple.QuerySelect(QueryString="RTData > 50", FieldType="POINT", InsideOut=True)
    assert ids_of(wavelet) == np.flatnonzero(high <= 50).tolist()
    assert list(simple.GetSources().values()) == [wavelet], "selections are none of the pipeline"
    assert simple.GetActiveSource() is wavelet
    simple.ClearSelection()
    assert simple.GetSelections() == {}
    nothing = simple.ExtractSelection(Input=wavelet)
    assert nothing.GetDataInformation().GetNumberOfPoints() == 0 and nothing.Selection is None
    simple.SetActiveSource(wavelet)
    simple.SelectPoints("RTDate > 3")
    with pytest.raises(RemoteError, match="there is no array 'RTDate'; there is 'RTData'"):
        simple.ExtractSelection(Input=wavelet).UpdatePipeline()


def test_ids_thresholds_and_places_select() -> None:
    wavelet = simple.Wavelet()
    simple.SelectIDs(IDs=[0, 5, 0, 2], FieldType="CELL")
    assert ids_of(wavelet, "Cell") == [2, 5]
    simple.SelectIDs(IDs=[0, 8], FieldType="CELL", Source=wavelet, Modifier="ADD")
    simple.SelectIDs(IDs=[0, 2], FieldType="CELL", Modifier="SUBTRACT")
    assert ids_of(wavelet, "Cell") == [5, 8]
    simple.GrowSelection(Layers=1)
    assert {4, 5, 6, 7, 8, 9} < set(ids_of(wavelet, "Cell"))
    simple.ShrinkSelection()
    assert ids_of(wavelet, "Cell") == [5, 8]
    simple.SelectThresholds(Thresholds=[270, 300], ArrayName="RTData", FieldType="POINT")
    assert ids_of(wavelet) == np.flatnonzero(values(wavelet) >= 270).tolist()
    simple.SelectLocation([0, 0, 0])
    assert ids_of(wavelet) == [4630]
    group = simple.GroupDatasets(Input=[wavelet, simple.Sphere()])
    simple.SelectCompositeDataIDs(IDs=[2, 0, 3], FieldType="CELL", Source=group)
    of_group = simple.servermanager.Fetch(simple.ExtractSelection(Input=group))
    assert vtk_to_numpy(of_group.GetBlock(1).GetCellData().GetArray("vtkOriginalCellIds")).tolist() == [3]
    simple.SelectBlocks("/Root/Block1", Source=group, FieldType="CELL")
    assert simple.servermanager.Fetch(simple.ExtractSelection(Input=group)).GetBlock(1).GetNumberOfCells() == 96
    numbered = simple.GenerateGlobalIds(Input=wavelet)
    simple.SelectGlobalIDs(IDs=[17, 4], FieldType="POINT", Source=numbered)
    assert ids_of(numbered) == [4, 17]
    with pytest.raises(ValueError, match="FieldType is one of POINT, CELL, ROW, not 'FACE'"):
        simple.SelectIDs(IDs=[0, 1], FieldType="FACE")
    with pytest.raises(ValueError, match="Modifier is one of ADD, SUBTRACT, TOGGLE"):
        simple.SelectIDs(IDs=[0, 1], Modifier="AND")


def test_sources_of_selections_are_given_to_a_filter_by_hand() -> None:
    sphere = simple.Sphere()
    chosen = simple.IDSelectionSource(IDs=[0, 3, 0, 5], FieldType="CELL")
    extracted = simple.ExtractSelection(Input=sphere, Selection=chosen)
    assert extracted.Selection is chosen and extracted.GetDataInformation().GetNumberOfCells() == 2
    chosen.InsideOut = 1
    assert extracted.GetDataInformation().GetNumberOfCells() == 94
    query = simple.SelectionQuerySource(QueryString="id < 10", ElementType="Cell Data")
    extracted.Selection = query
    assert extracted.GetDataInformation().GetNumberOfCells() == 10
    assert simple.ThresholdSelectionSource().ArrayName == "none"
    assert simple.LocationSelectionSource(Locations=[1.0, 2.0, 3.0]).Locations == [1.0, 2.0, 3.0]
    made = simple.CreateSelection("IDSelectionSource", "mine", IDs=[0, 1], FieldType="CELL")
    assert made not in simple.GetSources().values()
    assert [name for (name, _), one in simple.GetSelections().items() if one is made] == ["mine"]
    with pytest.raises(ValueError, match="makes no selections; did you mean IDSelectionSource"):
        simple.CreateSelection("IDSelectionSourc", "x")


def test_pictures_select_from_the_lower_left() -> None:
    view = simple.CreateRenderView(
        ViewSize=[100, 100], CameraPosition=[0, 0, 20], CameraFocalPoint=[0, 0, 0], CameraParallelProjection=1,
        CameraParallelScale=5,
    )  # fmt: skip
    simple._DisableFirstRenderCameraReset()
    plane = simple.Plane(Origin=[-2, -2, 0], Point1=[2, -2, 0], Point2=[-2, 2, 0], XResolution=4, YResolution=4)
    simple.Show(plane, view)
    simple.SelectSurfaceCells(Rectangle=[31, 51, 48, 68], View=view)
    assert ids_of(plane, "Cell") == [8, 9, 12, 13], "x below 0, y above"
    simple.SelectSurfacePoints(Rectangle=[28, 28, 32, 32])
    assert ids_of(plane) == [0]
    simple.SelectPointsThrough(Rectangle=[35, 55, 45, 65])
    assert ids_of(plane) == [16], "the point (-1, 1)"
    simple.SelectCellsThrough(Rectangle=[31, 31, 39, 39], Modifier="ADD")
    simple.SelectCellsThrough(Rectangle=[31, 31, 39, 39])
    assert ids_of(plane, "Cell") == [0]
    simple.SelectSurfaceBlocks()
    assert len(ids_of(plane, "Cell")) == 16
    with pytest.raises(ValueError, match="no polygons"):
        simple.SelectSurfaceCells(Polygon=[1, 1, 2, 2, 3, 3])


def test_they_are_imported_as_paraviews_module_has_them() -> None:
    module = importlib.import_module(MODULES["paraview.selection"])
    assert {"QuerySelect", "SelectIDs", "SelectSurfaceCells", "ClearSelection", "GrowSelection"} <= set(module.__all__)
    assert all(callable(getattr(module, name)) and name[0].isupper() for name in module.__all__)
    assert module.SelectIDs is simple.SelectIDs


def test_linked_sources_have_the_same_selection() -> None:
    one, other = simple.Sphere(), simple.Sphere(Radius=2.0)
    simple.AddSelectionLink(one, other, "both")
    simple.SelectIDs(IDs=[0, 4], FieldType="CELL", Source=one)
    assert ids_of(other, "Cell") == [4]
    simple.RemoveSelectionLink("both")
    simple.SelectIDs(IDs=[0, 6], FieldType="CELL", Source=one)
    assert ids_of(other, "Cell") == [4] and ids_of(one, "Cell") == [6]
    with pytest.raises(ValueError, match="there is no link 'both'"):
        simple.RemoveSelectionLink("both")


IN_PARAVIEW: dict[str, tuple[str, str, list[int]]] = {
    "RTData == max(RTData)": ("POINT", "Point", [4608]),
    "RTData > 272": ("POINT", "Point", [4608, 4609, 4610, 4611]),
    "RTData < 45": ("POINT", "Point", [399, 420, 439, 861, 1302, 8358, 8799, 9219, 9240, 9259]),
    "pointIsNear([(0, 0, 0.1),], 0.2, inputs)": ("POINT", "Point", [4630]),
    "cellContainsPoint(inputs, [(0.5, 0.5, 0.5),])": ("CELL", "Cell", [4210]),
}
"""Queries of a Wavelet, and what pvpython 5.11.0 selects by them."""


@pytest.mark.parametrize("text", IN_PARAVIEW)
def test_queries_select_what_paraview_selects(text: str) -> None:
    field, kind, right = IN_PARAVIEW[text]
    wavelet = simple.Wavelet()
    simple.QuerySelect(QueryString=text, FieldType=field)
    assert ids_of(wavelet, kind) == right
