"""The functions of paraview.simple: what they take and return, as ParaView's do; one error for what is not there."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import simple
from servermanager.simple import absent, animation, cameras, displays, values
from services_core import RemoteError

from ..harness.apvtest import Server, pixels


@pytest.fixture(autouse=True)
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


def test_sources_are_made_named_found_and_deleted() -> None:
    sphere = simple.Sphere(registrationName="ball", Radius=2.0)
    assert simple.GetActiveSource() is sphere and simple.FindSource("ball") is sphere
    assert simple.FindSource("nothing") is None
    shrunk = simple.Shrink(ShrinkFactor=0.5)
    assert shrunk.Input is sphere, "the active source is the input"
    assert list(simple.GetSources()) == [
        ("ball", sphere.GetGlobalIDAsString()),
        ("Shrink1", shrunk.GetGlobalIDAsString()),
    ]
    simple.RenameSource("small", shrunk)
    assert simple.FindSource("small") is shrunk
    simple.Delete(sphere)
    assert [name for name, _ in simple.GetSources()] == ["small"], "what others use is gone by name"
    assert shrunk.GetDataInformation().GetBounds()[5] == pytest.approx(2.0, abs=0.2), "and goes on to be used"
    simple.Delete(shrunk)
    assert simple.GetSources() == {} and len(simple.servermanager.ActiveConnection.proxies) == 0


def test_a_name_that_is_taken_gets_a_number() -> None:
    first, second = simple.Sphere(registrationName="ball"), simple.Sphere(registrationName="ball")
    assert simple.FindSource("ball") is first
    assert first is not second and len(simple.GetSources()) == 2


def test_properties_are_lists_labels_and_numbers_as_scripts_have_them() -> None:
    contour = simple.Contour(simple.Wavelet())
    assert contour.ContourBy == ["POINTS", "RTData"]
    assert contour.Isosurfaces == [pytest.approx(157.0909652709961)]
    contour.Isosurfaces = 200
    assert contour.Isosurfaces == [200] and contour.Isosurfaces[0] == 200
    contour.ContourBy = "RTData"
    assert contour.ContourBy == ["POINTS", "RTData"]
    contour.ComputeScalars = 0
    assert contour.ComputeScalars == 0 and contour.GetProperty("ComputeScalars") == 0
    threshold = simple.Threshold(Input=contour)
    assert threshold.ThresholdMethod == "Between"
    contour.SetPropertyWithName("Isosurfaces", [100.0, 150.0])
    assert contour.GetPropertyValue("Isosurfaces") == [100.0, 150.0]
    assert {"Input", "ContourBy", "Isosurfaces"} <= set(contour.ListProperties())
    slice_ = simple.Slice(Input=simple.Wavelet(WholeExtent=[0, 10, 0, 10, 0, 4]), SliceType="Plane")
    assert slice_.SliceType.Origin == [5.0, 5.0, 2.0]
    simple.SetProperties(slice_, SliceOffsetValues=[1.0])
    assert slice_.SliceOffsetValues == [1.0]


def test_light_shades_lines_and_points_that_look_round_as_in_paraview() -> None:
    shown = simple.Show(simple.Sphere())
    assert shown.Lighting == 1
    shown.Representation = "Wireframe"
    assert shown.Lighting == 0
    shown.RenderPointsAsSpheres = 1  # which is about points
    assert shown.Lighting == 0
    shown.RenderLinesAsTubes = 1
    assert shown.Lighting == 1
    shown.RenderLinesAsTubes = 0
    assert shown.Lighting == 0
    shown.Representation = "Points"
    assert shown.Lighting == 1
    shown.Representation = "Surface"
    shown.RenderPointsAsSpheres = 0
    assert shown.Lighting == 1
    tubes = simple.Show(simple.Cone(), RenderLinesAsTubes=1, Representation="Wireframe")
    assert tubes.Lighting == 1
    tubes.Representation = "Outline"
    assert tubes.Lighting == 0


def test_names_of_older_paraviews_are_taken_and_told_where_they_stand() -> None:
    wavelet = simple.Wavelet()
    with pytest.warns(DeprecationWarning, match=r"LowerThreshold and Threshold\.UpperThreshold now") as warned:
        threshold = simple.Threshold(Input=wavelet, ThresholdRange=[100, 150])
    assert [one.filename for one in warned] == [__file__]
    assert threshold.LowerThreshold == 100 and threshold.GetDataInformation().GetNumberOfCells() == 724
    with pytest.warns(DeprecationWarning, match=r"Calculator\.AttributeType now"):
        calculator = simple.Calculator(Input=wavelet, AttributeMode="point_data", Function="2 * RTData")
    assert calculator.AttributeType == "Point Data" and calculator.PointData["Result"].GetRange()[1] > 500
    with pytest.raises(AttributeError, match="Glyph has no property 'ScaleMod'"):
        simple.Glyph(Input=wavelet, ScaleMod="scalar")
    with pytest.raises(AttributeError, match=r"there is no Glyph\.ScaleMode: the numbers of ScaleArray"):
        simple.Glyph(Input=wavelet, ScaleMode="scalar")


def test_what_outputs_hold_is_told_by_name() -> None:
    wavelet = simple.Wavelet()
    assert wavelet.PointData.keys() == ["RTData"] and len(wavelet.PointData) == 1 and "RTData" in wavelet.PointData
    array = wavelet.PointData["RTData"]
    assert array.GetRange() == pytest.approx((37.35310, 276.82883), abs=1e-4)
    assert (array.Name, array.GetNumberOfComponents(), array.GetDataType()) == ("RTData", 1, 10)
    information = wavelet.GetDataInformation()
    assert (information.GetNumberOfPoints(), information.GetNumberOfCells()) == (9261, 8000)
    assert information.GetBounds() == (-10.0, 10.0, -10.0, 10.0, -10.0, 10.0)
    assert information.GetExtent() == (-10, 10, -10, 10, -10, 10)
    assert information.GetPointDataInformation().GetArrayInformation("RTData").GetNumberOfTuples() == 9261
    assert information.GetDataClassName() == "vtkImageData"
    with pytest.raises(KeyError, match="RTData"):
        wavelet.PointData["RTDate"]
    contour = simple.Contour(Input=wavelet)
    assert [one.Name for one in contour.PointData] == ["Normals", "RTData"], "sorted by name, as ParaView's"
    assert contour.PointData["Normals"].GetRange(-1) == pytest.approx((1.0, 1.0))
    assert contour.PointData["Normals"].GetComponentName(1) == "Y"
    empty = simple.Threshold(Input=wavelet, Scalars=["POINTS", "RTData"], LowerThreshold=1e6, UpperThreshold=2e6)
    assert empty.GetDataInformation().GetBounds() == (1e299, -1e299) * 3


def test_data_is_fetched_as_objects_of_vtk() -> None:
    fetched = simple.servermanager.Fetch(simple.Sphere(ThetaResolution=12))
    assert (fetched.GetClassName(), fetched.GetNumberOfPoints()) == ("vtkPolyData", 74)


def test_what_is_shown_looks_as_in_paraview() -> None:
    wavelet = simple.Wavelet()
    view = simple.GetActiveViewOrCreate("RenderView")
    assert view is simple.GetActiveView() and simple.GetRenderViews() == [view]
    assert view.ViewSize == [400, 400]
    outline = simple.Show(wavelet, view)
    assert (outline.Representation, outline.ColorArrayName) == ("Outline", None)
    clip = simple.Show(simple.Clip(Input=wavelet), view)
    assert (clip.Representation, clip.ColorArrayName) == ("Surface", ["POINTS", "RTData"])
    flat = simple.Show(simple.ExtractSubset(Input=wavelet, VOI=[-10, 10, -10, 10, 0, 0]), view)
    assert (flat.Representation, flat.ColorArrayName) == ("Slice", ["POINTS", "RTData"])
    ball = simple.Show(simple.Sphere(), view)
    assert (ball.Representation, ball.ColorArrayName) == ("Surface", None), "normals are no scalars"
    assert simple.Show(wavelet, view) is outline
    simple.Hide(wavelet, view)
    assert simple.GetRepresentation(wavelet, view).Visibility == 0
    simple.Show(wavelet, view)
    assert outline.Visibility == 1
    with pytest.raises(RuntimeError, match="XYChartView"):
        simple.Show(simple.Histogram(Input=wavelet), view)


def test_the_camera_is_fitted_once_as_paraview_fits_it() -> None:
    wavelet = simple.Wavelet()
    view = simple.CreateRenderView()
    simple.Show(wavelet, view)
    simple.Render()
    assert view.CameraPosition == pytest.approx([0.0, 0.0, 66.92130429902464])
    assert view.CameraParallelScale == pytest.approx(17.320508075688775)
    simple.Show(simple.Box(XLength=100.0, YLength=100.0, ZLength=100.0), view)
    simple.Render()
    assert view.CameraPosition == pytest.approx([0.0, 0.0, 66.92130429902464]), "it stays"
    simple.ResetCamera()
    assert view.CameraPosition == pytest.approx([0.0, 0.0, 334.6065214951232])
    view.ResetActiveCameraToNegativeX()
    assert view.CameraPosition == pytest.approx([334.6065214951232, 0.0, 0.0])
    assert view.CameraViewUp == [0.0, 0.0, 1.0]


def test_the_camera_moves_as_that_of_vtk() -> None:
    from vtkmodules.vtkRenderingCore import vtkCamera

    view = simple.CreateRenderView(CameraPosition=[3.0, 2.0, 4.0], CameraFocalPoint=[0.0, 0.5, 0.0])
    ours, theirs = simple.GetActiveCamera(), vtkCamera()
    theirs.SetPosition(3.0, 2.0, 4.0)
    theirs.SetFocalPoint(0.0, 0.5, 0.0)
    assert isinstance(ours, cameras.Camera) and view.CameraViewUp == [0.0, 1.0, 0.0]
    moves = (("Azimuth", 30.0), ("Elevation", 20.0), ("Roll", 15.0), ("Dolly", 1.5), ("Zoom", 2.0), ("Yaw", 5.0))
    for name, amount in (*moves, ("Pitch", -7.0)):
        getattr(ours, name)(amount)
        getattr(theirs, name)(amount)
        assert ours.GetPosition() == pytest.approx(theirs.GetPosition()), name
        assert ours.GetFocalPoint() == pytest.approx(theirs.GetFocalPoint()), name
        assert ours.GetViewUp() == pytest.approx(theirs.GetViewUp()), name
        assert ours.GetViewAngle() == pytest.approx(theirs.GetViewAngle()), name
        assert ours.GetDistance() == pytest.approx(theirs.GetDistance()), name


def test_arrays_share_their_colors() -> None:
    view = simple.CreateRenderView(ViewSize=[200, 150])
    wavelet = simple.Wavelet()
    shown = simple.Show(simple.Slice(Input=wavelet), view)
    other = simple.Show(simple.Contour(Input=wavelet), view)
    colors = simple.GetColorTransferFunction("RTData")
    ends = shown.source.proxy.PointData["RTData"].GetRange()
    assert colors.RGBPoints[0] == pytest.approx(ends[0]) and colors.RGBPoints[-4] == pytest.approx(ends[1])
    assert shown.LookupTable is colors and other.LookupTable is colors
    colors.RescaleTransferFunction(0.0, 400.0)
    assert colors.RGBPoints[0] == 0.0 and colors.RGBPoints[-4] == 400.0
    colors.ApplyPreset("Viridis (matplotlib)", True)
    assert colors.RGBPoints[1:4] == pytest.approx([0.267004, 0.004874, 0.329415], abs=2e-3)
    assert shown.RescaleTransferFunctionToDataRange(False, True)
    assert colors.RGBPoints[0] == pytest.approx(shown.source.proxy.PointData["RTData"].GetRange()[0])
    shown.SetScalarBarVisibility(view, True)
    legend = simple.GetScalarBar(colors, view)
    assert legend.Visibility == 1 and shown.IsScalarBarVisible(view)
    legend.Title = "values"
    simple.HideScalarBarIfNotNeeded(colors, view)
    assert legend.Visibility == 1
    simple.ColorBy(shown, None)
    simple.ColorBy(other, ("POINTS", "Normals", "Z"))
    assert other.ColorArrayName == ["POINTS", "Normals", 2]
    with pytest.raises(ValueError, match="no component 'U'"):
        simple.ColorBy(other, ("POINTS", "Normals", "U"))
    simple.GetOpacityTransferFunction("RTData").Points = [0.0, 0.0, 0.5, 0.0, 300.0, 1.0, 0.5, 0.0]


def test_palettes_are_backgrounds(tmp_path: Path) -> None:
    view = simple.CreateRenderView(ViewSize=[40, 30], OrientationAxesVisibility=0)
    simple.LoadPalette(paletteName="WhiteBackground")
    simple.SaveScreenshot(tmp_path / "white.png", view)
    assert (pixels(tmp_path / "white.png") == 255).all()
    simple.SaveScreenshot(
        tmp_path / "black.png", view, OverrideColorPalette="BlackBackground", ImageResolution=[20, 10]
    )
    black = pixels(tmp_path / "black.png")
    assert black.shape == (10, 20, 3) and (black == 0).all()
    assert view.Background == [1.0, 1.0, 1.0]
    with pytest.raises(ValueError, match="Did you mean 'WhiteBackground'"):
        simple.LoadPalette("WhiteBackgrund")
    with pytest.raises(ValueError, match="ImageResolution"):
        simple.SaveScreenshot(tmp_path / "x.png", view, ImageResolutin=[20, 10])


def test_layouts_make_one_picture_of_several_views(tmp_path: Path) -> None:
    layout = simple.CreateLayout("both")
    left, right = simple.CreateRenderView(), simple.CreateRenderView()
    for view, color in ((left, [1.0, 0.0, 0.0]), (right, [0.0, 0.0, 1.0])):
        view.OrientationAxesVisibility = 0
        view.Background = color
    simple.AssignViewToLayout(view=left, layout=layout)
    assert layout.SplitHorizontal(0, 0.5) == 1
    assert layout.AssignView(2, right) and layout.GetViewLocation(right) == 2
    simple.SaveScreenshot(tmp_path / "both.png", layout, ImageResolution=[104, 40])
    image = pixels(tmp_path / "both.png")
    assert image.shape == (40, 104, 3)
    assert (image[:, :52] == [255, 0, 0]).all() and (image[:, 53:] == [0, 0, 255]).all()
    assert (image[:, 52] == [238, 235, 231]).all(), "the separator is a pixel, as in ParaView"
    simple.SaveScreenshot(
        tmp_path / "all.png",
        left,
        ImageResolution=[104, 40],
        SaveAllViews=1,
        SeparatorWidth=4,
        SeparatorColor=[0, 1, 0],
    )
    wider = pixels(tmp_path / "all.png")
    assert (wider[:, 50:54] == [0, 255, 0]).all() and (wider[:, 54:] == [0, 0, 255]).all()
    assert layout.SeparatorWidth == 1
    assert simple.GetLayout(right) is layout and simple.GetViewsInLayout(layout) == [left, right]
    with pytest.raises(ValueError, match="cell 7 is not there; cells that can be split are"):
        layout.SplitVertical(7, 0.5)
    layout.SplitViewVertical(right, 0.25)
    assert (layout.GetSplitDirection(0), layout.GetSplitDirection(2), layout.GetSplitFraction(2)) == (2, 1, 0.25)
    assert layout.GetViewLocation(right) == 5 and layout.SwapCells(5, 6) and layout.GetViewLocation(right) == 6
    simple.EqualizeViewsVertically(layout)
    assert layout.GetSplitFraction(2) == 0.5 and layout.Collapse(5) and layout.GetViewLocation(right) == 2
    layout.SetSize(201, 50)
    assert (left.ViewSize, right.ViewSize, layout.GetLayoutExtent()) == ([101, 50], [99, 50], [0, 200, 0, 49])
    simple.RemoveLayout(layout)
    there = simple.GetLayoutByName("both")
    assert there is not layout and there.GetViews() == [] and simple.GetLayout(left) is None, "the last one is replaced"
    with pytest.raises(ValueError, match="there is no such layout"):
        simple.RemoveLayout(layout)
    simple.RemoveViewsAndLayouts()
    assert simple.GetLayouts() == {} and simple.GetRenderViews() == []


def test_keyframes_are_changed_one_by_one() -> None:
    sphere, scene = simple.Sphere(), simple.GetAnimationScene()
    track = simple.GetAnimationTrack("Radius", proxy=sphere)
    first, last = animation.CompositeKeyFrame(KeyValues=1.0), animation.CompositeKeyFrame(KeyTime=1.0)
    last.KeyValues = [3.0]
    track.KeyFrames = [last, first]
    assert track.KeyFrames == [first, last] and first.ListProperties()[:3] == ["KeyTime", "KeyValues", "Interpolation"]
    scene.AnimationTime = 0.25
    assert sphere.Radius == 1.5 and scene.Cues[1:] == [track] and track.AnimatedElement == 0
    first.Interpolation, first.EndPower = "Exponential", 3.0
    scene.AnimationTime = 0.5
    assert sphere.Radius == pytest.approx(1.0 + 2.0 * (2**1.5 - 1) / 7)
    first.Interpolation = 1
    scene.AnimationTime = 0.9
    assert (sphere.Radius, first.Interpolation) == (1.0, "Boolean")
    with pytest.raises(AttributeError, match="CompositeKeyFrame has no property 'KeyValue'; did you mean KeyValues"):
        animation.CompositeKeyFrame(KeyValue=[1.0])
    with pytest.raises(ValueError, match=r"CompositeKeyFrame\.KeyTime = 1\.5: expected a number from 0 to 1"):
        first.KeyTime = 1.5
    with pytest.raises(TypeError, match="KeyFrames of a KeyFrameAnimationCue are CompositeKeyFrames"):
        track.KeyFrames = [animation.CameraKeyFrame()]
    session = simple.GetActiveConnection()
    session.undo.undo()
    assert track.KeyFrames[0].Interpolation == "Exponential"
    scene.Cues.remove(track)
    assert len(scene.Cues) == 1 and simple.GetTimeTrack() is scene.Cues[0]


def test_tracks_are_made_as_scripts_of_before_make_them() -> None:
    sphere, scene = simple.Sphere(), simple.GetAnimationScene()
    cue = simple.KeyFrameAnimationCue(AnimatedPropertyName="Radius")
    cue.AnimatedProxy = sphere
    cue.KeyFrames = [simple.CompositeKeyFrame(KeyValues=1), simple.CompositeKeyFrame(KeyTime=1, KeyValues=2)]
    scene.Cues.append(cue)
    scene.AnimationTime = 0.5
    assert sphere.Radius == 1.5 and simple.GetAnimationTrack("Radius", proxy=sphere) is cue
    view = simple.CreateRenderView()
    camera = simple.CameraAnimationCue(AnimatedProxy=view, Mode="Path-based")
    assert simple.GetCameraTrack(view) is camera and camera.AnimatedProxy is view
    with pytest.raises(NotImplementedError, match="PythonAnimationCue is not there: what Python does at each time"):
        simple.PythonAnimationCue()


def test_properties_of_objects_and_of_what_is_shown_are_animated() -> None:
    view, scene = simple.CreateRenderView(ViewSize=[60, 60]), simple.GetAnimationScene()
    cut = simple.Slice(Input=simple.Wavelet())
    shown = simple.Show(cut, view)
    frames = [simple.CompositeKeyFrame(KeyTime=0, KeyValues=0), simple.CompositeKeyFrame(KeyTime=1, KeyValues=8)]
    simple.GetAnimationTrack("Origin", 0, cut.SliceType).KeyFrames = frames
    simple.GetAnimationTrack("Opacity", proxy=cut).KeyFrames = [
        simple.CompositeKeyFrame(KeyTime=0, KeyValues=1), simple.CompositeKeyFrame(KeyTime=1, KeyValues=0)
    ]  # fmt: skip
    scene.AnimationTime = 0.5
    assert cut.SliceType.Origin == [4.0, 0.0, 0.0] and shown.Opacity == 0.5
    cut.UpdatePipeline()
    assert cut.GetDataInformation().GetBounds()[:2] == (4.0, 4.0)
    camera = simple.GetCameraTrack(view)
    camera.Mode = "Path-based"
    camera.KeyFrames = [
        simple.CameraKeyFrame(PositionPathPoints=[0, 0, 9, 9, 0, 0, 0, 0, -9], FocalPathPoints=[0, 0, 0]),
        simple.CameraKeyFrame(KeyTime=1.0),
    ]
    scene.AnimationTime = 0.5
    assert view.CameraPosition == pytest.approx([9.0, 0.0, 0.0]) and simple.GetCameraTrack(view) is camera


def test_the_animation_moves_properties_and_time(tmp_path: Path) -> None:
    sphere, scene = simple.Sphere(), simple.GetAnimationScene()
    view = simple.CreateRenderView(ViewSize=[60, 60])
    simple.Show(sphere, view)
    scene.StartTime, scene.EndTime, scene.NumberOfFrames = 0.0, 10.0, 3
    track = simple.GetAnimationTrack("Center", index=1, proxy=sphere)
    track.KeyFrames = [
        simple.CompositeKeyFrame(KeyTime=0.0, KeyValues=[0.0]), simple.CompositeKeyFrame(KeyTime=1.0, KeyValues=[4.0])
    ]  # fmt: skip
    assert simple.GetAnimationTrack("Center", index=1, proxy=sphere) is track
    scene.AnimationTime = 2.5
    assert sphere.Center == [0.0, 1.0, 0.0] and simple.GetTimeKeeper().Time == 2.5 and view.ViewTime == 2.5
    scene.GoToLast()
    assert sphere.Center == [0.0, 4.0, 0.0]
    simple.SaveAnimation(tmp_path / "moves.png", view, ImageResolution=[30, 30])
    files = sorted(one.name for one in tmp_path.iterdir())
    assert files == ["moves.0000.png", "moves.0001.png", "moves.0002.png"]
    assert sphere.Center == [0.0, 4.0, 0.0], "it is as it was"
    with pytest.raises(AttributeError, match="did you mean Radius"):
        simple.GetAnimationTrack("Radios", proxy=sphere)


def test_files_are_written_and_opened(tmp_path: Path) -> None:
    sphere = simple.Sphere(ThetaResolution=9)
    path = str(tmp_path / "ball.vtp")
    simple.SaveData(path, sphere)
    reader = simple.OpenDataFile(path, registrationName="ball.vtp")
    assert reader.GetDataInformation().GetNumberOfPoints() == sphere.GetDataInformation().GetNumberOfPoints()
    simple.SaveData(path, simple.Sphere(ThetaResolution=20))
    assert simple.ReloadFiles(reader)
    assert reader.GetDataInformation().GetNumberOfPoints() == 122
    writer = simple.CreateWriter(str(tmp_path / "again.vtp"), reader)
    writer.UpdatePipeline()
    assert (tmp_path / "again.vtp").exists()
    with pytest.raises(RemoteError, match=r"nothing\.vtp"):
        simple.OpenDataFile(str(tmp_path / "nothing.vtp")).UpdatePipeline()


def test_states_are_saved_and_loaded(tmp_path: Path) -> None:
    simple.Sphere(registrationName="ball", Radius=3.0)
    simple.SaveState(tmp_path / "state.json")
    simple.ResetSession()
    assert simple.FindSource("ball") is None
    simple.LoadState(tmp_path / "state.json")
    assert simple.FindSource("ball").Radius == 3.0
    (tmp_path / "state.py").write_text("from paraview.simple import *\nCone(registrationName='hat')\n")
    simple.LoadState(tmp_path / "state.py")
    assert simple.FindSource("hat").GetXMLName() == "ConeSource"


def test_types_have_the_names_and_groups_of_paraviews_own_definitions() -> None:
    ball = simple.Sphere()
    cut, shown, view = simple.Slice(Input=ball), simple.Show(ball), simple.GetActiveViewOrCreate("RenderView")
    colors, opacities = simple.GetColorTransferFunction("p"), simple.GetOpacityTransferFunction("p")
    plot = simple.CreateView("XYChartView")
    proxies = [ball, ball.SMProxy, simple.Calculator(Input=ball), cut, cut.SliceType, simple.Transform(Input=ball)]
    found = [(one.GetXMLName(), one.GetXMLGroup()) for one in (*proxies, shown, view, plot, colors, opacities)]
    assert found == [
        ("SphereSource", "sources"), ("SphereSource", "sources"), ("Calculator", "filters"), ("Cut", "filters"),
        ("Plane", "implicit_functions"), ("TransformFilter", "filters"), ("GeometryRepresentation", "representations"),
        ("RenderView", "views"), ("XYChartView", "views"), ("PVLookupTable", "lookup_tables"),
        ("PiecewiseFunction", "piecewise_functions"),
    ]  # fmt: skip


def test_a_server_elsewhere_takes_the_place_of_the_one_before() -> None:
    simple.Sphere()
    with Server("zmq") as server:
        connection = simple.Connect(server.url)
        assert simple.servermanager.ActiveConnection is connection
        assert connection.about["url"] == server.url and simple.GetSources() == {}
        assert simple.Wavelet().GetDataInformation().GetNumberOfPoints() == 9261
        simple.Disconnect()
        assert simple.servermanager.ActiveConnection is None


def test_what_is_not_there_says_so_at_once_with_the_nearest_name() -> None:
    with pytest.raises(AttributeError, match=r"no function and no type 'Contor'.*did you mean Contour"):
        _ = simple.Contor
    with pytest.raises(AttributeError, match="did you mean SaveScreenshot"):
        _ = simple.SaveScreenShot
    with pytest.raises(AttributeError, match="Contour has no property 'Isosurface'; did you mean Isosurfaces"):
        simple.Contour(Input=simple.Wavelet(), Isosurface=[1.0])
    assert [name for name, _ in simple.GetSources()] == ["Wavelet1"], "nothing half made"
    sphere = simple.Sphere()
    with pytest.raises(AttributeError, match="did you mean Radius"):
        sphere.Radios = 1.0
    with pytest.raises(AttributeError, match="did you mean Radius"):
        _ = sphere.Radios
    with pytest.raises(ValueError, match="did you mean RenderView"):
        simple.CreateView("RenderVew")
    with pytest.raises(NotImplementedError, match=r"own_types\.md"):
        simple.LoadDistributedPlugin("Moments")
    with pytest.raises(TypeError, match="no input"):
        simple.Sphere(sphere)
    with pytest.raises(RuntimeError, match="no view is active"):
        simple.Render()


def test_every_absent_function_is_refused_with_a_way_out() -> None:
    for name, instead in absent.ABSENT.items():
        assert not hasattr(displays, name) and instead
        with pytest.raises(NotImplementedError, match=name):
            getattr(simple, name)()


def test_the_functions_that_public_scripts_use_are_there() -> None:
    used = json.loads((Path(__file__).parents[1] / "paraview_scripts" / "functions.json").read_text())
    names = set(simple.__all__) | {"_DisableFirstRenderCameraReset"}
    assert [name for name in used if name not in names] == []
    assert {"Sphere", "Contour", "Wavelet", "Clip"} <= names
    refused = {name for name in used if name in absent.ABSENT}
    assert refused == {"LoadPlugin", "LoadDistributedPlugin", "CreateComparativeRenderView"}, "of 99"
    assert len(used) == 99


@pytest.mark.parametrize(
    ("entry", "given", "taken"),
    [
        ({"kind": "simple", "size": 1, "type": "float"}, [2.0], 2.0),
        ({"kind": "indexed", "size": 0, "type": "float", "default": []}, 2.0, [2.0]),
        ({"kind": "indexed", "size": 0, "type": "str", "default": ""}, "a", "a"),
        ({"kind": "simple", "size": 1, "type": "bool"}, 1, True),
        ({"kind": "indexed", "type": "str", "domain": {"kind": "arrays"}}, "V", ["POINTS", "V"]),
        ({"kind": "indexed", "type": "str", "domain": {"kind": "arrays"}}, ["POINTS", "No scale array"], []),
        ({"kind": "indexed", "type": "str", "domain": {"kind": "arrays"}}, None, []),
        ({"type": "str", "domain": {"kind": "arrays", "nothing": "No one"}}, ["POINTS", ""], ["POINTS", "No one"]),
        ({"type": "str", "domain": {"kind": "arrays", "nothing": "No one"}}, ["CELLS", "None"], ["CELLS", "No one"]),
        ({"type": "str", "domain": {"kind": "arrays", "nothing": "No one"}}, None, ["POINTS", "No one"]),
        ({"kind": "indexed", "type": "str", "domain": {"kind": "arrays"}}, "C", ["CELLS", "C"]),
    ],
)
def test_values_are_taken_as_paraview_takes_them(entry: dict[str, Any], given: Any, taken: Any) -> None:
    assert values.taken_value(entry, given, [("CELLS", "C")]) == taken


def test_no_array_is_none_where_the_data_would_give_one() -> None:
    """A glyph of data with numbers was scaled by those although a script had asked for no scaling."""
    wavelet = simple.Wavelet(WholeExtent=[-4, 4, -4, 4, -4, 4])
    scaled_bounds = simple.Glyph(Input=wavelet, GlyphMode="All Points").GetDataInformation().GetBounds()
    assert scaled_bounds[1] > 200
    for none in (["POINTS", "No scale array"], None, "None", ["POINTS", ""]):
        glyph = simple.Glyph(Input=wavelet, GlyphMode="All Points", ScaleArray=none)
        assert glyph.GetDataInformation().GetBounds()[1] == pytest.approx(4.8, abs=1e-6), none
        assert glyph.ScaleArray == ["POINTS", "No scale array"]


def span(colors: Any) -> tuple[float, float]:
    points = colors.RGBPoints
    return points[0], points[-4]


def test_colors_span_what_was_shown_or_colored_last_as_in_paraview() -> None:
    """They spanned all data of that name instead, and followed it; a script's pictures had other colors than there."""
    view = simple.CreateRenderView(ViewSize=[100, 80])
    wavelet = simple.Wavelet()
    parts = [simple.Contour(Input=wavelet, Isosurfaces=list(ends)) for ends in ((100.0, 150.0), (200.0, 250.0))]
    first = simple.Show(parts[0], view)
    colors = simple.GetColorTransferFunction("RTData")
    assert span(colors) == pytest.approx((100.0, 150.0))
    second = simple.Show(parts[1], view)
    assert span(colors) == pytest.approx((100.0, 250.0)), "it is extended by what is shown anew"
    simple.ColorBy(second, ("POINTS", "RTData"))
    assert span(colors) == pytest.approx((200.0, 250.0))
    assert first.RescaleTransferFunctionToDataRange(True, True) and span(colors) == pytest.approx((100.0, 250.0))
    assert first.RescaleTransferFunctionToDataRange(False, True) and span(colors) == pytest.approx((100.0, 150.0))
    parts[0].Isosurfaces = [50.0, 60.0]
    simple.Render(view)
    assert span(colors) == pytest.approx((100.0, 150.0)), "it stays where it is when the data changes"
    colors.AutomaticRescaleRangeMode = "Never"
    assert not first.RescaleTransferFunctionToDataRange(False, False) and span(colors) == pytest.approx((100.0, 150.0))
    simple.ColorBy(first, ("POINTS", ""))
    assert not first.RescaleTransferFunctionToDataRange()
    simple.ColorBy(first, ("POINTS", "Normals"))
    normals = simple.GetColorTransferFunction("Normals")
    assert span(normals) == pytest.approx((1.0, 1.0), abs=1e-3), "of vectors it is the length"
    simple.ColorBy(first, ("POINTS", "Normals", "X"))
    assert span(normals) == pytest.approx(parts[0].PointData["Normals"].GetRange(0))


def test_one_number_only_has_the_first_color(tmp_path: Path) -> None:
    view = simple.CreateRenderView(ViewSize=[60, 60], OrientationAxesVisibility=0)
    plane = simple.Plane()
    for value, end in ((0.0, 1.17549e-38), (1.0, 1.000244140625), (-5.0, -4.9990234375), (1000.0, 1000.125)):
        constant = simple.Calculator(Input=plane, Function=str(value), ResultArrayName=f"constant {value}")
        shown = simple.Show(constant, view, Representation="Surface")
        simple.ColorBy(shown, ("POINTS", f"constant {value}"))
        shown.Lighting = 0
        assert span(simple.GetColorTransferFunction(f"constant {value}")) == pytest.approx((value, end), rel=1e-12)
        simple.SaveScreenshot(str(tmp_path / "one.png"), view)
        assert np.abs(pixels(tmp_path / "one.png")[30, 30, :3].astype(int) - [59, 76, 192]).max() <= 4, value
        simple.Hide(constant, view)


def test_the_camera_is_fitted_to_a_box() -> None:
    """The box was taken, and not looked at."""
    view = simple.CreateRenderView(ViewSize=[200, 200])
    simple.Show(simple.Sphere(), view)
    view.CameraParallelProjection = 1
    for box in ((1.5, 2.5, 0.0, 1.0, -0.5, 0.5), ((1.5, 2.5, 0.0, 1.0, -0.5, 0.5),)):
        view.ResetCamera(False, 0.9)
        assert view.CameraFocalPoint == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)
        view.ResetCamera(*box)
        assert view.CameraFocalPoint == pytest.approx([2.0, 0.5, 0.0])
        assert view.CameraParallelScale == pytest.approx(3**0.5 / 2)
    simple.ResetCameraToDirection([0, 0, 0], [1, 0, 0], [0, 0, 1], view, bounds=[0, 2, 0, 2, 0, 2])
    assert view.CameraFocalPoint == pytest.approx([1.0, 1.0, 1.0]) and view.CameraPosition[0] < 0
    for wrong in ((1.0, 2.0), (1.0, 0.0, 0.0, 1.0, 0.0, 1.0)):
        with pytest.raises(ValueError, match="takes xmin, xmax, ymin, ymax, zmin, zmax, not 1"):
            view.ResetCamera(wrong)
    assert view.CenterOfRotation == [0.0, 0.0, 0.0], "as ParaView's is until it is set"


def test_data_sets_are_counted_in_blocks_of_blocks() -> None:
    inner = simple.GroupDatasets(Input=[simple.Sphere(), simple.Cone()])
    outer = simple.GroupDatasets(Input=[inner, simple.Box()])
    assert outer.GetDataInformation().GetNumberOfDataSets() == 3
    assert inner.GetDataInformation().GetNumberOfDataSets() == 2


def test_what_is_read_of_a_file_is_a_list_of_names(tmp_path: Path) -> None:
    double = simple.Calculator(Input=simple.Wavelet(WholeExtent=[-2, 2] * 3), Function="2*RTData", ResultArrayName="b")
    path = str(tmp_path / "two.vti")
    simple.SaveData(path, proxy=double)
    reader = simple.OpenDataFile(path)
    assert reader.PointArrayStatus == ["RTData", "b"], "all, unless something else was said"
    reader.PointArrayStatus = ["b"]
    assert reader.PointArrayStatus == ["b"] and reader.PointData.keys() == ["b"]
    reader.PointArrayStatus = {"RTData": True, "b": False}
    assert reader.PointArrayStatus == ["RTData"] and reader.PointData.keys() == ["RTData"]


def test_a_box_is_fitted_also_into_an_upright_picture() -> None:
    camera = {
        "CameraPosition": [0, 0, 1], "CameraFocalPoint": [0, 0, 0], "CameraViewUp": [0, 1, 0], "CameraViewAngle": 30.0
    }  # fmt: skip
    wide, upright = (cameras.fitted([-1, 1] * 3, camera, aspect) for aspect in (2.0, 0.5))
    assert wide["CameraPosition"][2] == pytest.approx(3**0.5 / np.sin(np.radians(15)))
    assert upright["CameraParallelScale"] == pytest.approx(2 * 3**0.5)
    assert cameras.united([]) is None and cameras.united([[0, 1] * 3, [-1, 0] * 3]) == [-1, 1] * 3


def test_data_is_saved_as_scripts_of_paraview_say(tmp_path: Path) -> None:
    wavelet = simple.Wavelet(WholeExtent=[0, 2, 0, 1, 0, 0])
    chosen = {"ChooseArraysToWrite": 1, "PointDataArrays": ["RTData"]}
    assert simple.SaveData(str(tmp_path / "a.csv"), proxy=wavelet, Precision=5, FieldAssociation="Point Data", **chosen)
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert lines[0] == '"RTData","Points:0","Points:1","Points:2"' and len(lines) == 7
    assert lines[1].split(",")[1:] == ["0.0", "0.0", "0.0"] and lines[-1].split(",")[1:] == ["2.0", "1.0", "0.0"]
    simple.SaveData(str(tmp_path / "a.vti"), wavelet, CompressorType="LZ4", CompressionLevel="5", **chosen)
    assert "vtkLZ4DataCompressor" in (tmp_path / "a.vti").read_bytes()[:300].decode("latin-1")
    with pytest.raises(RemoteError, match="no compressor is called 'Zip'"):
        simple.SaveData(str(tmp_path / "a.vti"), wavelet, CompressorType="Zip")
    moving = simple.TimeSourceExample()
    steps = list(moving.TimestepValues)
    some = {"WriteTimeSteps": 1, "Firsttimestep": 1, "Lasttimestep": 5, "Timestepstride": 2}
    simple.SaveData(str(tmp_path / "b.vtu"), moving, **some, Filenamesuffix="_%d")
    listed = json.loads((tmp_path / "b.vtu.series").read_text())["files"]
    assert listed == [{"name": f"b_{number}.vtu", "time": steps[1 + 2 * number]} for number in range(3)]
    simple.SaveData(str(tmp_path / "c.pvd"), moving, WriteTimeSteps=1)
    assert simple.OpenDataFile(str(tmp_path / "c.pvd")).TimestepValues == steps
    with pytest.raises(ValueError, match="several times are several files"):
        simple.SaveData(str(tmp_path / "c.csv"), moving, WriteTimeSteps=1, WriteTimeStepsSeparately=0)
    simple.CreateWriter(str(tmp_path / "d.vtu"), moving, Writetimestepsasfileseries=1).UpdatePipeline()
    assert len(json.loads((tmp_path / "d.vtu.series").read_text())["files"]) == len(steps)
    assert not (tmp_path / "c.csv").exists()


def test_extracts_are_written_as_scripts_of_paraview_say(tmp_path: Path) -> None:
    moving = simple.TimeSourceExample(registrationName="run")
    view = simple.CreateRenderView(ViewSize=[60, 40])
    simple.Show(moving, view)
    pictures = simple.CreateExtractor("PNG", view, registrationName="PNG1")
    pictures.Trigger = "TimeStep"
    pictures.Trigger.Frequency = 9
    pictures.Writer.FileName = "RenderView1_{timestep:06d}{camera}.png"
    pictures.Writer.ImageResolution = [30, 20]
    pictures.Writer.Format = "PNG"
    simple.SetActiveSource(moving)
    data = simple.CreateExtractor("VTU")
    data.Trigger = "Time Value"
    data.Trigger.Length = 0.5
    assert data.Writer.FileName == "run_{timestep:06d}.pvtu" and pictures.Trigger.UseStartTimeStep == 0
    assert simple.FindExtractor("PNG1") is pictures and simple.FindExtractor("PNG2") is None
    assert simple.GetExtractors() == [pictures, data] and simple.GetExtractors(moving) == [data]
    assert simple.SaveExtracts(ExtractsOutputDirectory=str(tmp_path / "x"), GenerateCinemaSpecification=1)
    made = sorted(one.name for one in (tmp_path / "x").iterdir() if one.is_file())
    assert made == [
        "RenderView1_000000.png", "RenderView1_000009.png", "data.csv", "run_000000.pvtu", "run_000005.pvtu",
    ]  # fmt: skip
    back = simple.OpenDataFile(str(tmp_path / "x" / "run_000005.pvtu"))
    assert back.GetDataInformation().GetNumberOfPoints() == moving.GetDataInformation().GetNumberOfPoints() > 0
    with pytest.raises(ValueError, match="no option 'FrameWindo'; did you mean FrameWindow"):
        simple.SaveExtracts(FrameWindo=(0, 1))
    with pytest.raises(ValueError, match="PNG makes those of colors"):
        simple.CreateExtractor("RecolorableImage", view)
    with pytest.raises(AttributeError, match="did you mean ImageResolution"):
        pictures.Writer.ImageResolutions = [1, 1]
    simple.Delete(data)
    assert simple.GetExtractors() == [pictures]
    again = simple.CreateExtractor("PNG", view, registrationName="PNG1")
    assert again.name == "PNG2", "two of one name: the second gets a number"


def test_scripts_of_catalyst_write_their_extracts(tmp_path: Path) -> None:
    simple.__dict__["as_paraview"]()
    options = importlib.import_module("paraview.catalyst").Options()
    options.GlobalTrigger = "Time Step"
    options.ExtractsOutputDirectory = str(tmp_path / "datasets")
    simple.CreateExtractor("VTP", simple.Sphere(), registrationName="VTP1").Writer.FileName = "a.vtp"
    assert simple.SaveExtractsUsingCatalystOptions(options)
    assert [one.name for one in (tmp_path / "datasets").iterdir()] == ["a.vtp"]
    with pytest.raises(AttributeError, match="did you mean GlobalTrigger"):
        options.GlobalTriger = 1
