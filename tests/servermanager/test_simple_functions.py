"""Functions of paraview.simple that make colors, settings, scenes and traces: what they return and change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from servermanager import simple

from ..harness.apvtest import pixels


@pytest.fixture(autouse=True)
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


def middle(path: Path, view: Any) -> list[int]:
    """Return the color in the middle of a picture of a view."""
    simple.SaveScreenshot(path, view)
    found: list[int] = pixels(path)[20, 20].tolist()
    return found


def flat(view: Any) -> Any:
    """Show a plane with an array from 0 to 1 along x, unlit, all over the picture."""
    raised = simple.Elevation(Input=simple.Plane(XResolution=40), LowPoint=[-0.5, 0, 0], HighPoint=[0.5, 0, 0])
    shown = simple.Show(raised, view, Lighting=0)
    view.update(CameraParallelProjection=True, CameraParallelScale=0.4, CameraPosition=[0, 0, 2])
    simple._DisableFirstRenderCameraReset()
    simple.ColorBy(shown, ("POINTS", "Elevation"))
    return shown


def test_color_maps_and_opacity_functions_of_ones_own(tmp_path: Path) -> None:
    view = simple.CreateRenderView(ViewSize=[40, 40], OrientationAxesVisibility=0)
    shown = flat(view)
    shown.LookupTable = simple.CreateLookupTable(RGBPoints=[0, 1, 0, 0, 1, 0, 0, 1])
    assert shown.LookupTable.ColorSpace == "Diverging", "as pvpython 5.11 has it"
    assert min(middle(tmp_path / "diverging.png", view)) > 200, "white is between red and blue"
    shown.LookupTable = simple.CreateLookupTable(RGBPoints=[0, 1, 0, 0, 1, 0, 0, 1], ColorSpace="RGB")
    red, green, blue = middle(tmp_path / "own.png", view)
    assert green == 0 and [red, blue] == pytest.approx([127, 127], abs=8)
    rainbow = simple.MakeBlueToRedLT(0.0, 1.0)
    assert (rainbow.ColorSpace, rainbow.RGBPoints) == ("HSV", [0, 0, 0, 1, 1, 1, 0, 0])
    shown.LookupTable = rainbow
    red, green, blue = middle(tmp_path / "hsv.png", view)
    assert green > 240, "halfway in hue from blue to red is green"
    opaque = simple.CreatePiecewiseFunction(Points=[0.0, 0.0, 0.5, 0.0, 1.0, 1.0, 0.5, 0.0])
    shown.ScalarOpacityFunction = opaque
    assert shown.ScalarOpacityFunction is opaque and opaque.Points[4] == 1.0
    assert simple.CreatePiecewiseFunction() is not opaque
    legend = simple.CreateScalarBar(LookupTable=rainbow, Title="height")
    assert (legend.Title, legend.Visibility) == ("height", 1) and simple.GetScalarBar(rainbow, view) is legend
    with pytest.raises(ValueError, match="as LookupTable="):
        simple.CreateScalarBar(Title="height")
    with pytest.raises(AttributeError, match="did you mean RGBPoints"):
        simple.CreateLookupTable(RGBPoint=[0, 1, 0, 0])


def test_all_blocks_are_colored_by_an_array() -> None:
    view = simple.CreateRenderView()
    group = simple.GroupDatasets(Input=[simple.Wavelet(), simple.Wavelet()])
    shown = simple.Show(group, view, Representation="Surface", ColorArrayName=None)
    simple.ColorBlocksBy(shown, ["/Root"], ("POINTS", "RTData"))
    assert shown.ColorArrayName == ["POINTS", "RTData"]
    assert simple.GetBlockColorTransferFunction("/Root/Block0", "RTData") is shown.LookupTable
    assert simple.GetBlockOpacityTransferFunction("/Root/Block0", "RTData") is shown.ScalarOpacityFunction
    with pytest.raises(ValueError, match=r"Block1: all blocks .* Show\(ExtractBlock"):
        simple.ColorBlocksBy(shown, ["/Root/Block1"], ("POINTS", "RTData"))


def test_colors_by_two_numbers_are_shared_by_arrays() -> None:
    shown = simple.Show(simple.Wavelet(), simple.CreateRenderView())
    both = simple.GetTransferFunction2D("RTData")
    assert simple.GetTransferFunction2D("RTData") is both
    colors = simple.GetColorTransferFunction("RTData")
    colors.TransferFunction2D = both
    shown.TransferFunction2D = both
    assert colors.TransferFunction2D is both is shown.TransferFunction2D
    assert both.RescaleTransferFunction(0.0, 1.0, 2.0, 3.0) and both.Range == [0.0, 1.0, 2.0, 3.0]
    shown.Use2DTransferFunction = 1
    assert shown.UseTransfer2D == 1
    both.Boxes = [[0.0, 0.0, 100.0, 50.0, 1.0, 0.0, 0.0, 0.5]]
    (drawn,) = simple.GetActiveView().session.all_representations()
    assert drawn.set_values()["TransferFunction2D"] == {"Boxes": [[0.0, 0.0, 100.0, 50.0, 1.0, 0.0, 0.0, 0.5]]}
    with pytest.raises(ValueError, match="a width and a height above 0"):
        both.Boxes = [[0.0, 0.0, 0.0, 50.0, 1.0, 0.0, 0.0, 0.5]]
    with pytest.raises(AttributeError, match="did you mean Boxes"):
        both.Boxs = []
    with pytest.raises(TypeError, match="what GetTransferFunction2D returns"):
        colors.TransferFunction2D = "x"
    for mode in ("Never", "Grow and update on 'Apply'", "Update on 'Apply'", "Clamp and update every timestep"):
        colors.AutomaticRescaleRangeMode = mode
        assert colors.AutomaticRescaleRangeMode == mode


def test_settings_are_backgrounds_and_what_is_kept(tmp_path: Path) -> None:
    view = simple.CreateRenderView(ViewSize=[40, 40], OrientationAxesVisibility=0)
    assert simple.GetAllSettings() == ["ColorPalette", "GeneralSettings"]
    palette = simple.GetSettingsProxy("ColorPalette")
    palette.Background = [1.0, 0.0, 0.0]
    assert middle(tmp_path / "red.png", view) == [255, 0, 0] and palette.BackgroundColor == [1.0, 0.0, 0.0]
    later = simple.CreateRenderView(ViewSize=[40, 40], OrientationAxesVisibility=0)
    assert later.Background == [1.0, 0.0, 0.0]
    simple.LoadPalette("BlackBackground")
    assert middle(tmp_path / "black.png", view) == [0, 0, 0] and palette.BackgroundColor == [0.0, 0.0, 0.0]
    palette.BackgroundColorMode = "Gradient"
    palette.BackgroundColor2 = [1.0, 1.0, 1.0]
    assert middle(tmp_path / "gradient.png", view)[0] == pytest.approx(127, abs=6)
    for wrong in ([7.0, 0.0, 0.0], [1.0, 0.0], "red"):
        with pytest.raises(ValueError, match=r"ColorPalette\.BackgroundColor = "):
            palette.BackgroundColor = wrong
        assert palette.BackgroundColor == [0.0, 0.0, 0.0]
    assert len(simple.GetViews()) == 2 and simple.CreateRenderView().Background == [0.0, 0.0, 0.0]
    assert palette.Text == palette.Foreground == [1.0, 1.0, 1.0] and palette.Surface == [1.0, 1.0, 1.0]
    palette.LoadPalette = "WhiteBackground"
    assert palette.Text == palette.Foreground == [0.0, 0.0, 0.0] and palette.BackgroundColorMode == "Single Color"
    view.Update()
    view.ViewSize = [160, 80]
    simple.Show(simple.Text(Text="Text"), view)
    palette.Text = [0.0, 1.0, 0.0]
    simple.SaveScreenshot(tmp_path / "text.png", view)
    assert (pixels(tmp_path / "text.png") == (0, 255, 0)).all(axis=2).sum() > 5
    with pytest.raises(AttributeError, match="did you mean Foreground"):
        palette.Foregroun = [0, 0, 0]
    general = simple.GetSettingsProxy("GeneralSettings")
    general.AutoApply = 1
    assert (general.AutoApply, general.GetProperty("DefaultViewType")) == (1, "RenderView")
    with pytest.raises(AttributeError, match="did you mean AutoApply"):
        general.AutoAply = 1
    with pytest.raises(ValueError, match="ColorPalette, GeneralSettings"):
        simple.GetSettingsProxy("RenderViewSettings")


def test_scenes_series_and_what_draws(tmp_path: Path) -> None:
    flat_view = simple.Create2DRenderView(ViewSize=[40, 40])
    assert (flat_view.CameraParallelProjection, flat_view.InteractionMode) == (1, "2D")
    simple.SaveData(tmp_path / "ball.stl", simple.Sphere())
    ball = simple.ImportView(tmp_path / "ball.stl", flat_view)
    assert simple.GetRepresentation(ball, flat_view).Visibility == 1
    assert ball.GetDataInformation().GetNumberOfCells() == 96
    drawn = simple.GetOpenGLInformation()
    assert drawn.GetVersion() in drawn.GetCapabilities() and "window: vtk" in drawn.GetCapabilities()
    assert isinstance(drawn.GetVendor(), str) and drawn.GetRenderer() in repr(drawn)
    wavelet = simple.Wavelet(WholeExtent=[0, 2, 0, 2, 0, 2])
    for number in range(2):
        simple.SaveData(tmp_path / f"wave_{number}.vti", wavelet)
    reader = simple.OpenDataFile([str(tmp_path / "wave_0.vti"), str(tmp_path / "wave_1.vti")])
    assert len(reader.TimestepValues) == 2 and simple.ExtendFileSeries(reader)
    assert len(reader.TimestepValues) == 2, "there are no more"
    simple.SaveData(tmp_path / "wave_2.vti", wavelet)
    assert simple.ExtendFileSeries(reader) and len(reader.TimestepValues) == 3
    assert not simple.ExtendFileSeries(wavelet), "it reads no files"


def test_a_trace_is_a_script_of_what_there_is() -> None:
    from servermanager.simple.modules import smtrace

    with pytest.raises(RuntimeError, match="no trace was begun"):
        smtrace.stop_trace()
    smtrace.start_trace()
    simple.Sphere(Radius=2.5)
    assert "Radius=2.5" in smtrace.get_current_trace_output()
    simple.Cone(Height=3.5)
    text = smtrace.stop_trace()
    assert "Radius=2.5" in text and "Height=3.5" in text and "from servermanager import connect" in text
    compile(text.replace("await ", "").replace("async ", ""), "trace", "exec")
    assert np.isclose(simple.FindSource("Sphere1").Radius, 2.5)
    smtrace.start_trace()
    simple.Disconnect()
    with pytest.raises(RuntimeError, match="no trace was begun"):
        smtrace.get_current_trace_output()


@pytest.mark.parametrize("window", [[0], [0, 1, 2], 3, ["first", "last"]])
def test_a_window_of_frames_is_two_numbers(window: Any, tmp_path: Path) -> None:
    view = simple.CreateRenderView(ViewSize=[20, 20])
    simple.CreateExtractor("VTP", simple.Sphere())
    with pytest.raises(ValueError, match="FrameWindow is the first and the last frame"):
        simple.SaveAnimation(tmp_path / "a.png", view, FrameWindow=window)
    with pytest.raises(ValueError, match="FrameWindow is the first and the last frame"):
        simple.SaveExtracts(ExtractsOutputDirectory=tmp_path / "extracts", FrameWindow=window)
    assert list(tmp_path.iterdir()) == []


def test_axes_with_numbers_are_objects_as_in_scripts_of_paraview(tmp_path: Path) -> None:
    view = simple.CreateView("RenderView", ViewSize=[200, 160], Background=[1, 1, 1], OrientationAxesVisibility=0)
    view.AxesGrid, view.LegendGrid = "Grid Axes 3D Actor", "Legend Grid Actor"
    shown = simple.Show(simple.Wavelet(), view, Representation="Outline", Color=[1, 1, 1])
    shown.DataAxesGrid, shown.PolarAxes = "Grid Axes Representation", "Polar Axes Representation"
    simple.ResetCamera(view)
    simple.SaveScreenshot(tmp_path / "none.png", view)
    assert not (pixels(tmp_path / "none.png").max(axis=2) < 60).any()
    view.AxesGrid.Visibility = 1
    view.AxesGrid.GridColor = [1.0, 0.0, 0.0]
    view.AxesGrid.XAxisUseCustomLabels = 1
    view.AxesGrid.XAxisLabels = [-5.0, 5.0]
    view.LegendGrid.Visibility = 1
    shown.PolarAxes.Visibility = 1
    shown.PolarAxes.PolarAxisColor = [0.0, 0.0, 1.0]
    assert (view.AxesGrid.XAxisLabels, view.AxesGrid.Visibility, view.LegendGrid.Visibility) == ([-5.0, 5.0], 1, 1)
    simple.SaveScreenshot(tmp_path / "all.png", view)
    seen = pixels(tmp_path / "all.png").astype(int)
    assert ((seen[..., 0] > 150) & (seen[..., 1] < 110) & (seen[..., 2] < 110)).sum() > 50  # the grid's lines
    assert ((seen[..., 2] > 150) & (seen[..., 0] < 110)).sum() > 5 and (seen.max(axis=2) < 60).sum() > 100


def test_views_take_textures(tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (4, 4), (255, 0, 0)).save(path)
    view = simple.CreateRenderView(ViewSize=[40, 40], OrientationAxesVisibility=0)
    texture = simple.CreateTexture(str(path))
    view.BackgroundTexture = texture
    view.EnvironmentalBGTexture = texture
    assert view.BackgroundTexture is texture is view.EnvironmentalBGTexture
    view.UseTexturedBackground = 1
    assert middle(tmp_path / "seen.png", view) == [255, 0, 0]
    view.BackgroundTexture = None
    assert view.BackgroundTexture is None
