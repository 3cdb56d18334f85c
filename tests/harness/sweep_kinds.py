"""The kinds of data of the sweep by name; see `sweep_data`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkCellCenters
from vtkmodules.vtkFiltersSources import vtkCellTypeSource, vtkHyperTreeGridSource, vtkSphereSource

from . import sweep_data as data
from .sweep_data import bare_copy, dressed, ghosts, grid, image, numbers, of_cells, poly, waves, with_arrays


def multiblock(*blocks: Any) -> Any:
    made = model.vtkMultiBlockDataSet()
    made.SetNumberOfBlocks(len(blocks))
    for index, block in enumerate(blocks):
        made.SetBlock(index, block)
    return made


def partitioned(*parts: Any) -> Any:
    made = model.vtkPartitionedDataSet()
    made.SetNumberOfPartitions(len(parts))
    for index, part in enumerate(parts):
        made.SetPartition(index, part)
    return made


def collection(*sets: Any) -> Any:
    made = model.vtkPartitionedDataSetCollection()
    made.SetNumberOfPartitionedDataSets(len(sets))
    for index, one in enumerate(sets):
        made.SetPartitionedDataSet(index, one)
    return made


def without_arrays() -> Any:
    return bare_copy(data.sphere())


def other_arrays() -> Any:
    return with_arrays(without_arrays(), lambda letter, count: [numbers(f"{letter}other", waves(count))])


def overlapping() -> Any:
    made = model.vtkOverlappingAMR()
    made.Initialize([1, 1])
    made.SetOrigin([0.0, 0.0, 0.0])
    for level, (low, high, size) in enumerate((((0, 0, 0), (3, 3, 3), 1.0), ((2, 2, 2), (5, 5, 5), 0.5))):
        box = model.vtkAMRBox(low, high)
        made.SetSpacing(level, [size] * 3)
        made.SetAMRBox(level, 0, box)
        block = model.vtkUniformGrid()
        block.SetOrigin([one * size for one in low])
        block.SetSpacing([size] * 3)
        block.SetDimensions(5, 5, 5)
        made.SetDataSet(level, 0, dressed(block))
    made.GenerateParentChildInformation()
    return made


def non_overlapping() -> Any:
    made = model.vtkNonOverlappingAMR()
    made.Initialize([1, 1])
    for level in range(2):
        block = model.vtkUniformGrid()
        block.SetOrigin(4.0 * level, 0, 0)
        block.SetSpacing(1 / (level + 1), 1 / (level + 1), 1 / (level + 1))
        block.SetDimensions(5, 5, 5)
        made.SetDataSet(level, 0, dressed(block))
    return made


def trees() -> Any:
    source = vtkHyperTreeGridSource()
    source.SetDimensions(3, 3, 2)
    source.SetGridScale(1, 1, 1)
    source.SetBranchFactor(2)
    source.SetMaxDepth(3)
    source.SetDescriptor("RRRR|" + "R." * 8 + "." * 16 + "|" + "." * 64)
    source.Update()
    made = model.vtkHyperTreeGrid()
    made.DeepCopy(source.GetOutput())
    made.GetCellData().AddArray(numbers("c", waves(made.GetNumberOfCells())))
    return made


def molecule() -> Any:
    made = model.vtkMolecule()
    for index, (number, place) in enumerate(((8, (0, 0, 0)), (1, (1, 0, 0)), (1, (0, 1, 0)))):
        made.AppendAtom(number, *place)
        if index:
            made.AppendBond(0, index, 1)
    return made


def one_place() -> Any:
    return poly(polys=[[0, 1, 2, 3]], lines=[[0, 1]], places=np.ones((4, 3)))


def far_away() -> Any:
    made = data.sphere()
    made.GetPoints().GetData().SetNumberOfTuples(0)
    made.SetPoints(data.points_of(np.array([[5e5 + i % 8, 5e6 + i // 8, 300 + i % 3] for i in range(34)])))
    return made


def bad_places(value: float) -> Any:
    places = data.CLOUD.copy()
    places[3, 1] = value
    return grid([(10, (0, 1, 4, 8)), (10, (2, 3, 6, 10)), (12, range(8, 16))], places)


def attribute_only_of(which: str) -> Any:
    made = data.hexahedra()
    (made.GetCellData() if which == "points" else made.GetPointData()).Initialize()
    return made


KINDS: Final[dict[str, Callable[[], Any]]] = {
    "image": image,
    "plane": lambda: image(0, 6, 0, 5, 0, 0),
    "plane across x": lambda: image(2, 2, 0, 5, 0, 4),
    "row of an image": lambda: image(0, 6, 0, 0, 0, 0),
    "image of one point": lambda: image(0, 0, 0, 0, 0, 0),
    "image far in its indices": lambda: image(20, 25, -9, -5, 7, 10),
    "turned image": data.turned_image,
    "picture": data.picture,
    "blanked image": lambda: ghosts(image(), data.HIDDEN_POINT, data.HIDDEN_CELL),
    "rectilinear": data.rectilinear,
    "structured": data.structured,
    "structured sheet": lambda: data.structured(5, 4, 1),
    "blanked structured": lambda: ghosts(data.structured(), 0, data.HIDDEN_CELL),
    "explicit": data.explicit_grid,
    "empty image": model.vtkImageData,
    "empty polygons": model.vtkPolyData,
    "empty grid": model.vtkUnstructuredGrid,
    "empty structured": model.vtkStructuredGrid,
    "empty rectilinear": model.vtkRectilinearGrid,
    "empty with arrays": lambda: dressed(poly(places=[])),
    "sphere": data.sphere,
    "lines": lambda: poly(lines=[[0, 1, 2, 3], [4, 5, 6], [7, 8]]),
    "vertices": lambda: poly(verts=[[i] for i in range(24)]),
    "strips": lambda: poly(strips=[[0, 1, 4, 5, 8], [2, 3, 6]]),
    "mixed polygons": data.mixed_poly,
    "points without cells": lambda: poly(),
    "concave polygon": lambda: poly(polys=[range(4)], places=[[0, 0, 0], [4, 0, 0], [1, 1, 0], [0, 4, 0]]),
    "all in one place": one_place,
    "far away": far_away,
    "one point": lambda: grid([(1, [0])], [[1, 2, 3]]),
    "one cell": lambda: grid([(10, range(4))], [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    "hexahedra": data.hexahedra,
    "mixed cells": lambda: of_cells(*data.ALL_CELLS),
    "polyhedra": data.polyhedra,
    "quadratic": lambda: of_cells(*range(21, 35), 37),
    "Lagrange": lambda: of_cells(71, 72),
    "empty cells": lambda: grid([(0, ()), (10, (0, 1, 4, 8)), (0, ())]),
    "degenerate cells": lambda: grid([(10, (0, 0, 0, 0)), (12, (0, 1, 1, 0, 4, 5, 5, 4)), (5, (0, 1, 0))]),
    "grid without cells": lambda: grid([]),
    "duplicate ghosts": lambda: ghosts(data.hexahedra(), 0, data.DUPLICATE_CELL),
    "hidden cells": lambda: ghosts(data.hexahedra(), 0, data.HIDDEN_CELL),
    "all cells hidden": lambda: ghosts(data.hexahedra(), 0, data.HIDDEN_CELL, 1),
    "NaN": lambda: with_arrays(bare_copy(image()), data.not_numbers),
    "NaN in cells": lambda: with_arrays(bare_copy(data.hexahedra()), data.not_numbers),
    "a place that is NaN": lambda: bad_places(np.nan),
    "a place without end": lambda: bad_places(np.inf),
    "huge places": lambda: bad_places(1e200),
    "texts": lambda: with_arrays(bare_copy(data.hexahedra()), data.no_numbers),
    "texts of an image": lambda: with_arrays(bare_copy(image()), data.no_numbers),
    "integers": lambda: with_arrays(bare_copy(image()), data.integers),
    "integers of a surface": lambda: with_arrays(bare_copy(data.sphere()), data.integers),
    "integers of cells": lambda: with_arrays(bare_copy(data.hexahedra()), data.integers),
    "2, 4, 6 and 9 components": lambda: with_arrays(bare_copy(image()), data.components),
    "components of a surface": lambda: with_arrays(bare_copy(data.sphere()), data.components),
    "without arrays": without_arrays,
    "image without arrays": data.bare_image,
    "grid without arrays": lambda: bare_copy(data.hexahedra()),
    "array without a name": lambda: with_arrays(bare_copy(data.hexahedra()), data.nameless),
    "awkward names": lambda: with_arrays(bare_copy(data.sphere()), data.awkward_names),
    "arrays of points only": lambda: attribute_only_of("points"),
    "arrays of cells only": lambda: attribute_only_of("cells"),
    "blocks": lambda: multiblock(image(), data.hexahedra()),
    "blocks, some empty": lambda: multiblock(None, image(), model.vtkImageData(), None, data.sphere()),
    "blocks that lack arrays": lambda: multiblock(without_arrays(), other_arrays(), data.sphere()),
    "blocks in blocks": lambda: multiblock(multiblock(data.hexahedra(), None), multiblock(), data.sphere()),
    "only empty blocks": lambda: multiblock(None, model.vtkPolyData(), None),
    "no blocks": model.vtkMultiBlockDataSet,
    "blocks with a table": lambda: multiblock(data.table(), data.sphere()),
    "parts": lambda: partitioned(image(), None, image(10, 14, 0, 3, 0, 3)),
    "collection": lambda: collection(partitioned(data.sphere()), partitioned(), partitioned(data.hexahedra(), None)),
    "overlapping levels": overlapping,
    "levels side by side": non_overlapping,
    "empty levels": model.vtkOverlappingAMR,
    "trees": trees,
    "empty trees": model.vtkHyperTreeGrid,
    "table": data.table,
    "table with texts": lambda: data.table(words=True),
    "table of texts": data.table_of_texts,
    "table of one row": lambda: data.table(1),
    "table without rows": lambda: data.table(0),
    "empty table": model.vtkTable,
    "directed graph": lambda: data.graph(model.vtkMutableDirectedGraph),
    "undirected graph": lambda: data.graph(model.vtkMutableUndirectedGraph),
    "empty graph": model.vtkDirectedGraph,
    "molecule": molecule,
}


def smooth(made: Any) -> Any:
    """With a number and a vector that change slowly in space, for each point and each cell."""
    centers = vtkCellCenters()
    centers.SetInputData(made)
    centers.Update()
    low, high = (np.array(made.GetBounds())[at::2] for at in (0, 1))
    for where, attributes, letter in ((made, made.GetPointData(), "p"), (centers.GetOutput(), made.GetCellData(), "c")):
        at = (np.array([where.GetPoint(i) for i in range(where.GetNumberOfPoints())]) - low) / np.maximum(high - low, 1)
        vectors = np.stack([np.sin(5 * at[:, 1]), np.cos(7 * at[:, 2]), 0.5 + at[:, 0]], 1)
        attributes.SetScalars(numbers(letter, vectors.prod(1).astype(np.float32)))
        attributes.SetVectors(numbers(f"{letter}v", vectors))
    return made


def many_cells(*kinds: int, blocks: int = 8) -> Any:
    append = vtkAppendFilter()
    append.MergePointsOff()
    for kind in kinds:
        source = vtkCellTypeSource()
        source.SetCellType(kind)
        source.SetBlocksDimensions(blocks, blocks, blocks)
        source.Update()
        append.AddInputData(bare_copy(source.GetOutput()))
    append.Update()
    made = model.vtkUnstructuredGrid()
    made.DeepCopy(append.GetOutput())
    return smooth(made)


def many_polygons() -> Any:
    source = vtkSphereSource()
    source.SetThetaResolution(70)
    source.SetPhiResolution(60)
    source.Update()
    return smooth(bare_copy(source.GetOutput()))


def many_of_each() -> Any:
    """Vertices, lines and polygons of one surface."""
    made = bare_copy(many_polygons())
    count = made.GetNumberOfPoints()
    for put, size in ((made.SetVerts, 1), (made.SetLines, 2)):
        array = model.vtkCellArray()
        for at in range(0, count - size, 3):
            array.InsertNextCell(size, range(at, at + size))
        put(array)
    return smooth(made)


MANY: Final[dict[str, Callable[[], Any]]] = {
    "many points of an image": lambda: smooth(data.bare_image(0, 24, 0, 22, 0, 20)),
    "many tetrahedra": lambda: many_cells(10, blocks=9),
    "many hexahedra and wedges": lambda: many_cells(12, 13, blocks=9),
    "many polygons": many_polygons,
    "many of each dimension": many_of_each,
}
"""Data that several threads divide."""
