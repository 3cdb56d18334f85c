"""Lines where a surface turns away from the camera, or ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from async_paraview.vtk_imports import one_at_a_time

from ..paper import Color


class Silhouette:
    """The outline of what another actor draws, as the camera sees it now."""

    def __init__(self) -> None:
        with one_at_a_time:
            from vtkmodules.vtkFiltersHybrid import vtkPolyDataSilhouette  # late: few surfaces have outlines

        self.prop: Any = vtkActor()
        self._lines: Any = vtkPolyDataSilhouette()
        self._lines.SetEnableFeatureAngle(False)
        self._lines.SetBorderEdges(True)
        mapper: Any = vtkPolyDataMapper()
        mapper.SetInputConnection(self._lines.GetOutputPort())
        mapper.ScalarVisibilityOff()
        self.prop.SetMapper(mapper)
        self.prop.GetProperty().LightingOff()

    def draw(self, data: Any) -> None:
        """Be the outline of that from now on."""
        self._lines.SetInputData(data)

    def follow(self, camera: Any, surface: Any) -> None:
        """Be what that camera sees, around the actor of the surface."""
        self._lines.SetCamera(camera)
        self._lines.SetProp3D(surface)

    def apply(self, get: Mapping[str, Any], surface: Any, scale: float) -> None:
        """Look as the properties say, where the actor of the surface stands."""
        self.prop.SetVisibility(get["Visibility"])
        self.prop.SetUserMatrix(surface.GetUserMatrix())
        self.prop.GetProperty().SetLineWidth(get["SilhouetteLineWidth"] * scale)

    def paint(self, get: Mapping[str, Any], ink: Color) -> None:
        """Have the color that is asked for, else one that is seen on the background."""
        self.prop.GetProperty().SetColor(get["SilhouetteColor"] or ink)
