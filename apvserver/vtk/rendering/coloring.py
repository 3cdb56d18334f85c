"""From a representation's properties and the data it shows to the table that colors it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vtkmodules.vtkCommonCore import VTK_DOUBLE, VTK_FLOAT, VTK_UNSIGNED_CHAR

from ..base.associations import ColorArray, GeometryError, Range, array_range, component_of, find_array, finite_range
from ..base.component_names import MAGNITUDE
from ..geometry.colors import TransferFunction, is_categorical, lookup_table


@dataclass(frozen=True)
class Coloring:
    """What colors what a mapper draws: the array, how, and VTK's table of it."""

    color_by: ColorArray
    spec: TransferFunction
    table: Any

    @property
    def range(self) -> Range:
        """The numbers that the colors span (a range of labels goes half a label beyond)."""
        low, high = self.table.GetTableRange()
        return float(low), float(high)

    def entries(self) -> Iterator[tuple[float, float, float, float, float]]:
        """Yield the table as value, red, green, blue, opacity."""
        low, high = self.range
        count = self.table.GetNumberOfTableValues()
        for index in range(count):
            if self.spec.logarithmic and not self.spec.categorical:
                value = low * (high / low) ** (index / max(1, count - 1))
            else:
                value = low + (high - low) * index / max(1, count - 1)
            yield value, *self.table.GetTableValue(index)


@dataclass(frozen=True)
class OwnColors:
    """The array holds colors: red, green, blue and maybe opacity, or grey and maybe opacity."""

    color_by: ColorArray
    translucent: bool


def coloring(
    data: Any, get: Mapping[str, Any], color_range: Range | None, *, volume: bool
) -> Coloring | OwnColors | None:
    """Return how to color `data`, None if it is drawn in one color: it has no such array, or none is asked for.

    `color_range` is the range of the whole data; None: that of `data`, of nothing (0, 1). Raises
    `GeometryError` for what cannot be.
    """
    color_by: ColorArray | None = get["ColorBy"]
    array = _array(data, color_by, volume)
    if color_by is None or array is None:
        return None
    if not get["MapScalars"]:
        return _own_colors(array, color_by, volume)
    shown_range = finite_range(array, 0) if volume else array_range(data, color_by)
    component = component_of(array, color_by) if array.GetNumberOfComponents() > 1 else 0
    data_range = color_range or shown_range or (0.0, 1.0)
    categorical = get["Categorical"]
    if categorical is None:
        of_numbers = get["RGBPoints"] is not None or get["UseLogScale"] or volume
        categorical = not of_numbers and is_categorical(array, component)
    spec = TransferFunction(
        preset=get["LookupTable"],
        categorical=bool(categorical),
        component=component,
        nan_color=get["NanColor"],
        points=get["RGBPoints"],
        opacities=_opacities(get, volume, get["ScalarRange"] or data_range),
        inverted=get["InvertLookupTable"],
        logarithmic=get["UseLogScale"],
        count=get["NumberOfTableValues"],
        below=get["BelowRangeColor"],
        above=get["AboveRangeColor"],
    )
    return Coloring(color_by, spec, lookup_table(spec, get["ScalarRange"] or spec.range_of(data_range)))


def _own_colors(array: Any, color_by: ColorArray, volume: bool) -> OwnColors:
    """Return bytes, or numbers from 0 to 1. Raises `GeometryError` for others, which VTK would cut off or shift."""
    if volume:
        raise GeometryError("MapScalars is off: a volume has no colours but those of its numbers; switch MapScalars on")
    if color_by.component != MAGNITUDE:
        raise GeometryError("MapScalars is off: colours are all components of an array; leave the component out")
    components, kind = array.GetNumberOfComponents(), array.GetDataType()
    ranges = [one for component in range(components) if (one := finite_range(array, component)) is not None]
    low, high = min((one[0] for one in ranges), default=0.0), max((one[1] for one in ranges), default=1.0)
    are_bytes = kind == VTK_UNSIGNED_CHAR and components <= 4
    are_fractions = kind in (VTK_FLOAT, VTK_DOUBLE) and components in (3, 4) and low >= 0.0 and high <= 1.0
    if not (are_bytes or are_fractions):
        raise GeometryError(
            f"MapScalars is off: {color_by.name!r} has to hold colours, 1 to 4 bytes or 3 or 4 numbers from 0 to 1; "
            f"it holds {components} of {array.GetDataTypeAsString()} from {low:g} to {high:g}; switch MapScalars on"
        )
    return OwnColors(color_by, components in (2, 4))


def _array(data: Any, color_by: ColorArray | None, volume: bool) -> Any:
    if color_by is None or not volume:
        return find_array(data, color_by)
    return data.GetPointData().GetScalars() or data.GetCellData().GetScalars()


def _opacities(get: Mapping[str, Any], volume: bool, span: tuple[float, float]) -> tuple[float, ...] | None:
    """Return the opacities: a volume grows opaque from low to high, where nothing else is asked for."""
    if get["OpacityPoints"] is not None and (volume or get["EnableOpacityMapping"]):
        points: tuple[float, ...] = get["OpacityPoints"]
        return points
    return (span[0], 0.0, span[1], 1.0) if volume else None
