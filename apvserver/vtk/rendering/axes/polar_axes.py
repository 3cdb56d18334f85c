"""Axes of angles and distances, on the lower side of some bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vtkmodules.vtkRenderingAnnotation import vtkPolarAxesActor

from ..images import Bounds
from ..paper import Paper


class PolarAxes:
    """One set of polar axes. What draws them is `prop`."""

    def __init__(self) -> None:
        self.prop: Any = vtkPolarAxesActor()
        self.prop.SetPickable(False)

    def show(self, get: Mapping[str, Any], bounds: Bounds, paper: Paper, camera: Any) -> None:
        """Stand around these bounds, as `get` says, all properties of polar axes."""
        axes, ink = self.prop, paper.ink()
        axes.SetVisibility(True)
        axes.SetCamera(camera)
        axes.SetBounds(bounds)
        axes.SetPole((bounds[0] + bounds[1]) / 2, (bounds[2] + bounds[3]) / 2, bounds[4])
        axes.SetMinimumAngle(get["MinimumAngle"])
        axes.SetMaximumAngle(get["MaximumAngle"])
        axes.SetMinimumRadius(get["MinimumRadius"])
        radius = max(bounds[1] - bounds[0], bounds[3] - bounds[2]) / 2 or 1.0
        axes.SetMaximumRadius(max(radius, get["MinimumRadius"] + 1e-6 * radius))
        axes.SetRange(get["MinimumRadius"], max(radius, get["MinimumRadius"] + 1e-6 * radius))
        for name in ("PolarAxisVisibility", "RadialAxesVisibility", "PolarArcsVisibility", "DrawRadialGridlines",
                     "DrawPolarArcsGridlines", "PolarLabelVisibility"):  # fmt: skip
            getattr(axes, f"Set{name}")(get[name])
        axes.SetPolarTitleVisibility(get["PolarAxisTitleVisibility"])
        axes.SetRadialTitleVisibility(get["RadialLabelVisibility"])
        axes.SetPolarAxisTitle(get["PolarAxisTitle"])
        for part in ("PolarAxis", "PolarArcs", "LastRadialAxis", "SecondaryPolarArcs", "SecondaryRadialAxes"):
            getattr(axes, f"Get{part}Property")().SetColor(get[f"{part}Color"] or ink)
        for text in ("PolarAxisTitle", "PolarAxisLabel", "LastRadialAxis", "SecondaryRadialAxes"):
            getattr(axes, f"Get{text}TextProperty")().SetColor(get["PolarAxisColor"] or ink)
