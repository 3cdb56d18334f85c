"""Which blocks of a composite are drawn, and which look otherwise than the others: what the paths of blocks fit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from vtkmodules.vtkCommonDataModel import (
    vtkCompositeDataSet,
    vtkDataAssembly,
    vtkDataAssemblyUtilities,
    vtkMultiBlockDataSet,
)

from async_paraview.records import dataclass
from async_paraview.scene.looks.blocks import ALL, BLOCKS

from ..base.associations import GeometryError
from ..base.blocks import places

_MOST_TOLD = 20


@dataclass(frozen=True)
class BlockLook:
    """How blocks look: None as the others."""

    color: tuple[float, float, float] | None = None
    opacity: float | None = None


USUAL = BlockLook()


def is_asked(get: Mapping[str, Any]) -> bool:
    """Return whether blocks are not all drawn alike."""
    return any(get[one.name] != one.initial for one in BLOCKS)


def groups_of(data: Any, get: Mapping[str, Any]) -> dict[BlockLook, Any]:
    """Return the blocks that are drawn by how they look, as composites; the usual look is there in any case.

    Raises `GeometryError` for a path that fits no block.
    """
    looks = _looks(data, get)
    groups: dict[BlockLook, Any] = {USUAL: vtkMultiBlockDataSet()}
    for number, block in enumerate(_blocks(data)):
        look = looks[number]
        if look is not None:
            group = groups.setdefault(look, vtkMultiBlockDataSet())
            group.SetBlock(group.GetNumberOfBlocks(), block)
    return groups


def _blocks(data: Any) -> list[Any]:
    return [block for _, block in places(data)] if isinstance(data, vtkCompositeDataSet) else [data]


def _looks(data: Any, get: Mapping[str, Any]) -> list[BlockLook | None]:
    """Return how each block looks, None: it is not drawn."""
    tree = _Tree(data)
    seen = {number for path in get["BlockSelectors"] for number in tree.blocks_at(path, "BlockSelectors")}
    colors: dict[int, tuple[float, float, float]] = {}
    opacities: dict[int, float] = {}
    for path, red, green, blue in zip(*(get["BlockColors"][at::4] for at in range(4)), strict=True):
        colors |= dict.fromkeys(tree.blocks_at(path, "BlockColors"), (red, green, blue))
    for path, opacity in zip(get["BlockOpacities"][::2], get["BlockOpacities"][1::2], strict=True):
        opacities |= dict.fromkeys(tree.blocks_at(path, "BlockOpacities"), opacity)
    return [
        BlockLook(colors.get(number), opacities.get(number)) if number in seen else None for number in range(tree.count)
    ]


class _Tree:
    """The blocks of data by their paths."""

    def __init__(self, data: Any) -> None:
        self._assembly = vtkDataAssembly()
        self._owners: list[int] = []
        if not isinstance(data, vtkCompositeDataSet):
            self.count = 1
            return
        if not vtkDataAssemblyUtilities.GenerateHierarchy(data, self._assembly):
            raise GeometryError(f"blocks of {data.GetClassName()} have no paths: show ExtractBlock of some")
        ids = sorted((self._id_of(node), node) for node in self._assembly.GetChildNodes(0, True))
        flat = [one for one, _ in ids]
        # What VTK counts between one block and the next are parts of the former.
        self._owners = [ids[bisect_right(flat, place.GetCurrentFlatIndex()) - 1][1] for place, _ in places(data)]
        self.count = len(self._owners)

    def blocks_at(self, path: str, name: str) -> list[int]:
        """Return the numbers of the blocks that a path fits. Raises `GeometryError` for none."""
        if path in (*ALL, "/Root"):
            return list(range(self.count))
        nodes = set(self._assembly.SelectNodes([path])) if self._owners else set()
        nodes |= {below for node in nodes for below in self._assembly.GetChildNodes(node, True)}
        if not nodes:
            there = [self._assembly.GetNodePath(node) for node in self._assembly.GetChildNodes(0, True)]
            told = ", ".join(there[:_MOST_TOLD]) + (", ..." if len(there) > _MOST_TOLD else "")
            raise GeometryError(f"{name}: {path!r} fits no block; there is {told or 'one block, /'}")
        return [number for number, owner in enumerate(self._owners) if owner in nodes]

    def _id_of(self, node: int) -> int:
        path = self._assembly.GetNodePath(node)
        return int(vtkDataAssemblyUtilities.GetSelectedCompositeIds([path], self._assembly)[0])
