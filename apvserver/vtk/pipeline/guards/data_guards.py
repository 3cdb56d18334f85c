"""Facts of VTK about data that some classes cannot work on: what is in the data, and what to do instead.

Each gets data of any kind, looks at all blocks of it, and says what it found, or None. For which classes, and on which
VTK that was measured, is said in `base/facts/execution.toml` (`looks`), by the names of these functions.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...algorithms.mixed_cells import has_several_dimensions
from ...base.blocks import parts
from .cell_values import cells_get_values_of_others as cells_get_values_of_others
from .cell_values import images_with_arrays_of_cells as images_with_arrays_of_cells
from .cell_values import several_blocks as several_blocks
from .hidden_cells import ghosts_of_places as ghosts_of_places
from .hidden_cells import hidden_cells as hidden_cells
from .hidden_cells import hidden_cells_count as hidden_cells_count
from .hidden_cells import hidden_cells_in_images as hidden_cells_in_images
from .hidden_cells import hidden_cells_unmeasured as hidden_cells_unmeasured
from .hidden_cells import nothing_but_hidden_cells as nothing_but_hidden_cells

_LOSING: Final = {33: "biquadratic-quadratic hexahedra", 37: "triquadratic pyramids"}
_SEVERAL: Final = (
    "its cells are of several dimensions, such as vertices beside polygons, with which VTK goes wrong; "
    "Slice and Clip cut them, AppendDatasets makes a grid of them"
)
_LINES: Final = (3, 4)
_STRIP: Final = 6
_POLYHEDRON: Final = 42
_VOLUME: Final = 3
_ANY_ORDER: Final = range(68, 82)
_FARTHEST: Final = 1e150
"""Squares of places that are farther away are infinite."""
_MOST_AROUND: Final = 255
"""Triangles around a point that filters have room for which weigh the neighbours of each point."""


def cells_that_lose_values(data: Any) -> str | None:
    """Refuse cells that lose values: what is cut out of them gets no values of cells, but what stands in the memory."""
    for part in _grids(data):
        found = [name for kind, name in _LOSING.items() if _has_cells_of(part, kind)]
        if found and part.GetCellData().GetNumberOfArrays():
            return (
                f"VTK gives wrong values of cell arrays to what it cuts out of {' and '.join(found)}; "
                "Tetrahedralize divides them, and CellDatatoPointData brings the arrays to the points"
            )
    return None


def several_dimensions(data: Any) -> str | None:
    """Refuse cells of several dimensions: what is cut out of them gets values of other cells, or of the memory."""
    return _SEVERAL if any(map(has_several_dimensions, parts(data))) else None


def lines_of_one_point(data: Any) -> str | None:
    """Refuse lines of one point: what samples along them ends the process."""
    for part in parts(data):
        for lines, kinds in _lines_of(part):
            short = np.diff(vtk_to_numpy(lines.GetOffsetsArray())) < 2
            if (short if kinds is None else short & np.isin(vtk_to_numpy(kinds), _LINES)).any():
                return "some of its lines have one point only, and there is nothing to go along"
    return None


def _lines_of(part: Any) -> list[tuple[Any, Any]]:
    """Return cells among which lines are, with their types where those are not lines alone."""
    if part.IsA("vtkPolyData") and part.GetNumberOfLines():
        return [(part.GetLines(), None)]
    return (
        [(part.GetCells(), part.GetCellTypes())] if part.IsA("vtkUnstructuredGrid") and part.GetNumberOfCells() else []
    )


def strips_of_a_grid(data: Any) -> str | None:
    """Refuse triangle strips of an unstructured grid: they are written over the end of a buffer."""
    if any(_has_cells_of(part, _STRIP) for part in _grids(data)):
        return "the grid has triangle strips, which cannot be mirrored; Tetrahedralize makes triangles of them"
    return None


def strips_of_a_surface(data: Any) -> str | None:
    """Refuse triangle strips of a surface: they are left out of it, and arrays of the cells do not fit the rest."""
    if any(part.IsA("vtkPolyData") and part.GetNumberOfStrips() for part in parts(data)):
        return "the surface has triangle strips, which would be left out; Triangulate makes triangles of them"
    return None


def boundless(data: Any) -> str | None:
    """Refuse cells without end, or too far away: they are looked for by their places, and the search does not end."""
    for part in parts(data):
        bounds = part.GetBounds() if part.IsA("vtkDataSet") and part.GetNumberOfPoints() else ()
        far = [one for one in bounds if not math.isfinite(one) or abs(one) > _FARTHEST]
        if far:
            return (
                f"points are without end or too far away, the bounds are {list(bounds)}; "
                "Threshold or ExtractSelection leaves them out, Transform makes the data smaller"
            )
    return None


def no_cells(data: Any) -> str | None:
    """Refuse points without cells: between them there is nothing to follow."""
    found = [part for part in parts(data) if part.IsA("vtkDataSet") and part.GetNumberOfPoints()]
    if not found or any(part.GetNumberOfCells() for part in found):
        return None
    return "it works in cells, and the input has points only; Delaunay3D makes cells"


def cells_of_any_order(data: Any) -> str | None:
    """Refuse cells of Lagrange and Bezier: what is measured of them stands in the memory."""
    for part in _grids(data):
        if any(_has_cells_of(part, kind) for kind in _ANY_ORDER):
            return "the grid has cells of Lagrange or Bezier, which VTK does not measure; Tessellate makes linear cells"
    return None


def a_single_row(data: Any) -> str | None:
    """Refuse tables of one row: there is no distance to the next one."""
    tables_there = [part for part in parts(data) if part.IsA("vtkTable")]
    if any(one.GetNumberOfRows() == 1 for one in tables_there):
        return "the table has one row, and a spectrum needs more"
    return None


def explicit_structure(data: Any) -> str | None:
    """Refuse grids of explicit structure, for which there is no way to be written."""
    if any(part.IsA("vtkExplicitStructuredGrid") for part in parts(data)):
        return "it takes no vtkExplicitStructuredGrid; CleantoGrid makes an unstructured grid of it"
    return None


def in_one_place(data: Any) -> str | None:
    """Refuse points that are all at one place: there is no box around them to be divided."""
    boxes = [part.GetBounds() for part in parts(data) if part.IsA("vtkDataSet") and part.GetNumberOfPoints()]
    if not boxes or any(high > low for box in boxes for low, high in zip(box[::2], box[1::2], strict=True)):
        return None
    return "all points are at one place" if len(set(boxes)) == 1 else None


def polyhedra(data: Any) -> str | None:
    """Refuse polyhedra, on which some classes do not work."""
    if any(_has_cells_of(part, _POLYHEDRON) for part in _grids(data)):
        return "the grid has polyhedra, on which it does not work; Tetrahedralize makes tetrahedra of them"
    return None


def tables(data: Any) -> str | None:
    """Refuse tables, which are taken for data sets."""
    if any(part.IsA("vtkTable") for part in parts(data)):
        return "it works on data sets, and the input has a vtkTable; TableToPoints makes points of the rows"
    return None


def nameless_arrays(data: Any) -> str | None:
    """Refuse arrays without a name, which are looked at by their names, or are given some in the input."""
    for part in parts(data):
        for kind in range(part.NUMBER_OF_ATTRIBUTE_TYPES):
            attributes = part.GetAttributesAsFieldData(kind)
            count = attributes.GetNumberOfArrays() if attributes is not None else 0
            if any(not attributes.GetAbstractArray(index).GetName() for index in range(count)):
                return "an array of the input has no name; PassArrays leaves it out"
    return None


def no_polygons(data: Any) -> str | None:
    """Require surfaces, which have curvatures; without any, VTK reads what is not there."""
    surfaces = [part for part in parts(data) if part.IsA("vtkPolyData") and part.GetNumberOfPoints()]
    if surfaces and not any(part.GetNumberOfPolys() or part.GetNumberOfStrips() for part in surfaces):
        return "it works on polygons, and the input has none; ExtractSurface and Delaunay2D make some"
    return None


def cells_with_volumes(data: Any) -> str | None:
    """Refuse cells of three dimensions where others are swept: VTK's own words leave out that it takes polygons."""
    for part in parts(data):
        if part.IsA("vtkDataSet") and part.GetNumberOfCells() and part.GetMaxSpatialDimension() == _VOLUME:
            return (
                f"it works on points, lines and polygons, and the {part.GetClassName()} of the input has cells with "
                "volumes; Slice cuts polygons out of them, and ExtractSurface makes polygons of their sides"
            )
    return None


def crowded(data: Any) -> str | None:
    """Refuse points of very many triangles: more neighbours are weighed than there is room for."""
    for part in parts(data):
        if not part.IsA("vtkPolyData") or not part.GetNumberOfPolys():
            continue
        around = np.bincount(vtk_to_numpy(part.GetPolys().GetConnectivityArray()))
        if (most := int(around.max())) > _MOST_AROUND:
            return (
                f"{most} triangles meet at point {int(around.argmax())}, such as at the pole of a sphere, and it works "
                f"with at most {_MOST_AROUND}; Decimate makes fewer"
            )
    return None


def in_a_line(data: Any) -> str | None:
    """Refuse points along an axis: they lie in no plane of their own."""
    for part in parts(data):
        bounds = part.GetBounds() if part.IsA("vtkDataSet") and part.GetNumberOfPoints() > 1 else ()
        lengths = [high - low for low, high in zip(bounds[::2], bounds[1::2], strict=True)]
        if lengths and sum(length > 0 for length in lengths) == 1:
            return f"all points lie in a line, the bounds are {list(bounds)}: there is no plane that fits them"
    return None


def explicit_grid(data: Any) -> str | None:
    """Refuse grids of which the first face gets what stands in the memory, and all others the values of other cells."""
    explicit = [part for part in parts(data) if part.IsA("vtkExplicitStructuredGrid")]
    if any(part.GetCellData().GetNumberOfArrays() for part in explicit):
        return (
            "VTK gives wrong values to the surface of an explicit structured grid; CleantoGrid makes "
            "an unstructured grid of it"
        )
    return None


def tables_beside_others(data: Any) -> str | None:
    """Refuse blocks that are tables and data sets at once: VTK takes the one for the other."""
    kinds = {part.IsA("vtkTable") for part in parts(data)}
    return "some of the blocks are tables, and others are not" if len(kinds) > 1 else None


def nothing_in_it(data: Any) -> str | None:
    """Refuse data with nothing in it: of that VTK makes numbers out of what stands in the memory."""
    counts = ("GetNumberOfPoints", "GetNumberOfCells", "GetNumberOfRows", "GetNumberOfVertices")
    if any(getattr(part, name)() for part in parts(data) for name in counts if hasattr(part, name)):
        return None
    return "the input is empty"


def nothing_in_a_block(data: Any) -> str | None:
    """Refuse data with nothing in it, or in one of its blocks: VTK reads there all the same."""
    empty = any(hasattr(part, "GetNumberOfPoints") and not part.GetNumberOfPoints() for part in parts(data))
    return "the input, or a block of it, is empty" if empty else None


def levels_without_blocks(data: Any) -> str | None:
    """Refuse AMR data that was not given levels: it cannot be gone through."""
    if not data.IsA("vtkAMRDataObject") and not data.IsA("vtkUniformGridAMR"):
        return None
    return None if any(True for _ in parts(data)) else f"the {data.GetClassName()} has no blocks"


def empty_trees(data: Any) -> str | None:
    """Refuse trees without cells: VTK takes their number of cells from the memory."""
    trees = [part for part in parts(data) if part.IsA("vtkHyperTreeGrid")]
    return "the vtkHyperTreeGrid has no cells" if any(not one.GetNumberOfCells() for one in trees) else None


def texts_of_points(data: Any) -> str | None:
    """Refuse texts of points: they are read as if they were numbers."""
    return _texts(data, "point", "GetPointData")


def texts_of_cells(data: Any) -> str | None:
    """Refuse texts of cells: they are read as if they were numbers."""
    return _texts(data, "cell", "GetCellData")


def _texts(data: Any, what: str, getter: str) -> str | None:
    for part in parts(data):
        if not part.IsA("vtkDataSet"):
            continue
        attributes = getattr(part, getter)()
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetAbstractArray(index)
            if not array.IsA("vtkDataArray"):
                return f"the {what} array {array.GetName()!r} holds no numbers; NumbersOnly leaves it out"
    return None


def cells_without_points(data: Any) -> str | None:
    """Refuse cells without points: they have no average, and get what stands in the memory."""
    for part in _grids(data):
        cells = part.GetCells()
        if cells is None or not part.GetNumberOfCells() or not part.GetPointData().GetNumberOfArrays():
            continue
        if (np.diff(vtk_to_numpy(cells.GetOffsetsArray())) == 0).any():
            return "the grid has cells without points (vtkEmptyCell); Threshold or ExtractSelection leaves them out"
    return None


def no_scalars(data: Any) -> str | None:
    """Require scalars, which filters of images work on: without any they read what is not there."""
    for part in parts(data):
        if not part.IsA("vtkImageData") or not part.GetNumberOfPoints():
            continue
        if part.GetPointData().GetScalars() is None:
            names = [part.GetPointData().GetArrayName(i) for i in range(part.GetPointData().GetNumberOfArrays())]
            return (
                "it works on the array of points that is marked as the scalars of the image, and none is; "
                f"there is: {', '.join(map(str, names)) or 'none'}; ChosenPointArray marks one"
            )
    return None


def points_in_no_cell(data: Any) -> str | None:
    """Refuse points of which nothing is made: what is said of them is what stands in the memory."""
    for part in parts(data):
        lists = _cell_arrays(part)
        if not lists or not part.GetNumberOfCells():
            continue
        used = np.zeros(part.GetNumberOfPoints(), np.bool_)
        for one in lists:
            used[vtk_to_numpy(one.GetConnectivityArray())] = True
        if not used.all():
            return f"{np.count_nonzero(~used)} of its points belong to no cell"
    return None


def _cell_arrays(part: Any) -> list[Any]:
    if part.IsA("vtkUnstructuredGrid"):
        found = [part.GetCells()]
    elif part.IsA("vtkPolyData"):
        found = [part.GetVerts(), part.GetLines(), part.GetPolys(), part.GetStrips()]
    else:
        found = []
    return [one for one in found if one is not None and one.GetNumberOfCells()]


def _grids(data: Any) -> list[Any]:
    return [part for part in parts(data) if part.IsA("vtkUnstructuredGrid")]


def _has_cells_of(grid: Any, kind: int) -> bool:
    kinds = grid.GetDistinctCellTypesArray()
    return kinds is not None and kind in {int(kinds.GetValue(i)) for i in range(kinds.GetNumberOfValues())}
