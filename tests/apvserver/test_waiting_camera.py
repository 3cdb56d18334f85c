"""What is said of a camera in order comes out the same whenever what it is fitted to arrives."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersSources import vtkCubeSource

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.geometry.geometry import extract_geometry
from apvserver.vtk.rendering.camera.waiting import MOST_STEPS
from apvserver.vtk.rendering.images import CameraState
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

SIZE = {"ViewSize": (40, 30)}
CENTER = (10.0, 20.0, 30.0)
SIDES = (2.0, 4.0, 6.0)
Said = Callable[[RenderView], object]


@pytest.fixture
def views() -> Iterator[Callable[[], RenderView]]:
    made: list[RenderView] = []

    def make() -> RenderView:
        made.append(RenderView(SIZE))
        return made[-1]

    yield make
    for view in made:
        view.close()


def box() -> Representation:
    shown = Representation()
    shown.set_data({"full": surface(CENTER, SIDES)})
    return shown


def surface(center: tuple[float, ...], sides: tuple[float, ...]) -> vtkPolyData:
    source = vtkCubeSource()
    source.SetBounds(*(at + sign * side / 2 for at, side in zip(center, sides, strict=True) for sign in (-1, 1)))
    source.Update()
    made: vtkPolyData = extract_geometry(source.GetOutput())
    return made


def move(kind: str, **numbers: float) -> Said:
    return lambda view: view.move_camera(kind, numbers)


def reset(direction: str | None = None) -> Said:
    return lambda view: view.reset_camera(direction)


def put(**properties: Any) -> Said:
    return lambda view: view.set_properties(properties)


def camera_after(view: RenderView, said: list[Said], arrives: int) -> CameraState:
    """Return the camera of the next picture, where the box arrives after so many words."""
    for index in range(len(said) + 1):
        if index == arrives:
            view.add_representation(1, box())
        if index < len(said):
            said[index](view)
    told, kind = view.seen_properties()
    shown = view.render()
    assert shown.camera is not None and kind in ("fitted", "placed") and shown.camera_placed
    assert tuple(told["CameraPosition"]) == shown.camera.position
    assert view.seen_properties() == (view.properties, "placed")
    return shown.camera


TURNED: list[Said] = [reset("-Z"), move("orbit", azimuth=30, elevation=20)]
FLAT = put(CameraParallelProjection=True)
AT_FIRST = put(CameraPosition=(1, 2, 3), CameraFocalPoint=(4, 5, 9))
SCRIPTS: dict[str, list[Said]] = {
    "orbit": TURNED,
    "orbit, without a reset": TURNED[1:],
    "rotate": [reset("+X"), move("rotate", dx=0.1, dy=0.3)],
    "roll": [reset("+X"), move("roll", degrees=33), move("orbit", azimuth=10)],
    "pan": [reset("-Z"), move("pan", dx=0.25, dy=-0.5)],
    "zoom": [reset("-Z"), move("zoom", factor=2.0)],
    "zoom, without a reset": [move("zoom", factor=2.0)],
    "zoom, pan, parallel": [FLAT, reset("-Z"), move("zoom", factor=2.0), move("pan", dx=0.25, dy=0.5)],
    "parallel in between": [*TURNED, move("zoom", factor=2.0), FLAT, move("zoom", factor=3.0), move("pan", dx=1, dy=0)],
    "view angle in between": [*TURNED, put(CameraViewAngle=60.0), move("pan", dx=0.25, dy=0.5)],
    "view angle before": [put(CameraViewAngle=60.0), *TURNED],
    "way up": [reset("-Z"), put(CameraViewUp=(1, 1, 0)), move("orbit", azimuth=30, elevation=20)],
    "position": [reset("-Z"), put(CameraPosition=(1, 2, 3)), move("orbit", azimuth=30, elevation=20)],
    "focal point": [*TURNED, put(CameraFocalPoint=(1, 2, 3)), move("zoom", factor=1.5)],
    "scale": [FLAT, *TURNED, put(CameraParallelScale=9.0), move("zoom", factor=1.5)],
    "placed at first": [AT_FIRST, move("orbit", azimuth=30)],
    "placed, then a reset": [AT_FIRST, reset(), move("zoom", factor=3)],
    "all of a place": [
        *TURNED,
        put(CameraPosition=(1, 2, 3), CameraFocalPoint=(4, 5, 9), CameraViewUp=(0, 1, 0), CameraParallelScale=7.0),
    ],
    "two resets": [*TURNED, move("pan", dx=1, dy=2), reset(), move("zoom", factor=2.0)],
    "a place, then a reset": [reset("-Z"), put(CameraPosition=(1, 2, 3)), reset(), move("roll", degrees=10)],
    "another size": [reset("-Z"), put(ViewSize=(20, 60)), move("orbit", azimuth=30, elevation=20)],
    "all": [
        reset("-Y"), move("orbit", azimuth=30, elevation=20), move("pan", dx=0.1, dy=0.2), move("roll", degrees=15),
        move("zoom", factor=1.5), move("rotate", dx=0.2, dy=-0.1), move("pan", dx=-0.3, dy=0.1),
    ],
}  # fmt: skip


GRID = put(AxesGridVisibility=True, ViewSize=(240, 180))


@pytest.mark.parametrize("before", [[], [GRID]], ids=["", "with a grid"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_camera_is_the_same_whenever_the_data_arrives(
    name: str, before: list[Said], views: Callable[[], RenderView]
) -> None:
    """The texts of a grid take room beside it, where the camera sees them at the time of a reset."""
    said = [*before, *SCRIPTS[name]]
    wanted = camera_after(views(), said, 0)
    for arrives in range(1, len(said) + 1):
        found = camera_after(views(), said, arrives)
        for one, other in zip(astuple(found), astuple(wanted), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("arrives", range(5))
def test_movements_are_relative_to_the_first_fit(arrives: int, views: Callable[[], RenderView]) -> None:
    """Looking down at 2 x 4, whose nearest face is 3 above the middle; half the height seen there is 1.05 * 2."""
    said = [put(CameraParallelProjection=True), reset("-Z"), move("zoom", factor=2.0), move("pan", dx=0.0, dy=1.0)]
    seen = camera_after(views(), said, arrives)
    assert seen.parallel_scale == pytest.approx(1.05)
    assert seen.focal_point == pytest.approx((10, 20 + 2 * 1.05, 30))
    distance = 3 + 2.1 / math.tan(math.radians(15))
    assert seen.position == pytest.approx((10, 20 + 2 * 1.05, 30 + distance))
    said = [reset("-Z"), move("zoom", factor=4.0), move("orbit", azimuth=90.0), move("roll", degrees=90)]
    seen = camera_after(views(), said, arrives)
    assert seen.focal_point == pytest.approx(CENTER)
    assert seen.position == pytest.approx((10 + distance / 4, 20, 30))
    assert np.abs(seen.view_up) == pytest.approx((0, 0, 1))


def test_a_movement_that_is_refused_is_not_made_later(views: Callable[[], RenderView]) -> None:
    view = views()
    view.reset_camera("-Z")
    for kind, numbers in (("zoom", {"factor": -1.0}), ("jump", {}), ("pan", {"dx": math.nan, "dy": 0})):
        with pytest.raises(InvalidProperty):
            view.move_camera(kind, numbers)
    with pytest.raises(InvalidProperty):
        view.reset_camera("up")
    assert camera_after(view, [], 0) == camera_after(views(), [reset("-Z")], 0)


def test_what_is_kept_of_movements_is_bounded(views: Callable[[], RenderView]) -> None:
    """Of those that are too many only the direction is left."""
    view = views()
    view.reset_camera("-Z")
    for _ in range(MOST_STEPS):
        view.move_camera("orbit", {"azimuth": 90.0 / MOST_STEPS})
        view.move_camera("zoom", {"factor": 1.001})
    seen = camera_after(view, [], 0)
    offset = np.subtract(seen.position, CENTER)
    assert offset[0] > 0 and np.abs(offset[1:]).max() < 1e-6 * offset[0]


LATE = (surface((-30.0, 0.0, 0.0), (9.0, 9.0, 9.0)), surface((0.0, 50.0, 0.0), (1.0, 2.0, 3.0)))


def camera_of_two(view: RenderView, said: list[Said], arrives: tuple[int, int]) -> CameraState:
    """Return the camera where two things are to be shown, which arrive after so many words, with pictures meanwhile."""
    shown = [Representation(), Representation()]
    for id_, one in enumerate(shown):
        view.add_representation(id_, one)
    for index in range(len(said) + 1):
        for one, data, at in zip(shown, LATE, arrives, strict=True):
            if min(at, len(said)) == index:
                one.set_data({"full": data})
        view.render()
        if index < len(said):
            said[index](view)
    told = view.seen_properties()[0]
    camera = view.render().camera
    assert camera is not None and tuple(told["CameraPosition"]) == camera.position and view.camera_is_placed
    return camera


@pytest.mark.parametrize("name", ["orbit", "orbit, without a reset", "zoom, pan, parallel", "position", "two resets"])
def test_it_is_fitted_to_all_that_was_to_be_shown_whatever_comes_first(
    name: str, views: Callable[[], RenderView]
) -> None:
    said = SCRIPTS[name]
    last = len(said)
    wanted = camera_of_two(views(), said, (0, 0))
    for arrives in ((0, last), (last, 0), (last, last), (1, 2)):
        found = camera_of_two(views(), said, arrives)
        for one, other in zip(astuple(found), astuple(wanted), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, err_msg=str(arrives))


def test_what_comes_later_does_not_move_a_camera_that_a_person_holds_or_that_was_put(
    views: Callable[[], RenderView],
) -> None:
    place = {
        "CameraPosition": (1, 2, 3), "CameraFocalPoint": (4, 5, 9), "CameraViewUp": (0, 1, 0), "CameraParallelScale": 7,
    }  # fmt: skip
    holds: tuple[Said, ...] = (lambda view: view.take_hold(), put(**place))
    for hold in holds:
        view, late = views(), Representation()
        view.add_representation(1, box())
        view.add_representation(2, late)
        view.reset_camera("-Z")
        assert not view.render().camera_placed
        hold(view)
        before = view.render()
        late.set_data({"full": LATE[0]})
        assert before.camera_placed and view.render().camera == before.camera


def test_what_never_comes_is_not_waited_for_once_it_is_hidden_or_removed(views: Callable[[], RenderView]) -> None:
    ways: tuple[Callable[[RenderView, Representation], None], ...] = (
        lambda view, late: late.set_properties({"Visibility": False}),
        lambda view, late: view.remove_representation(2),
    )
    for way in ways:
        view, late = views(), Representation()
        view.add_representation(1, box())
        view.add_representation(2, late)
        view.reset_camera("-Z")
        view.move_camera("zoom", {"factor": 2.0})
        way(view, late)
        assert camera_after(views(), [reset("-Z"), move("zoom", factor=2.0)], 0) == view.render().camera
        assert view.camera_is_placed
