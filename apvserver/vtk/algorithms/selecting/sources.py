"""Sources of selections, as ParaView has them: by ids, thresholds, places, blocks, a frustum, or a query."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from itertools import groupby
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_ID_TYPE, vtkStringArray, vtkUnsignedIntArray
from vtkmodules.vtkCommonDataModel import vtkSelectionNode

from ...base.array_types import copied
from ...base.errors import InvalidProperty
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, number, switch, text
from ..own_algorithms import output_of, told

FIELD_TYPES: Final = (("CELL", 0), ("POINT", 1), ("FIELD", 2), ("VERTEX", 3), ("EDGE", 4), ("ROW", 5))
_ELEMENT_TYPES: Final = (
    ("Point Data", 0), ("Cell Data", 1), ("Field Data", 2), ("Vertex Data", 4), ("Edge Data", 5), ("Row Data", 6),
)  # fmt: skip
"""The words of ParaView, and the numbers of VTK's kinds of attributes."""
_FIELD_TYPE_OF: Final = {0: 1, 1: 0, 2: 2, 4: 3, 5: 4, 6: 5}
_MOST_LAYERS: Final = 1000
Node = Any
_USUAL_FRUSTUM: Final = (
    0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0,
    0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0,
)  # fmt: skip
_COMMON: Final = (
    switch("ContainingCells", False, "Of points: whether the cells that have them are selected instead."),
    switch("InsideOut", False, "Whether all the others are selected."),
    number("NumberOfLayers", 0, "By so many layers of neighbours the selection is grown.", limits=(0, _MOST_LAYERS)),
    switch("RemoveSeed", False, "Whether of a grown selection what was selected first is left out."),
    switch("RemoveIntermediateLayers", False, "Whether of a grown selection only the last layer is selected."),
)
_FIELD_TYPE: Final = PropertyDefinition(
    "FieldType", "enum", 1, 0, enumeration=FIELD_TYPES, doc="What is selected: cells, points or rows."
)


class SelectionSource(OwnProperties, VTKPythonAlgorithmBase):
    """Gives a selection; what it names is looked up where it is extracted."""

    PROPERTIES: ClassVar[tuple[PropertyDefinition, ...]] = (_FIELD_TYPE, *_COMMON)

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, nOutputPorts=1, outputType="vtkSelection")

    @abstractmethod
    def nodes(self) -> Iterable[Node]:
        """Return the nodes of the selection, without what all sources have in common. Raises `VtkError`."""

    def field_type(self) -> int:
        """Return which kind of elements is selected, as VTK's nodes have it."""
        return int(self.value_of("FieldType"))

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the selection."""
        return told(type(self).__name__, lambda: self._fill(output_of(outInfo)))

    def _fill(self, selection: Any) -> None:
        selection.Initialize()
        for node in self.nodes():
            node.SetFieldType(self.field_type())
            facts = node.GetProperties()
            facts.Set(vtkSelectionNode.CONTAINING_CELLS(), int(self.value_of("ContainingCells")))
            facts.Set(vtkSelectionNode.INVERSE(), int(self.value_of("InsideOut")))
            if self.value_of("NumberOfLayers"):
                facts.Set(vtkSelectionNode.CONNECTED_LAYERS(), int(self.value_of("NumberOfLayers")))
                facts.Set(vtkSelectionNode.CONNECTED_LAYERS_REMOVE_SEED(), int(self.value_of("RemoveSeed")))
                facts.Set(
                    vtkSelectionNode.CONNECTED_LAYERS_REMOVE_INTERMEDIATE_LAYERS(),
                    int(self.value_of("RemoveIntermediateLayers")),
                )
            selection.AddNode(node)


class _ListedSource(SelectionSource):
    """A source that has a list of numbers or texts, which is added to call by call."""

    def __init__(self) -> None:
        super().__init__()
        self._listed: list[Any] = []

    def _add(self, *entry: Any) -> None:
        self._listed.append(entry)
        self.Modified()

    def _clear(self) -> None:
        if self._listed:
            self._listed = []
            self.Modified()


class IDSelectionSource(_ListedSource):
    """IDSelectionSource - Selects by numbers of points, cells or rows; of composites in each block."""

    def AddIDOfProcess(self, process: int, id_: int) -> None:
        """Select an element; there is one process, so its number changes nothing."""
        self._add(process, id_)

    def RemoveAllIDsOfProcesses(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        yield node_of_ids(vtkSelectionNode.INDICES, [id_ for _, id_ in self._listed])


class GlobalIDSelectionSource(_ListedSource):
    """GlobalIDSelectionSource - Selects by the global ids that the data has."""

    def AddGlobalID(self, id_: int) -> None:
        """Select an element."""
        self._add(id_)

    def RemoveAllGlobalIDs(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        yield node_of_ids(vtkSelectionNode.GLOBALIDS, [id_ for (id_,) in self._listed])


class ValueSelectionSource(_ListedSource):
    """ValueSelectionSource - Selects where an array has one of some integers."""

    PROPERTIES: ClassVar = (*SelectionSource.PROPERTIES, text("ArrayName", "", "The array."))

    def AddValueOfProcess(self, process: int, value: int) -> None:
        """Select where the array has a value; there is one process, so its number changes nothing."""
        self._add(process, value)

    def RemoveAllValuesOfProcesses(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        if not self._listed:
            return
        node = node_of_ids(vtkSelectionNode.VALUES, [value for _, value in self._listed])
        node.GetSelectionList().SetName(_array_name(self))
        yield node


class CompositeDataIDSelectionSource(_ListedSource):
    """CompositeDataIDSelectionSource - Selects by blocks, as flat indices, and numbers in each of them."""

    def AddIDOfBlock(self, block: int, process: int, id_: int) -> None:
        """Select an element of a block; there is one process, so its number changes nothing."""
        self._add(block, process, id_)

    def RemoveAllIDsOfBlocks(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return a node for each block."""
        if any(block < 0 for block, _, _ in self._listed):
            raise InvalidProperty("IDs: flat indices of blocks count from 0, which is all of the composite")
        for block, ids in _grouped((block, id_) for block, _, id_ in self._listed):
            node = node_of_ids(vtkSelectionNode.INDICES, ids)
            node.GetProperties().Set(vtkSelectionNode.COMPOSITE_INDEX(), block)
            yield node


class HierarchicalDataIDSelectionSource(_ListedSource):
    """HierarchicalDataIDSelectionSource - Selects by levels, places in them, and numbers in each of those blocks."""

    def AddIDOfLevel(self, level: int, index: int, id_: int) -> None:
        """Select an element of a block of a level."""
        self._add(level, index, id_)

    def RemoveAllIDsOfLevels(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return a node for each block."""
        for (level, index), ids in _grouped(((level, index), id_) for level, index, id_ in self._listed):
            node = node_of_ids(vtkSelectionNode.INDICES, ids)
            node.GetProperties().Set(vtkSelectionNode.HIERARCHICAL_LEVEL(), level)
            node.GetProperties().Set(vtkSelectionNode.HIERARCHICAL_INDEX(), index)
            yield node


class ThresholdSelectionSource(_ListedSource):
    """ThresholdSelectionSource - Selects where an array is within limits, which count themselves."""

    PROPERTIES: ClassVar = (
        *SelectionSource.PROPERTIES,
        text("ArrayName", "none", "The array; of vectors the first component counts."),
    )

    def AddInterval(self, low: float, high: float) -> None:
        """Select what is between two numbers."""
        self._add(low, high)

    def RemoveAllIntervals(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        if not self._listed:
            return
        if any(low > high for low, high in self._listed):
            raise InvalidProperty("Thresholds: low, high, low, high, ...; each low is at most its high")
        node, limits = vtkSelectionNode(), copied(np.array(self._listed, float).reshape(-1, 2))
        limits.SetName(_array_name(self))
        node.SetContentType(vtkSelectionNode.THRESHOLDS)
        node.SetSelectionList(limits)
        yield node


class LocationSelectionSource(_ListedSource):
    """LocationSelectionSource - Selects the points that are just at places, or the cells that those lie in."""

    def AddPlace(self, x: float, y: float, z: float) -> None:
        """Select what is at a place."""
        self._add(x, y, z)

    def RemoveAllPlaces(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        node = vtkSelectionNode()
        node.SetContentType(vtkSelectionNode.LOCATIONS)
        node.SetSelectionList(copied(np.array(self._listed, float).reshape(-1, 3)))
        yield node


class BlockSelectionSource(_ListedSource):
    """BlockSelectionSource - Selects all of some blocks, by their flat indices."""

    def AddFlatIndex(self, block: int) -> None:
        """Select a block."""
        self._add(block)

    def RemoveAllFlatIndices(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        node, blocks = vtkSelectionNode(), vtkUnsignedIntArray()
        if any(block < 0 for (block,) in self._listed):
            raise InvalidProperty("Blocks: flat indices count from 0, which is all of the composite")
        for (block,) in self._listed:
            blocks.InsertNextValue(block)
        node.SetContentType(vtkSelectionNode.BLOCKS)
        node.SetSelectionList(blocks)
        yield node


class BlockSelectorsSelectionSource(_ListedSource):
    """BlockSelectorsSelectionSource - Selects all of some blocks, by paths as /Root/Block0."""

    PROPERTIES: ClassVar = (
        *SelectionSource.PROPERTIES,
        text("BlockSelectorsAssemblyName", "Hierarchy", "The assembly that the paths are of."),
    )

    def AddPath(self, path: str) -> None:
        """Select what is at a path."""
        self._add(path)

    def RemoveAllPaths(self) -> None:
        """Select nothing."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        node, paths = vtkSelectionNode(), vtkStringArray()
        paths.SetName(self.value_of("BlockSelectorsAssemblyName"))
        for (path,) in self._listed:
            paths.InsertNextValue(path)
        node.SetContentType(vtkSelectionNode.BLOCK_SELECTORS)
        node.SetSelectionList(paths)
        yield node


class FrustumSelectionSource(SelectionSource):
    """FrustumSelectionSource - Selects what is in a frustum, such as that behind a rectangle of a picture."""

    PROPERTIES: ClassVar = (
        *SelectionSource.PROPERTIES,
        PropertyDefinition(
            "Frustum",
            "float",
            32,
            _USUAL_FRUSTUM,
            doc="Its corners, x, y, z and 1 each: near and far, lower and upper left, lower and upper right.",
        ),
    )

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        node = vtkSelectionNode()
        node.SetContentType(vtkSelectionNode.FRUSTUM)
        node.SetSelectionList(copied(np.array(self.value_of("Frustum"), float).reshape(8, 4)))
        yield node


class SelectionQuerySource(_ListedSource):
    """SelectionQuerySource - Selects where an expression in Python's notation is true: "(RTData > 200) & (id < 50)"."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "ElementType",
            "enum",
            1,
            1,
            enumeration=_ELEMENT_TYPES,
            doc="What is selected, and plain words mean arrays of.",
        ),
        text("QueryString", "", "The expression: arrays by name, `id` for the number of each element."),
        text("Assembly", "Hierarchy", "The assembly that Selectors are paths of."),
        number("HierarchicalLevel", -1, "Of levels of images: the only level to select of; -1: of all."),
        number("HierarchicalIndex", -1, "The only block of that level to select of; -1: of all."),
        number("ProcessID", -1, "Without effect: there is one process."),
        *_COMMON,
    )

    def field_type(self) -> int:
        """Return which kind of elements is selected."""
        return _FIELD_TYPE_OF[int(self.value_of("ElementType"))]

    def AddSelectorOfQuery(self, path: str) -> None:
        """Select of what is at a path alone."""
        self._add(path)

    def RemoveAllSelectorsOfQuery(self) -> None:
        """Select of all blocks."""
        self._clear()

    def nodes(self) -> Iterable[Node]:
        """Return one node."""
        node = vtkSelectionNode()
        node.SetContentType(vtkSelectionNode.QUERY)
        node.SetQueryString(self.value_of("QueryString"))
        facts = node.GetProperties()
        for name, key in (
            ("HierarchicalLevel", vtkSelectionNode.HIERARCHICAL_LEVEL()),
            ("HierarchicalIndex", vtkSelectionNode.HIERARCHICAL_INDEX()),
        ):
            if self.value_of(name) >= 0:
                facts.Set(key, int(self.value_of(name)))
        for (path,) in self._listed:
            facts.Append(vtkSelectionNode.SELECTORS(), path)
        if self._listed:
            facts.Set(vtkSelectionNode.ASSEMBLY_NAME(), self.value_of("Assembly"))
        yield node


def node_of_ids(content: int, ids: Iterable[int]) -> Node:
    """Return a node that names elements by integers."""
    node = vtkSelectionNode()
    node.SetContentType(content)
    node.SetSelectionList(copied(np.array(sorted(set(ids)), np.int64), VTK_ID_TYPE))
    return node


def _grouped(pairs: Iterable[tuple[Any, int]]) -> Iterable[tuple[Any, list[int]]]:
    for place, group in groupby(sorted(pairs), key=lambda pair: pair[0]):
        yield place, [id_ for _, id_ in group]


def _array_name(source: OwnProperties) -> str:
    name = source.value_of("ArrayName")
    if not name:
        raise InvalidProperty("ArrayName: name the array that is looked at")
    return str(name)
