"""Color maps: one for each array and session, whoever shows it, in whatever view."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from servermanager import RemoteError, RenderViewProxy, RepresentationProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop

FLAT = {"Lighting": False}
PLACES = (60, 100, 140)
"""Pixels from the left where three squares stand."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def squares(*values: float, name: str = "a", components: int = 1) -> Any:
    """Three squares in a row, with a number, or a vector, in each."""
    source = vtkPlaneSource()
    source.SetOrigin(-1.5, -0.5, 0)
    source.SetPoint1(1.5, -0.5, 0)
    source.SetPoint2(-1.5, 0.5, 0)
    source.SetResolution(3, 1)
    source.Update()
    array = numpy_to_vtk(np.reshape(np.asarray(values, np.float64), (3, components)), deep=True)
    array.SetName(name)
    source.GetOutput().GetCellData().AddArray(array)
    return source.GetOutput()


def scene(session: Session) -> RenderViewProxy:
    return session.views.RenderView(
        ViewSize=[200, 100],
        Background=[0, 0, 0.25],
        CameraPosition=[0, 0, 5],
        CameraFocalPoint=[0, 0, 0],
        CameraParallelProjection=True,
        CameraParallelScale=1.25,
        UseFXAA=False,
    )


async def show(session: Session, view: RenderViewProxy, *values: float, **look: Any) -> RepresentationProxy:
    source = await session.send_data(squares(*values))
    return session.show(source, view, **{"ColorBy": ("CELLS", "a"), **FLAT, **look})


async def colors(view: RenderViewProxy) -> list[list[int]]:
    """The colors of the three squares."""
    pixels = (await view.screenshot()).pixels[..., :3]
    return [[int(one) for one in pixels[50, x]] for x in PLACES]


def near(found: list[list[int]], wanted: list[list[int]]) -> bool:
    """Whether colors differ by rounding only."""
    return bool(np.abs(np.subtract(found, wanted)).max() <= 1)


def grays(*levels: int) -> list[list[int]]:
    return [[level] * 3 for level in levels]


@in_loop
async def test_two_views_of_one_array_agree_in_range_and_colors(backend: str) -> None:
    async with connect(backend=backend) as session:
        first, second = scene(session), scene(session)
        await show(session, first, 0, 5, 10)
        session.color_maps["a"].Preset = "Grayscale"
        assert near(await colors(first), grays(0, 128, 255))
        shown = await show(session, second, 10, 15, 20)
        assert near(await colors(second), grays(128, 191, 255))
        assert near(await colors(first), grays(0, 64, 128))
        assert shown.LookupTable is session.color_maps["a"] and await shown.LookupTable.spanned() == (0, 20)
        shown.delete()
        assert near(await colors(first), grays(0, 128, 255))
        session.color_maps["a"].rescale(0, 20)
        assert near(await colors(first), grays(0, 64, 128))
        assert await session.color_maps["a"].rescale_to_data_range() == (0, 10)
        assert near(await colors(first), grays(0, 128, 255))


@in_loop
async def test_what_a_representation_is_told_of_colors_its_map_has(backend: str) -> None:
    async with connect(backend=backend) as session:
        first, second = scene(session), scene(session)
        one = await show(session, first, 0, 5, 10, LookupTable="Grayscale")
        other = await show(session, second, 0, 5, 10, ScalarRange=(0, 20))
        assert near(await colors(first), grays(0, 64, 128)) and near(await colors(second), grays(0, 64, 128))
        assert session.color_maps["a"].set_values() == {"Preset": "Grayscale", "ScalarRange": [0, 20]}
        assert one.ScalarRange == [0, 20] and "ScalarRange" not in other.set_values()
        one.RGBPoints = [0, 1, 0, 0, 5, 0, 1, 0, 10, 0, 0, 1]
        other.rescale_to_data_range()
        assert near(await colors(second), [[255, 0, 0], [0, 255, 0], [0, 0, 255]])
        assert session.undo.undo() == "set ScalarRange of GeometryRepresentation"
        assert near(await colors(second), [[255, 0, 0], [128, 128, 0], [0, 255, 0]])
        del other.RGBPoints
        assert near(await colors(first), grays(0, 64, 128))


@in_loop
async def test_a_separate_map_is_for_one_alone(backend: str) -> None:
    async with connect(backend=backend) as session:
        first, second = scene(session), scene(session)
        one = await show(session, first, 0, 5, 10, LookupTable="Grayscale")
        other = await show(session, second, 20, 30, 40)
        own = session.color_maps["my colors"]
        own.update(RGBPoints=[20, 1, 0, 0, 40, 0, 0, 1])
        other.LookupTable = own
        assert near(await colors(first), grays(0, 128, 255)) and other.LookupTable is own
        assert near(await colors(second), [[255, 0, 0], [128, 0, 128], [0, 0, 255]])
        other.LookupTable = one.LookupTable
        assert near(await colors(first), grays(0, 32, 64)) and other.UseSeparateColorMap is False
        other.UseSeparateColorMap = True
        assert near(await colors(first), grays(0, 128, 255)) and other.UseSeparateColorMap is True
        other.LookupTable.Preset = "Grayscale"
        assert near(await colors(second), grays(0, 128, 255))
        with pytest.raises(TypeError, match="takes a color map of the session"):
            other.LookupTable = session.opacity_functions["a"]


@in_loop
async def test_a_legend_is_shown_once_for_all_that_share_a_map(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = scene(session)
        one = await show(session, view, 0, 5, 10, ScalarBarVisibility=True)
        alone = (await view.screenshot()).pixels
        other = await show(session, view, 0, 5, 10, ScalarBarVisibility=True)
        np.testing.assert_array_equal((await view.screenshot()).pixels, alone)
        other.UseSeparateColorMap = True
        assert (await view.screenshot()).pixels.tobytes() != alone.tobytes()
        one.ScalarBarVisibility = other.ScalarBarVisibility = False
        assert [int(x) for x in (await view.screenshot()).pixels[50, 195, :3]] == [0, 0, 64]


CASES: dict[str, tuple[dict[str, Any], list[list[int]]]] = {
    "below": ({"ScalarRange": (4, 10), "BelowRangeColor": (1, 0, 0)}, [[255, 0, 0], [43] * 3, [255] * 3]),
    "below, unused": (
        {"ScalarRange": (4, 10), "BelowRangeColor": (1, 0, 0), "UseBelowRangeColor": False},
        [[0] * 3, [43] * 3, [255] * 3],
    ),
    "above, as in ParaView": ({"ScalarRange": (0, 5), "UseAboveRangeColor": True}, [[0] * 3, [255] * 3, [128] * 3]),
    "inverted": ({"InvertLookupTable": True}, grays(255, 127, 0)),
    "four colors": ({"NumberOfTableValues": 4}, grays(0, 170, 255)),
    "not discrete": ({"NumberOfTableValues": 2, "Discretize": False}, grays(0, 128, 255)),
    "stretched": (
        {"RGBPoints": [100, 0, 0, 0, 200, 1, 1, 1], "ScalarRangeInitialized": False}, grays(0, 128, 255),
    ),
    "step": ({"RGBPoints": [0, 1, 0, 0, 5.1, 0, 1, 0, 10, 0, 0, 1], "ColorSpace": "Step"},
             [[255, 0, 0], [0, 255, 0], [0, 0, 255]]),
    "hue": ({"RGBPoints": [0, 1, 0, 0, 10, 0, 1, 0], "ColorSpace": "HSV"}, [[255, 0, 0], [254, 255, 0], [0, 255, 0]]),
    "categories": (
        {"InterpretValuesAsCategories": True, "Annotations": ["10", "ten", "0", "none"],
         "IndexedColors": [1, 0, 0, 0, 1, 0], "NanColor": (1, 1, 0)},
        [[0, 255, 0], [255, 255, 0], [255, 0, 0]],
    ),
    "categories far apart": (
        {"InterpretValuesAsCategories": True, "Annotations": ["2e9", "last", "-5", "first"],
         "IndexedColors": [1, 0, 0, 0, 1, 0], "NanColor": (1, 1, 0), "values": (-5, 1_000_000, 2e9)},
        [[0, 255, 0], [255, 255, 0], [255, 0, 0]],
    ),
    "labels far apart, by their order": (
        {"InterpretValuesAsCategories": True, "IndexedColors": [1, 0, 0, 0, 1, 0, 0, 0, 1], "values": (2e9, -5, 7e4)},
        [[0, 0, 255], [255, 0, 0], [0, 255, 0]],
    ),
    "labels with fractions": (
        {"InterpretValuesAsCategories": True, "IndexedColors": [1, 0, 0, 0, 1, 0, 0, 0, 1], "NanColor": (1, 1, 0),
         "values": (0.25, np.nan, 0.5)},
        [[255, 0, 0], [255, 255, 0], [0, 255, 0]],
    ),
    "labels with own colors": (
        {"InterpretValuesAsCategories": True, "IndexedColors": [1, 0, 0, 0, 1, 0, 0, 0, 1]},
        [[255, 0, 0], [0, 0, 255], [0, 255, 0]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@in_loop
async def test_properties_of_a_map_color_as_they_say(case: str) -> None:
    async with connect(backend="inproc") as session:
        view, (look, wanted) = scene(session), CASES[case]
        look = {"Preset": "Grayscale", **look}
        values = look.pop("values", (0, 5, 10))
        session.color_maps["a"].update(**look)  # before anything is shown
        await show(session, view, *values)
        found = await colors(view)
        assert near(found, wanted), found


@in_loop
async def test_labels_that_share_a_map_are_counted_together() -> None:
    async with connect(backend="inproc") as session:
        colors_of_labels = {"InterpretValuesAsCategories": True, "IndexedColors": [1, 0, 0, 0, 1, 0, 0, 0, 1]}
        session.color_maps["a"].update(**colors_of_labels)
        first, second = scene(session), scene(session)
        await show(session, first, 7, 9_000, 9_000_000)
        assert near(await colors(first), [[255, 0, 0], [0, 255, 0], [0, 0, 255]])
        await show(session, second, 9_000, 3, 9_000)
        assert near(await colors(second), [[0, 0, 255], [255, 0, 0], [0, 0, 255]])
        assert near(await colors(first), [[0, 255, 0], [0, 0, 255], [255, 0, 0]])


@in_loop
async def test_more_labels_far_apart_than_there_are_colors_say_what_to_do() -> None:
    async with connect(backend="inproc") as session:
        cells = vtkPlaneSource(x_resolution=65)
        cells.Update()
        array = numpy_to_vtk(1000.0 * np.arange(65), deep=True)
        array.SetName("a")
        cells.GetOutput().GetCellData().AddArray(array)
        view = scene(session)
        shown = session.show(
            await session.send_data(cells.GetOutput()), view, ColorBy=("CELLS", "a"), Categorical=True, **FLAT
        )
        with pytest.raises(RemoteError, match=r"from 0 to 64000 are too far apart .* or Annotations of some"):
            await view.screenshot()
        session.color_maps["a"].Annotations = [one for at in range(4096) for one in (16_000.0 * at, "")]
        assert (await view.screenshot()).pixels.shape == (100, 200, 3)
        assert shown is not None


@in_loop
async def test_points_are_those_that_colors_are_mixed_of() -> None:
    async with connect(backend="inproc") as session:
        colored = session.color_maps["a"]
        assert await colored.spanned() is None
        colored.Preset = "Grayscale"
        assert await colored.points() == [0, 0, 0, 0, 1, 1, 1, 1]
        await show(session, scene(session), 0, 5, 10)
        colored.InvertLookupTable = True
        assert await colored.points() == [0, 1, 1, 1, 10, 0, 0, 0]
        colored.update(InvertLookupTable=False, RGBPoints=[1, 1, 0, 0, 2, 0, 1, 0, 3, 0, 0, 1], ScalarRange=(10, 30))
        assert await colored.points() == [10, 1, 0, 0, 20, 0, 1, 0, 30, 0, 0, 1]


@in_loop
async def test_a_map_chooses_the_component_of_vectors(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, source = scene(session), await session.send_data(squares(0, 8, 3, 4, 6, 0, components=2))
        shown = session.show(source, view, ColorBy=("CELLS", "a"), LookupTable="Grayscale", **FLAT)
        assert near(await colors(view), grays(255, 0, 85))  # lengths 8, 5, 6
        session.color_maps["a"].update(VectorMode="Component", VectorComponent=1)
        assert near(await colors(view), grays(255, 128, 0))
        shown.ColorBy = ("CELLS", "a", 0)
        assert near(await colors(view), grays(0, 128, 255))
        session.color_maps["a"].VectorMode = "Magnitude"
        shown.ColorBy = ("CELLS", "a")
        assert near(await colors(view), grays(255, 0, 85))


@in_loop
async def test_ranges_follow_grow_or_stay_as_the_mode_says() -> None:
    async with connect(backend="inproc") as session:
        view, colored = scene(session), session.color_maps["a"]
        source = await session.send_data(squares(0, 5, 10))
        session.show(source, view, ColorBy=("CELLS", "a"), LookupTable="Grayscale", **FLAT)
        assert await colored.spanned() == (0, 10)
        await session.send_data(squares(0, 5, 5), proxy=source)
        assert await colored.spanned() == (0, 5)
        colored.AutomaticRescaleRangeMode = "Grow and update every timestep"
        for values, wanted in (((2, 3, 20), (0, 20)), ((-1, 0, 1), (-1, 20))):
            assert await colored.spanned() is not None
            await session.send_data(squares(*values), proxy=source)
            assert await colored.spanned() == wanted
        colored.AutomaticRescaleRangeMode = "Never"
        assert await colored.spanned() == (-1, 1)
        await session.send_data(squares(0, 5, 500), proxy=source)
        assert await colored.spanned() == (-1, 1)
        assert await colored.rescale_to_data_range() == (0, 500) and await colored.spanned() == (0, 500)


@in_loop
async def test_opacity_functions_are_shared_too(backend: str) -> None:
    async with connect(backend=backend) as session:
        first, second = scene(session), scene(session)
        one = await show(session, first, 0, 5, 10, RGBPoints=[0, 1, 1, 1, 10, 1, 1, 1], EnableOpacityMapping=True)
        await show(session, second, 0, 5, 10)
        one.ScalarOpacityFunction.Points = [0, 0, 0.5, 0, 10, 1, 0.5, 0]
        found = await colors(first)
        assert found == await colors(second)
        assert [levels[0] for levels in found] == [0, pytest.approx(128, abs=2), 255] and found[0][2] == 64
        assert one.OpacityPoints == [0, 0, 10, 1]
        session.opacity_functions["a"].Points = [0, 0, 0.9, 0, 10, 1, 0.5, 0]  # half at nine tenths of the way
        assert (await colors(first))[1][0] == pytest.approx(255 * 0.5 * 5 / 9, abs=3)
        one.OpacityPoints = [0, 1, 10, 1]
        assert near(await colors(second), grays(255, 255, 255))


@in_loop
async def test_maps_are_saved_and_loaded_and_written_as_scripts(backend: str, tmp_path: Any) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[120, 90])
        wavelet = session.sources.Wavelet()
        shown = session.show(wavelet, view, ColorBy=("POINTS", "RTData"), LookupTable="Grayscale", ScalarRange=(0, 500))
        shown.OpacityPoints = [0, 0, 500, 1]
        seen = (await view.screenshot()).pixels
        await session.save_state(tmp_path / "scene.json")
        await session.save_script(tmp_path / "scene.py")
    text = (tmp_path / "scene.py").read_text()
    assert "session.color_maps['RTData'].update(Preset='Grayscale', ScalarRange=[0, 500])" in text
    async with connect(backend=backend) as session:
        await session.load_state(tmp_path / "scene.json")
        np.testing.assert_array_equal((await session.all_views()[0].screenshot()).pixels, seen)
        assert session.color_maps["RTData"].ScalarRange == [0, 500]
        assert session.opacity_functions["RTData"].Points == [0, 0, 0.5, 0, 500, 1, 0.5, 0]
        session.undo.undo()
        assert session.color_maps["RTData"].set_values() == {}


@in_loop
async def test_wrong_colors_are_refused_once_and_then_right() -> None:
    async with connect(backend="inproc") as session:
        view = scene(session)
        shown = await show(session, view, 0, 5, 10)
        colored = session.color_maps["a"]
        for name, value, why in (
            ("RGBPoints", [1, 0, 0, 0, 0, 1, 1, 1], "growing values"),
            ("Annotations", ["x", "text"], "is a number"),
            ("IndexedColors", [1, 0], "red, green, blue"),
            ("ColorSpace", "CMYK", "no color space is called"),
            ("AutomaticRescaleRangeMode", "Sometimes", "no mode of rescaling"),
            ("ScalarRange", (5, 1), "low not above high"),
        ):
            with pytest.raises(ValueError, match=why):
                setattr(colored, name, value)
        with pytest.raises(ValueError, match="from 0 to 1"):
            shown.ScalarOpacityFunction.Points = [0, 2, 0.5, 0, 1, 1, 0.5, 0]
        assert colored.set_values() == {}
        colored.Preset = "Graysale"
        with pytest.raises(RemoteError, match="Did you mean 'Grayscale'"):
            await view.screenshot()
        shown.LookupTable = "Grayscale"
        assert near(await colors(view), grays(0, 128, 255))


@in_loop
async def test_states_of_before_keep_the_colors_of_each(tmp_path: Any) -> None:
    path = tmp_path / "scene.json"
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[120, 90])
        wavelet = session.sources.Wavelet()
        looks = [{"ColorBy": ["POINTS", "RTData"], "LookupTable": preset} for preset in ("Grayscale", "Viridis")]
        for _ in looks:
            session.show(wavelet, view)
        await session.save_state(path)
        state = json.loads(path.read_text())
        del state["color_maps"]
        for one, look in zip(state["representations"], looks, strict=True):
            one["properties"] = look
        path.write_text(json.dumps(state))
    async with connect(backend="inproc") as session:
        await session.load_state(path)
        first, second = session.all_representations()
        assert first.LookupTable is session.color_maps["RTData"] and first.LookupTable.Preset == "Grayscale"
        assert second.LookupTable is not first.LookupTable and second.LookupTable.Preset == "Viridis"
