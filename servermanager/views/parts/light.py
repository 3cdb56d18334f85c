"""A light of a scene, as a proxy of its own."""

from __future__ import annotations

from typing import ClassVar

from async_paraview.scene.props.light import LIGHT
from async_paraview.scene.types import SceneType

from .listed import ListedProxy


class LightProxy(ListedProxy):
    """A light of a view: Coords, Position, FocalPoint, DiffuseColor, Intensity, ... (`help()`)."""

    __slots__ = ()

    scene_type: ClassVar[SceneType] = LIGHT
    place: ClassVar[str] = "AdditionalLights"
