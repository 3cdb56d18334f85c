"""The knobs of figures are here under ParaView's names, or there is a reason why not; what was set stays set."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from matplotlib import get_data_path
from PIL import Image

from async_paraview.scene.catalog import SCENE_TYPES
from async_paraview.scene.looks.volumes import VOLUMES
from async_paraview.scene.parts import Part
from servermanager import connect
from servermanager.coverage.__main__ import knobs_table
from servermanager.coverage.knobs import KNOBS, REASONS, is_here, knobs, places

from ..harness.apvtest import in_loop

ENOUGH: Final = 0.9
FONT: Final = f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"
_WORDS: Final[Mapping[str, Any]] = {
    "LabelFormat": "{:.2f}", "RangeLabelFormat": "{:.1f}", "CustomLabels": [1.0, 2.0], "Position": [0.25, 0.5],
    "Annotations": [1.0, "one"], "IndexedColors": [1.0, 0.0, 0.0], "XAxisLabels": [1.0], "AxesToLabel": 3,
    "IsosurfaceValues": [10.0, 20.0], "SelectTCoordArray": "Texture Coordinates", "FontFile": FONT,
    "OpacityArrayName": ["POINTS", "RTData"], "ColorArray2Name": ["POINTS", "RTData"], "CustomBounds": [0.0, 2.0] * 3,
    "TransferFunction2D": {"Boxes": [0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.5]}, "SliceFunction": {"Normal": [0, 1, 0]},
    "GradientOpacityFunction": {"Points": [0.0, 0.0, 0.5, 0.0, 1.0, 1.0, 0.5, 0.0]},
    "DataAxesGrid": {"Visibility": True, "ShowGrid": False}, "StereoType": "Anaglyph",
    "PolarAxes": {"Visibility": True, "MaximumAngle": 45.0}, "BlockColors": ["/", 1.0, 0.0, 0.0],
    "BlockOpacities": ["/", 0.5], "BlockSelectors": ["/Root"],
    "UserTransform": [1.0, 0.0, 0.0, 2.0, *[0.0, 1.0, 0.0, 0.0], *[0.0, 0.0, 1.0, 0.0], *[0.0, 0.0, 0.0, 1.0]],
    "LegendGrid": {"Visibility": True, "GridVisibility": True},
    "LegendLocation": "Custom", "WindowLocation": "Any Location",
    "SeriesPlotCorner": ["a", 1], "SeriesLineStyle": ["a", "Dash"], "SeriesLineThickness": ["a", 3],
    "SeriesMarkerStyle": ["a", "Cross"], "SeriesMarkerSize": ["a", 5], "SeriesOpacity": ["a", 0.5],
    "DataScale": [1.0, 2.0, 3.0], "LeftAxisRangeMaximum": 3.0, "LeftAxisLabels": [1.0, "one"], "Scale": [1.0, 2.0, 3.0],
}  # fmt: skip
"""Values of properties whose definitions do not say enough to choose one."""


VOLUME: Final = "volume"
"""A representation that has those properties which only volumes have."""
PICTURES: Final = ("Texture", "EnvironmentalBGTexture")


def another(owner: str, name: str, picture: Path) -> Any:
    """Return a value of a property that is not its default; `picture` is a file of one."""
    if name in PICTURES:
        return str(picture)
    type_ = SCENE_TYPES[SHOWN if owner == VOLUME else owner]
    name = type_.aliases.get(name, name)
    one, entry = type_.by_name[name], type_.by_name[name].to_dict()
    if name in _WORDS and not (name == "Position" and entry["size"] == 3):
        return _WORDS[name]
    if entry["type"] == "bool":
        return not entry["default"]
    if entry["type"] == "enum":
        return next(word for word, _ in entry["enumeration"] if word != entry["default"])
    if entry["type"] == "str":
        return "word"
    low, high = entry["range"] or (1.0, 2.0)
    low = max(low, -8.0)
    high = min(high, max(8.0, low + 2.0))
    middle = low + 0.5625 * (high - low)
    value = int(middle) if entry["type"] == "int" else middle
    several = [value] * entry["size"] if entry["size"] > 1 else value
    assert one.check(several) != one.initial, f"{owner}.{name}"
    return several


def properties_of(owner: str) -> list[str]:
    """Return the names of the knobs of a type that are here."""
    if owner in (VOLUME, SHOWN):
        names = [name for owners in KNOBS.values() for name in owners.get(SHOWN, "").split()]
        of_volumes = {one.name for one in VOLUMES} - {"MultiComponentsMapping"} | {"Shade"}
        return [one for one in names if is_here(SHOWN, one, {}) and (one in of_volumes) == (owner == VOLUME)]
    found = [name for owners in KNOBS.values() for name in owners.get(owner, "").split()]
    return [name for name in found if is_here(owner, name, {})]


SHOWN: Final = "representations/GeometryRepresentation"
OWNERS: Final = tuple(dict.fromkeys(owner for owners in KNOBS.values() for owner in owners if owner in SCENE_TYPES))


@in_loop
async def test_nine_of_ten_knobs_are_here_and_each_other_has_a_reason() -> None:
    async with connect(backend="inproc") as session:
        types = frozenset(one.name for one in await session.definitions.list())
    found = knobs(places(types))
    here, absent = sum(len(one.here) for one in found), [name for one in found for _, name in one.absent]
    assert here / (here + len(absent)) >= ENOUGH, absent
    assert set(REASONS) == set(absent), "each that is absent has a reason, and no other has one"
    text = knobs_table(found)
    assert f"{here / (here + len(absent)):.1%} are here" in text and REASONS["Anisotropy"] in text
    names = [(owner, name) for owners in KNOBS.values() for owner, listed in owners.items() for name in listed.split()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("owner", OWNERS)
def test_every_knob_has_a_definition_for_panels(owner: str) -> None:
    for name in properties_of(owner):
        type_ = SCENE_TYPES[owner]
        entry = next(one for one in type_.definition()["properties"] if one["name"] == type_.aliases.get(name, name))
        assert entry["doc"] and entry["type"] and entry["panel"] in ("default", "advanced", "never"), name
        assert entry["type"] != "enum" or len(entry["enumeration"]) > 1, name


NOT_IN_PARAVIEW: Final = frozenset({
    "SilhouetteVisibility", "SilhouetteColor", "SilhouetteLineWidth", "GradientOpacityFunction", "PointLabelVisibility",
    "CellLabelVisibility", "ContourLabelVisibility",
})  # fmt: skip
"""What ParaView has nothing of, as it says when a state is written for it."""


@in_loop
@pytest.mark.parametrize("name", ["scene.json", "scene.pvsm"])
async def test_what_is_set_is_read_back_and_in_states(tmp_path: Path, name: str) -> None:
    wanted: dict[str, dict[str, Any]] = {}
    picture = tmp_path / "picture.png"
    Image.new("RGB", (4, 4)).save(picture)
    async with connect(backend="inproc") as session:
        holders = await _scene(session)
        for owner, holder in holders.items():
            values = {name: another(owner, name, picture) for name in properties_of(owner)}
            wanted[owner] = values
            holder.update(**values)
            for knob, value in values.items():
                assert _plain(holder, knob) == value, (owner, knob)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            await session.save_state(tmp_path / name)
        of_theirs = name.endswith("pvsm")
        assert [knob for knob in NOT_IN_PARAVIEW if knob in "".join(str(one.message) for one in said)] == (
            [*NOT_IN_PARAVIEW] if of_theirs else []
        )
    async with connect(backend="inproc") as session:
        await session.load_state(tmp_path / name)
        for owner, holder in _holders(session).items():
            for knob, value in wanted[owner].items():
                if not (of_theirs and knob in NOT_IN_PARAVIEW):
                    assert _meant(holder, knob, _plain(holder, knob)) == _meant(holder, knob, value), (owner, knob)


def _meant(holder: Any, name: str, value: Any) -> Any:
    """What a value means: numbers may be texts in ParaView's states."""
    return holder.scene_type.by_name[holder.scene_type.aliases.get(name, name)].check(value)


async def _scene(session: Any) -> dict[str, Any]:
    view = session.views.RenderView(ViewSize=[60, 40])
    wavelet = session.sources.Wavelet(WholeExtent=[-3, 3, -3, 3, -3, 3])
    session.show(session.filters.TextureMaptoPlane(Input=wavelet), view, Representation="Surface With Edges")
    session.show(wavelet, view, Representation="Volume", ColorBy=("POINTS", "RTData"), ScalarBarVisibility=True)
    view.scalar_bar("RTData").Visibility = True
    view.AxesGrid.Visibility = True
    session.color_maps["RTData"].RGBPoints = [0.0, 0.0, 0.0, 1.0, 300.0, 1.0, 0.0, 0.0]
    view.add_text("said")
    chart = session.views.XYChartView(ViewSize=[60, 40], RightAxisRangeMinimum=0.5, RightAxisRangeMaximum=2.0)
    session.show(session.sources.Sphere(), chart)
    return _holders(session)


def _holders(session: Any) -> dict[str, Any]:
    """What has the properties of each owner, in a session with the scene."""
    view, chart = sorted(session.all_views(), key=lambda one: one.type_name)
    shown = {(one.view.type_name, one.source.proxy.type_name): one for one in session.all_representations()}
    return {
        "views/RenderView": view,
        "views/XYChartView": chart,
        SHOWN: shown["RenderView", "TextureMaptoPlane"],
        VOLUME: shown["RenderView", "Wavelet"],
        "representations/XYChartRepresentation": shown["XYChartView", "Sphere"],
        "annotations/ScalarBar": view.scalar_bar("RTData"),
        "annotations/GridAxes3DActor": view.AxesGrid,
        "annotations/Text": view.texts[0],
        "color_maps/PVLookupTable": session.color_maps["RTData"],
    }


def _plain(holder: Any, name: str) -> Any:
    meant = holder.scene_type.aliases.get(name, name)
    if isinstance(holder.scene_type.by_name[meant].check, Part):
        return getattr(holder, name).set_values()
    value = getattr(holder, name)
    return list(value) if isinstance(value, tuple) else value
