"""Planes and functions of what is shown, which ParaView's state files have as proxies of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from async_paraview.scene.color_maps import PIECEWISE_FUNCTION
from async_paraview.scene.looks.volumes import PLANE, TRANSFER_FUNCTION_2D
from async_paraview.scene.parts import Part
from async_paraview.scene.types import SceneProperty, SceneType

PLACES: Final[Mapping[str, tuple[str, str]]] = {
    PLANE.name: ("implicit_functions", "Plane"),
    TRANSFER_FUNCTION_2D.name: ("transfer_2d_functions", "TransferFunction2D"),
    PIECEWISE_FUNCTION.name: ("piecewise_functions", "PiecewiseFunction"),
}
"""The group and the type of ParaView's proxies, by the types of parts here."""


def part_of(one: SceneProperty | None) -> SceneType | None:
    """Return the type of the plane or function that a property holds, None if it holds none."""
    part = one.check.type if one is not None and isinstance(one.check, Part) else None
    return part if part is not None and part.name in PLACES else None


def known_as(type_: SceneType, name: str) -> str:
    """Return what ParaView's states call a property that it has by another name than ours."""
    return next((other for other, ours in type_.aliases.items() if ours == name), name)
