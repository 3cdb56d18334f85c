"""An algorithm of our own: several selections as one, related by an expression, as ParaView's AppendSelections."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkSelectionNode
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from ...base.errors import InvalidProperty
from ...types.own_properties import OwnProperties, switch, text
from ..own_algorithms import output_of, told

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_RIGHT: Final = re.compile(r"[A-Za-z0-9!&|^()\s]*")


class AppendedSelections(OwnProperties, VTKPythonAlgorithmBase):
    """AppendedSelections - Joins selections: all of them, or as an expression of their names says."""

    PROPERTIES: ClassVar = (
        text("Expression", "", "How they are related, as s0 & !s1; empty: what any of them names."),
        switch("InsideOut", False, "Whether all the others are selected."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, outputType="vtkSelection")
        self._names: list[str] = []

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take as many selections as there are."""
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), "vtkSelection")
        info.Set(vtkAlgorithm.INPUT_IS_REPEATABLE(), 1)
        return 1

    def AddNameOfSelection(self, name: str) -> None:
        """Call the next one of the inputs so in the expression."""
        self._names.append(name)
        self.Modified()

    def RemoveAllNamesOfSelections(self) -> None:
        """Call the inputs s0, s1, ..."""
        if self._names:
            self._names = []
            self.Modified()

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Join them."""
        count = inInfo[0].GetNumberOfInformationObjects()
        inputs = [self.GetInputDataObject(0, index) for index in range(count)]
        return told(type(self).__name__, lambda: self._join(inputs, output_of(outInfo)))

    def _join(self, inputs: list[Any], output: Any) -> None:
        output.Initialize()
        if self._names and len(self._names) != len(inputs):
            raise InvalidProperty(f"SelectionNames: {len(self._names)} names for {len(inputs)} selections")
        names = self._names or [f"s{index}" for index in range(len(inputs))]
        if len(set(names)) < len(names) or not all(map(_WORD.fullmatch, names)):
            raise InvalidProperty(
                f"SelectionNames: each a word of letters and digits, all different, not {names!r:.80}"
            )
        meant = {}
        for index, (name, selection) in enumerate(zip(names, inputs, strict=True)):
            meant[name] = _taken(output, selection, index)
        written = self.value_of("Expression") or "|".join(names)
        joined = _with_names(written, meant)
        output.SetExpression(f"!({joined})" if self.value_of("InsideOut") else joined)


def _taken(output: Any, selection: Any, number: int) -> str:
    """Add the nodes of a selection under names of their own; return the expression that stands for it."""
    new = {selection.GetNodeNameAtIndex(index): f"N{number}x{index}" for index in range(selection.GetNumberOfNodes())}
    if not new:  # it names nothing, which has to be said of something
        nothing = vtkSelectionNode()
        nothing.SetContentType(vtkSelectionNode.INDICES)
        nothing.SetFieldType(output.GetNode(0).GetFieldType() if output.GetNumberOfNodes() else vtkSelectionNode.CELL)
        output.SetNode(f"N{number}", nothing)
        return f"N{number}"
    for index, name in enumerate(new.values()):
        output.SetNode(name, selection.GetNode(index))
    written = selection.GetExpression()
    return f"({_with_names(written, new) if written else '|'.join(new.values())})"


def _with_names(expression: str, names: dict[str, str]) -> str:
    """Return an expression with other names. Raises `InvalidProperty` for what is none, or names what is not there."""
    unknown = [one for one in _WORD.findall(expression) if one not in names]
    if not _RIGHT.fullmatch(expression) or unknown or expression.count("(") != expression.count(")"):
        raise InvalidProperty(
            f"Expression: {expression!r:.200} is not understood; it has the names {', '.join(names)}, and & | ^ ! ( )"
        )
    return _WORD.sub(lambda found: names[found[0]], expression)
