"""What is shown in charts has in common: properties, what arrived of the data, and that nothing in it is picked."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar

from async_paraview.scene.types import SceneType

from ...base.property_set import PropertySet
from ..color_maps import ColorMaps
from ..coloring import Coloring


class ChartRepresentation(ABC):
    """One output in a chart. Belongs to the thread of the view that shows it."""

    TYPE: ClassVar[SceneType]
    association = None
    """Nothing in a chart is picked."""
    data: Any = None
    failure: Exception | None = None
    """Why it is not drawn as asked for: what can be extracted can be drawn."""
    coloring: Coloring | None = None
    """What colored it last, None if nothing did by numbers."""
    is_colored_later = False
    """Whether it will be seen in other colors than it was drawn in."""

    def __init__(self, color_maps: ColorMaps | None = None) -> None:
        """Show nothing yet; `color_maps` are those of the session, None: its own."""
        self._properties = PropertySet(self.TYPE)
        self._color_maps = color_maps or ColorMaps()
        self._parts: Mapping[str, Any] = {}
        self._facts: Mapping[str, Any] = {}
        self.version = 0
        """Of the data that is shown, counted by who extracted it."""

    @classmethod
    def check_properties(cls, changes: Mapping[str, object]) -> None:
        """Raise what names and values would raise, whatever the data."""
        PropertySet(cls.TYPE).checked(changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._properties.update(changes)

    def set_data(self, parts: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Draw this from now on; it is never changed any more."""
        self._parts, self._facts, self.version = parts, facts, int(facts["version"])

    @property
    def is_visible(self) -> bool:
        """Whether it is to be drawn, and anything has arrived."""
        return bool(self._properties["Visibility"]) and bool(self._parts)

    def release(self, window: Any) -> None:
        """Free the data."""
        self._parts = {}
        self._color_maps.use(self, None)

    def color_later(self) -> None:
        """Color it anew before it is seen next: a color map that it shares has changed."""
        self.is_colored_later = True
