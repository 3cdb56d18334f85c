"""Meshes of Gmsh from version 4.1 on, which meshio refuses if they are in partitions, or in groups in part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from .sections import INT, REAL, SIZE, Form, Numbers, section

_NAME: Final = re.compile(rb'^[ \t]*(\d+)[ \t]+(-?\d+)[ \t]+"([^"\r\n]*)"', re.MULTILINE)
_BOX: Final = (3, 6, 6, 6)
"""How many numbers say where an entity of each dimension is."""
_PARTITIONS: Final = "gmsh:partition"


@dataclass(frozen=True)
class Block:
    """Elements of one kind that belong to one entity: their points by index, a row for each."""

    type: int
    data: Any
    tags: Any
    entity: tuple[int, int]


@dataclass(frozen=True)
class Entity:
    """A part of the geometry: the groups that it is in, and the partition that it belongs to, 0 if none."""

    groups: tuple[int, ...]
    partition: int = 0


@dataclass(frozen=True)
class GmshMesh:
    """Places and numbers of nodes, their entities (dimension and number), elements, entities and names of groups."""

    points: Any
    tags: Any
    dim_tags: Any
    blocks: tuple[Block, ...]
    entities: Mapping[tuple[int, int], Entity]
    names: tuple[tuple[str, int, int], ...]
    """Name, number and dimension of each group that has a name."""

    def of_cells(self) -> dict[str, list[Any]]:
        """Return for each block the entity, the first group (0 if there is none) and the partition of its elements."""
        found = {
            "gmsh:physical": [next(iter(self._entity(one).groups), 0) for one in self.blocks],
            "gmsh:geometrical": [one.entity[1] for one in self.blocks],
            _PARTITIONS: [self._entity(one).partition for one in self.blocks],
        }
        return {
            name: [np.full(len(block.data), value) for block, value in zip(self.blocks, values, strict=True)]
            for name, values in found.items()
            if name == "gmsh:geometrical" or any(values)
        }

    def sets(self) -> dict[str, list[Any]]:
        """Return for each name of groups which elements of each block are in one."""
        found: dict[str, list[Any]] = {}
        for name, number, dimension in self.names:
            held = found.setdefault(name, [np.zeros(0, np.int64) for _ in self.blocks])
            for index, block in enumerate(self.blocks):
                if block.entity[0] == dimension and number in self._entity(block).groups:
                    held[index] = np.arange(len(block.data))
        return found

    def _entity(self, block: Block) -> Entity:
        return self.entities.get(block.entity, Entity(()))


def read_mesh(data: bytes, form: Form, points_of: Mapping[int, int]) -> GmshMesh:
    """Return the mesh; `points_of` says how many nodes each type of element has.

    Raises ValueError or KeyError where the file is damaged.
    """
    nodes = Numbers(section(data, b"Nodes"), form)
    tags, dim_tags, points = [np.zeros(0, np.int64)], [np.zeros((0, 2), np.int64)], [np.zeros((0, 3))]
    for _ in range(int(nodes.take(SIZE, 4)[0])):
        dimension, entity, parametric = (int(one) for one in nodes.take(INT, 3))
        count = nodes.one(SIZE)
        tags.append(nodes.take(SIZE, count))
        width = 3 + (dimension if parametric else 0)
        points.append(nodes.take(REAL, count * width).reshape(count, width)[:, :3])
        dim_tags.append(np.full((count, 2), (dimension, entity)))
    numbers = np.concatenate(tags)
    blocks = _blocks(Numbers(section(data, b"Elements"), form), points_of, numbers)
    found = GmshMesh(
        np.concatenate(points), numbers, np.concatenate(dim_tags), blocks, _entities(data, form), _names(data)
    )
    return found


def _blocks(content: Numbers, points_of: Mapping[int, int], nodes: Any) -> tuple[Block, ...]:
    order = np.argsort(nodes, kind="stable")
    found = []
    for _ in range(int(content.take(SIZE, 4)[0])):
        dimension, entity, kind = (int(one) for one in content.take(INT, 3))
        count, width = content.one(SIZE), 1 + points_of[kind]
        rows = content.take(SIZE, count * width).reshape(count, width)
        at = np.searchsorted(nodes, rows[:, 1:], sorter=order)
        if count and (at.max() >= len(nodes) or (nodes[order[at]] != rows[:, 1:]).any()):
            raise ValueError("elements have nodes that are not there")
        found.append(Block(kind, order[at] if count else at, rows[:, 0], (dimension, entity)))
    return tuple(found)


def _entities(data: bytes, form: Form) -> dict[tuple[int, int], Entity]:
    """Return the entities, and the parts of them that partitions have, which have numbers of their own."""
    found: dict[tuple[int, int], Entity] = {}
    for name in (b"Entities", b"PartitionedEntities"):
        if b"$" + name not in data:
            continue
        content, parts = Numbers(section(data, name), form), name == b"PartitionedEntities"
        if parts:
            content.one(SIZE)
            content.take(INT, 2 * content.one(SIZE))  # entities of elements at the border of another partition
        for dimension, count in enumerate(content.take(SIZE, 4).tolist()):
            for _ in range(count):
                tag = content.one(INT)
                partitions = [0]
                if parts:
                    content.take(INT, 2)
                    partitions = content.take(INT, content.one(SIZE)).tolist() or [0]
                content.take(REAL, _BOX[dimension])
                groups = np.abs(content.take(INT, content.one(SIZE)))
                if dimension:
                    content.take(INT, content.one(SIZE))
                found[dimension, tag] = Entity(tuple(groups.tolist()), int(partitions[0]))
    return found


def _names(data: bytes) -> tuple[tuple[str, int, int], ...]:
    if b"$PhysicalNames" not in data:
        return ()
    rows = _NAME.findall(section(data, b"PhysicalNames"))
    return tuple((name.decode("utf-8", "replace"), int(number), int(dimension)) for dimension, number, name in rows)
