"""What ParaView writes down when it saves a state as a script of Python runs, and says what the state said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servermanager import simple


@pytest.fixture(autouse=True)
def session() -> Iterator[None]:
    yield
    simple.Disconnect()


def contoured() -> tuple[Any, Any, Any]:
    """Return a view, a clip of a wavelet, and how it is shown."""
    view = simple.CreateView("RenderView")
    clip = simple.Clip(Input=simple.Wavelet(WholeExtent=[-2, 2, -2, 2, -2, 2]))
    return view, clip, simple.Show(clip, view, "UnstructuredGridRepresentation")


def test_what_every_state_writes_down_of_views_is_taken() -> None:
    view = simple.CreateView("RenderView")
    library = simple.GetMaterialLibrary()
    view.OSPRayMaterialLibrary = library
    view.Set(PolarGrid="Polar Grid Actor", StereoType=0, CameraPosition=[0.0, 0.0, 66.0])
    assert (view.OSPRayMaterialLibrary, view.StereoType, view.CameraPosition) == (
        None,
        "Crystal Eyes",
        [0.0, 0.0, 66.0],
    )
    view.AxesGrid = "Grid Axes 3D Actor"
    view.AxesGrid.Set(Visibility=1, XTitle="width")
    assert (view.AxesGrid.Visibility, view.AxesGrid.XTitle) == (True, "width")
    view.StereoType = 2
    assert view.StereoType == "Red-Blue"
    with pytest.raises(ValueError, match="numbers are 0 to 9"):
        view.StereoType = 11
    with pytest.raises(AttributeError, match="OSPRay's materials are not read"):
        library.LoadMaterials = "file.json"


def test_what_every_state_writes_down_of_filters_and_what_is_shown_is_taken() -> None:
    _, clip, shown = contoured()
    clip.Set(ClipType="Plane", HyperTreeGridClipper="Plane")
    clip.ClipType.Set(Origin=[1.0, 0.0, 0.0])
    clip.HyperTreeGridClipper.Origin = [5.0, 5.0, 5.0]  # it is another plane, and changes nothing
    assert clip.GetDataInformation().GetBounds() == (-2.0, 1.0, -2.0, 2.0, -2.0, 2.0)
    shown.Set(
        SelectInputVectors=[None, ""], WriteLog="", InterpolateScalarsBeforeMapping=1, Triangulate=0, Assembly="",
        UseDataPartitions=0, ShaderReplacements="", SelectedBlockSelectors=[""], TextureTransform="Transform2",
    )  # fmt: skip
    for name, value in (("InterpolateScalarsBeforeMapping", 0), ("Triangulate", 1), ("ShaderReplacements", "[...]")):
        with pytest.raises(ValueError, match=name):
            setattr(shown, name, value)


def test_lengths_that_are_those_of_data_without_points_are_told() -> None:
    _, _, shown = contoured()
    before = shown.GaussianRadius
    with pytest.warns(UserWarning, match=r"GaussianRadius = -0\.01 is what ParaView has for data without points"):
        shown.GaussianRadius = -0.01
    assert shown.GaussianRadius == before


def test_a_name_of_an_array_without_its_place_is_that_of_the_array_that_there_is() -> None:
    lines = simple.PlotOverLine(Input=simple.Wavelet(), Resolution=10)
    tube = simple.Tube(Input=lines)
    tube.Vectors = [None, "1"]  # as pvpython writes it
    tube.Scalars = [None, "RTData"]
    assert tube.Scalars == ["POINTS", "RTData"]
    assert tube.GetDataInformation().GetNumberOfPoints() > 11


def test_the_animation_of_a_state_has_the_tracks_that_it_names() -> None:
    sphere = simple.Sphere()
    view = simple.CreateView("RenderView")
    kept, left = simple.GetAnimationTrack("Radius", proxy=sphere), simple.GetAnimationTrack("Opacity", proxy=None or
        simple.Show(sphere, view))  # fmt: skip
    scene = simple.GetAnimationScene()
    scene.Set(ViewModules=view, Cues=[simple.GetTimeTrack(), kept])
    assert scene.ViewModules == [view] and scene.Cues == [simple.GetTimeTrack(), kept]
    with pytest.raises(ValueError, match="deleted"):
        scene.Cues = [left]
    with pytest.raises(ValueError, match="views of the session"):
        scene.ViewModules = [sphere]


def test_the_end_of_every_state_writes_nothing_where_there_is_nothing_to_write(tmp_path: Path) -> None:
    simple.Sphere()
    assert simple.SaveExtracts(ExtractsOutputDirectory=str(tmp_path / "extracts")) is False
    assert list(tmp_path.iterdir()) == []


def test_readers_take_several_files_as_times(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        simple.SaveData(str(tmp_path / f"f_{number}.vti"), simple.Wavelet(WholeExtent=[0, number, 0, 1, 0, 1]))
    files = [str(tmp_path / f"f_{number}.vti") for number in (1, 2, 10)]
    reader = simple.XMLImageDataReader(registrationName="f*", FileName=files)
    reader.PointArrayStatus = ["RTData"]
    reader.TimeArray = "None"
    assert reader.FileName == files and simple.FindSource("f*") == reader
    assert reader.TimestepValues == [0.0, 1.0, 2.0]
    widths = []
    for time in reader.TimestepValues:
        reader.UpdatePipeline(time)
        widths.append(reader.GetDataInformation().GetBounds()[1])
    assert widths == [1.0, 2.0, 10.0]
    there = len(simple.GetSources())
    with pytest.raises(AttributeError, match="PointArayStatus"):
        simple.XMLImageDataReader(FileName=files, PointArayStatus=[])
    assert len(simple.GetSources()) == there


@pytest.mark.parametrize("size", [(100,), "100x100", [1, 2, 3], ["wide", 3]])
def test_what_is_no_size_of_a_picture_is_said(size: Any, tmp_path: Path) -> None:
    view, _, _ = contoured()
    with pytest.raises(ValueError, match="a width and a height in pixels"):
        simple.SaveScreenshot(str(tmp_path / "a.png"), view, ImageResolution=size)


def test_what_is_there_instead_of_a_spreadsheet_is_said() -> None:
    with pytest.raises(ValueError, match=r"there is none here: .*SaveData\('name.csv', source\) writes them"):
        simple.CreateView("SpreadSheetView")


def test_colors_between_points_are_found_as_in_paraview_unless_it_is_said() -> None:
    points = [0.0, 0.23, 0.3, 0.75, 1.0, 0.865, 0.865, 0.865, 2.0, 0.7, 0.01, 0.15]
    colors = simple.GetColorTransferFunction("RTData")
    assert colors.ColorSpace == "Diverging"
    colors.RGBPoints = points
    assert colors.ColorSpace == "Diverging" and colors.set_values()["ColorSpace"] == "Diverging"
    other = simple.GetColorTransferFunction("p")
    other.Set(ColorSpace="RGB", RGBPoints=points)
    assert other.ColorSpace == "RGB"
