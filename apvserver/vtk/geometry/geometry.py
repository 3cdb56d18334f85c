"""Extracts what a render view draws from any data set: one surface with the arrays it needs, no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_BIT, VTK_UNSIGNED_CHAR, vtkDataArray
from vtkmodules.vtkCommonDataModel import (
    vtkCompositeDataSet,
    vtkDataObject,
    vtkDataSet,
    vtkDataSetAttributes,
    vtkHyperTreeGrid,
    vtkPolyData,
    vtkTable,
)
from vtkmodules.vtkFiltersCore import vtkAppendPolyData
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter

from async_paraview.names import unknown_name

from ..base.array_types import as_numpy, retyped
from ..base.component_names import MAGNITUDE, component_numbers
from ..base.errors import VtkBridgeError
from ..base.precision import choose_precision

Association = Literal["POINTS", "CELLS"]
Component = int | str
"""The number of a component, its name, or "Magnitude"."""
Range = tuple[float, float]

ORIGIN_IDS: Final = "apv origin id"
ORIGIN_BLOCKS: Final = "apv origin block"
"""Arrays of points and of cells that say where they come from; kept where there are some (see `origins`)."""

POINTS: Final = "POINTS"
CELLS: Final = "CELLS"
ASSOCIATIONS: tuple[Association, Association] = (POINTS, CELLS)


class GeometryError(VtkBridgeError, ValueError):
    """The data cannot be shown as asked; the message says what could be."""


@dataclass(frozen=True)
class ColorArray:
    """The array that colours a surface, and which of its components ("Magnitude": the vector's length)."""

    association: Association
    name: str
    component: Component = MAGNITUDE

    def __post_init__(self) -> None:
        if self.association not in (POINTS, CELLS):
            raise GeometryError(unknown_name("association", self.association, (POINTS, CELLS)))
        if not isinstance(self.name, str) or not self.name:
            raise GeometryError(f"the name of a colour array is a non-empty string, not {self.name!r}")
        is_index = type(self.component) is int and self.component >= 0
        if not is_index and not (isinstance(self.component, str) and self.component):
            raise GeometryError(f'a component is 0, 1, ..., a name as "X", or "Magnitude", not {self.component!r}')

    @classmethod
    def from_value(cls, value: object) -> ColorArray | None:
        """Reads what a packet can carry: None, or [association, name] with an optional component."""
        if value is None or isinstance(value, ColorArray):
            return value
        if isinstance(value, Sequence) and not isinstance(value, str) and len(value) in (2, 3):
            return cls(*value)
        example = '("POINTS", "pressure") or ("CELLS", "velocity", 0)'
        raise GeometryError(f"a colour array is None or like {example}, not {value!r}")


def extract_geometry(data_object: Any, *, color_by: ColorArray | None = None) -> Any:
    """The surface of a data set or composite as one new vtkPolyData, ready for another thread.

    It carries the colour array and point normals, if there are any, and nothing else; ghost cells are
    left out. Arrays of a vtkPolyData input are shared, not copied, and the lazy caches the renderer
    reads (bounds, ranges) are filled. Blocks of a composite that lack the colour array are kept; their
    values become NaN, and the array float64. Where its type differs between blocks, it becomes one that holds all.

    Raises `GeometryError` if the data has no surface, or if no block has the colour array.
    """
    leaves = list(leaves_of(data_object))
    if color_by is not None:
        require_array(leaves, color_by)
    surfaces = [_surface(reduced_to(leaf, color_by)) for leaf in leaves]
    result = surfaces[0] if len(surfaces) == 1 else _merged(surfaces, color_by)
    fill_caches(result)
    return result


def find_array(surface: Any, color_by: ColorArray | None) -> Any:
    """The vtkDataArray a surface is coloured by, or None if it does not have it."""
    if color_by is None:
        return None
    return _attributes(surface, color_by.association).GetArray(color_by.name)


def array_range(surface: Any, color_by: ColorArray) -> Range | None:
    """Smallest and largest finite value of the shown component; None if there is no such value.

    Raises `GeometryError` if the surface does not have the array or the component.
    """
    require_array([surface], color_by)
    return finite_range(find_array(surface, color_by), _component_index(surface, color_by))


def finite_range(array: Any, component: int) -> Range | None:
    """Smallest and largest finite value of a component (-1: the magnitude) of a vtkDataArray; None if it has none."""
    low, high = array.GetFiniteRange(component)
    return (low, high) if low <= high else None  # VTK's range of nothing is upside down


def whole_range(leaves: Iterable[Any], color_by: ColorArray) -> Range | None:
    """The range of all data sets that have finite values of the shown component; None if there are none."""
    ranges = [array_range(leaf, color_by) for leaf in leaves if _has_values(leaf, color_by)]
    found = [one for one in ranges if one is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def _has_values(leaf: Any, color_by: ColorArray) -> bool:
    array = find_array(leaf, color_by)
    return array is not None and array.GetNumberOfTuples() > 0


def numbers_of(array: Any, color_by: ColorArray) -> npt.NDArray[Any]:
    """The shown component of a vtkDataArray, one number for each tuple."""
    values = as_numpy(array)
    if values.ndim == 1:
        return values
    component = component_of(array, color_by)
    if isinstance(component, int):
        return values[:, component]
    return np.asarray(np.linalg.norm(values, axis=1))


def _component_index(surface: Any, color_by: ColorArray) -> int:
    """VTK's number for the component; -1 is the magnitude, which for a scalar is the value itself."""
    array = find_array(surface, color_by)
    component = component_of(array, color_by)
    if isinstance(component, int):
        return component
    return -1 if array.GetNumberOfComponents() > 1 else 0


def leaves_of(data_object: Any) -> Iterator[Any]:
    """The data sets in a data object. Raises `GeometryError` for what has no geometry."""
    if isinstance(data_object, vtkDataSet):
        yield data_object
    elif isinstance(data_object, vtkCompositeDataSet):
        iterator = data_object.NewIterator()
        iterator.SkipEmptyNodesOn()
        iterator.InitTraversal()
        while not iterator.IsDoneWithTraversal():
            yield from leaves_of(iterator.GetCurrentDataObject())
            iterator.GoToNextItem()
    elif isinstance(data_object, vtkHyperTreeGrid):
        from vtkmodules.vtkFiltersHyperTree import vtkHyperTreeGridGeometry

        extract = vtkHyperTreeGridGeometry()
        extract.SetInputData(data_object)
        extract.Update()
        yield extract.GetOutput()
    elif isinstance(data_object, vtkTable):
        raise GeometryError(
            "a vtkTable has no geometry and cannot be shown in a render view; "
            "make points of its columns first (vtkTableToPolyData)"
        )
    else:
        kind = data_object.GetClassName() if isinstance(data_object, vtkDataObject) else repr(data_object)
        raise GeometryError(f"{kind} has no geometry that a render view can show")


def _attributes(data_set: Any, association: Association) -> Any:
    return data_set.GetPointData() if association == POINTS else data_set.GetCellData()


def _array_names(leaves: Iterable[Any], association: Association) -> set[str]:
    names: set[str] = set()
    for leaf in leaves:
        attributes = _attributes(leaf, association)
        arrays = (attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays()))
        names.update(array.GetName() for array in arrays if array is not None and array.GetName())
    return names - {vtkDataSetAttributes.GhostArrayName()}


def require_array(data_sets: Iterable[Any], color_by: ColorArray) -> None:
    """Raises `GeometryError`, saying what there is, if none of them has the array, or it has no such component."""
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
    """The number of the component of an array that is shown, or "Magnitude". Raises `GeometryError`: it has no such."""
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


def reduced_to(leaf: Any, color_by: ColorArray | None) -> Any:
    """The leaf with its structure, normals, ghost flags and colour array only; everything is shared."""
    reduced = leaf.NewInstance()
    reduced.CopyStructure(leaf)
    normals = leaf.GetPointData().GetNormals()
    if normals is not None:
        reduced.GetPointData().SetNormals(normals)
    for association in ASSOCIATIONS:
        for name in (vtkDataSetAttributes.GhostArrayName(), ORIGIN_IDS, ORIGIN_BLOCKS):
            kept = _attributes(leaf, association).GetArray(name)
            if kept is not None:
                _attributes(reduced, association).AddArray(kept)
    array = find_array(leaf, color_by)
    if array is not None and color_by is not None:
        if array.GetDataType() == VTK_BIT:  # of bits with several components VTK 9.7 draws wrong ones
            array = retyped(array, VTK_UNSIGNED_CHAR)
        _attributes(reduced, color_by.association).AddArray(array)
    return reduced


def _surface(leaf: Any) -> Any:
    surface = leaf
    if not isinstance(leaf, vtkPolyData):
        extract = vtkGeometryFilter()
        extract.SetInputData(leaf)
        choose_precision(extract)
        extract.Update()
        surface = vtkPolyData()
        surface.ShallowCopy(extract.GetOutput())
    ghosts = surface.GetCellGhostArray()
    if ghosts is not None and ghosts.GetRange()[1] > 0:
        surface.RemoveGhostCells()
    for association in ASSOCIATIONS:
        _attributes(surface, association).RemoveArray(vtkDataSetAttributes.GhostArrayName())
    return surface


def _merged(surfaces: list[Any], color_by: ColorArray | None) -> Any:
    surfaces = [surface for surface in surfaces if surface.GetNumberOfCells()]
    if color_by is not None:
        make_alike(surfaces, color_by)
    _make_normals_alike(surfaces)
    append = vtkAppendPolyData()
    for surface in surfaces:
        append.AddInputData(surface)
    append.Update()
    merged = vtkPolyData()
    merged.ShallowCopy(append.GetOutput())
    return merged


def make_alike(data_sets: Sequence[Any], color_by: ColorArray) -> None:
    """Gives every one the array, of one type: VTK merges what is alike in all of them and drops the rest silently.

    NaN stands where it was missing.
    """
    arrays = [find_array(one, color_by) for one in data_sets]
    found = [array for array in arrays if array is not None]
    if not found or len({None if array is None else array.GetDataType() for array in arrays}) == 1:
        return
    common = np.result_type(*map(as_numpy, found)) if len(found) == len(arrays) else np.dtype(np.float64)
    for one, array in zip(data_sets, arrays, strict=True):
        if array is None:
            values = np.full((_count(one, color_by.association), found[0].GetNumberOfComponents()), np.nan)
        else:
            values = as_numpy(array).astype(common)
        replacement = numpy_to_vtk(values, deep=True)
        replacement.SetName(color_by.name)
        _attributes(one, color_by.association).AddArray(replacement)


def _make_normals_alike(surfaces: Sequence[Any]) -> None:
    """Where all have normals, of several types, they become one: else what is merged would look faceted."""
    normals = [surface.GetPointData().GetNormals() for surface in surfaces]
    if all(normals) and len({one.GetDataType() for one in normals}) > 1:
        for surface, one in zip(surfaces, normals, strict=True):
            replacement = numpy_to_vtk(vtk_to_numpy(one).astype(np.float32), deep=True)
            replacement.SetName("Normals")
            surface.GetPointData().SetNormals(replacement)


def _count(data_set: Any, association: Association) -> int:
    return int(data_set.GetNumberOfPoints() if association == POINTS else data_set.GetNumberOfCells())


def fill_caches(surface: Any) -> None:
    """Compute what a renderer would compute later, on another thread: bounds and ranges."""
    surface.GetBounds()
    for association in ASSOCIATIONS:
        attributes = _attributes(surface, association)
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetArray(index)
            if isinstance(array, vtkDataArray):
                for component in range(-1, array.GetNumberOfComponents()):
                    array.GetRange(component)
                    array.GetFiniteRange(component)
