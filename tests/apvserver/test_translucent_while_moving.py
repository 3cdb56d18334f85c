"""What is translucent while something moves: the nearest layers in order, soon; all of them at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkAppendPolyData
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

BLACK = {"Background": [0, 0, 0], "UseColorPaletteForBackground": False}


@pytest.fixture
def view() -> Iterator[Any]:
    made = RenderView({"ViewSize": [120, 100], **BLACK})
    yield made
    made.close()


def shells(resolution: int, count: int = 4) -> vtkPolyData:
    """Spheres in each other, each of which is seen through twice."""
    together = vtkAppendPolyData()
    for radius in range(1, count + 1):
        ball = vtkSphereSource(radius=radius, theta_resolution=resolution, phi_resolution=resolution)
        ball.Update()
        together.AddInputData(ball.GetOutput())
    together.Update()
    data: vtkPolyData = together.GetOutput()
    return data


def shown(data: vtkPolyData, **properties: object) -> Representation:
    made = Representation({"Lighting": False, "Color": [1, 1, 1], **properties})
    made.set_data({"full": data})
    return made


def test_the_nearest_layers_are_in_order_while_something_moves_and_all_at_rest(view: RenderView) -> None:
    """The first two are; what lies behind them is mixed without an order, so that nothing is missing."""
    colors = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    for radius, color in enumerate(colors, 1):
        ball = vtkSphereSource(radius=radius, theta_resolution=60, phi_resolution=60)
        ball.Update()
        view.add_representation(radius, shown(ball.GetOutput(), Opacity=0.3, Color=color.tolist()))
    assert view.has_level_of_detail
    reduced = view.render(reduced=True).pixels
    whole = view.render().pixels
    front_to_back = [*colors[::-1], *colors]
    wanted = sum(0.3 * 0.7**depth * one for depth, one in enumerate(front_to_back))
    assert whole[50, 60] == pytest.approx(255 * wanted, abs=3)
    nearest = sum(0.3 * 0.7**depth * one for depth, one in enumerate(front_to_back[:2]))
    missing = reduced[50, 60] / 255 - nearest
    assert (missing > -0.01).all() and missing.sum() > 0.3, "the nearest two, and something of all others"
    assert not np.array_equal(reduced, whole)
    assert np.array_equal(view.capture().pixels, whole) and np.array_equal(view.render().pixels, whole)


def test_what_is_drawn_soon_is_drawn_in_all_its_layers(view: RenderView) -> None:
    few = shown(shells(8), Opacity=0.2)
    view.add_representation("few", few)
    assert not view.has_level_of_detail, "few cells"
    view.add_representation("many", shown(shells(60), Opacity=0.2))
    assert view.has_level_of_detail
    for properties, differs in (
        ({"MaximumNumberOfPeels": 1}, False), ({"MaximumNumberOfPeels": 0}, True), ({"DepthPeeling": False}, False),
    ):  # fmt: skip
        view.set_properties(properties)
        assert view.has_level_of_detail is differs, properties
    view.set_properties({"DepthPeeling": True, "MaximumNumberOfPeels": 8})
    view.remove_representation("many")
    view.add_representation("opaque", shown(shells(60)))
    assert not view.has_level_of_detail, "nothing of it is translucent"
