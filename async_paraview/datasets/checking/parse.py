"""A whole description: from a peer's plain data and buffers to a checked tree of nodes.

Checked here is all that needs no look into the arrays: kinds, counts, sizes, nesting. content.py does the rest.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final

from ..byte_views import BufferLike, BufferPool
from ..description import MAX_DEPTH, AssemblyNode, CompositeNode, Node
from ..errors import DataSetError
from .parse_meshes import LEAVES, parse_base
from .plain_values import integer, mapping, optional_text, sequence, show, text

FORMAT_VERSION: Final = 1

_LEAF_NAMES = frozenset(LEAVES)

CHILDREN: Final = MappingProxyType(
    {
        "vtkMultiBlockDataSet": _LEAF_NAMES | {"vtkMultiBlockDataSet", "vtkMultiPieceDataSet"},
        "vtkMultiPieceDataSet": _LEAF_NAMES,
        "vtkPartitionedDataSet": _LEAF_NAMES,
        "vtkPartitionedDataSetCollection": frozenset({"vtkPartitionedDataSet", "vtkMultiPieceDataSet"}),
    }
)
"""Composite class -> the classes that it may hold."""

SUPPORTED: Final = frozenset(LEAVES) | frozenset(CHILDREN)

# vtkDataAssembly::IsNodeNameValid; `dataset` is its element for an index, the attributes are its own.
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_RESERVED_NODES = frozenset({"dataset"})
_RESERVED_ATTRIBUTES: Final = frozenset({"id", "type", "version"})


def parse(meta: object, buffers: Sequence[BufferLike]) -> Node:
    """Read a description and hand every buffer to its array. Raises DataSetError at the first thing wrong."""
    plain = mapping(meta, "description")
    version = plain.get("version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise DataSetError(f"expected a description of version {FORMAT_VERSION}, got {show(version)}")
    if plain.get("byte_order") != sys.byteorder:
        raise DataSetError(f"expected arrays in {sys.byteorder} byte order, got {show(plain.get('byte_order'))}")
    pool = BufferPool(buffers)
    node = _parse_node(plain.get("data"), pool, SUPPORTED, 1)
    pool.check_all_claimed()
    return node


def _parse_node(value: object, pool: BufferPool, allowed: frozenset[str], depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise DataSetError(f"expected at most {MAX_DEPTH} levels of composite data sets, got more")
    plain = mapping(value, "data object")
    name = plain.get("type")
    if not isinstance(name, str) or name not in allowed:
        raise DataSetError(f"expected one of {', '.join(sorted(allowed))}, got {show(name)}")
    if name in LEAVES:
        return LEAVES[name](plain, pool)
    return _parse_composite(plain, pool, depth)


def _parse_composite(plain: dict[str, Any], pool: BufferPool, depth: int) -> CompositeNode:
    what = plain["type"]
    children = sequence(plain.get("children"), f"{what}: children")
    names = sequence(plain.get("names"), f"{what}: names", length=len(children))
    assembly = plain.get("assembly")
    if assembly is not None and what != "vtkPartitionedDataSetCollection":
        raise DataSetError(f"{what}: expected no data assembly, got one")
    return CompositeNode(
        **parse_base(plain, pool),
        children=tuple(
            None if child is None else _parse_node(child, pool, CHILDREN[what], depth + 1) for child in children
        ),
        names=tuple(optional_text(name, f"{what}: block name") for name in names),
        assembly=None if assembly is None else _parse_assembly(assembly, len(children)),
    )


def _parse_assembly(value: object, datasets: int) -> tuple[AssemblyNode, ...]:
    """Return the nodes of an assembly, each after its parent."""
    nodes: list[AssemblyNode] = []
    depths: list[int] = []
    for item in sequence(value, "assembly"):
        plain = mapping(item, "assembly node")
        parent = plain.get("parent")
        if nodes:
            parent = integer(parent, "assembly: parent", low=0, high=len(nodes) - 1)
        elif parent is not None:
            raise DataSetError(f"assembly: expected a root without parent, got {show(parent)}")
        depths.append(1 if parent is None else depths[parent] + 1)
        if depths[-1] > MAX_DEPTH:
            raise DataSetError(f"assembly: expected at most {MAX_DEPTH} levels, got more")
        nodes.append(_parse_assembly_node(plain, parent, datasets))
    if not nodes:
        raise DataSetError("assembly: expected a root node, got none")
    return tuple(nodes)


def _parse_assembly_node(plain: dict[str, Any], parent: int | None, datasets: int) -> AssemblyNode:
    indices = sequence(plain.get("datasets"), "assembly: data sets")
    attributes = mapping(plain.get("attributes", {}), "assembly: attributes")
    return AssemblyNode(
        _xml_name(plain.get("name"), _RESERVED_NODES),
        parent,
        tuple(integer(index, "assembly: data set", low=0, high=datasets - 1) for index in indices),
        tuple(
            (_xml_name(name, _RESERVED_ATTRIBUTES), text(item, "assembly: attribute"))
            for name, item in attributes.items()
        ),
    )


def _xml_name(value: object, reserved: frozenset[str]) -> str:
    name = text(value, "assembly: name")
    if not _XML_NAME.match(name) or name in reserved:
        raise DataSetError(f"assembly: expected letters, digits, '_', '-' or '.', got the name {show(name)}")
    return name
