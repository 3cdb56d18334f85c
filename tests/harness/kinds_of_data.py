"""Data of every class and shape, with arrays of every type and names of every kind: what writers are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import vtkmodules.vtkCommonCore as core
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.vtkFiltersAMR import vtkImageToAMR
from vtkmodules.vtkFiltersSources import vtkRandomHyperTreeGridSource

from .saving import NUMBERS, array, curved, image, rectilinear, sphere, table, unstructured

HARD_NAMES: Final = (
    "with blank",
    "p.mean",
    "p/mean",
    "p_mean",
    'say "so"',
    "a,b",
    "U [m/s]",
    "ß",
    "50%",
    "<&>",
    "max",
    "two\nlines",
)
_CELLS: Final = (
    # type, and its points in the unit cube's order below
    (model.VTK_VERTEX, (0,)), (model.VTK_LINE, (0, 1)), (model.VTK_TRIANGLE, (0, 1, 2)), (model.VTK_QUAD, (0, 1, 2, 3)),
    (model.VTK_TETRA, (0, 1, 2, 4)), (model.VTK_HEXAHEDRON, tuple(range(8))), (model.VTK_WEDGE, (0, 1, 2, 4, 5, 6)),
    (model.VTK_PYRAMID, (0, 1, 2, 3, 4)),
)  # fmt: skip
_OTHERS: Final = (
    (model.VTK_POLY_VERTEX, (0, 1, 2)), (model.VTK_POLY_LINE, (0, 1, 2, 3)), (model.VTK_TRIANGLE_STRIP, (0, 1, 3, 2)),
    (model.VTK_POLYGON, (0, 1, 2, 3)), (model.VTK_PIXEL, (0, 1, 3, 2)), (model.VTK_VOXEL, (0, 1, 3, 2, 4, 5, 7, 6)),
)  # fmt: skip
_CUBE: Final = ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))


def texts(name: str, count: int) -> Any:
    made = core.vtkStringArray()
    made.SetName(name)
    for index in range(count):
        made.InsertNextValue(("", "a b", 'say "so", ß', "two\nlines", "<&>")[index % 5])
    return made


def bits(count: int) -> Any:
    made = core.vtkBitArray()
    made.SetName("bits")
    for index in range(count):
        made.InsertNextValue(index % 3 == 0)
    return made


def _ends(kind: str, count: int) -> Any:
    """Numbers of a type among which are its ends, and what is no number."""
    if "float" in kind:
        some = [np.nan, np.inf, -np.inf, np.finfo(kind).max, np.finfo(kind).tiny, 1 / 3, -0.0]
    else:
        some = [np.iinfo(kind).min, np.iinfo(kind).max, 0, 1, min(2**53 + 1, np.iinfo(kind).max)]
    return np.resize(np.array(some, kind), count)


def with_types(data: Any) -> Any:
    """An array of each type of numbers, of points (rows) and of cells, with the ends of their ranges."""
    for attributes in _attributes(data):
        for kind in NUMBERS:
            attributes.AddArray(array(f"of {kind}", _ends(kind, attributes.count)))
        ids = core.vtkIdTypeArray()
        ids.SetName("ids")
        ids.SetNumberOfValues(attributes.count)
        for index in range(attributes.count):
            ids.SetValue(index, index * 2**40)
        attributes.AddArray(ids)
    return data


def with_char(data: Any) -> Any:
    for attributes in _attributes(data):
        made = core.vtkCharArray()
        made.SetName("char")
        made.SetNumberOfValues(attributes.count)
        for index in range(attributes.count):
            made.SetValue(index, "AB"[index % 2])
        attributes.AddArray(made)
    return data


def with_bits(data: Any) -> Any:
    for attributes in _attributes(data):
        attributes.AddArray(bits(attributes.count))
    return data


def with_texts(data: Any) -> Any:
    for attributes in _attributes(data):
        attributes.AddArray(texts("texts", attributes.count))
    return data


def with_components(data: Any) -> Any:
    for attributes in _attributes(data):
        for count in (2, 3, 4, 6, 9):
            made = array(f"c{count}", np.arange(float(count * attributes.count)).reshape(-1, count) / 7)
            attributes.AddArray(made)
        named = array("named", np.arange(3.0 * attributes.count).reshape(-1, 3))
        for index, name in enumerate(("U x", 'V "<&>"', "ß")):
            named.SetComponentName(index, name)
        attributes.AddArray(named)
    return data


def with_names(data: Any) -> Any:
    for attributes in _attributes(data):
        for index, name in enumerate(HARD_NAMES):
            attributes.AddArray(array(name, np.full(attributes.count, float(index))))
    return data


def with_fields(data: Any) -> Any:
    """Values of the whole, of several types and lengths."""
    held = data.GetFieldData()
    held.AddArray(array("time of day", np.array([12.5])))
    held.AddArray(array("ids", np.array([2**53 + 1, -(2**62)])))
    held.AddArray(array("matrix", np.arange(9.0).reshape(1, 9)))
    held.AddArray(texts("who", 4))
    return data


def with_roles(data: Any) -> Any:
    """Active scalars, vectors, normals, global ids and a ghost array."""
    points = data.GetPointData()
    count = data.GetNumberOfPoints()
    points.SetScalars(array("temperature", np.arange(count) / 3))
    points.SetVectors(array("velocity", np.arange(3.0 * count).reshape(-1, 3)))
    points.SetNormals(array("normals", np.tile(np.array([0, 0, 1], np.float32), (count, 1))))
    points.SetTCoords(array("places", np.arange(2.0 * count).reshape(-1, 2)))
    ids = core.vtkIdTypeArray()
    ids.DeepCopy(array("global", np.arange(count) * 10))
    ids.SetName("global")
    points.SetGlobalIds(ids)
    cells = data.GetCellData()
    cells.SetScalars(array("cells' own", np.arange(data.GetNumberOfCells()) / 7))
    cells.AddArray(array("vtkGhostType", (np.arange(data.GetNumberOfCells()) % 2).astype(np.uint8)))
    return data


class _Attributes:
    """Attributes with the number of their tuples, also where they have no arrays yet."""

    def __init__(self, held: Any, count: int) -> None:
        self.AddArray = held.AddArray
        self.count = count


def _attributes(data: Any) -> list[_Attributes]:
    if data.IsA("vtkTable"):
        return [_Attributes(data.GetRowData(), data.GetNumberOfRows())]
    if data.IsA("vtkGraph"):
        return [
            _Attributes(data.GetVertexData(), data.GetNumberOfVertices()),
            _Attributes(data.GetEdgeData(), data.GetNumberOfEdges()),
        ]
    return [
        _Attributes(data.GetPointData(), data.GetNumberOfPoints()),
        _Attributes(data.GetCellData(), data.GetNumberOfCells()),
    ]


def turned() -> Any:
    made = image(origin=(1, 2, 3), spacing=(0.5, 2, 3))
    made.SetDirectionMatrix(0, 1, 0, -1, 0, 0, 0, 0, 1)
    return made


def mirrored() -> Any:
    made = image(origin=(1, 2, 3), spacing=(0.5, 2, 3))
    made.SetDirectionMatrix(-1, 0, 0, 0, 1, 0, 0, 0, 1)
    return made


def shifted(kind: str = "float32") -> Any:
    """An image whose extent does not begin at 0."""
    made = image(origin=(1, 2, 3), spacing=(0.5, 2, 3), kind=kind)
    made.SetExtent(2, 6, -3, 0, 5, 7)
    return made


def hidden() -> Any:
    """A curved grid of which some points and cells are blanked."""
    made = curved()
    made.BlankPoint(3)
    made.BlankCell(2)
    return made


def hidden_image() -> Any:
    made = image()
    made.BlankPoint(3)
    made.BlankCell(2)
    return made


def poly() -> Any:
    """Vertices, lines, polygons and strips, and values of each of these cells."""
    made, points = model.vtkPolyData(), core.vtkPoints()
    for place in _CUBE:
        points.InsertNextPoint(place)
    made.SetPoints(points)
    for name, cells in (
        ("Verts", ((0,), (1, 2))), ("Lines", ((0, 1, 2),)), ("Polys", ((0, 1, 2, 3), (4, 5, 6))),
        ("Strips", ((0, 1, 4, 5),)),
    ):  # fmt: skip
        held = model.vtkCellArray()
        for cell in cells:
            held.InsertNextCell(len(cell), cell)
        getattr(made, f"Set{name}")(held)
    made.GetCellData().AddArray(array("number", np.arange(6)))
    made.GetPointData().AddArray(array("number", np.arange(8) / 3))
    return made


def far_away() -> Any:
    """Points of double precision that single precision does not hold."""
    made = sphere(OutputPointsPrecision=1)
    points = made.GetPoints()
    for index in range(made.GetNumberOfPoints()):
        x, y, z = points.GetPoint(index)
        points.SetPoint(index, x + 500000.123, y + 5300000.456, z)
    return made


def grid(*cells: tuple[int, tuple[int, ...]]) -> Any:
    """Cells with eight points of their own each, side by side."""
    made, points = model.vtkUnstructuredGrid(), core.vtkPoints()
    points.SetDataTypeToDouble()
    made.SetPoints(points)
    for number, (kind, corners) in enumerate(cells):
        for x, y, z in _CUBE:
            points.InsertNextPoint(x + 2 * number + 1 / 3, y, z)
        made.InsertNextCell(kind, len(corners), [8 * number + corner for corner in corners])
    made.GetCellData().AddArray(array("number", np.arange(len(cells))))
    made.GetPointData().AddArray(array("place", np.arange(8 * len(cells)) / 3))
    return made


def linear() -> Any:
    return grid(*_CELLS)


def all_linear() -> Any:
    return grid(*_CELLS, *_OTHERS, (model.VTK_EMPTY_CELL, ()))


def tetrahedra() -> Any:
    """Three, whose points are all theirs."""
    made, points = model.vtkUnstructuredGrid(), core.vtkPoints()
    points.SetDataTypeToDouble()
    made.SetPoints(points)
    for number in range(3):
        for corner in (0, 1, 3, 4):
            x, y, z = _CUBE[corner]
            points.InsertNextPoint(x + 2 * number + 1 / 3, y, z)
        made.InsertNextCell(model.VTK_TETRA, 4, [4 * number + corner for corner in range(4)])
    made.GetCellData().AddArray(array("number", np.arange(3)))
    made.GetPointData().AddArray(array("place", np.arange(12) / 3))
    return made


def polyhedron() -> Any:
    made = grid((model.VTK_HEXAHEDRON, tuple(range(8))))
    faces = ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))
    for first in (8, 16):
        for x, y, z in _CUBE:
            made.GetPoints().InsertNextPoint(x + first, y, z)
        flat = core.vtkIdList()
        flat.InsertNextId(len(faces))
        for face in faces:
            flat.InsertNextId(len(face))
            for corner in face:
                flat.InsertNextId(first + corner)
        made.InsertNextCell(model.VTK_POLYHEDRON, flat)
    made.GetCellData().AddArray(array("number", np.arange(3)))
    made.GetPointData().AddArray(array("place", np.arange(24) / 3))
    return made


def curved_cells(*kinds: int) -> Any:
    """Cells of higher degree, at their own places."""
    made, points = model.vtkUnstructuredGrid(), core.vtkPoints()
    made.SetPoints(points)
    for number, kind in enumerate(kinds):
        cell = model.vtkGenericCell()
        cell.SetCellType(kind)
        places = cell.GetParametricCoords() or ()
        count = cell.GetNumberOfPoints()
        first = points.GetNumberOfPoints()
        for index in range(count):
            points.InsertNextPoint(places[3 * index] + 2 * number, places[3 * index + 1], places[3 * index + 2])
        made.InsertNextCell(kind, count, list(range(first, first + count)))
    made.GetCellData().AddArray(array("number", np.arange(len(kinds))))
    made.GetPointData().AddArray(array("place", np.arange(made.GetNumberOfPoints()) / 3))
    return made


def quadratic() -> Any:
    return curved_cells(*range(model.VTK_QUADRATIC_EDGE, model.VTK_QUADRATIC_PYRAMID + 1))


def lagrange() -> Any:
    """A quadrilateral and a curve of third degree, with their degrees."""
    made, points = model.vtkUnstructuredGrid(), core.vtkPoints()
    made.SetPoints(points)
    for index in range(20):
        points.InsertNextPoint(index % 4, index // 4, index % 3)
    made.InsertNextCell(model.VTK_LAGRANGE_QUADRILATERAL, 16, list(range(16)))
    made.InsertNextCell(model.VTK_LAGRANGE_CURVE, 4, list(range(16, 20)))
    degrees = array("HigherOrderDegrees", np.array([[3.0, 3, 0], [3, 0, 0]]))
    made.GetCellData().SetHigherOrderDegrees(degrees)
    return made


def graph(kind: str = "vtkDirectedGraph") -> Any:
    changing = getattr(model, f"vtkMutable{kind.removeprefix('vtk')}")()
    for _ in range(4):
        changing.AddVertex()
    for one, other in ((0, 1), (1, 2), (2, 3), (0, 3)):
        changing.AddGraphEdge(one, other)
    made = getattr(model, kind)()
    made.CheckedShallowCopy(changing)
    made.GetVertexData().AddArray(array("v", np.arange(4) / 3))
    made.GetEdgeData().AddArray(array("e", np.arange(4)))
    return made


def tree() -> Any:
    changing = model.vtkMutableDirectedGraph()
    root = changing.AddVertex()
    for _ in range(3):
        changing.AddChild(root)
    made = model.vtkTree()
    made.CheckedShallowCopy(changing)
    made.GetVertexData().AddArray(array("v", np.arange(4) / 3))
    return made


def molecule() -> Any:
    made = model.vtkMolecule()
    for number, place in ((8, (0, 0, 0)), (1, (1, 0, 0)), (1, (0, 1, 0))):
        made.AppendAtom(number, *place)
    made.AppendBond(0, 1, 1)
    made.AppendBond(0, 2, 1)
    return made


def hyper_tree_grid() -> Any:
    source = vtkRandomHyperTreeGridSource()
    source.SetDimensions(3, 3, 3)
    source.SetMaxDepth(3)
    source.SetSeed(7)
    source.SetMaskedFraction(0.2)
    source.Update()
    return source.GetHyperTreeGridOutput()


def named_blocks() -> Any:
    """A tree of blocks: named, nested, empty, and of which only some have an array."""
    made, inner = model.vtkMultiBlockDataSet(), model.vtkMultiBlockDataSet()
    made.SetBlock(0, with_fields(sphere()))
    made.SetBlock(2, inner)
    inner.SetBlock(0, poly())
    inner.SetBlock(1, unstructured(image()))
    inner.SetBlock(3, model.vtkUnstructuredGrid())
    for index, name in ((0, "a / b"), (1, "nothing"), (2, "inner [1]")):
        made.GetMetaData(index).Set(made.NAME(), name)
    inner.GetMetaData(0).Set(made.NAME(), 'say "so" ß')
    made.GetFieldData().AddArray(array("of the whole", np.arange(3)))
    return made


def parts() -> Any:
    made = model.vtkPartitionedDataSet()
    made.SetPartition(0, tetrahedra())
    made.SetPartition(2, linear())
    made.GetFieldData().AddArray(array("of the whole", np.arange(3)))
    return made


def collection() -> Any:
    """Named members of several parts, arrays that only some have, and a hierarchy of them."""
    made = model.vtkPartitionedDataSetCollection()
    made.SetPartition(0, 0, tetrahedra())
    made.SetPartition(0, 1, tetrahedra())
    other = tetrahedra()
    other.GetPointData().AddArray(array("heat", np.arange(12.0)))
    made.SetPartition(1, 0, other)
    made.SetNumberOfPartitionedDataSets(3)
    for index, name in enumerate(("first", "second", "none")):
        made.GetMetaData(index).Set(made.NAME(), name)
    assembly = model.vtkDataAssembly()
    assembly.SetRootNodeName("whole")
    node = assembly.AddNode("solid")
    assembly.AddDataSetIndex(node, 0)
    assembly.AddDataSetIndex(assembly.AddNode("fluid"), 1)
    made.SetDataAssembly(assembly)
    return made


def whole_blocks() -> Any:
    """Members of one part each, with the same arrays."""
    made = model.vtkPartitionedDataSetCollection()
    for index, name in enumerate(("left", "right one")):
        made.SetPartition(index, 0, grid(*[(model.VTK_HEXAHEDRON, tuple(range(8)))] * (index + 1)))
        made.GetMetaData(index).Set(made.NAME(), name)
    return made


def amr() -> Any:
    source = vtkImageToAMR()
    source.SetInputData(image((9, 9, 9)))
    source.SetNumberOfLevels(2)
    source.Update()
    return source.GetOutputDataObject(0)


def one_picture(kind: str, components: int = 1, dims: tuple[int, int, int] = (5, 4, 1)) -> Callable[[], Any]:
    return lambda: image(dims, kind, components, origin=(1, 2, 3), spacing=(0.5, 2, 3))


def _only_points() -> Any:
    made = model.vtkPolyData()
    made.SetPoints(core.vtkPoints())
    made.GetPoints().InsertNextPoint(1, 2, 3)
    return made


_BASES: Final[dict[str, Callable[[], Any]]] = {
    "image": image,
    "poly": poly,
    "grid": linear,
    "curved": curved,
    "rectilinear": rectilinear,
    "table": table,
    "graph": graph,
    "tetrahedra": tetrahedra,
}
_MORE: Final[dict[str, Callable[[Any], Any]]] = {
    "types": with_types, "char": with_char, "bits": with_bits, "texts": with_texts, "components": with_components,
    "names": with_names, "fields": with_fields,
}  # fmt: skip


def _with(make: Callable[[], Any], more: Callable[[Any], Any]) -> Callable[[], Any]:
    return lambda: more(make())


KINDS: Final[dict[str, Callable[[], Any]]] = {
    "image of a plane": lambda: image((5, 4, 1), origin=(1, 2, 3), spacing=(0.5, 2, 3)),
    "image of a plane across x": lambda: image((1, 4, 3), origin=(1, 2, 3), spacing=(0.5, 2, 3)),
    "image of a plane across y": lambda: image((5, 1, 3), origin=(1, 2, 3), spacing=(0.5, 2, 3)),
    "image of a line": lambda: image((5, 1, 1), origin=(1, 2, 3), spacing=(0.5, 2, 3)),
    "image of a point": lambda: image((1, 1, 1)),
    "image of nothing": model.vtkImageData,
    "image without arrays": lambda: _bare(image()),
    "image turned": turned,
    "image mirrored": mirrored,
    "image shifted": shifted,
    "image hidden": hidden_image,
    "curved hidden": hidden,
    "poly of nothing": model.vtkPolyData,
    "poly without cells": _only_points,
    "poly far away": far_away,
    "sphere": sphere,
    "grid of nothing": model.vtkUnstructuredGrid,
    "grid of all linear cells": all_linear,
    "grid of polyhedra": polyhedron,
    "grid of quadratic cells": quadratic,
    "grid of Lagrange cells": lagrange,
    "curved of nothing": model.vtkStructuredGrid,
    "table of nothing": model.vtkTable,
    "graph undirected": lambda: graph("vtkUndirectedGraph"),
    "tree": tree,
    "molecule": molecule,
    "hyper tree grid": hyper_tree_grid,
    "blocks": named_blocks,
    "blocks of nothing": model.vtkMultiBlockDataSet,
    "parts": parts,
    "parts of nothing": model.vtkPartitionedDataSet,
    "collection": collection,
    "collection of nothing": model.vtkPartitionedDataSetCollection,
    "AMR": amr,
    **_BASES,
    **{f"{base} with {more}": _with(make, add) for base, make in _BASES.items() for more, add in _MORE.items()},
    **{f"{base} with roles": _with(_BASES[base], with_roles) for base in _BASES if base not in ("table", "graph")},
    **{f"pixels of {kind}": one_picture(kind) for kind in NUMBERS},
    **{f"voxels of {kind}": one_picture(kind, 1, (5, 4, 3)) for kind in NUMBERS},
    **{f"pixels of {count} {kind}": one_picture(kind, count) for kind in ("uint8", "uint16") for count in (2, 3, 4)},
    **{
        f"voxels of {count} {kind}": one_picture(kind, count, (5, 4, 3))
        for kind in ("uint8", "float32")
        for count in (2, 3, 4)
    },
    "hexahedra": lambda: grid(*[(model.VTK_HEXAHEDRON, tuple(range(8)))] * 2),
    "collection of whole blocks": whole_blocks,
}
"""By what it is: what makes it."""


def _bare(data: Any) -> Any:
    data.GetPointData().Initialize()
    return data
