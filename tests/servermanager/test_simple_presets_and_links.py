"""What scripts of ParaView name and is its own: presets of colors, files of them, links of cameras, lights, texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import ColorMapFileError, simple
from servermanager.simple import presets

from ..harness.apvtest import pixels


@pytest.fixture(autouse=True)
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


def colored_plane() -> tuple[Any, Any, Any]:
    """Return a plane of values 0 to 8 from left to right, its view, and its color map."""
    view = simple.CreateRenderView(ViewSize=[160, 20], OrientationAxesVisibility=0)
    view.update(CameraPosition=[0, 0, 10], CameraFocalPoint=[0, 0, 0], CameraParallelProjection=True)
    view.CameraParallelScale = 0.0625
    plane = simple.Plane(XResolution=64)
    values = simple.Elevation(Input=plane, LowPoint=[-0.5, 0, 0], HighPoint=[0.5, 0, 0], ScalarRange=[0.0, 8.0])
    shown = simple.Show(values, view, Lighting=0)
    simple.ColorBy(shown, ("POINTS", "Elevation"))
    return shown, view, simple.GetColorTransferFunction("Elevation")


def seen(view: Any, directory: Path) -> np.ndarray:
    view.save_screenshot(str(directory / "seen.png"))
    return np.asarray(pixels(directory / "seen.png"), int)[10]


def test_presets_of_paraview_have_its_colors(tmp_path: Path) -> None:
    _, view, colors = colored_plane()
    colors.ApplyPreset("Rainbow Desaturated", True)
    points = np.reshape(colors.RGBPoints, (-1, 4))
    assert points[:, 0] == pytest.approx([0, 8 * 0.143, 8 * 0.285, 8 * 0.429, 8 * 0.571, 8 * 0.714, 8 * 0.857, 8])
    assert points[0, 1:] == pytest.approx([0.278431, 0.278431, 0.858824])
    assert points[-1, 1:] == pytest.approx([0.878431, 0.301961, 0.301961])
    row = seen(view, tmp_path)
    assert np.abs(row[1] - [71, 71, 219]).max() <= 8 and np.abs(row[158] - [224, 77, 77]).max() <= 8
    colors.InvertTransferFunction()
    assert np.abs(seen(view, tmp_path)[::-1] - row).max() <= 8
    mirrored = np.reshape(colors.RGBPoints, (-1, 4))
    assert mirrored[1, 0] == pytest.approx(8 * 0.143) and mirrored[1, 1:] == pytest.approx(points[-2, 1:])


def test_a_preset_keeps_the_range_or_brings_its_own() -> None:
    shown, _, colors = colored_plane()
    colors.RGBPoints = [2.0, 0, 0, 0, 6.0, 1, 1, 1]
    colors.ApplyPreset("Jet")
    assert (colors.RGBPoints[0], colors.RGBPoints[-4]) == (2.0, 6.0)
    colors.ApplyPreset("Jet", False)
    assert (colors.RGBPoints[0], colors.RGBPoints[-4]) == (-1.0, 1.0)
    shown.RescaleTransferFunctionToDataRange(False, True)
    assert (colors.RGBPoints[0], colors.RGBPoints[-4]) == (0.0, 8.0)
    colors.RGBPoints = [1.0, 0, 0, 0, 3.0, 1, 1, 1]
    assert colors.RGBPoints == [1.0, 0, 0, 0, 3.0, 1, 1, 1], "as it was said, after a preset and a range"
    colors.ApplyPreset("Viridis (matplotlib)")
    assert (colors.RGBPoints[0], colors.RGBPoints[-4]) == (1.0, 3.0)
    assert colors.NanColor == [1.0, 0.0, 0.0]


def test_points_of_a_preset_are_stretched_along_logarithms(tmp_path: Path) -> None:
    _, view, colors = colored_plane()
    colors.ApplyPreset("Black-Body Radiation")
    colors.RescaleTransferFunction(0.08, 8.0)
    colors.MapControlPointsToLogSpace()
    points = np.reshape(colors.RGBPoints, (-1, 4))
    assert points[:, 0] == pytest.approx([0.08, 0.08 * 100**0.4, 0.08 * 100**0.8, 8.0])
    at = int(points[1, 0] / 8 * 160)
    assert np.abs(seen(view, tmp_path)[at] - [230, 0, 0]).max() <= 12


def test_presets_that_are_not_here_are_refused_with_those_that_are() -> None:
    colors = simple.GetColorTransferFunction("Elevation")
    before = colors.set_values()
    with pytest.raises(ValueError, match=r"'PRGn' is not here.*matplotlib calls so has other colors.*ImportPresets"):
        colors.ApplyPreset("PRGn")
    with pytest.raises(ValueError, match=r"'Rainbow Desaturatd' is not here; did you mean Rainbow Desaturated"):
        colors.ApplyPreset("Rainbow Desaturatd")
    with pytest.raises(ValueError, match="erdc_blue2green_BW"):
        simple.AssignFieldToColorPreset("Elevation", "erdc_blue2green_BW")
    assert colors.set_values() == before
    names = simple.GetLookupTableNames()
    assert {"Fast", "Jet", "Viridis (matplotlib)", "Cool to Warm (Extended)", "cubehelix"} <= set(names)
    assert {"Reds", "Brewer Qualitative Set1"} <= set(names) and "PRGn" not in names


def test_categories_of_paraview_have_its_colors(tmp_path: Path) -> None:
    _, view, colors = colored_plane()
    colors.ApplyPreset("Brewer Qualitative Set1")
    assert colors.IndexedColors[:6] == pytest.approx(
        [0.894118, 0.101961, 0.109804, 0.215686, 0.494118, 0.721569], abs=1e-6
    )
    assert colors.NanColor == pytest.approx([0.6, 0.6, 0.6])
    colors.ApplyPreset("Reds")
    row = seen(view, tmp_path)
    assert np.abs(row[1] - [103, 0, 13]).max() <= 8 and np.abs(row[158] - [255, 245, 240]).max() <= 8
    with pytest.raises(ValueError, match="has colors of categories, and no points"):
        simple.GenerateRGBPoints("Brewer Qualitative Set1")


def test_every_preset_can_be_applied() -> None:
    _, view, colors = colored_plane()
    for name in presets.names():
        colors.ApplyPreset(name)
        if presets.find(name).properties.get("IndexedColors"):
            assert colors.InterpretValuesAsCategories and len(colors.IndexedColors) >= 9, name
            continue
        assert (colors.RGBPoints[0], colors.RGBPoints[-4]) == (0.0, 8.0), name
        made = np.reshape(simple.GenerateRGBPoints(name, 10.0, 20.0), (-1, 4))
        assert (made[0, 0], made[-1, 0]) == (10.0, 20.0) and (np.diff(made[:, 0]) > 0).all(), name
        assert made[:, 1:].min() >= 0 and made[:, 1:].max() <= 1
    view.ready()


def test_presets_of_files_are_imported_and_forgotten_with_the_session(tmp_path: Path) -> None:
    path = tmp_path / "maps.json"
    maps: list[dict[str, Any]] = [
        {"Name": "Reds", "ColorSpace": "RGB", "RGBPoints": [-1, 1, 0, 0, 0, 0.5, 0, 0, 3, 0.25, 0, 0]},
        {"Name": "Kinds", "IndexedColors": [0, 1, 0, 0, 0, 1], "Annotations": ["1", "one", "2", "two"]},
    ]
    path.write_text(json.dumps(maps), "utf-8")
    _, _, colors = colored_plane()
    assert simple.ImportPresets(str(path))
    colors.ApplyPreset("Reds")
    assert colors.RGBPoints == pytest.approx([0, 1, 0, 0, 2, 0.5, 0, 0, 8, 0.25, 0, 0])
    colors.ApplyPreset("Kinds")
    assert colors.IndexedColors == [0, 1, 0, 0, 0, 1] and colors.InterpretValuesAsCategories == 1
    with pytest.raises(ValueError, match="colors of categories"):
        simple.GenerateRGBPoints("Kinds")
    path.write_text("[]", "utf-8")
    with pytest.raises(ColorMapFileError, match="no color maps"):
        simple.ImportPresets(path)
    assert "Kinds" in simple.ListColorPresetNames()
    simple.ResetSession()
    assert "Kinds" not in simple.ListColorPresetNames()


def test_colors_are_written_and_imported_again(tmp_path: Path) -> None:
    shown, _, colors = colored_plane()
    colors.ApplyPreset("Jet", False)
    opacities = simple.GetOpacityTransferFunction("Elevation", Points=[-1, 0.25, 0.5, 0, 1, 1, 0.5, 0])
    simple.ExportTransferFunction(colors, opacities, "mine", tmp_path / "mine.json")
    (written,) = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    assert written["Name"] == "mine" and written["Points"] == [-1, 0.25, 0.5, 0, 1, 1, 0.5, 0]
    assert written["RGBPoints"] == pytest.approx(presets.find("Jet").properties["RGBPoints"])
    simple.LoadLookupTable(tmp_path / "mine.json")
    shown.RescaleTransferFunctionToDataRange()
    colors.ApplyPreset("mine")
    assert colors.RGBPoints == pytest.approx(simple.GenerateRGBPoints("Jet", 0.0, 8.0))


def test_views_are_exported(tmp_path: Path) -> None:
    view = simple.CreateRenderView(OrientationAxesVisibility=0)
    simple.Show(simple.Sphere(), view)
    simple.ExportView(str(tmp_path / "ball.gltf"), view)
    written = json.loads((tmp_path / "ball.gltf").read_text("utf-8"))
    counts = [one["count"] for one in written["accessors"]]
    assert written["asset"]["version"] == "2.0" and 50 in counts, "the points of the sphere"
    with pytest.raises(ValueError, match=r"not to 'ball\.wrl'"):
        simple.ExportView(str(tmp_path / "ball.wrl"), view)
    with pytest.raises(ValueError, match=r"'ParaViewGlanceHTML' is no option here, of which only \.svg"):
        simple.ExportView(str(tmp_path / "ball.glb"), view, ParaViewGlanceHTML="x")
    assert [one.name for one in tmp_path.iterdir()] == ["ball.gltf"]


def test_options_of_paraview_are_taken_or_refused(tmp_path: Path) -> None:
    view = simple.CreateRenderView(OrientationAxesVisibility=0, ViewSize=[80, 60])
    simple.Show(simple.Sphere(), view)
    simple.ExportView(str(tmp_path / "a.pdf"), view, Rasterize3Dgeometry=1, Rendertextaspaths=0)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-1.")
    for options, match in (
        ({"Rendertextaspaths": 1}, "Rendertextaspaths cannot be 1: texts stay texts"),
        ({"Plottitel": "x"}, "Plottitel"),
        ({"Linewidthscalingfactor": 3.0}, "a pixel of a view is a point of the page"),
    ):
        with pytest.raises(ValueError, match=match):
            simple.ExportView(str(tmp_path / "b.pdf"), view, **options)
    with pytest.raises(ValueError, match=r"'Rasterize3Dgeometry' is no option here, of which only \.svg, \.pdf, \.eps"):
        simple.ExportView(str(tmp_path / "b.glb"), view, Rasterize3Dgeometry=1)
    assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]


def test_linked_cameras_move_together_until_the_link_is_removed() -> None:
    views = [simple.CreateRenderView(CameraPosition=[0, 0, 10.0 + at]) for at in range(4)]
    first, second, third, fourth = views
    simple.AddCameraLink(first, second, "a")
    assert second.CameraPosition == first.CameraPosition == [0, 0, 10.0]
    assert simple.AddCameraLink(third, fourth) == "CameraLink1"
    simple.AddCameraLink(second, third, "b")
    fourth.CameraPosition = [5.0, 0, 0]
    assert [one.CameraPosition for one in views] == [[5.0, 0, 0]] * 4
    simple.RemoveCameraLink("b")
    first.CameraPosition = [0, 7.0, 0]
    assert [one.CameraPosition for one in views] == [[0, 7.0, 0]] * 2 + [[5.0, 0, 0]] * 2
    simple.RemoveCameraLink("a")
    second.CameraPosition = [0, 0, 3.0]
    assert first.CameraPosition == [0, 7.0, 0]
    with pytest.raises(ValueError, match=r"no link 'b'.*There are CameraLink1"):
        simple.RemoveCameraLink("b")
    with pytest.raises(ValueError, match="twice"):
        simple.AddCameraLink(first, first, "c")
    with pytest.raises(ValueError, match="XYChartView has no camera"):
        simple.AddCameraLink(first, simple.CreateXYPlotView(), "c")


def test_links_of_states_are_removed_by_their_names(tmp_path: Path) -> None:
    first, second = (simple.CreateRenderView(CameraPosition=[0, 0, 10.0 + at]) for at in range(2))
    simple.AddCameraLink(first, second, "both")
    simple.SaveState(tmp_path / "linked.pvsm")
    simple.ResetSession()
    simple.LoadState(tmp_path / "linked.pvsm")
    first, second = simple.GetRenderViews()
    first.CameraPosition = [5.0, 0, 0]
    assert second.CameraPosition == [5.0, 0, 0]
    with pytest.raises(ValueError, match="no link 'bothh'; did you mean both"):
        simple.RemoveCameraLink("bothh")
    simple.RemoveCameraLink("both")
    first.CameraPosition = [0, 7.0, 0]
    assert second.CameraPosition == [5.0, 0, 0]


def test_the_light_of_a_state_is_that_of_its_file(tmp_path: Path) -> None:
    simple.CreateRenderView(KeyLightIntensity=0.5)
    simple.SaveState(tmp_path / "dim.pvsm")
    simple.ResetSession()
    simple.LoadState(tmp_path / "dim.pvsm")
    (view,) = simple.GetRenderViews()
    assert view.KeyLightIntensity == 0.5
    text = (tmp_path / "dim.pvsm").read_text("utf-8")
    assert 'name="KeyLightIntensity"' in text
    (tmp_path / "none.pvsm").write_text(text.replace('name="KeyLightIntensity"', 'name="ViewTime"'), "utf-8")
    simple.ResetSession()
    simple.LoadState(tmp_path / "none.pvsm")
    assert simple.GetRenderViews()[0].KeyLightIntensity == 0.75


def test_a_text_is_shown_as_a_text_of_the_view(tmp_path: Path) -> None:
    view = simple.CreateRenderView(ViewSize=[120, 60], OrientationAxesVisibility=0, Background=[0, 0, 0])
    text = simple.Text(Text="hello")
    shown = simple.Show(text, view, "TextSourceRepresentation", WindowLocation="Upper Center", FontSize=20)
    shown.Color = [1.0, 0.0, 0.0]
    assert [(one.Text, one.WindowLocation, one.FontSize) for one in view.texts] == [("hello", "Upper Center", 20)]
    assert shown is view.texts[0] and simple.GetDisplayProperties(text, view) is shown and shown.Visibility == 1

    def red() -> np.ndarray:
        view.save_screenshot(str(tmp_path / "text.png"))
        return np.asarray(pixels(tmp_path / "text.png"))[:, :, 0] > 128

    word = red()
    assert word[:30].sum() > 50 and not word[35:].any()
    text.Text = "hello, hello"
    assert view.texts[0].Text == "hello, hello" and red().sum() > 1.5 * word.sum()
    simple.Hide(text, view)
    assert shown.Visibility == 0 and not red().any()
    text.Text = "hello"
    assert not red().any(), "what is hidden stays so"
    assert simple.Show(text, view) is shown and np.array_equal(red(), word)
    simple.HideAll(view)
    assert not red().any()
    simple.ShowAll(view)
    simple.Delete(text)
    assert view.texts == () and not red().any()


def test_texts_of_a_state_are_those_of_its_sources_again(tmp_path: Path) -> None:
    simple.Show(simple.Text(registrationName="title", Text="flow"), simple.CreateRenderView(), FontSize=30)
    simple.SaveState(tmp_path / "state.json")
    simple.ResetSession()
    simple.LoadState(tmp_path / "state.json")
    (view,), title = simple.GetRenderViews(), simple.FindSource("title")
    shown = simple.Show(title, view)
    assert len(view.texts) == 1 and shown.FontSize == 30
    title.Text = "flow at last"
    assert view.texts[0].Text == "flow at last"
    simple.Delete(shown)
    assert view.texts == () and simple.FindSource("title") is title
    own = view.add_text("own")
    with pytest.raises(AttributeError):
        _ = own.Visibility


def test_presets_give_opacities_where_they_have_some(tmp_path: Path) -> None:
    path = tmp_path / "faint.json"
    faint = {"Name": "Faint", "ColorSpace": "RGB", "RGBPoints": [0, 1, 0, 0, 1, 0, 0, 1]}
    path.write_text(json.dumps([{**faint, "Points": [0, 0, 0.5, 0, 1, 0.25, 0.5, 0]}]), "utf-8")
    simple.ImportPresets(path)
    _, _, colors = colored_plane()
    opacities = simple.GetOpacityTransferFunction("Elevation")
    assert opacities.ApplyPreset("Faint") and opacities.Points == [0, 0, 0.5, 0, 1, 0.25, 0.5, 0]
    opacities.Points = [0.0, 1.0, 0.5, 0.0, 8.0, 1.0, 0.5, 0.0]
    assert opacities.ApplyPreset("Faint", True) and opacities.Points == [0, 0, 0.5, 0, 8, 0.25, 0.5, 0]
    assert not opacities.ApplyPreset("Cool to Warm"), "it has none"
    assert opacities.Points == [0, 0, 0.5, 0, 8, 0.25, 0.5, 0] and colors.RGBPoints[0] == 0
    with pytest.raises(ValueError, match="Feint"):
        opacities.ApplyPreset("Feint")
