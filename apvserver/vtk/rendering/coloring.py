"""From a representation's properties and the data it shows to the table that colors it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from vtkmodules.vtkCommonCore import VTK_DOUBLE, VTK_FLOAT, VTK_UNSIGNED_CHAR

from async_paraview.records import dataclass
from async_paraview.scene.color_maps import USUAL_PRESET

from ..base.array_names import MAGNITUDE
from ..base.associations import ColorArray, GeometryError, array_range, component_of, find_array, numbers_of
from ..base.values.distinct import distinct_few
from ..base.values.ranges import Range, finite_range
from ..geometry.colors import MAX_LABEL_SPAN, MAX_LABELS, Color, TransferFunction, is_categorical, lookup_table
from .color_maps import ColorMaps, Key, Use, User, function_of, map_of
from .looks.functions import RISING, stretched

_OF_COLORS = 4
"""So many components a volume has whose numbers are colors."""


@dataclass(frozen=True)
class Coloring:
    """What colors what a mapper draws: the array, how, and VTK's table of it."""

    color_by: ColorArray
    spec: TransferFunction
    table: Any
    key: Key
    """Of what shares its numbers: one legend is enough for all of them."""
    span: Range = (0.0, 1.0)
    """The numbers that the table was made for."""
    opacities: tuple[float, ...] | None = None
    """Of a volume that other numbers make opaque: value, opacity, midpoint, sharpness, ... of those."""

    @property
    def range(self) -> Range:
        """The numbers that the colors span (a range of labels goes half a label beyond)."""
        low, high = self.table.GetTableRange()
        return float(low), float(high)

    @property
    def component_name(self) -> str:
        """The component that is shown; empty: the magnitude, or the only one."""
        return "" if self.color_by.component == MAGNITUDE else str(self.color_by.component)

    def at(self, fraction: float) -> float:
        """Return the number at a fraction of the way along the colors."""
        low, high = self.range
        if self.spec.logarithmic and not self.spec.categorical:
            return float(low * (high / low) ** fraction)
        return low + (high - low) * fraction

    @property
    def legend(self) -> tuple[Key, TransferFunction, Range]:
        """What a legend says: one is enough for all that share it."""
        return self.key, self.spec, self.range

    def entries(self) -> Iterator[tuple[float, float, float, float, float]]:
        """Yield the table as value, red, green, blue, opacity."""
        count = self.table.GetNumberOfTableValues()
        for index in range(count):
            yield self.at(index / max(1, count - 1)), *self.table.GetTableValue(index)


@dataclass(frozen=True)
class OwnColors:
    """The array holds colors: red, green, blue and maybe opacity, or grey and maybe opacity."""

    color_by: ColorArray
    translucent: bool


def coloring(
    user: User,
    data: Any,
    get: Mapping[str, Any],
    color_maps: ColorMaps,
    color_range: Range | None,
    *,
    volume: bool,
    in_pieces: bool = False,
) -> Coloring | OwnColors | None:
    """Return how to color `data`, None if it is drawn in one color: it has no such array, or none is asked for.

    `color_range` is the range of the whole data; None: that of `data`, of nothing (0, 1). What shares the color map
    spans the same range, and is told if that changes. What is drawn `in_pieces` has other values elsewhere. Raises
    `GeometryError` for what cannot be.
    """
    color_by = color_maps.color_array(get)
    array = _array(data, color_by, volume)
    if color_by is None or array is None:
        color_maps.use(user, None)
        return None
    if volume and array.GetNumberOfComponents() == _OF_COLORS:
        color_maps.use(user, None)
        return OwnColors(color_by, translucent=True)
    if not get["MapScalars"]:
        color_maps.use(user, None)
        return _own_colors(array, color_by, volume)
    try:
        shown_range = finite_range(array, 0) if volume else array_range(data, color_by)
        component = component_of(array, color_by) if array.GetNumberOfComponents() > 1 and not volume else 0
    except GeometryError:
        color_maps.use(user, None)
        raise
    look = color_maps.look(get, color_by)
    categorical = look["InterpretValuesAsCategories"]
    are_labels = categorical is None and not volume and not _are_numbers(look) and is_categorical(array, component)
    shared_by = component if not volume and array.GetNumberOfComponents() > 1 else color_by.component
    function = function_of(get, color_by)
    has_own_labels = bool(categorical) and not volume and not look["Annotations"] and look["ScalarRange"] is None
    labels = _labels(array, color_by) if has_own_labels and not in_pieces else ()
    use = Use(map_of(get, color_by), function, shared_by, color_range or shown_range, are_labels, labels)
    color_maps.use(user, use)
    data_range = color_maps.range_of(use.key) or (0.0, 1.0)
    if categorical is None:
        categorical = color_maps.common(use.key)[1]
    if categorical and volume and look["Annotations"]:
        raise GeometryError("a volume has no colors of annotated categories: set InterpretValuesAsCategories to False")
    opacities = _opacities(look, volume, look["ScalarRange"] or data_range)
    spec = replace(
        spec_of(look),
        categorical=bool(categorical),
        component=component,
        opacities=opacities,
        opacities_stretch=not look["OpacityIsInitialized"],
        opacity_is_logarithmic=look["OpacityUsesLogScale"],
    )
    span = look["ScalarRange"] or spec.range_of(data_range)
    if has_own_labels:
        spec = replace(spec, annotations=_named(color_maps.labels(use.key), span))
    table = lookup_table(spec, span)
    own = _own_opacities(array, get, function, color_maps) if volume and array.GetNumberOfComponents() > 1 else None
    return Coloring(color_by, spec, table, use.key, span, own)


def _labels(array: Any, color_by: ColorArray) -> tuple[float, ...] | None:
    """Return the different values of what is shown of an array, at most MAX_LABELS; None: there are more."""
    found = distinct_few(numbers_of(array, color_by), MAX_LABELS)
    return None if found is None else tuple(found.tolist())


def _named(labels: tuple[float, ...] | None, span: Range) -> tuple[Any, ...]:
    """Return value, text, ... of labels that no table from the first to the last has: far apart, or no integers."""
    far_apart = span[1] - span[0] > MAX_LABEL_SPAN
    if not labels or not (far_apart or any(label % 1 for label in labels)):
        return ()
    return tuple(one for label in labels for one in (label, f"{label:.6g}" if label % 1 else str(int(label))))


def _own_opacities(array: Any, get: Mapping[str, Any], function: str, color_maps: ColorMaps) -> tuple[float, ...]:
    """Return how opaque the second numbers of a volume are: as was asked for, else from 0 at the low end to 1."""
    low, high = finite_range(array, 1) or (0.0, 1.0)
    points, stretch = color_maps.opacity_points(get, function)
    if points is None or stretch:
        points = tuple(stretched(points or RISING, low, high if high > low else low + 1.0))
    return points


def _are_numbers(look: Mapping[str, Any]) -> bool:
    """Return whether what was asked for says that there are numbers, from low to high, and no labels."""
    ordered = look["Preset"] is not None or look["RGBPoints"] is not None
    return bool(ordered or look["UseLogScale"] or look["InvertLookupTable"])


def spec_of(look: Mapping[str, Any]) -> TransferFunction:
    """Return which color numbers get by the properties of a color map."""
    return TransferFunction(
        preset=look["Preset"] or USUAL_PRESET,
        nan_color=look["NanColor"],
        nan_opacity=look["NanOpacity"],
        points=look["RGBPoints"],
        points_stretch=not look["ScalarRangeInitialized"],
        space=look["ColorSpace"],
        hue_wraps=look["HSVWrap"],
        inverted=look["InvertLookupTable"],
        logarithmic=look["UseLogScale"],
        count=look["NumberOfTableValues"],
        below=_outside(look, "Below", (0.0, 0.0, 0.0)),
        above=_outside(look, "Above", (0.5, 0.5, 0.5)),
        annotations=look["Annotations"],
        indexed=look["IndexedColors"],
    )


def _outside(look: Mapping[str, Any], side: str, usual: Color) -> Color | None:
    """Return the color of numbers beyond an end of the range; None: that of the end."""
    used, color = look[f"Use{side}RangeColor"], look[f"{side}RangeColor"]
    if used is None:
        return None if color is None else color
    return (color or usual) if used else None


def _own_colors(array: Any, color_by: ColorArray, volume: bool) -> OwnColors:
    """Return bytes, or numbers from 0 to 1. Raises `GeometryError` for others, which VTK would cut off or shift."""
    if volume:
        raise GeometryError("MapScalars is off: a volume has no colors but those of its numbers; switch MapScalars on")
    if color_by.component != MAGNITUDE:
        raise GeometryError("MapScalars is off: colors are all components of an array; leave the component out")
    components, kind = array.GetNumberOfComponents(), array.GetDataType()
    ranges = [one for component in range(components) if (one := finite_range(array, component)) is not None]
    low, high = min((one[0] for one in ranges), default=0.0), max((one[1] for one in ranges), default=1.0)
    are_bytes = kind == VTK_UNSIGNED_CHAR and components <= 4
    are_fractions = kind in (VTK_FLOAT, VTK_DOUBLE) and components in (3, 4) and low >= 0.0 and high <= 1.0
    if not (are_bytes or are_fractions):
        raise GeometryError(
            f"MapScalars is off: {color_by.name!r} has to hold colors, 1 to 4 bytes or 3 or 4 numbers from 0 to 1; "
            f"it holds {components} of {array.GetDataTypeAsString()} from {low:g} to {high:g}; switch MapScalars on"
        )
    return OwnColors(color_by, components in (2, 4))


def _array(data: Any, color_by: ColorArray | None, volume: bool) -> Any:
    if color_by is None or not volume:
        return find_array(data, color_by)
    return data.GetPointData().GetScalars() or data.GetCellData().GetScalars()


def _opacities(look: Mapping[str, Any], volume: bool, span: tuple[float, float]) -> tuple[float, ...] | None:
    """Return the opacities: a volume grows opaque from low to high, where nothing else is asked for."""
    if look["OpacityPoints"] is not None and (volume or look["EnableOpacityMapping"]):
        points: tuple[float, ...] = look["OpacityPoints"]
        return points
    return (span[0], 0.0, 0.5, 0.0, span[1], 1.0, 0.5, 0.0) if volume else None
