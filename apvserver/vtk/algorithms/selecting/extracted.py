"""An algorithm of our own: what a selection names of data, as ParaView's Extract Selection."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_ID_TYPE, vtkIdTypeArray
from vtkmodules.vtkCommonDataModel import vtkSelection, vtkSelectionNode
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersExtraction import vtkExtractSelection

from services_core import suggest

from ...base.array_types import copied
from ...base.blocks import parts, shared_copy
from ...base.errors import InvalidProperty
from ...types.own_properties import OwnProperties, switch
from ..passing import PassingFilter
from ..turned import straight
from .queries import ATTRIBUTES, answers, array_names

_ANSWER: Final = "vtkAnswerOfQuery"
"""Arrays that stand for the answers of queries, and are taken out of what is extracted."""
_OF_ARRAYS: Final = (vtkSelectionNode.THRESHOLDS, vtkSelectionNode.VALUES)


class ExtractedSelection(OwnProperties, PassingFilter):
    """ExtractedSelection - The points, cells or rows of data that a selection names.

    VTK's vtkExtractSelection knows no queries, selects nothing where an array is missing, takes types of cells from the
    memory where surfaces have cells of several dimensions, and adds arrays to its input.
    """

    PROPERTIES: ClassVar = (
        switch("PreserveTopology", False, "Whether the data stays whole, and an array marks what is selected."),
    )
    input_types = ("vtkDataSet", "vtkTable", "vtkCompositeDataSet")

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=3, nOutputPorts=1, outputType="vtkDataObject")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take data, a selection, and another one for where there is none."""
        if port == 0:
            return super().FillInputPortInformation(port, info)
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), "vtkSelection")
        info.Set(vtkAlgorithm.INPUT_IS_OPTIONAL(), 1)
        return 1

    def kind_of(self, data: Any) -> Any:
        """Return an output of the kind that VTK makes of it."""
        if data is None:
            return None
        extract = self._extract(self._shared(data), vtkSelection())
        extract.UpdateDataObject()
        return extract.GetOutputDataObject(0)

    def pass_on(self, data: Any, output: Any) -> None:
        """Extract what is selected."""
        shared, selection = self._shared(data), self._selection()
        resolved = vtkSelection()
        for index in range(selection.GetNumberOfNodes()):
            resolved.SetNode(selection.GetNodeNameAtIndex(index), _resolved(selection.GetNode(index), shared, index))
        if selection.GetExpression():
            resolved.SetExpression(selection.GetExpression())
        extract = self._extract(shared, resolved)
        extract.SetContainerAlgorithm(self)
        extract.Update()
        output.ShallowCopy(extract.GetOutputDataObject(0))
        nodes = {resolved.GetNodeNameAtIndex(index) for index in range(resolved.GetNumberOfNodes())}
        there = {name for part in parts(data) for kind in ATTRIBUTES.values() for name in array_names(part, kind)}
        _take_out(output, nodes - there)

    def _extract(self, data: Any, selection: Any) -> Any:
        extract = vtkExtractSelection()
        extract.SetPreserveTopology(self.value_of("PreserveTopology"))
        extract.SetInputData(0, data)
        extract.SetInputData(1, selection)
        return extract

    def _shared(self, data: Any) -> Any:
        """Return a copy of the data to which arrays can be added, and whose cells VTK extracts well."""
        copy = shared_copy(data)
        return copy if self.value_of("PreserveTopology") else straight(copy)

    def _selection(self) -> Any:
        """Return the selection that is connected, else the other one, else one of nothing."""
        for port in (1, 2):
            if self.GetNumberOfInputConnections(port):
                return self.GetInputDataObject(port, 0)
        return vtkSelection()


def _take_out(data: Any, nodes: set[str]) -> None:
    """Take out the answers of queries, and what VTK 9.7 leaves where data stays whole: arrays named like nodes."""
    for part in parts(data):
        for kind in ATTRIBUTES.values():
            for name in array_names(part, kind):
                if name.startswith(_ANSWER) or name in nodes:
                    part.GetAttributesAsFieldData(kind).RemoveArray(name)


def _resolved(node: Any, data: Any, number: int) -> Any:
    """Return a node as VTK understands it. Raises `InvalidProperty` for what is not in the data."""
    content, field_type = node.GetContentType(), node.GetFieldType()
    if content == vtkSelectionNode.QUERY:
        return _answered(node, data, f"{_ANSWER}{number}")
    kind, blocks = ATTRIBUTES.get(field_type), [one for one in parts(data) if one is not None]
    if content in _OF_ARRAYS and kind is not None:
        _require_array(node.GetSelectionList().GetName(), kind, blocks)
    if content == vtkSelectionNode.GLOBALIDS and kind is not None:
        attributes = [one.GetAttributes(kind) for one in blocks if one.GetNumberOfElements(kind)]
        if attributes and all(one is None or one.GetGlobalIds() is None for one in attributes):
            raise InvalidProperty(
                "the data has no global ids; GenerateGlobalIds makes them, IDSelectionSource takes numbers"
            )
    return node


def _require_array(name: str | None, kind: int, blocks: list[Any]) -> None:
    there = sorted({one for block in blocks for one in array_names(block, kind)})
    if name not in there and any(block.GetNumberOfElements(kind) for block in blocks):
        near = suggest(str(name), there) or there[:12]
        raise InvalidProperty(f"ArrayName: there is no array {name!r}; there is {', '.join(map(repr, near)) or 'none'}")


def _answered(node: Any, data: Any, name: str) -> Any:
    """Return a node that names by an array, which is added to the data, what a query is true for."""
    field_type, blocks = node.GetFieldType(), [one for one in parts(data) if one is not None]
    if field_type not in ATTRIBUTES:
        raise InvalidProperty("ElementType: points, cells or rows can be selected by a query")
    for block, true in zip(blocks, answers(node.GetQueryString() or "", field_type, blocks), strict=True):
        array = copied(true.astype(np.int64), VTK_ID_TYPE)
        array.SetName(name)
        attributes = block.GetAttributesAsFieldData(ATTRIBUTES[field_type])
        if attributes is not None:
            attributes.AddArray(array)
    wanted = vtkIdTypeArray()
    wanted.InsertNextValue(1)
    wanted.SetName(name)
    made = vtkSelectionNode()
    made.ShallowCopy(node)
    made.SetContentType(vtkSelectionNode.VALUES)
    made.SetSelectionList(wanted)
    return made
