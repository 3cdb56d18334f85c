"""Types of views, representations and texts: one table, of which the server draws all that it names."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from apvserver.vtk.base.errors import InvalidProperty, UnknownProperty
from apvserver.vtk.base.property_set import PropertySet
from apvserver.vtk.geometry import extraction
from apvserver.vtk.rendering import mappers
from apvserver.vtk.rendering.camera.camera_moves import MOVES
from apvserver.vtk.rendering.camera.framing import DIRECTIONS
from apvserver.vtk.rendering.charts.kinds import CHARTS
from apvserver.vtk.rendering.charts.parts import looks, plots
from apvserver.vtk.rendering.overlays import texts as of_texts
from async_paraview.scene import representations, text
from async_paraview.scene.catalog import KINDS_OF_VIEWS, SCENE_TYPES
from async_paraview.scene.charts import representations as shown_in_charts
from async_paraview.scene.charts import settings
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import DIRECTIONS as NAMES_OF_DIRECTIONS
from async_paraview.scene.views import MOVEMENTS

TYPES = list(SCENE_TYPES.values())


def test_what_the_tables_name_can_be_drawn() -> None:
    assert set(representations.KINDS) == set(extraction.KINDS)
    assert set(representations.GLYPH_TYPES) == set(mappers._GLYPHS)
    assert set(shown_in_charts.CHART_TYPES) == set(plots.CHART_TYPES)
    assert set(settings.MARKERS) == set(looks.MARKERS)
    assert set(settings.LEGEND_PLACES) == set(looks.LEGEND_PLACES)
    assert {kind: (of.TYPE, shown.TYPE) for kind, (of, shown) in CHARTS.items()} == {
        kind: (of.view, of.representation) for kind, of in KINDS_OF_VIEWS.items() if kind != "RenderView"
    }
    assert set(text.LOCATIONS) == {*of_texts._ANCHORS, "Any Location"}


@pytest.mark.parametrize("kind", TYPES, ids=lambda one: one.name)
def test_every_default_is_right_and_every_property_says_what_it_is(kind: SceneType) -> None:
    held = PropertySet(kind)
    for entry in kind.definition()["properties"]:
        held.update({entry["name"]: entry["default"]})
        assert held[entry["name"]] == kind.by_name[entry["name"]].initial
        assert entry["doc"] and entry["type"] and entry["half"] in ("render", "both", "client"), entry
        assert entry["default"] is not None or entry.get("optional"), entry
        condition = entry.get("hidden_unless")
        assert condition is None or condition["property"] in kind.by_name
    json.dumps(kind.definition())  # plain


@pytest.mark.parametrize(
    ("kind", "wrong", "says"),
    [
        ("views/RenderView", {"Backgroundd": [1, 1, 1]}, "Did you mean 'Background'"),
        ("views/RenderView", {"Background": [1, 1, 2]}, "a number from 0 to 1"),
        ("views/RenderView", {"ViewSize": [0, 5]}, "a number from 1 to 16384"),
        ("views/RenderView", {"ViewSize": [5.5, 5]}, "a whole number"),
        ("views/RenderView", {"CameraViewUp": [0, 0, 0]}, "a direction, not zero"),
        ("views/RenderView", {"Texts": [{"Text": "a", "FontSize": 0}]}, "FontSize = 0: expected a number from 1"),
        ("views/RenderView", {"AdditionalLights": [[0] * 6]}, "expected 7 numbers"),
        ("views/RenderView", {"UseFXAA": "yes"}, "True or False"),
        ("representations/GeometryRepresentation", {"Opacity": float("nan")}, "from 0 to 1"),
        ("representations/GeometryRepresentation", {"Opacity": True}, "from 0 to 1"),
        ("representations/GeometryRepresentation", {"Representation": "Volumes"}, "Did you mean 'Volume'"),
        ("representations/GeometryRepresentation", {"ColorBy": "RTData"}, "an array like"),
        ("representations/GeometryRepresentation", {"ColorBy": ["POINT", "RTData"]}, "Did you mean 'POINTS'"),
        ("representations/GeometryRepresentation", {"RGBPoints": [1, 0, 0, 0, 0, 1, 1, 1]}, "growing values"),
        ("representations/XYChartRepresentation", {"SeriesColor": ["a", 1, 0]}, "a flat list"),
        ("representations/XYChartRepresentation", {"SeriesMarkerStyle": ["a", "Star"]}, "no marker is called 'Star'"),
        ("annotations/Text", {"WindowLocation": "Lower Middle"}, "no location of texts"),
    ],
)
def test_what_is_wrong_is_refused_with_what_would_be_right(kind: str, wrong: dict[str, Any], says: str) -> None:
    held = PropertySet(SCENE_TYPES[kind])
    before = dict(held.snapshot())
    with pytest.raises((UnknownProperty, InvalidProperty), match=says):
        held.update(wrong)
    assert held.snapshot() == before


def test_the_data_half_knows_only_what_matters_there() -> None:
    held = PropertySet(KINDS_OF_VIEWS["RenderView"].representation, data_half=True)
    assert {"Representation", "ColorBy", "Slice"} < held.snapshot().keys() and "Opacity" not in held.snapshot()
    with pytest.raises(UnknownProperty):
        held.update({"Opacity": 0.5})


def test_numbers_of_series_may_be_texts_as_in_paraview() -> None:
    series = SCENE_TYPES["representations/XYChartRepresentation"].by_name
    assert series["SeriesColor"].check(["a", "1", "0", "0.5"]) == {"a": (1.0, 0.0, 0.5)}
    assert series["SeriesLineThickness"].check(["a", "2", "1", 3]) == {"a": 2.0, "1": 3.0}
    assert series["SeriesLabel"].check(["a", "2"]) == {"a": "2"}
    for wrong in (["a", "1", "0", "red"], ["a", "1", "0", "7"], ["a", "1", "0", "nan"]):
        with pytest.raises(ValueError, match="0 to 1"):
            series["SeriesColor"].check(wrong)


def test_movements_and_directions_of_cameras_are_those_that_the_server_makes() -> None:
    assert MOVES.keys() == MOVEMENTS.keys() and DIRECTIONS.keys() == set(NAMES_OF_DIRECTIONS)
    for name, function in MOVES.items():
        assert set(MOVEMENTS[name]) == inspect.signature(function).parameters.keys() - {"camera"}
