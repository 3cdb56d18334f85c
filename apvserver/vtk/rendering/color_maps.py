"""Color maps and opacity functions of a session, shared by the name of an array; and what shares each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from async_paraview.names import unknown_name
from async_paraview.records import dataclass
from async_paraview.scene.catalog import COLOR_MAP_TYPES
from async_paraview.scene.color_maps import (
    COLOR_MAP,
    COMPONENT,
    FOLLOWING,
    NEVER,
    PIECEWISE_FUNCTION,
    SHARED,
    SHARED_OPACITIES,
)
from async_paraview.scene.representations import REPRESENTATION

from ..base.associations import ColorArray, Component
from ..base.errors import InvalidProperty
from ..base.property_set import PropertySet
from ..base.values.ranges import Range
from ..geometry.colors import check_preset

_MOST_COLORS: Final = 1024
"""Of a color map whose colors are not counted."""

Key = tuple[str, Component]
"""What numbers are joined by: the color map, and the component that is shown."""


@dataclass(frozen=True)
class Use:
    """How one representation uses a color map: what it adds to what all of them have in common."""

    color_map: str
    function: str
    component: Component
    range: Range | None
    is_categorical: bool
    labels: tuple[float, ...] | None = ()
    """The different values, where each of them has a color of its own whatever it is; None: they are too many."""

    @property
    def key(self) -> Key:
        """What it shares numbers by."""
        return self.color_map, self.component


class User(Protocol):
    """A representation, as color maps know it."""

    def color_later(self) -> None:
        """Color it anew before it is seen next: what it shares has changed."""


class ColorMaps:
    """All of one session. A color map is there as soon as somebody names it. One thread only."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, str], PropertySet] = {}
        self._uses: dict[User, Use] = {}
        self._kept: dict[Key, Range] = {}
        """What colors span of data that may be there no more, as AutomaticRescaleRangeMode says."""

    @staticmethod
    def check(kind: str, properties: Mapping[str, object]) -> None:
        """Raise what setting these would raise: `UnknownProperty`, `InvalidProperty`."""
        _property_set(kind).checked(properties)

    def properties(self, kind: str, name: str) -> Mapping[str, Any]:
        """Return all properties of a color map, or opacity function."""
        return self._set_of(kind, name).snapshot()

    def set(self, kind: str, name: str, properties: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises as `check`."""
        self._set_of(kind, name).update(properties)
        if not {"ScalarRange", "AutomaticRescaleRangeMode"}.isdisjoint(properties):
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] != name}
        for user, use in self._uses.items():
            if name == (use.color_map if kind == COLOR_MAP.name else use.function):
                user.color_later()

    def look(self, get: Mapping[str, Any], color_by: ColorArray) -> dict[str, Any]:
        """Return how a representation with these properties is colored: by what it has itself, else by its map."""
        found = dict(self.properties(COLOR_MAP.name, map_of(get, color_by)))
        name = function_of(get, color_by)
        points, stretch = self.opacity_points(get, name)
        found |= {
            "OpacityPoints": points,
            "OpacityUsesLogScale": self.properties(PIECEWISE_FUNCTION.name, name)["UseLogScale"],
            "OpacityIsInitialized": not stretch,
        }
        for mine, theirs in SHARED.items():
            if get[mine] != REPRESENTATION.by_name[mine].initial:
                found[theirs] = get[mine]
        if not found["Discretize"]:
            found["NumberOfTableValues"] = _MOST_COLORS
        return found

    def opacity_points(self, get: Mapping[str, Any], name: str) -> tuple[tuple[float, ...] | None, bool]:
        """Return the points of an opacity function as a representation has it, and whether they are stretched."""
        if get[SHARED_OPACITIES] is not None:
            pairs = zip(get[SHARED_OPACITIES][::2], get[SHARED_OPACITIES][1::2], strict=True)
            return tuple(one for value, opaque in pairs for one in (value, opaque, 0.5, 0.0)), False
        shared = self.properties(PIECEWISE_FUNCTION.name, name)
        return shared["Points"], not shared["ScalarRangeInitialized"]

    def color_array(self, get: Mapping[str, Any]) -> ColorArray | None:
        """Return the array that colors a representation, with the component that its color map chooses."""
        color_by: ColorArray | None = get["ColorBy"]
        if color_by is None or color_by.is_chosen:
            return color_by
        chosen = self.properties(COLOR_MAP.name, map_of(get, color_by))
        if chosen["VectorMode"] != COMPONENT:
            return color_by
        return ColorArray(color_by.association, color_by.name, chosen["VectorComponent"], is_chosen=False)

    # --- what they have in common

    def use(self, user: User, use: Use | None) -> None:
        """Note how a representation uses its color map now; the others are colored anew if that concerns them."""
        before = self._uses.get(user)
        if before == use:
            return
        keys = {one.key for one in (before, use) if one is not None}
        was = {key: (self.common(key), self.labels(key)) for key in keys}
        if use is None:
            del self._uses[user]
        else:
            self._uses[user] = use
        changed = {key for key in keys if (self.common(key), self.labels(key)) != was[key]}
        for other, its in self._uses.items():
            if its.key in changed and other is not user:
                other.color_later()

    def common(self, key: Key) -> tuple[Range | None, bool]:
        """Return the range of all that a color map colors, and whether all of that is labels."""
        return _joined([use for use in self._uses.values() if use.key == key])

    def labels(self, key: Key) -> tuple[float, ...] | None:
        """Return all values that have a color of their own, the smallest first; None: they are too many."""
        return _joined_labels([use for use in self._uses.values() if use.key == key])

    def range_of(self, key: Key) -> Range | None:
        """Return the range of the data that colors span, as the mode of the color map has it."""
        found, _ = self.common(key)
        mode, kept = self.properties(COLOR_MAP.name, key[0])["AutomaticRescaleRangeMode"], self._kept.get(key)
        if mode in FOLLOWING or found is None:
            return found if mode in FOLLOWING or kept is None else kept
        if kept is None or mode != NEVER:
            kept = found if kept is None else (min(kept[0], found[0]), max(kept[1], found[1]))
        self._kept[key] = kept
        return kept

    def keys_of(self, name: str) -> list[Key]:
        """Return by what those share numbers that use a color map."""
        return list(dict.fromkeys(use.key for use in self._uses.values() if use.color_map == name))

    def users_of(self, kind: str, name: str) -> list[User]:
        """Return what uses a color map or opacity function."""
        wanted = "color_map" if kind == COLOR_MAP.name else "function"
        return [user for user, use in self._uses.items() if getattr(use, wanted) == name]

    def _set_of(self, kind: str, name: str) -> PropertySet:
        if (kind, name) not in self._sets:
            self._sets[kind, name] = _property_set(kind)
        return self._sets[kind, name]


def map_of(get: Mapping[str, Any], color_by: ColorArray) -> str:
    """Return the name of the color map of a representation."""
    return str(get["ColorMap"] or color_by.name)


def function_of(get: Mapping[str, Any], color_by: ColorArray) -> str:
    """Return the name of the opacity function of a representation."""
    own = get["OpacityArrayName"] if get["UseSeparateOpacityArray"] and get["Representation"] == "Volume" else None
    return str(get["OpacityFunction"] or (own.name if own is not None else get["ColorMap"] or color_by.name))


def _joined(uses: list[Use]) -> tuple[Range | None, bool]:
    ranges = [one.range for one in uses if one.range is not None]
    joined = (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None
    return joined, all(one.is_categorical for one in uses)


def _joined_labels(uses: list[Use]) -> tuple[float, ...] | None:
    all_labels = {label for use in uses for label in use.labels or ()}
    return None if any(use.labels is None for use in uses) else tuple(sorted(all_labels))


def _property_set(kind: str) -> PropertySet:
    if kind not in COLOR_MAP_TYPES:
        raise InvalidProperty(unknown_name("kind of color map", kind, COLOR_MAP_TYPES))
    return PropertySet(COLOR_MAP_TYPES[kind], more={"Preset": check_preset} if kind == COLOR_MAP.name else None)
