"""What is to be drawn may come before its client's word, on another way: the camera is fitted as if it had not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from vtkmodules.vtkFiltersSources import vtkCubeSource, vtkSphereSource

from apvserver.render.model import RenderModel
from apvserver.vtk.rendering.images import CameraState
from async_paraview.datasets import encode, split
from async_paraview.operations.render import Geometry

WIDE, NARROW = 1, 2
BALL, BAR = 10, 11


@pytest.fixture
def model() -> Iterator[RenderModel]:
    made = RenderModel()
    yield made
    made.close()


def data_of(representation: int) -> Any:
    source: Any = vtkSphereSource() if representation == BALL else vtkCubeSource()
    if representation == BAR:
        source.SetCenter(6.0, 1.0, 0.0)
        source.SetXLength(8.0)
    source.Update()
    return source.GetOutput()


def draw(model: RenderModel, representation: int, view: int) -> None:
    """Give the model what is drawn, as the data service does."""
    for piece in split(encode(data_of(representation)), piece_bytes=1 << 20):
        geometry = Geometry(representation=representation, view=view, part="full", piece=piece.header)
        model.add_geometry(geometry, piece.buffers)
    assert model.add_geometry(Geometry(representation=representation, view=view, facts={"drawing": "poly"}), [])


def camera_after(model: RenderModel, early: bool, direction: str | None) -> CameraState:
    """Return the camera of linked views; `early`: what one of them shows is there before a client says so."""
    model.update_view(WIDE, {"ViewSize": [90, 60], "CameraLink": "x"})
    if early:
        draw(model, BALL, WIDE)
    model.update_view(NARROW, {"ViewSize": [30, 60], "CameraLink": "x"})
    model.reset_camera(NARROW, direction)
    model.update_representation(BALL, WIDE, {})
    model.update_representation(BAR, NARROW, {})
    if not early:
        draw(model, BALL, WIDE)
    draw(model, BAR, NARROW)
    camera = model.view(WIDE).render().camera
    assert camera is not None and camera == model.view(NARROW).render().camera
    assert model.view(WIDE).camera_is_placed
    return camera


@pytest.mark.parametrize("direction", [None, "-X", "+Y"])
def test_a_fit_waits_for_what_a_client_says_after_it(model: RenderModel, direction: str | None) -> None:
    early = camera_after(model, True, direction)
    model.close()
    usual = camera_after(RenderModel(), False, direction)
    assert early == usual and usual.focal_point[0] > 3.0  # the middle of both, not of the ball


def test_what_no_client_has_said_anything_of_is_fitted_to(model: RenderModel) -> None:
    model.update_view(WIDE, {"ViewSize": [90, 60]})
    draw(model, BAR, WIDE)
    camera = model.view(WIDE).render().camera
    assert camera is not None and camera.focal_point[0] == pytest.approx(6.0)
