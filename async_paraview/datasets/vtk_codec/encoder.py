"""From a VTK data object to plain data and views of its memory. Imports VTK."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final
from xml.etree import ElementTree

from vtkmodules.vtkCommonCore import vtkIndent
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataObject

from ..checking.parse import FORMAT_VERSION, SUPPORTED, parse
from ..description import MAX_DEPTH
from ..encoded import EncodedDataSet
from ..errors import DataSetError
from .array_encoder import (
    BufferList,
    Plain,
    checked_text,
    encode_array,
    encode_attributes,
    encode_cells,
    encode_field_data,
)

_SAME_CONTENT: Final = MappingProxyType({"vtkStructuredPoints": "vtkImageData", "vtkUniformGrid": "vtkImageData"})


def encode(data_object: Any) -> EncodedDataSet:
    """See async_paraview.datasets.encode."""
    buffers = BufferList()
    meta: Plain = {
        "version": FORMAT_VERSION,
        "byte_order": sys.byteorder,
        "data": _encode_object(data_object, buffers, 1),
    }
    encoded = EncodedDataSet(meta, tuple(buffers.views))
    # An inconsistent data set is reported here, where it was made, and not by its receiver.
    parse(encoded.meta, encoded.buffers)
    return encoded


def _encode_object(source: Any, buffers: BufferList, depth: int) -> Plain:
    if not isinstance(source, vtkDataObject):
        raise DataSetError(f"expected a vtkDataObject, got {type(source).__name__}")
    if depth > MAX_DEPTH:
        raise DataSetError(f"expected at most {MAX_DEPTH} levels of composite data sets, got more")
    name = source.GetClassName()
    name = _SAME_CONTENT.get(name, name)
    if name not in SUPPORTED:
        raise DataSetError(f"a {name} cannot travel; supported are {', '.join(sorted(SUPPORTED))}")
    plain = {"type": name, "field_data": encode_field_data(source.GetFieldData(), buffers)}
    information = source.GetInformation()
    if information.Has(vtkDataObject.DATA_TIME_STEP()):
        plain["time_step"] = information.Get(vtkDataObject.DATA_TIME_STEP())
    if name in _COMPOSITES:
        return {**plain, **_encode_composite(source, buffers, depth, *_COMPOSITES[name])}
    plain |= _LEAVES[name](source, buffers)
    if name != "vtkTable":
        plain["point_data"] = encode_attributes(source.GetPointData(), buffers)
        plain["cell_data"] = encode_attributes(source.GetCellData(), buffers)
    return plain


def _encode_table(table: Any, buffers: BufferList) -> Plain:
    return {"rows": table.GetNumberOfRows(), "row_data": encode_attributes(table.GetRowData(), buffers)}


def _encode_image(image: Any, _buffers: BufferList) -> Plain:
    matrix = image.GetDirectionMatrix()
    return {
        "extent": list(image.GetExtent()),
        "origin": list(image.GetOrigin()),
        "spacing": list(image.GetSpacing()),
        "direction": [matrix.GetElement(row, column) for row in range(3) for column in range(3)],
    }


def _encode_rectilinear(grid: Any, buffers: BufferList) -> Plain:
    axes = (grid.GetXCoordinates(), grid.GetYCoordinates(), grid.GetZCoordinates())
    return {
        "extent": list(grid.GetExtent()),
        "coordinates": [None if axis is None else encode_array(axis, buffers) for axis in axes],
    }


def _encode_points(source: Any, buffers: BufferList) -> Plain:
    points = source.GetPoints()
    return {"points": None if points is None else encode_array(points.GetData(), buffers)}


def _encode_structured(grid: Any, buffers: BufferList) -> Plain:
    return {"extent": list(grid.GetExtent()), **_encode_points(grid, buffers)}


def encode_poly(mesh: Any, buffers: BufferList) -> Plain:
    """Describe points and cells of a vtkPolyData."""
    return {
        **_encode_points(mesh, buffers),
        "verts": encode_cells(mesh.GetVerts(), buffers),
        "lines": encode_cells(mesh.GetLines(), buffers),
        "polys": encode_cells(mesh.GetPolys(), buffers),
        "strips": encode_cells(mesh.GetStrips(), buffers),
    }


def encode_unstructured(grid: Any, buffers: BufferList) -> Plain:
    """Describe points, cells, their types and faces of a vtkUnstructuredGrid."""
    plain = {**_encode_points(grid, buffers), "cells": encode_cells(grid.GetCells(), buffers)}
    if plain["cells"] is not None:
        plain["cell_types"] = encode_array(grid.GetCellTypes(), buffers)
        faces = encode_cells(grid.GetPolyhedronFaces(), buffers)
        if faces is not None:
            plain["faces"] = faces
            plain["face_locations"] = encode_cells(grid.GetPolyhedronFaceLocations(), buffers)
    return plain


_LEAVES: Final = MappingProxyType[str, Callable[[Any, BufferList], Plain]](
    {
        "vtkImageData": _encode_image,
        "vtkRectilinearGrid": _encode_rectilinear,
        "vtkStructuredGrid": _encode_structured,
        "vtkPolyData": encode_poly,
        "vtkUnstructuredGrid": encode_unstructured,
        "vtkTable": _encode_table,
    }
)

_PARTITIONS: Final = (
    lambda source: source.GetNumberOfPartitions(),
    lambda source, i: source.GetPartitionAsDataObject(i),
)

_COMPOSITES: Final = MappingProxyType[str, tuple[Callable[[Any], int], Callable[[Any, int], Any]]](
    {
        "vtkMultiBlockDataSet": (
            lambda source: int(source.GetNumberOfBlocks()),
            lambda source, i: source.GetBlock(i),
        ),
        "vtkMultiPieceDataSet": _PARTITIONS,
        "vtkPartitionedDataSet": _PARTITIONS,
        "vtkPartitionedDataSetCollection": (
            lambda source: int(source.GetNumberOfPartitionedDataSets()),
            lambda source, i: source.GetPartitionedDataSet(i),
        ),
    }
)
"""Class name -> how many children a composite has, and how to get one."""


def _encode_composite(
    source: Any,
    buffers: BufferList,
    depth: int,
    count: Callable[[Any], int],
    child_of: Callable[[Any, int], Any],
) -> Plain:
    children = [child_of(source, i) for i in range(count(source))]
    plain: Plain = {
        "children": [None if child is None else _encode_object(child, buffers, depth + 1) for child in children],
        "names": [_block_name(source, i) for i in range(len(children))],
    }
    if source.IsA("vtkPartitionedDataSetCollection") and source.GetDataAssembly() is not None:
        plain["assembly"] = _encode_assembly(source.GetDataAssembly())
    return plain


def _block_name(source: Any, place: int) -> str | None:
    # GetMetaData would create what is not there, in a data set that is not ours to change.
    if not source.HasMetaData(place):
        return None
    information = source.GetMetaData(place)
    key = vtkCompositeDataSet.NAME()
    return checked_text(information.Get(key), "block name") if information.Has(key) else None


def _encode_assembly(assembly: Any) -> list[Plain]:
    """Describe the nodes in the order of their ids, so that rebuilding in that order gives the same ids."""
    # VTK offers no way to list a node's attributes other than its own XML.
    root = ElementTree.fromstring(assembly.SerializeToXML(vtkIndent()))
    parent_of = {child: parent for parent in root.iter() for child in parent if child.tag != "dataset"}
    nodes = sorted((root, *parent_of), key=lambda node: int(node.attrib["id"]))
    place_of = {node: place for place, node in enumerate(nodes)}
    return [
        {
            "name": node.tag,
            "parent": place_of[parent_of[node]] if node in parent_of else None,
            "datasets": [int(child.attrib["id"]) for child in node if child.tag == "dataset"],
            "attributes": {key: value for key, value in node.attrib.items() if key not in ("id", "type", "version")},
        }
        for node in nodes
    ]
