"""Metres of a map in pictures: the same scene far from the origin gives the same picture, and the same picks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData

from apvserver.vtk.geometry.extraction import extract, extraction_properties
from apvserver.vtk.geometry.geometry import GeometryError
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

NEAR, FAR = np.zeros(3), np.array([500000.123, 5300000.456, 312.7])
MIDDLE = np.array([0.05, 0.025, 0.015])


def image(origin: Any) -> Any:
    made = vtkImageData()
    made.SetDimensions(11, 6, 4)
    made.SetOrigin(origin)
    made.SetSpacing(0.01, 0.01, 0.01)
    places = np.array([made.GetPoint(index) for index in range(made.GetNumberOfPoints())]) - origin
    for name, values in (("east", places[:, 0]), ("offset", places)):
        array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
        array.SetName(name)
        made.GetPointData().AddArray(array)
    return made


def seen(origin: Any, **properties: Any) -> tuple[Any, Any]:
    """The picture, and what is picked at its middle: which cell or point, and where from the origin of the data."""
    wanted = ("Representation", "ColorBy", "OrientationArray", "ScaleArray")
    made = extract(image(origin), extraction_properties({key: properties[key] for key in wanted if key in properties}))
    drawn = Representation(properties)
    drawn.set_data(made.parts, made.to_dict())
    view = RenderView({"ViewSize": [120, 90], "UseFXAA": False})
    try:
        view.set_properties({"CameraPosition": (origin + np.array([0.2, 0.14, 0.17])).tolist()})
        view.set_properties({"CameraFocalPoint": (origin + MIDDLE).tolist()})
        view.add_representation("data", drawn)
        picture, picked = view.render().pixels.astype(int), view.pick(60, 45)
    finally:
        view.close()
    return picture, None if picked is None else (picked[2].cell, np.subtract(picked[2].position, origin))


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("Surface", {}),
        ("Wireframe", {"LineWidth": 3.0}),
        ("Outline", {}),
        ("3D Glyphs", {"ScaleFactor": 0.02, "GlyphType": "Sphere"}),
        ("3D Glyphs", {"ScaleFactor": 0.3, "ScaleArray": "offset", "OrientationArray": "offset"}),
        ("Point Gaussian", {"GaussianRadius": 0.004}),
    ],
)
def test_a_scene_looks_the_same_wherever_it_is(kind: str, more: dict[str, Any]) -> None:
    color_by = None if kind == "Outline" else ("POINTS", "east")
    near, picked_near = seen(NEAR, Representation=kind, ColorBy=color_by, **more)
    far, picked_far = seen(FAR, Representation=kind, ColorBy=color_by, **more)
    shown = np.abs(near - near[0, 0]).max(axis=2) > 8
    assert shown.sum() > 50
    assert (np.abs(far - near).max(axis=2) > 8).sum() <= 0.02 * shown.sum()
    assert (picked_near is None) == (picked_far is None)
    if picked_near is not None and picked_far is not None:
        assert picked_far[0] == picked_near[0]
        np.testing.assert_allclose(picked_far[1], picked_near[1], atol=1e-4)


def test_a_volume_too_far_away_for_its_rays_is_refused_and_a_near_one_looks_the_same() -> None:
    volume = {"Representation": "Volume", "ColorBy": ("POINTS", "east")}
    with pytest.raises(GeometryError, match=r"more than 30000 times its size away from the origin.*Transform"):
        seen(FAR, **volume)
    near, _ = seen(NEAR, **volume)
    far, _ = seen(np.array([100.0, 100.0, 100.0]), **volume)
    assert (np.abs(far - near).max(axis=2) > 8).sum() <= 5
