"""Texts of values: of one element, of a number of a whole data set, of an expression."""

from __future__ import annotations

import ast
import re
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.blocks import parts
from ...base.errors import InvalidProperty
from ...types.definitions import PropertyDefinition
from ...types.own_properties import number, text
from ..array_expressions import evaluated
from ..python_calculator import sources_of
from .texts import TextAlgorithm, formatted

_PLACE: Final = re.compile(r"%(%|[-+ #0]{0,3}\d{0,2}(?:\.\d{1,2})?[diouxXeEfFgGs])")
_ASSOCIATIONS: Final = (("Point Data", 0), ("Cell Data", 1), ("Field Data", 2), ("Row Data", 6))


class ValueText(TextAlgorithm):
    """ValueText - The value of an array at one point, cell or row."""

    PROPERTIES: ClassVar = (
        number("ElementId", 0, "Which point, cell or row, counted from 0."),
        text("Prefix", "Value is: ", "What stands in front of the value."),
    )

    def __init__(self) -> None:
        super().__init__(inputs=1)

    def said(self, data: Any, time: float | None) -> str:
        """Return the value as a text. Raises `InvalidProperty` if there is no such array or element."""
        information = self.GetInputArrayInformation(0)
        name = information.Get(vtkDataObject.FIELD_NAME())
        association = information.Get(vtkDataObject.FIELD_ASSOCIATION())
        element = self.value_of("ElementId")
        for part in parts(data) if name else ():
            attributes = part.GetAttributesAsFieldData(association)
            array = attributes.GetAbstractArray(name) if attributes is not None else None
            if array is not None and 0 <= element < array.GetNumberOfTuples():
                return f"{self.value_of('Prefix') or ''}{_value(array, element)}"
        raise InvalidProperty(
            f"ElementId is {element}, and {name!r} has no such element" if name else "there is no array"
        )


class GlobalText(TextAlgorithm):
    """GlobalText - A number of a whole data set, from its field data."""

    PROPERTIES: ClassVar = (
        text("ArrayName", "", "The array of the field data; with a value for each time, the one of the present time."),
        text("Prefix", "Value is: ", "What stands in front of the value."),
        text("Format", "{:7.5g}", "How the number is written."),
        text("Suffix", "", "What stands behind it."),
    )

    def __init__(self) -> None:
        super().__init__(inputs=1)

    def said(self, data: Any, time: float | None) -> str:
        """Return the number as a text. Raises `InvalidProperty` if there is no such array."""
        name = self.value_of("ArrayName")
        fields = [part.GetFieldData() for part in (data, *parts(data))]
        found = next((array for one in fields if (array := one.GetAbstractArray(name)) is not None), None)
        if found is None or not found.GetNumberOfTuples():
            known = sorted({one.GetArrayName(i) or "" for one in fields for i in range(one.GetNumberOfArrays())})
            raise InvalidProperty(f"the field data has no array {name!r}; it has {', '.join(known) or 'none'}")
        index = self._index(found.GetNumberOfTuples(), time)
        value = _value(found, index)
        if found.IsNumeric() and found.GetNumberOfComponents() == 1:
            value = formatted("Format", self.value_of("Format"), {"": found.GetTuple1(index)})
        return f"{self.value_of('Prefix') or ''}{value}{self.value_of('Suffix') or ''}"

    def _index(self, count: int, time: float | None) -> int:
        steps = self.GetInputInformation().Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS()) or ()
        if time is None or len(steps) != count:
            return 0
        return int(np.argmin(np.abs(np.asarray(steps) - time)))


class ExpressionText(TextAlgorithm):
    """ExpressionText - The value of an expression in Python's notation."""

    PROPERTIES: ClassVar = (
        text("Expression", "", "The expression, or a text with places for values: 'at %g' % max(RTData)."),
        PropertyDefinition(
            "ArrayAssociation", "enum", 1, 2, enumeration=_ASSOCIATIONS, doc="Of what plain words are arrays."
        ),
    )

    def __init__(self) -> None:
        super().__init__(inputs=1)

    def said(self, data: Any, time: float | None) -> str:
        """Return the value as a text. Raises `InvalidProperty` for what is no expression."""
        expression = str(self.value_of("Expression") or "").strip()
        if not expression:
            return ""
        found = sources_of([data], int(self.value_of("ArrayAssociation")))
        found[""] = {**found.get("", {}), **self._times(time)}
        try:
            tree = ast.parse(expression, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise InvalidProperty(f"Expression: {expression!r:.200} is no expression: {error}") from error
        match tree:
            case ast.Constant(value=str() as plain):
                return plain
            case ast.BinOp(left=ast.Constant(value=str() as form), op=ast.Mod(), right=right):
                asked = right.elts if isinstance(right, ast.Tuple) else [right]
                return _filled(form, [_plain(evaluated(ast.unparse(one), found)) for one in asked])
        return str(_plain(evaluated(expression, found)))

    def _times(self, time: float | None) -> dict[str, Any]:
        steps = list(self.GetInputInformation().Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS()) or ())
        if time is None:
            return {}
        index = float(int(np.argmin(np.abs(np.asarray(steps) - time)))) if steps else 0.0
        return {"time_value": time, "t_value": time, "time_index": index, "t_index": index}


def _filled(form: str, values: list[Any]) -> str:
    """Return a text with values in the places of Python's % notation. Raises `InvalidProperty`."""
    places = [found[0] for found in _PLACE.finditer(form) if found[1] != "%"]
    if "%" in _PLACE.sub("", form) or len(places) != len(values):
        raise InvalidProperty(f"Expression: {form!r:.100} has {len(places)} places for {len(values)} values")
    try:
        return form % tuple(values)
    except (TypeError, ValueError) as error:
        raise InvalidProperty(f"Expression: {form!r:.100} cannot be filled with {values!r:.100}: {error}") from error


def _plain(value: Any) -> Any:
    """Return a number as Python's, whole ones without a fraction; arrays as they are."""
    made = np.asarray(value)
    if made.ndim:
        return made
    one = made.item()
    return int(one) if isinstance(one, float) and one.is_integer() and abs(one) < 2**53 else one


def _value(array: Any, index: int) -> str:
    if not array.IsNumeric():
        return str(array.GetVariantValue(index).ToString())
    return str(vtk_to_numpy(array)[index])
