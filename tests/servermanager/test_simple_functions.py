"""Functions of paraview.simple that make colors, settings, scenes and traces: what they return and change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

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


def test_what_traces_say_of_two_numbers_is_kept() -> None:
    shown = simple.Show(simple.Wavelet(), simple.CreateRenderView())
    both = simple.GetTransferFunction2D("RTData")
    assert simple.GetTransferFunction2D("RTData") is both
    colors = simple.GetColorTransferFunction("RTData")
    colors.TransferFunction2D = both
    shown.TransferFunction2D = both
    assert colors.TransferFunction2D is both is shown.TransferFunction2D
    assert both.RescaleTransferFunction(0.0, 1.0, 2.0, 3.0) and both.Range == [0.0, 1.0, 2.0, 3.0]
    shown.Use2DTransferFunction = 0
    with pytest.raises(ValueError, match="one array"):
        shown.Use2DTransferFunction = 1
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
