"""A window draws what is seen through as a layer: premultiplied, hidden by depths, with fewer rays while it moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

from apvserver.vtk.geometry.extraction import FULL, VOLUME
from apvserver.vtk.rendering.compositing.layer_view import OF_PASSES, LayerView
from apvserver.vtk.rendering.compositing.layering import Layering
from apvserver.vtk.rendering.compositing.looks import told_paper
from apvserver.vtk.rendering.compositing.patches import NOWHERE, Box
from apvserver.vtk.rendering.looks.light_kit import OF_LIGHTS
from apvserver.vtk.rendering.opengl import create_window, require_opengl
from apvserver.vtk.rendering.paper import BLACK, Paper
from apvserver.vtk.rendering.representation import Representation
from async_paraview.scene.views import RENDER_VIEW

SIZE = (80, 60)
USUAL = {one.name: one.default for one in RENDER_VIEW.properties}
CAMERA = {
    "Position": (0.0, 0.0, -60.0), "FocalPoint": (0.0, 0.0, 0.0), "ViewUp": (0.0, 1.0, 0.0), "ViewAngle": 30.0,
    "ParallelProjection": False, "ParallelScale": 1.0, "EyeAngle": 2.0, "WindowCenter": (0.0, 0.0),
    "ClippingRange": (10.0, 110.0),
}  # fmt: skip


def scene(**changes: Any) -> dict[str, Any]:
    shown = Representation({"Representation": "Volume", "ColorBy": ("POINTS", "RTData"), **changes})
    facts = {
        "drawing": VOLUME,
        "color_range": (37.0, 277.0),
        "version": 1,
        "pieces": {
            "bounds": (-10.0, 10.0) * 3, "cells": 8000, "has_reduced": False, "shares_points": True, "memory_kib": 1,
            "boxes": [(-10.0, 10.0) * 3], "extent": [-10, 10] * 3,
        },
    }  # fmt: skip
    shown.set_data({FULL: volume()}, facts)
    assert shown.can_be_layered
    return {
        "paper": told_paper(Paper(BLACK, BLACK)),
        "lights": {name: USUAL[name] for name in OF_LIGHTS},
        "looks": [{"id": 1, **shown.told_look()}],
        "passes": {name: USUAL[name] for name in OF_PASSES},
        "bounds": (-10.0, 10.0) * 3,
    }


def volume() -> Any:
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(-10, 10, -10, 10, -10, 10)
    source.Update()
    return source.GetOutput()


@pytest.fixture
def view() -> Iterator[LayerView]:
    made = LayerView()
    made.arrange(scene(), lambda id_, version: {FULL: volume()})
    yield made
    made.close()


def test_a_layer_has_its_colors_times_how_opaque_it_is(view: LayerView) -> None:
    layer = view.draw_layer(SIZE, CAMERA, None, reduced=False)
    assert 0 < layer.box.left < layer.box.right < SIZE[0]
    assert layer.colors[..., 3].max() > 100
    assert (layer.colors[..., :3] <= layer.colors[..., 3:]).all()


def test_depths_hide_what_is_behind_them(view: LayerView) -> None:
    whole = view.draw_layer(SIZE, CAMERA, None, reduced=False)
    seen = whole.colors.copy()
    left = Box(0, 0, SIZE[0] // 2, SIZE[1])
    hidden = view.draw_layer(SIZE, CAMERA, (left, np.full(left.shape, 0.1, np.float32)), reduced=False)
    assert hidden.box == whole.box
    middle = SIZE[0] // 2 - whole.box.left
    assert seen[:, :middle].any()
    assert not hidden.colors[:, :middle].any()
    np.testing.assert_array_equal(hidden.colors[:, middle:], seen[:, middle:])
    again = view.draw_layer(SIZE, CAMERA, None, reduced=False)
    np.testing.assert_array_equal(again.colors, seen)


def test_while_it_moves_fewer_rays_show_about_the_same(view: LayerView) -> None:
    seen = view.draw_layer(SIZE, CAMERA, None, reduced=False).colors.astype(int)
    reduced = view.draw_layer(SIZE, CAMERA, None, reduced=True).colors.astype(int)
    assert (reduced != seen).any()
    assert reduced.mean() == pytest.approx(seen.mean(), rel=0.1)
    assert (reduced[..., :3] <= reduced[..., 3:]).all()


def test_what_is_beside_the_picture_is_no_layer(view: LayerView) -> None:
    aside = {**CAMERA, "Position": (500.0, 0.0, -60.0), "FocalPoint": (500.0, 0.0, 0.0)}
    assert view.draw_layer(SIZE, aside, None, reduced=False).box == NOWHERE


def test_what_else_is_seen_through_is_noticed() -> None:
    window = create_window(require_opengl().window_class)
    window.SetOffScreenRendering(True)
    renderer, actor, mapper = vtkRenderer(), vtkActor(), vtkPolyDataMapper()
    source = vtkSphereSource()
    mapper.SetInputConnection(source.GetOutputPort())
    actor.SetMapper(mapper)
    renderer.AddViewProp(actor)
    window.AddRenderer(renderer)
    layering = Layering(window, renderer)
    for opacity, visible in ((1.0, True), (0.5, True), (0.5, False)):
        actor.GetProperty().SetOpacity(opacity)
        actor.SetVisibility(visible)
        assert layering.is_mixed() == (opacity < 1.0 and visible)
        assert layering.has_opaque() == (opacity == 1.0 and visible)
    actor.SetVisibility(True)
    mapper.SetInputConnection(None)
    mapper.SetInputData(vtkPolyData())  # nothing has come yet
    assert not layering.is_mixed()
    layering.release()
    window.Finalize()
