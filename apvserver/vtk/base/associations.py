"""Arrays of points and of cells: which of them is meant, by association, name and component, and what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from async_paraview.names import unknown_name
from async_paraview.records import dataclass

from .array_names import MAGNITUDE, component_numbers
from .array_types import as_numpy
from .errors import VtkError
from .values.ranges import Range, finite_range

Association = Literal["POINTS", "CELLS"]
Component = int | str
"""The number of a component, its name, or "Magnitude"."""
ORIGIN_IDS: Final = "apv origin id"
ORIGIN_BLOCKS: Final = "apv origin block"
"""Arrays of points and of cells that say where they come from; kept where there are some (see `data.original_ids`)."""
POINTS: Final = "POINTS"
CELLS: Final = "CELLS"
ASSOCIATIONS: tuple[Association, Association] = (POINTS, CELLS)


class GeometryError(VtkError, ValueError):
    """The data cannot be shown as asked; the message says what could be."""


@dataclass(frozen=True)
class ColorArray:
    """The array that colors a surface, and which of its components ("Magnitude": the vector's length)."""

    association: Association
    name: str
    component: Component = MAGNITUDE
    is_chosen: bool = field(default=True, compare=False)
    """Whether the component was asked for; else a color map may choose another."""

    def __post_init__(self) -> None:
        if self.association not in (POINTS, CELLS):
            raise GeometryError(unknown_name("association", self.association, (POINTS, CELLS)))
        if not isinstance(self.name, str) or not self.name:
            raise GeometryError(f"the name of a color array is a non-empty string, not {self.name!r}")
        is_index = type(self.component) is int and self.component >= 0
        if not is_index and not (isinstance(self.component, str) and self.component):
            raise GeometryError(f'a component is 0, 1, ..., a name as "X", or "Magnitude", not {self.component!r}')

    @classmethod
    def from_value(cls, value: object) -> ColorArray | None:
        """Read what a packet can carry: None, or [association, name] with an optional component."""
        if value is None or isinstance(value, ColorArray):
            return value
        if isinstance(value, Sequence) and not isinstance(value, str) and len(value) in (2, 3):
            return cls(*value, is_chosen=len(value) == 3)  # type: ignore[misc]  # the length was looked at
        example = '("POINTS", "pressure") or ("CELLS", "velocity", 0)'
        raise GeometryError(f"a color array is None or like {example}, not {value!r}")


def find_array(surface: Any, color_by: ColorArray | None) -> Any:
    """Return the vtkDataArray a surface is colored by, or None if the data does not have it."""
    if color_by is None:
        return None
    return attributes_of(surface, color_by.association).GetArray(color_by.name)


def array_range(surface: Any, color_by: ColorArray) -> Range | None:
    """Return the smallest and largest finite value of the shown component; None if there is no such value.

    Raises `GeometryError` if the surface does not have the array or the component.
    """
    require_array([surface], color_by)
    return finite_range(find_array(surface, color_by), _component_index(surface, color_by))


def whole_range(leaves: Iterable[Any], color_by: ColorArray) -> Range | None:
    """Return the range of all data sets that have finite values of the shown component; None if there are none."""
    ranges = [array_range(leaf, color_by) for leaf in leaves if _has_values(leaf, color_by)]
    found = [one for one in ranges if one is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def _has_values(leaf: Any, color_by: ColorArray) -> bool:
    array = find_array(leaf, color_by)
    return array is not None and array.GetNumberOfTuples() > 0


def numbers_of(array: Any, color_by: ColorArray) -> npt.NDArray[Any]:
    """Return the shown component of a vtkDataArray, one number for each tuple."""
    values = as_numpy(array)
    if values.ndim == 1:
        return values
    component = component_of(array, color_by)
    if isinstance(component, int):
        return values[:, component]
    return np.asarray(np.linalg.norm(values, axis=1))


def _component_index(surface: Any, color_by: ColorArray) -> int:
    """Return VTK's number for the component; -1 is the magnitude, which for a scalar is the value itself."""
    array = find_array(surface, color_by)
    component = component_of(array, color_by)
    if isinstance(component, int):
        return component
    return -1 if array.GetNumberOfComponents() > 1 else 0


def attributes_of(data_set: Any, association: Association) -> Any:
    """Return the point data or the cell data of a data set."""
    return data_set.GetPointData() if association == POINTS else data_set.GetCellData()


def _array_names(leaves: Iterable[Any], association: Association) -> set[str]:
    names: set[str] = set()
    for leaf in leaves:
        attributes = attributes_of(leaf, association)
        arrays = (attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays()))
        names.update(array.GetName() for array in arrays if array is not None and array.GetName())
    return names - {vtkDataSetAttributes.GhostArrayName()}


def require_array(data_sets: Iterable[Any], color_by: ColorArray) -> None:
    """Raise `GeometryError`, saying what there is, if none of them has the array, or it has no such component."""
    leaves = list(data_sets)
    arrays = [array for leaf in leaves if (array := find_array(leaf, color_by)) is not None]
    if not arrays:
        place = "point" if color_by.association == POINTS else "cell"
        message = unknown_name(f"{place} array", color_by.name, _array_names(leaves, color_by.association))
        other: Association = CELLS if color_by.association == POINTS else POINTS
        if color_by.name in _array_names(leaves, other):
            message += f". It is one of the {other} arrays: use ({other!r}, {color_by.name!r})"
        raise GeometryError(message)
    components = {array.GetNumberOfComponents() for array in arrays if array.GetNumberOfTuples()}
    components = components or {arrays[0].GetNumberOfComponents()}
    if len(components) > 1:
        raise GeometryError(f"{color_by.name!r} has {sorted(components)} components in different blocks")
    for array in [one for one in arrays if one.GetNumberOfTuples()] or arrays[:1]:
        component_of(array, color_by)


def component_of(array: Any, color_by: ColorArray) -> int | Literal["Magnitude"]:
    """Return the number of the component of an array that is shown, or "Magnitude".

    Raises `GeometryError` if it has no such component.
    """
    component, count = color_by.component, array.GetNumberOfComponents()
    if component == MAGNITUDE and MAGNITUDE not in component_numbers(array):
        return MAGNITUDE
    if isinstance(component, int) and component < count:
        return component
    named = component_numbers(array) if count > 1 else {}
    if isinstance(component, str) and component in named:
        return named[component]
    names = f", called {', '.join(named)}" if count > 1 else ""
    raise GeometryError(
        f"{color_by.name!r} has {count} component{'s' * (count > 1)}, numbered from 0{names}: "
        f"there is no component {component}"
    )
