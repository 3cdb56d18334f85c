"""A text in front of what a view shows, as a proxy of its own."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

from async_paraview.scene.text import TEXT
from async_paraview.scene.types import SceneType

from .parts.listed import ListedProxy


class TextProxy(ListedProxy):
    """A text in a view: Text, WindowLocation, FontSize, Color, Bold. Every method is fire and forget."""

    __slots__ = ()

    scene_type: ClassVar[SceneType] = TEXT
    place: ClassVar[str] = "Texts"

    @property
    def properties(self) -> dict[str, Any]:
        """Return what was set, by name. Deprecated: `set_values()` tells it, and attributes are read."""
        warnings.warn("text.properties is now text.set_values()", DeprecationWarning, stacklevel=2)
        return self.set_values()
