"""From a checked description to a VTK data object. Imports VTK."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import (
    vtkCompositeDataSet,
    vtkDataAssembly,
    vtkDataObject,
    vtkImageData,
    vtkMultiBlockDataSet,
    vtkMultiPieceDataSet,
    vtkPartitionedDataSet,
    vtkPartitionedDataSetCollection,
    vtkPolyData,
    vtkRectilinearGrid,
    vtkStructuredGrid,
    vtkTable,
    vtkUnstructuredGrid,
)

from ..description import (
    AssemblyNode,
    CompositeNode,
    ImageNode,
    MeshNode,
    Node,
    PolyNode,
    RectilinearNode,
    StructuredNode,
    TableNode,
    UnstructuredNode,
)
from ..errors import DataSetError
from .array_decoder import build_array, build_attributes, build_cells, build_field_data, build_points

_CLASSES: Final = MappingProxyType[str, Callable[[], Any]](
    {
        "vtkImageData": vtkImageData,
        "vtkRectilinearGrid": vtkRectilinearGrid,
        "vtkStructuredGrid": vtkStructuredGrid,
        "vtkPolyData": vtkPolyData,
        "vtkUnstructuredGrid": vtkUnstructuredGrid,
        "vtkTable": vtkTable,
        "vtkMultiBlockDataSet": vtkMultiBlockDataSet,
        "vtkMultiPieceDataSet": vtkMultiPieceDataSet,
        "vtkPartitionedDataSet": vtkPartitionedDataSet,
        "vtkPartitionedDataSetCollection": vtkPartitionedDataSetCollection,
    }
)
"""Type on the wire -> class: the only data objects a peer can cause to exist."""


def build(node: Node) -> Any:
    """Make the data object over the described memory. Its description and content must have been checked before."""
    built = _CLASSES[node.type]()
    build_field_data(built.GetFieldData(), node.field_data)
    if node.time_step is not None:
        built.GetInformation().Set(vtkDataObject.DATA_TIME_STEP(), node.time_step)
    _FILL[type(node)](built, node)
    if isinstance(node, MeshNode):
        build_attributes(built.GetPointData(), node.point_data)
        build_attributes(built.GetCellData(), node.cell_data)
    return built


def _fill_table(table: Any, node: TableNode) -> None:
    build_attributes(table.GetRowData(), node.row_data)


def _fill_image(image: Any, node: ImageNode) -> None:
    image.SetExtent(node.extent)
    image.SetOrigin(node.origin)
    image.SetSpacing(node.spacing)
    image.SetDirectionMatrix(node.direction)


def _fill_rectilinear(grid: Any, node: RectilinearNode) -> None:
    grid.SetExtent(node.extent)
    x, y, z = (None if axis is None else build_array(axis) for axis in node.coordinates)
    grid.SetXCoordinates(x)
    grid.SetYCoordinates(y)
    grid.SetZCoordinates(z)


def _fill_points(mesh: Any, node: StructuredNode | PolyNode | UnstructuredNode) -> None:
    if node.points is not None:
        mesh.SetPoints(build_points(node.points))


def _fill_structured(grid: Any, node: StructuredNode) -> None:
    grid.SetExtent(node.extent)
    _fill_points(grid, node)


def _fill_poly(mesh: Any, node: PolyNode) -> None:
    _fill_points(mesh, node)
    verts, lines, polys, strips = node.cells
    if verts is not None:
        mesh.SetVerts(build_cells(verts))
    if lines is not None:
        mesh.SetLines(build_cells(lines))
    if polys is not None:
        mesh.SetPolys(build_cells(polys))
    if strips is not None:
        mesh.SetStrips(build_cells(strips))


def _fill_unstructured(grid: Any, node: UnstructuredNode) -> None:
    _fill_points(grid, node)
    if node.cells is None or node.cell_types is None:
        return
    types, cells = build_array(node.cell_types), build_cells(node.cells)
    if node.faces is None or node.face_locations is None:
        grid.SetCells(types, cells)
    else:
        grid.SetPolyhedralCells(types, cells, build_cells(node.face_locations), build_cells(node.faces))


def _fill_composite(composite: Any, node: CompositeNode) -> None:
    if node.type == "vtkMultiBlockDataSet":
        resize, put = composite.SetNumberOfBlocks, composite.SetBlock
    elif node.type == "vtkPartitionedDataSetCollection":
        resize, put = composite.SetNumberOfPartitionedDataSets, composite.SetPartitionedDataSet
    else:
        resize, put = composite.SetNumberOfPartitions, composite.SetPartition
    resize(len(node.children))
    for place, (child, name) in enumerate(zip(node.children, node.names, strict=True)):
        if child is not None:
            put(place, build(child))
        if name is not None:
            composite.GetMetaData(place).Set(vtkCompositeDataSet.NAME(), name)
    if node.assembly is not None:
        composite.SetDataAssembly(_build_assembly(node.assembly))


def _build_assembly(nodes: tuple[AssemblyNode, ...]) -> Any:
    assembly = vtkDataAssembly()
    ids: list[int] = []
    for node in nodes:
        if node.parent is None:
            assembly.SetRootNodeName(node.name)
            identity = assembly.GetRootNode()
        else:
            identity = assembly.AddNode(node.name, ids[node.parent])
        if identity < 0:
            raise DataSetError(f"VTK refuses an assembly node named {node.name}")
        ids.append(identity)
        for index in node.datasets:
            assembly.AddDataSetIndex(identity, index)
        for key, value in node.attributes:
            assembly.SetAttribute(identity, key, value)
    return assembly


_FILL: Final = MappingProxyType[type[Node], Callable[[Any, Any], None]](
    {
        TableNode: _fill_table,
        ImageNode: _fill_image,
        RectilinearNode: _fill_rectilinear,
        StructuredNode: _fill_structured,
        PolyNode: _fill_poly,
        UnstructuredNode: _fill_unstructured,
        CompositeNode: _fill_composite,
    }
)
"""Kind of node -> what fills an empty object with what is particular to it."""
