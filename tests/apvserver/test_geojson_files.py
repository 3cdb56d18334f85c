"""GeoJSON after RFC 7946: every geometry, holes, and what features say of themselves."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkIdList

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.files.reader_choice import choose_reader

from ..harness.opening import opened, points, values, volume

RING = [[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}
POINT = {"type": "Point", "coordinates": [0, 9]}
HOLE = [[0.5, 0.25], [0.5, 0.75], [1.5, 0.75], [1.5, 0.25], [0.5, 0.25]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def surface(path: Path, content: Any, warnings: list[str] | None = None) -> Any:
    path = path / "a.geojson"
    path.write_text(json.dumps(content))
    return opened(path, warnings=warnings)


def cells(data: Any) -> list[list[list[float]]]:
    """The places of the corners of each cell."""
    found, corners = [], vtkIdList()
    for index in range(data.GetNumberOfCells()):
        data.GetCellPoints(index, corners)
        found.append([list(data.GetPoint(corners.GetId(number))) for number in range(corners.GetNumberOfIds())])
    return found


@pytest.mark.parametrize("content", [SQUARE, feature(SQUARE), collection(feature(SQUARE))])
def test_a_geometry_a_feature_and_a_collection(tmp_path: Path, content: Any) -> None:
    assert cells(surface(tmp_path, content)) == [[[0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0]]]


@pytest.mark.parametrize("outer", [RING, RING[::-1]])
@pytest.mark.parametrize("inner", [HOLE, HOLE[::-1]])
def test_holes_are_holes(tmp_path: Path, outer: Any, inner: Any) -> None:
    """The area of the square less that of the hole, 2 - 1 / 2, whichever way round the rings go."""
    made = surface(tmp_path, collection(feature({"type": "Polygon", "coordinates": [outer, inner]}, name="lake")))
    assert volume(made, "Area") == pytest.approx(1.5)
    names = made.GetCellData().GetAbstractArray("name")
    assert {names.GetValue(index) for index in range(made.GetNumberOfCells())} == {"lake"}


def test_a_ring_that_does_not_end_where_it_begins(tmp_path: Path) -> None:
    """It must; some programs write it all the same, and no corner may get lost."""
    assert volume(surface(tmp_path, {"type": "Polygon", "coordinates": [RING[:-1]]}), "Area") == pytest.approx(2)


def test_every_geometry(tmp_path: Path) -> None:
    far = [[[x + 10, y] for x, y in RING]]
    made = surface(
        tmp_path,
        collection(
            feature({"type": "MultiPolygon", "coordinates": [[RING], far]}, n=1),
            feature({"type": "LineString", "coordinates": [[1, 2, 3], [4, 5, 6]]}, n=2),
            feature({"type": "Point", "coordinates": [7, 8]}, n=3),
            feature({"type": "MultiPoint", "coordinates": [[1, 1], [2, 2]]}, n=4),
            feature({"type": "MultiLineString", "coordinates": [[[0, 0], [1, 0]], [[0, 1], [1, 1], [2, 1]]]}, n=5),
            feature({"type": "GeometryCollection", "geometries": [SQUARE, POINT]}, n=6),
        ),
    )  # fmt: skip
    assert [made.GetNumberOfVerts(), made.GetNumberOfLines(), made.GetNumberOfPolys()] == [4, 3, 3]
    assert values(made.GetCellData(), "n").tolist() == [3, 4, 4, 6, 2, 5, 5, 1, 1, 6]
    assert values(made.GetCellData(), "feature").tolist() == [2, 3, 3, 5, 1, 4, 4, 0, 0, 5]
    assert cells(made)[4] == [[1, 2, 3], [4, 5, 6]]
    assert volume(made, "Area") == pytest.approx(6)
    assert points(made).dtype == np.float64


def test_what_features_say(tmp_path: Path) -> None:
    """Whole numbers, numbers, truths, texts; what a feature lacks is NaN, or an empty text."""
    big = 2**53 + 1
    first = feature(SQUARE, count=big, height=1.5, open=True, name="Åå", some=3, list=[1, 2], mixed=1)
    second = feature(SQUARE, count=-4, height=2, open=False, name=None, some=None, list=None, mixed="b")
    made = surface(tmp_path, collection({**first, "id": 17}, second)).GetCellData()
    assert values(made, "count").tolist() == [big, -4] and values(made, "height").tolist() == [1.5, 2]
    assert values(made, "open").tolist() == [1, 0]
    np.testing.assert_array_equal(values(made, "some"), [3, np.nan])
    for name, texts in {"name": ["Åå", ""], "list": ["[1, 2]", ""], "mixed": ["1", "b"], "id": ["17", ""]}.items():
        array = made.GetAbstractArray(name)
        assert [array.GetValue(index) for index in (0, 1)] == texts


def test_a_feature_without_a_place_is_told(tmp_path: Path) -> None:
    warnings: list[str] = []
    made = surface(tmp_path, collection(feature(None, n=1), feature(SQUARE, n=2)), warnings)
    assert values(made.GetCellData(), "n").tolist() == [2]
    assert any("1 of 2 features have no geometry" in text for text in warnings)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"type": "Topology", "arcs": []}, "'Topology' is none of GeoJSON"),
        ([1, 2], "it has no type"),
        (collection(feature({"type": "Polygon", "coordinates": [[["a", 1], [1, 2], [3, 4]]]})), "feature 0: .*places"),
        (collection(feature({"type": "Circle", "coordinates": [0, 0]})), "feature 0: 'Circle' is no geometry"),
        (collection(feature({"type": "LineString", "coordinates": [[0, 0]]})), "feature 0: .*2 places"),
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(ExecutionFailed, match=message):
        surface(tmp_path, content)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(json.dumps(SQUARE)[:-5])
    with pytest.raises(ExecutionFailed, match="this is no JSON, is it complete"):
        opened(tmp_path / "a.geojson")


@pytest.mark.parametrize("name", ["a.json", "a", "a.geojson", "a.txt"])
def test_it_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(collection(feature(SQUARE, n=1))))
    assert choose_reader(tmp_path / name)[0] == "vtkGeoJSONReader"
