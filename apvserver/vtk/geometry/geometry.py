"""Extracts what a render view draws from any data set: one surface with the arrays it needs, no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
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

from async_paraview.records import dataclass

from ..base.array_types import as_numpy, copied, retyped
from ..base.associations import (
    ASSOCIATIONS,
    ORIGIN_BLOCKS,
    ORIGIN_IDS,
    POINTS,
    Association,
    ColorArray,
    GeometryError,
    attributes_of,
    find_array,
    require_array,
)
from ..base.blocks import leaves
from ..base.precision import choose_precision
from ..base.values.ranges import find_bounds, finite_range, full_range
from .stable_order import surface_of
from .structured_surface import structured_surface


@dataclass(frozen=True)
class Beside:
    """What a surface has beside the array that colors it: further arrays of points, and how fine curved faces are.

    `normals` names its normals, None: those that are marked as such. `coordinates` names where on a picture it is, "":
    what is marked as that; None: it has no picture. `subdivisions` says how often faces of curved cells are divided.
    """

    normals: str | None = None
    coordinates: str | None = None
    subdivisions: int = 1

    def of(self, leaf: Any) -> tuple[Any, Any]:
        """Return the normals and the texture coordinates of a data set, None where there are none.

        Raises `GeometryError` if it has points, and lacks what is named, or all texture coordinates.
        """
        points = leaf.GetPointData()
        normals = points.GetNormals() if self.normals is None else _named(leaf, self.normals, (3,), "SelectNormalArray")
        if self.coordinates is None:
            return normals, None
        if self.coordinates:
            return normals, _flat(_named(leaf, self.coordinates, (1, 2, 3), "SelectTCoordArray"))
        if points.GetTCoords() is None and leaf.GetNumberOfPoints():
            raise GeometryError(
                "Texture: the data has no texture coordinates, which say where on the picture a point is: "
                "TextureMaptoPlane makes them, SelectTCoordArray names others"
            )
        return normals, _flat(points.GetTCoords())


def _flat(array: Any) -> Any:
    """Return texture coordinates as two numbers each: of three VTK's shaders make those of a cube."""
    if array is None or array.GetNumberOfComponents() == 2:
        return array
    values = as_numpy(array).reshape(array.GetNumberOfTuples(), -1)
    pairs = values[:, :2] if values.shape[1] > 2 else np.column_stack([values, np.zeros(len(values), values.dtype)])
    made = copied(pairs)
    made.SetName(array.GetName())
    return made


def _named(leaf: Any, name: str, components: tuple[int, ...], of: str) -> Any:
    array = leaf.GetPointData().GetArray(name)
    if array is None and not leaf.GetNumberOfPoints():
        return None
    if array is None or array.GetNumberOfComponents() not in components:
        there = [leaf.GetPointData().GetArrayName(i) for i in range(leaf.GetPointData().GetNumberOfArrays())]
        wanted = " or ".join(map(str, components))
        raise GeometryError(
            f"{of}: there is no point array {name!r} with {wanted} components; there is "
            f"{', '.join(map(repr, there)) or 'none'}"
        )
    return array


USUAL: Final = Beside()


def extract_geometry(data_object: Any, *, color_by: ColorArray | None = None, beside: Beside = USUAL) -> Any:
    """Return the surface of a data set or composite as one new vtkPolyData, ready for another thread.

    It carries the color array, point normals if there are any, what `beside` asks for, and nothing else; ghost cells
    are left out. Arrays of a vtkPolyData input are shared, not copied, and the lazy caches the renderer
    reads (bounds, ranges) are filled. Blocks of a composite that lack the color array are kept; their
    values become NaN, and the array float64. Where its type differs between blocks, it becomes one that holds all.

    Raises `GeometryError` if the data has no surface, or if no block has the color array.
    """
    leaves = list(leaves_of(data_object))
    if color_by is not None:
        require_array(leaves, color_by)
    surfaces = [_surface(reduced_to(leaf, color_by, beside), beside.subdivisions) for leaf in leaves]
    result = surfaces[0] if len(surfaces) == 1 else _merged(surfaces, color_by)
    fill_caches(result)
    return result


def leaves_of(data_object: Any) -> Iterator[Any]:
    """Yield the data sets in a data object. Raises `GeometryError` for what has no geometry."""
    if isinstance(data_object, vtkDataSet):
        yield data_object
    elif isinstance(data_object, vtkCompositeDataSet):
        for leaf in leaves(data_object):
            yield from leaves_of(leaf)
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


def reduced_to(leaf: Any, color_by: ColorArray | None, beside: Beside = USUAL) -> Any:
    """Return the leaf with its structure, ghost flags, color array and what is `beside` only; everything is shared."""
    reduced = leaf.NewInstance()
    reduced.CopyStructure(leaf)
    normals, coordinates = beside.of(leaf)
    if normals is not None:
        reduced.GetPointData().SetNormals(normals)
    if coordinates is not None:
        reduced.GetPointData().SetTCoords(coordinates)
    for association in ASSOCIATIONS:
        for name in (vtkDataSetAttributes.GhostArrayName(), ORIGIN_IDS, ORIGIN_BLOCKS):
            kept = attributes_of(leaf, association).GetArray(name)
            if kept is not None:
                attributes_of(reduced, association).AddArray(kept)
    array = find_array(leaf, color_by)
    if array is not None and color_by is not None:
        if array.GetDataType() == VTK_BIT:  # of bits with several components VTK 9.7 draws wrong ones
            array = retyped(array, VTK_UNSIGNED_CHAR)
        attributes_of(reduced, color_by.association).AddArray(array)
    return reduced


def _surface(leaf: Any, subdivisions: int) -> Any:
    surface = leaf if isinstance(leaf, vtkPolyData) else structured_surface(leaf)
    if surface is None:
        extract = vtkGeometryFilter()
        extract.SetInputData(leaf)
        extract.SetNonlinearSubdivisionLevel(subdivisions)
        choose_precision(extract)
        surface = surface_of(extract)
    ghosts = surface.GetCellGhostArray()
    if ghosts is not None and (full_range(ghosts, 0) or (0, 0))[1] > 0:
        surface.RemoveGhostCells()
    for association in ASSOCIATIONS:
        attributes_of(surface, association).RemoveArray(vtkDataSetAttributes.GhostArrayName())
    return surface


def _merged(surfaces: list[Any], color_by: ColorArray | None) -> Any:
    surfaces = [surface for surface in surfaces if surface.GetNumberOfCells()]
    if color_by is not None:
        make_alike(surfaces, color_by)
    _make_points_alike(surfaces)
    append = vtkAppendPolyData()
    for surface in surfaces:
        append.AddInputData(surface)
    append.Update()
    merged = vtkPolyData()
    merged.ShallowCopy(append.GetOutput())
    return merged


def make_alike(data_sets: Sequence[Any], color_by: ColorArray) -> None:
    """Give every one the array, of one type: VTK merges what is alike in all of them and drops the rest silently.

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
        replacement = copied(values)
        replacement.SetName(color_by.name)
        attributes_of(one, color_by.association).AddArray(replacement)


def _make_points_alike(surfaces: Sequence[Any]) -> None:
    """Make normals, and texture coordinates, of several types one where all have some: else VTK leaves them out."""
    for kind in ("Normals", "TCoords"):
        arrays = [getattr(surface.GetPointData(), f"Get{kind}")() for surface in surfaces]
        names = {one.GetName() for one in arrays if one is not None}
        if all(arrays) and (len({one.GetDataType() for one in arrays}) > 1 or len(names) > 1):
            for surface, one in zip(surfaces, arrays, strict=True):
                replacement = copied(vtk_to_numpy(one).astype(np.float32))
                replacement.SetName(kind)
                getattr(surface.GetPointData(), f"Set{kind}")(replacement)


def _count(data_set: Any, association: Association) -> int:
    return int(data_set.GetNumberOfPoints() if association == POINTS else data_set.GetNumberOfCells())


def fill_caches(surface: Any) -> None:
    """Compute what a renderer would compute later, on another thread: bounds and ranges."""
    find_bounds(surface)
    surface.GetBounds()
    for association in ASSOCIATIONS:
        attributes = attributes_of(surface, association)
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetArray(index)
            if isinstance(array, vtkDataArray):
                for component in range(-1, array.GetNumberOfComponents()):
                    full_range(array, component)
                    finite_range(array, component)
