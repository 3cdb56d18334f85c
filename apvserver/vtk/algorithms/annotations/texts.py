"""Texts as data: a table with one row and one column called Text, as ParaView's annotations are."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, ClassVar, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.errors import InvalidProperty
from ...types.own_properties import OwnProperties, number, text
from ..own_algorithms import output_of, told

COLUMN: Final = "Text"
_ALWAYS: Final = (-1e300, 1e300)
_FIELD: Final = re.compile(r"\{(\w*)(?::([^{}]*))?\}")
_SPECIFICATION: Final = re.compile(r"[-+ #0<>^=,]{0,4}\d{0,2}(\.\d{1,2})?[defgn%]?")
"""What may stand behind the colon: a width of two digits at most."""


class TextAlgorithm(OwnProperties, VTKPythonAlgorithmBase):
    """An algorithm whose output is a text."""

    def __init__(self, inputs: int = 0) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=inputs, inputType="vtkDataObject", outputType="vtkTable")

    @abstractmethod
    def said(self, data: Any, time: float | None) -> str:
        """Return the text, of the data at the input at a time; a `VtkError` becomes an error of the algorithm."""

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the table."""
        data = vtkDataObject.GetData(inInfo[0], 0) if self.GetNumberOfInputPorts() else None
        time = _time(data, outInfo.GetInformationObject(0))
        return told(type(self).__name__, lambda: _write(output_of(outInfo), self.said(data, time)))


class GivenTextSource(TextAlgorithm):
    """GivenTextSource - A text that was given."""

    PROPERTIES: ClassVar = (text("Text", "Text", "The text; lines are separated by line ends."),)

    def said(self, data: Any, time: float | None) -> str:
        """Return what was given."""
        return str(self.value_of("Text") or "")


class TimeTextSource(TextAlgorithm):
    """TimeTextSource - The time that was asked for."""

    PROPERTIES: ClassVar = (text("Format", "Time: {time:f}", "The text, in which {time:f} stands for the time."),)

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Tell that there is a text for each time."""
        outInfo.GetInformationObject(0).Set(vtkStreamingDemandDrivenPipeline.TIME_RANGE(), _ALWAYS, 2)
        return 1

    def said(self, data: Any, time: float | None) -> str:
        """Return the time as a text, a question mark if none was asked for."""
        return "?" if time is None else formatted("Format", self.value_of("Format"), {"time": time})


class TimeOfData(TextAlgorithm):
    """TimeOfData - The time of the data at the input."""

    PROPERTIES: ClassVar = (
        text("Format", "Time: {time:f}", "The text, in which {time:f} stands for the time."),
        number("Shift", 0.0, "What is added to the time, after it is scaled."),
        number("Scale", 1.0, "What the time is multiplied by."),
    )

    def __init__(self) -> None:
        super().__init__(inputs=1)

    def said(self, data: Any, time: float | None) -> str:
        """Return the time of the data as a text, a question mark if it has none."""
        if time is None:
            return "?"
        value = time * self.value_of("Scale") + self.value_of("Shift")
        return formatted("Format", self.value_of("Format"), {"time": value})


def formatted(label: str, form: str, values: dict[str, float]) -> str:
    """Return a text with numbers in the places of {name:specification}, as Python's format has them.

    Raises `InvalidProperty` for names that are not there, and for what is no specification of a number.
    """

    def put(found: re.Match[str]) -> str:
        name, specification = found[1], found[2] or ""
        if name not in values or not _SPECIFICATION.fullmatch(specification):
            known = ", ".join(f"{{{one}:f}}" for one in values)
            raise InvalidProperty(
                f"{label}: {found[0]!r:.60} is not understood; there is {known}, as in Python's format"
            )
        try:
            return format(values[name], specification)
        except ValueError as error:
            raise InvalidProperty(f"{label}: {found[0]!r:.60}: {error}") from error

    return _FIELD.sub(put, form or "")


def _write(table: Any, said: str) -> None:
    column = vtkStringArray()
    column.SetName(COLUMN)
    column.InsertNextValue(said)
    table.Initialize()
    table.AddColumn(column)


def _time(data: Any, information: Any) -> float | None:
    """Return the time of data, else the one that is asked for; None if there is neither."""
    if data is not None and data.GetInformation().Has(vtkDataObject.DATA_TIME_STEP()):
        return float(data.GetInformation().Get(vtkDataObject.DATA_TIME_STEP()))
    key = vtkStreamingDemandDrivenPipeline.UPDATE_TIME_STEP()
    return float(information.Get(key)) if information.Has(key) else None
