"""Shows one surface in a render view: the properties, the mapper and the actor."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from .colors import PRESETS, TransferFunction, is_categorical, lookup_table
from .errors import InvalidProperty, UnknownProperty
from .geometry import POINTS, ColorArray, array_range, find_array, unknown_name
from .images import Bounds

Check = Callable[[object], Any]

MAX_PIXELS = 1000.0


class PropertySet:
    """Named values, each with a default and a check; `update` changes all of them or none."""

    def __init__(self, schema: Mapping[str, tuple[Any, Check]], owner: str) -> None:
        self._schema = schema
        self._owner = owner
        self._values = {name: default for name, (default, _check) in schema.items()}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def update(self, changes: Mapping[str, object]) -> None:
        """Applies checked values; raises as `checked` does, having changed nothing."""
        self._values.update(self.checked(changes))

    def checked(self, changes: Mapping[str, object]) -> dict[str, Any]:
        """The values as they will be stored, nothing stored yet. Raises `UnknownProperty`, `InvalidProperty`."""
        accepted = {}
        for name, value in changes.items():
            if name not in self._schema:
                raise UnknownProperty(unknown_name(f"property of a {self._owner}", name, self._schema))
            try:
                accepted[name] = self._schema[name][1](value)
            except (TypeError, ValueError) as error:
                raise InvalidProperty(f"{self._owner}.{name} = {value!r}: {error}") from None
        return accepted

    def snapshot(self) -> Mapping[str, Any]:
        """All values now, read-only."""
        return MappingProxyType(dict(self._values))


def number(low: float, high: float) -> Check:
    """Accepts a finite number from low to high."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"expected a number from {low:g} to {high:g}")
        return float(value)

    return check


def numbers(count: int, low: float, high: float) -> Check:
    """Accepts a sequence of `count` finite numbers from low to high, as a tuple of floats."""

    def check(value: object) -> tuple[float, ...]:
        is_sequence = isinstance(value, Sequence) and not isinstance(value, str | bytes)
        if not isinstance(value, Sequence) or not is_sequence or len(value) != count:
            raise ValueError(f"expected {count} numbers")
        return tuple(number(low, high)(item) for item in value)

    return check


def choice(kind: str, known: Sequence[str]) -> Check:
    """Accepts one of the known names; the error suggests the nearest."""

    def check(value: object) -> str:
        if value not in known:
            raise ValueError(unknown_name(kind, value, known))
        return str(value)

    return check


def flag(value: object) -> bool:
    """Accepts True, False, 1 and 0."""
    if value not in (True, False):
        raise ValueError("expected True or False")
    return bool(value)


def optional(check: Check) -> Check:
    """Accepts None besides what `check` accepts."""
    return lambda value: None if value is None else check(value)


def _ordered_range(value: object) -> tuple[float, float]:
    low, high = numbers(2, -math.inf, math.inf)(value)
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError("expected (low, high), finite, low not above high")
    return low, high


COLOR = numbers(3, 0.0, 1.0)
_FRACTION = number(0.0, 1.0)
_PIXELS = number(0.1, MAX_PIXELS)
_STYLES = ("Surface", "Surface With Edges", "Wireframe", "Points")
_INTERPOLATIONS = ("Flat", "Gouraud", "Phong")

SCHEMA: Mapping[str, tuple[Any, Check]] = {
    "Representation": ("Surface", choice("representation", _STYLES)),
    "Visibility": (True, flag),
    "Color": ((1.0, 1.0, 1.0), COLOR),
    "Opacity": (1.0, _FRACTION),
    "PointSize": (2.0, _PIXELS),
    "LineWidth": (1.0, _PIXELS),
    "EdgeColor": ((0.0, 0.0, 0.5), COLOR),
    "Interpolation": ("Gouraud", choice("interpolation", _INTERPOLATIONS)),
    "Lighting": (True, flag),
    "Ambient": (0.0, _FRACTION),
    "Diffuse": (1.0, _FRACTION),
    "Specular": (0.0, _FRACTION),
    "SpecularPower": (30.0, number(1.0, 1000.0)),
    "ColorBy": (None, ColorArray.from_value),
    "LookupTable": ("Cool to Warm", choice("colour preset", tuple(PRESETS))),
    "ScalarRange": (None, optional(_ordered_range)),
    "Categorical": (None, optional(flag)),
}
_COLORING = {"ColorBy", "LookupTable", "ScalarRange", "Categorical"}


class GeometryRepresentation:
    """Draws a surface made by `extract_geometry`. Belongs to the thread of the view that shows it.

    Until a surface has the array that ColorBy names, it is drawn in Color: a new ColorBy may arrive before
    the geometry that goes with it. ScalarRange None means the range of the data, Categorical None that
    the array decides (`is_categorical`).
    """

    def __init__(self, properties: Mapping[str, object] | None = None) -> None:
        self._properties = PropertySet(SCHEMA, "representation")
        self._mapper = vtkPolyDataMapper()
        self._mapper.SetColorModeToMapScalars()
        self._mapper.UseLookupTableScalarRangeOn()
        self.actor: Any = vtkActor()
        self.actor.SetMapper(self._mapper)
        self._surface = vtkPolyData()
        self._mapper.SetInputDataObject(self._surface)
        self._mapper.ScalarVisibilityOff()
        self._apply_appearance()
        self.set_properties(properties or {})

    @property
    def properties(self) -> Mapping[str, Any]:
        """All properties, read-only."""
        return self._properties.snapshot()

    @property
    def is_visible(self) -> bool:
        """Whether there is something to see."""
        return bool(self._properties["Visibility"]) and self.bounds is not None

    @property
    def is_translucent(self) -> bool:
        """Whether it needs translucent surfaces to be drawn in the right order."""
        return bool(self._properties["Opacity"] < 1.0)

    @property
    def bounds(self) -> Bounds | None:
        """World bounds (x low, x high, y low, ...), or None without points."""
        return self._surface.GetBounds() if self._surface.GetNumberOfPoints() else None

    @property
    def color_range(self) -> tuple[float, float] | None:
        """The numbers the colours span now (a label range goes half a label beyond), None if uncoloured."""
        table = self._mapper.GetLookupTable() if self._mapper.GetScalarVisibility() else None
        return table.GetTableRange() if table else None

    @property
    def has_detail(self) -> bool:
        """Whether a reduced drawing differs from a whole one."""
        return False

    def use_detail(self, reduced: bool) -> None:
        """Draw cheap stand-ins from now on, or the whole."""

    def set_geometry(self, polydata: Any) -> None:
        """Shows this vtkPolyData from now on; it must not change any more. No copy is made.

        Raises `GeometryError`, and goes on showing the old one, if it cannot be coloured as asked.
        """
        coloring = self._coloring(polydata, self._properties)
        self._surface = polydata
        self._mapper.SetInputDataObject(polydata)
        self._apply_coloring(coloring)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Changes properties, all or none.

        Raises `UnknownProperty` for a name, `InvalidProperty` for a value, `GeometryError` if the surface
        that is shown cannot be coloured so.
        """
        proposed = PropertySet(SCHEMA, "representation")
        proposed.update({**self._properties.snapshot(), **changes})
        if _COLORING.isdisjoint(changes):
            self._properties = proposed
        else:
            coloring = self._coloring(self._surface, proposed)
            self._properties = proposed
            self._apply_coloring(coloring)
        self._apply_appearance()

    def release(self, window: Any) -> None:
        """Frees what it holds on the graphics card of `window`, and the surface."""
        self.actor.ReleaseGraphicsResources(window)
        self._surface = vtkPolyData()
        self._mapper.SetInputDataObject(self._surface)

    def _apply_appearance(self) -> None:
        get, look = self._properties.__getitem__, self.actor.GetProperty()
        self.actor.SetVisibility(get("Visibility"))
        style = get("Representation")
        look.SetRepresentation({"Points": 0, "Wireframe": 1}.get(style, 2))
        look.SetEdgeVisibility(style == "Surface With Edges")
        look.SetInterpolation(_INTERPOLATIONS.index(get("Interpolation")))
        look.SetColor(get("Color"))
        look.SetEdgeColor(get("EdgeColor"))
        look.SetSpecularColor(1.0, 1.0, 1.0)
        for name in ("Lighting", "Opacity", "PointSize", "LineWidth"):
            getattr(look, f"Set{name}")(get(name))
        for name in ("Ambient", "Diffuse", "Specular", "SpecularPower"):
            getattr(look, f"Set{name}")(get(name))

    def _coloring(self, surface: Any, properties: PropertySet) -> tuple[TransferFunction, Any] | None:
        """The lookup table for this surface and what it was made of, None if it is drawn in one colour."""
        color_by: ColorArray | None = properties["ColorBy"]
        array = find_array(surface, color_by)
        if color_by is None or array is None:
            return None
        scalar_range = array_range(surface, color_by)
        categorical = properties["Categorical"]
        if categorical is None:
            categorical = is_categorical(array, color_by.component)
        component = color_by.component if array.GetNumberOfComponents() > 1 else 0
        spec = TransferFunction(properties["LookupTable"], bool(categorical), component)
        return spec, lookup_table(spec, properties["ScalarRange"] or scalar_range)

    def _apply_coloring(self, coloring: tuple[TransferFunction, Any] | None) -> None:
        mapper, color_by = self._mapper, self._properties["ColorBy"]
        if coloring is None:
            mapper.ScalarVisibilityOff()
            return
        spec, table = coloring
        mapper.ScalarVisibilityOn()
        mapper.SelectColorArray(color_by.name)
        if color_by.association == POINTS:
            mapper.SetScalarModeToUsePointFieldData()
        else:
            mapper.SetScalarModeToUseCellFieldData()
        # Between points numbers are blended, then looked up; between labels lie no labels, but colours.
        mapper.SetInterpolateScalarsBeforeMapping(color_by.association == POINTS and not spec.categorical)
        mapper.SetLookupTable(table)
