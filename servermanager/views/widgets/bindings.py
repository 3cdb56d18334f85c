"""Which kind of widget suits a type of proxies, and how its places become properties. Plain functions and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass
from async_paraview.scene.props.widget import (
    BOX,
    CONE,
    CYLINDER,
    LINE,
    PLACES,
    PLANE,
    POINT,
    RULER,
    SEEDS,
    SPHERE,
    SPLINE,
    TRANSFORM,
)

Values = Mapping[str, Any]

_SIDES: Final = ("XLength", "YLength", "ZLength")
_NOT_A_BALL: Final = frozenset({"Axis", "Direction", "Height", "Normal", "Origin"})
"""What has a center, a radius and one of these as well is no ball."""
_OF_POINTS: Final = frozenset({"PointCloud", "PointSource"})
_OF_ONE_POINT: Final = frozenset({"ProbePoint"})
_MOVES_THE_DATA: Final = "Transform"
"""The property that holds a transform of the data; that of glyphs moves a shape which is not where the data is."""


@dataclass(frozen=True)
class Binding:
    """A kind of widget, which of a proxy's properties say where it is, and how they become its places, and back."""

    kind: str
    names: frozenset[str]
    places: Callable[[Values], dict[str, Any]]
    """Makes places of a widget out of the values of those properties."""
    settings: Callable[[Values], dict[str, Any]]
    """Makes values of those properties out of places: of those that are given, or all if it needs all."""
    needs_all: bool = False


def binding_of(type_name: str, entries: Iterable[Mapping[str, Any]]) -> Binding | None:
    """Return how a widget is bound to a proxy of a type with these properties; None: there is no widget for it."""
    names = {one["name"] for one in entries if one.get("kind") in ("simple", "indexed") and not one.get("information")}
    if {"Center", *_SIDES} <= names:
        return Binding(BOX, frozenset({"Center", *_SIDES}), _places_of_sides, _sides_of_places, needs_all=True)
    kind = _kind(type_name, names)
    return None if kind is None else _by_name(kind, {name: name for name in PLACES[kind]})


def binding_of_point(name: str) -> Binding:
    """Return how a point is bound to a property of three numbers."""
    return _by_name(POINT, {"Center": name})


def suits_property(binding: Binding, name: str) -> bool:
    """Return whether a widget is where what a property of that name holds is."""
    return binding.kind != TRANSFORM or name == _MOVES_THE_DATA


def is_place(entry: Mapping[str, Any]) -> bool:
    """Return whether a property is a place: three numbers."""
    return entry.get("kind") == "simple" and entry.get("type") == "float" and entry.get("size") == 3


def _kind(type_name: str, names: set[str]) -> str | None:
    if {"Point1", "Point2"} <= names and "Origin" not in names:
        return RULER if type_name == "Ruler" else LINE
    if {"Center", "Radius"} <= names and not names & _NOT_A_BALL:
        return SEEDS if type_name in _OF_POINTS else POINT if type_name in _OF_ONE_POINT else SPHERE
    for kind in (PLANE, BOX, CYLINDER, CONE, SPLINE, TRANSFORM):
        if set(PLACES[kind]) <= names:
            return kind
    return None


def _by_name(kind: str, names: Mapping[str, str]) -> Binding:
    """Return the binding of places to properties, one for one."""
    return Binding(
        kind,
        frozenset(names.values()),
        lambda values: {place: values[name] for place, name in names.items() if values.get(name) is not None},
        lambda places: {names[place]: value for place, value in places.items() if place in names},
    )


def _places_of_sides(values: Values) -> dict[str, Any]:
    length = np.array([values[name] for name in _SIDES], float)
    position = np.asarray(values["Center"], float) - length / 2
    return {"Position": position.tolist(), "Rotation": [0.0, 0.0, 0.0], "Length": length.tolist()}


def _sides_of_places(places: Values) -> dict[str, Any]:
    """Return the middle and the sides of a box that does not turn."""
    length, position = np.asarray(places["Length"], float), np.asarray(places["Position"], float)
    sides = dict(zip(_SIDES, length.tolist(), strict=True))
    return {"Center": (position + length / 2).tolist(), **sides}
