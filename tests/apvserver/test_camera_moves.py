"""How the camera moves, against VTK's own camera."""

from __future__ import annotations

import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkCamera

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.rendering.camera.camera_moves import moved, orbit, pan, roll, rotate, zoom, zoom_at
from apvserver.vtk.rendering.images import CameraState

STATES = [
    CameraState((0.0, 0.0, 5.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 30.0, False, 1.0),
    CameraState((3.0, -2.0, 5.0), (1.0, 0.5, -0.5), (0.1, 0.9, 0.3), 45.0, False, 2.0),
    CameraState((3.0, 2.0, -5.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), 30.0, True, 2.5),
]


def vtk_camera(state: CameraState) -> vtkCamera:
    camera = vtkCamera()
    camera.SetPosition(state.position)
    camera.SetFocalPoint(state.focal_point)
    camera.SetViewUp(state.view_up)
    camera.SetViewAngle(state.view_angle)
    camera.SetParallelProjection(state.parallel_projection)
    camera.SetParallelScale(state.parallel_scale)
    return camera


def same_view(state: CameraState, camera: vtkCamera) -> None:
    """Both see the same: VTK may keep a way up that is not perpendicular."""
    np.testing.assert_allclose(state.position, camera.GetPosition(), atol=1e-9)
    np.testing.assert_allclose(state.focal_point, camera.GetFocalPoint(), atol=1e-9)
    ours, theirs = vtk_camera(state), camera
    ours.OrthogonalizeViewUp()
    theirs.OrthogonalizeViewUp()
    np.testing.assert_allclose(ours.GetViewUp(), theirs.GetViewUp(), atol=1e-9)
    assert state.parallel_scale == pytest.approx(camera.GetParallelScale())


@pytest.mark.parametrize("state", STATES)
def test_orbit(state: CameraState) -> None:
    camera = vtk_camera(state)
    camera.Azimuth(25)
    camera.Elevation(-10)
    same_view(orbit(state, azimuth=25, elevation=-10), camera)


@pytest.mark.parametrize("state", STATES)
def test_rotate_turns_the_scene_with_the_pointer(state: CameraState) -> None:
    camera = vtk_camera(state)
    camera.Azimuth(-18)
    camera.Elevation(9)
    same_view(rotate(state, dx=0.1, dy=0.05), camera)


@pytest.mark.parametrize("state", STATES)
def test_roll(state: CameraState) -> None:
    camera = vtk_camera(state)
    camera.Roll(30)
    same_view(roll(state, degrees=30), camera)


@pytest.mark.parametrize("state", STATES)
def test_zoom(state: CameraState) -> None:
    camera = vtk_camera(state)
    if state.parallel_projection:
        camera.Zoom(1.5)
    else:
        camera.Dolly(1.5)
    same_view(zoom(state, factor=1.5), camera)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("factor", [1.1, 1e10, 1e300])
def test_a_camera_never_comes_so_near_that_it_has_no_direction(state: CameraState, factor: float) -> None:
    near = state
    for _ in range(700):
        near = zoom(near, factor=factor)
    before, after = np.subtract(state.position, state.focal_point), np.subtract(near.position, near.focal_point)
    length = np.linalg.norm(after)
    assert 0 < length <= np.linalg.norm(before) and near.parallel_scale >= 1e-30
    np.testing.assert_allclose(after / length, before / np.linalg.norm(before), atol=1e-3)
    assert np.isfinite(orbit(near, azimuth=20, elevation=10).position).all()
    back = zoom(near, factor=near.parallel_scale / 2.0 if state.parallel_projection else float(length) / 2.0)
    distance = np.linalg.norm(np.subtract(back.position, back.focal_point))
    assert (back.parallel_scale if state.parallel_projection else distance) == pytest.approx(2.0)


@pytest.mark.parametrize("state", STATES)
def test_pan_moves_the_focal_point_in_the_picture_by_what_was_asked(state: CameraState) -> None:
    aspect = 4 / 3
    after = vtk_camera(pan(state, dx=0.2, dy=0.1))
    matrix = after.GetCompositeProjectionTransformMatrix(aspect, -1, 1)
    x, y, _, w = matrix.MultiplyPoint((*state.focal_point, 1.0))
    assert (x / w * aspect / 2, -y / w / 2) == pytest.approx((0.2, 0.1))


def test_there_is_no_pole_to_get_stuck_at() -> None:
    state = STATES[0]
    for _ in range(36):
        state = orbit(state, elevation=10)
    np.testing.assert_allclose(state.position, STATES[0].position, atol=1e-9)
    np.testing.assert_allclose(state.view_up, STATES[0].view_up, atol=1e-9)


def test_what_is_no_movement_says_so() -> None:
    with pytest.raises(InvalidProperty, match=r"no movement is called 'rotat'\. Did you mean 'rotate'"):
        moved(STATES[0], "rotat", {})
    with pytest.raises(InvalidProperty, match="dx of a movement is a finite number, not 'far'"):
        moved(STATES[0], "pan", {"dx": "far"})
    with pytest.raises(InvalidProperty, match="a zoom factor is positive"):
        moved(STATES[0], "zoom", {"factor": 0})


@pytest.mark.parametrize("state", STATES)
def test_zooming_at_a_place_leaves_it_where_it_is_seen(state: CameraState) -> None:
    after = zoom_at(state, factor=2.5, dx=0.3, dy=-0.2)
    before_camera, after_camera = vtk_camera(state), vtk_camera(after)
    seen = []
    for camera in (before_camera, after_camera):
        along = np.subtract(camera.GetFocalPoint(), camera.GetPosition())
        right = np.cross(along, camera.GetViewUp())
        right /= np.linalg.norm(right)
        up = np.cross(right, along) / np.linalg.norm(along)
        slope = np.tan(np.radians(camera.GetViewAngle() / 2))
        half = camera.GetParallelScale() if state.parallel_projection else np.linalg.norm(along) * slope
        seen.append(np.add(camera.GetFocalPoint(), 2 * half * (0.3 * right + 0.2 * up)))
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-9)
    middle = zoom_at(state, factor=2.5, dx=0.0, dy=0.0)
    same_view(middle, vtk_camera(zoom(state, factor=2.5)))
    with pytest.raises(InvalidProperty, match="positive"):
        zoom_at(state, factor=0.0, dx=0.0, dy=0.0)
