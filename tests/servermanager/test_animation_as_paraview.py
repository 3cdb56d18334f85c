"""Keyframes, cameras, times and cells as ParaView has them: numbers that ParaView itself has printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonComputationalGeometry import vtkKochanekSpline, vtkParametricSpline
from vtkmodules.vtkCommonCore import vtkPoints

from async_paraview.scene.animation import CAMERA_TRACK, SEQUENCE, SNAP, TRACK
from async_paraview.scene.layouts import HORIZONTAL, VERTICAL
from servermanager import connect
from servermanager.animations.camera_paths import interpolated, on_path
from servermanager.animations.frame_times import Timing
from servermanager.animations.keyframes import values_at
from servermanager.animations.splines import Path as SplinePath
from servermanager.animations.splines import kochanek
from servermanager.layouts.cells import CellTree

from ..harness.apvtest import BACKENDS, in_loop

NUMBERS: dict[str, Any] = json.loads((Path(__file__).parent / "paraview_animation" / "numbers.json").read_text())
CAMERA = ("CameraPosition", "CameraFocalPoint", "CameraViewUp", "CameraViewAngle", "CameraParallelScale")


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_properties_are_moved_as_in_paraview(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.Sphere()
        await sphere.definition()
        animation = session.animation
        animation.update(StartTime=1.0, EndTime=3.0)
        for label, case in NUMBERS["tracks"].items():
            sphere.Radius, sphere.Center, sphere.ThetaResolution = 0.5, [0.0, 0.0, 0.0], 8
            track = animation.track(sphere, case["property"], None if case["index"] < 0 else case["index"])
            track.update(KeyFrames=case["frames"], **case["track"])
            found = []
            for time in NUMBERS["times"]:
                await animation.go_to(time)
                found.append(getattr(sphere, case["property"]))
            assert np.allclose(found, case["values"], rtol=1e-12, atol=1e-12), label
            track.delete()
        assert animation.tracks == []


@pytest.mark.parametrize("label", NUMBERS["cameras"])
def test_cameras_go_as_in_paraview(label: str) -> None:
    case = NUMBERS["cameras"][label]
    frames = CAMERA_TRACK.by_name["KeyFrames"].check(case["frames"])
    for time, values in zip(NUMBERS["times"], case["values"], strict=True):
        part = min(1.0, (time - 1.0) / 2.0)
        if case["mode"] == "Path-based":
            found = on_path(frames, part)
        else:
            found = interpolated(frames, part, case["interpolation"])
        assert found is not None
        up = np.asarray(found["CameraViewUp"])
        found["CameraViewUp"] = up / np.linalg.norm(up)
        flat = np.concatenate([np.atleast_1d(found[name]) for name in CAMERA])
        assert np.allclose(flat, values, atol=1e-9), (label, time)


def test_curves_are_those_of_vtk() -> None:
    times, values = [0.0, 0.1, 0.5, 0.6, 1.0], np.asarray([[1.0], [5.0], [-2.0], [-2.5], [9.0]])
    spline = vtkKochanekSpline()
    for time, value in zip(times, values[:, 0], strict=True):
        spline.AddPoint(time, value)
    for at in np.linspace(-0.1, 1.1, 37):
        inside = float(min(max(at, 0.0), 1.0))
        assert kochanek(times, values, float(at))[0] == pytest.approx(spline.Evaluate(inside), abs=1e-12)


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("count", [2, 3, 4, 9])
def test_paths_are_those_of_vtk(closed: bool, count: int) -> None:
    generator = np.random.default_rng(count)
    places = generator.normal(size=(count, 3))
    points = vtkPoints()
    points.SetDataTypeToDouble()
    for place in places:
        points.InsertNextPoint(place)
    spline = vtkParametricSpline()
    spline.SetPoints(points)
    spline.ParameterizeByLengthOn()
    spline.SetClosed(closed)
    path, found, _slopes = SplinePath(places.tolist(), closed=closed), [0.0] * 3, [0.0] * 9
    for part in np.linspace(0.0, 1.0, 23):
        spline.Evaluate([float(part), 0.0, 0.0], found, _slopes)
        assert path.at(float(part)) == pytest.approx(found, abs=1e-9)


def test_the_times_that_follow_each_other_are_those_of_paraview() -> None:
    now, timing = 1.0, Timing(SEQUENCE, 1.0, 3.0, 11, ())
    for name, time in NUMBERS["steps"]:
        now = _stepped(timing, name, now)
        assert now == pytest.approx(time), name
    data = NUMBERS["data"]
    now, timing = data["time"], Timing(SNAP, data["StartTime"], data["EndTime"], 11, tuple(data["values"]))
    for name, time in NUMBERS["data steps"]:
        now = _stepped(timing, name, now)
        assert now == pytest.approx(time), name


def _stepped(timing: Timing, name: str, now: float) -> float:
    if name == "GoToNext":
        return timing.next_to(now)
    if name == "GoToPrevious":
        return timing.before(now)
    return timing.start if name == "GoToFirst" else timing.end


def test_frames_are_played_from_where_the_time_is() -> None:
    timing = Timing(SEQUENCE, 0.0, 1.0, 5, ())
    assert timing.all == [0.0, 0.25, 0.5, 0.75, 1.0] == timing.played(0.0) == timing.played(1.0)
    assert timing.played(0.5) == [0.5, 0.75, 1.0]
    assert Timing(SEQUENCE, 0.0, 1.0, 5, (), stride=2).played(0.0) == [0.0, 0.5, 1.0]
    assert Timing(SEQUENCE, 2.0, 2.0, 5, ()).all == [2.0] == Timing(SEQUENCE, 2.0, 7.0, 1, ()).all
    snapped = Timing(SNAP, 0.5, 4.0, 5, (0.0, 1.0, 2.0, 4.0, 8.0))
    assert snapped.all == [1.0, 2.0, 4.0] and snapped.played(0.5) == [0.5, 1.0, 2.0, 4.0]
    assert Timing(SNAP, 0.0, 2.0, 5, (0.0, 1.0, 2.0), frames_per_step=2).played(0.0) == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]


def test_keyframes_of_none_leave_a_property_as_it_is() -> None:
    check = TRACK.by_name["KeyFrames"].check
    frames = check(
        [{"KeyTime": 1.0, "KeyValues": [3.0]}, {"KeyTime": 0.0, "KeyValues": [1.0], "Interpolation": "None"}]
    )
    assert [one["KeyTime"] for one in frames] == [0.0, 1.0]
    assert values_at(frames, 0.5) is None and values_at(frames, 1.0) == [3.0]
    with pytest.raises(ValueError, match=r"keyframe 0: KeyTime = 2\.0: expected a number from 0 to 1"):
        check([{"KeyTime": 2.0}])
    with pytest.raises(ValueError, match=r"keyframe 0 is a map with some of KeyTime, .* and not of \['KeyTimes'\]"):
        check([{"KeyTimes": 2.0}])


def test_cells_are_filled_and_sized_as_in_paraview() -> None:
    expected = NUMBERS["layout"]
    tree, names = CellTree(), "ABCDE"
    for number, where in enumerate(expected["where"]):
        tree = tree.with_view_anywhere(names[number])
        places = {view: at for at, view in tree.views.items()}
        assert [places.get(name, -1) for name in names] == where
    tree = tree.with_fraction(0, 0.6)
    directions = {"1": VERTICAL, "2": HORIZONTAL}
    for at, fraction in expected["fractions"].items():
        assert tree.splits[int(at)] == (directions[str(expected["directions"][at])], fraction)
    sizes = tree.places(401, 301, expected["separator"])
    by_view = {view: sizes[at] for at, view in tree.views.items()}
    assert [[by_view[name].width, by_view[name].height] for name in names] == expected["sizes"]
    assert by_view["A"][:2] == (0, 0) and by_view["B"][:2] == (242, 0) and by_view["C"][:2] == (0, 152)


def test_cells_that_are_closed_give_their_room_to_what_is_beside_them() -> None:
    tree = CellTree().split(0, HORIZONTAL, 0.25).split(2, VERTICAL, 0.5).with_view(5, "upper").with_view(6, "lower")
    closed = tree.collapsed(1)
    assert closed.views == {1: "upper", 2: "lower"} and closed.splits == {0: (VERTICAL, 0.5)}
    assert CellTree.of(tree.listed()) == tree
    row = CellTree().split(0, HORIZONTAL, 0.1).split(2, HORIZONTAL, 0.9)
    assert row.equalized().splits == {0: (HORIZONTAL, 1 / 3), 2: (HORIZONTAL, 0.5)}
    for wrong, why in (
        (lambda: tree.split(0, HORIZONTAL, 0.5), "cell 0 is split already; cells that can be split are"),
        (lambda: tree.split(40, HORIZONTAL, 0.5), "cell 40 is not there"),
        (lambda: tree.with_view(5, "other"), "cell 5 has a view already"),
        (lambda: tree.collapsed(5), "cell 5 is not empty; those that are: \\[1\\]"),
        (lambda: tree.places(3, 1, 1), "3 x 1 pixels are too few for 3 cells"),
    ):
        with pytest.raises(ValueError, match=why):
            wrong()
