"""Boxes and cylinders as functions that are placed and turned by a transform, as ParaView's."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonTransforms import vtkTransform

from async_paraview.records import dataclass

BOX_METHODS: Final = ("GetXMin", "GetXMax", "SetBounds", "EvaluateGradient")
"""What nothing but vtkBox has."""


@dataclass(frozen=True)
class Box:
    """What a box was set to; its transform does not tell."""

    position: tuple[float, ...] = (0.0, 0.0, 0.0)
    rotation: tuple[float, ...] = (0.0, 0.0, 0.0)
    length: tuple[float, ...] = (1.0, 1.0, 1.0)
    by_bounds: bool = False
    bounds: tuple[float, ...] = (0.0, 1.0, 0.0, 1.0, 0.0, 1.0)


_boxes: WeakKeyDictionary[Any, Box] = WeakKeyDictionary()


def read_box(part: str, function: Any) -> Any:
    """Return a part of what a vtkBox was set to."""
    return getattr(_boxes.get(function, Box()), part)


def write_box(part: str, function: Any, value: Any) -> None:
    """Set a part, and the bounds and the transform of the vtkBox by all of them.

    A side without length cannot be made of one of length 1: then the bounds are as long as the box, and lengths are
    not scaled.
    """
    if read_box(part, function) == value:
        return
    box = _boxes[function] = replace(_boxes.get(function, Box()), **{part: value})
    whole = box.bounds if box.by_bounds else Box.bounds
    scale = box.length if all(box.length) else (1.0, 1.0, 1.0)
    if scale != box.length:
        whole = tuple(one * box.length[index // 2] for index, one in enumerate(whole))
    x, y, z = box.rotation
    transform = vtkTransform()
    transform.Translate(box.position)
    transform.RotateZ(z)
    transform.RotateX(x)
    transform.RotateY(y)
    transform.Scale(scale)
    transform.Inverse()
    function.SetBounds(whole)
    function.SetTransform(transform)
    function.Modified()


CYLINDER_METHODS: Final = ("GetAxis", "SetCenter", "SetRadius", "EvaluateGradient")
"""What nothing but vtkCylinder has."""


@dataclass(frozen=True)
class Cylinder:
    """What a cylinder was set to."""

    center: tuple[float, ...] = (0.0, 0.0, 0.0)
    axis: tuple[float, ...] = (0.0, 1.0, 0.0)


_cylinders: WeakKeyDictionary[Any, Cylinder] = WeakKeyDictionary()


def read_cylinder(part: str, function: Any) -> Any:
    """Return a part of what a vtkCylinder was set to."""
    return getattr(_cylinders.get(function, Cylinder()), part)


def write_cylinder(part: str, function: Any, value: Any) -> None:
    """Set a part; the cylinder stays along y, and a transform turns it around its centre.

    With vtkCylinder's own axis points on the surface come to lie a little beside it, on the other side than ParaView's.
    """
    if read_cylinder(part, function) == value:
        return
    made = _cylinders[function] = replace(_cylinders.get(function, Cylinder()), **{part: value})
    x, y, z = (one / math.hypot(*made.axis) for one in made.axis)
    across = math.hypot(x, z)
    function.SetCenter(made.center)
    transform = vtkTransform()
    if across > 0:
        transform.Translate(made.center)
        transform.RotateWXYZ(math.degrees(math.atan2(across, y)), z / across, 0, -x / across)
        transform.Translate([-one for one in made.center])
        transform.Inverse()
    function.SetTransform(transform if across > 0 else None)
    function.Modified()
