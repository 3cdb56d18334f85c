"""Gives VTK's calculator the expression that a user wrote, over the arrays of its input, block by block."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import LARGE_ARE_ROUNDED, is_exact_in_doubles
from ...base.blocks import parts
from ...base.errors import InvalidProperty
from .expressions import Expression, Held, parsed

_functions: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_given: WeakKeyDictionary[Any, Expression] = WeakKeyDictionary()
"""What each was given last; it has that until it is given another."""
_NONE: Final = Expression("", ())
"""What a new calculator has."""
_WITH_POINTS: Final = (vtkDataObject.POINT, vtkDataObject.VERTEX)
_KINDS: Final[dict[int, str]] = {
    vtkDataObject.POINT: "points",
    vtkDataObject.CELL: "cells",
    vtkDataObject.VERTEX: "vertices",
    vtkDataObject.EDGE: "edges",
    vtkDataObject.ROW: "rows",
}
NEEDS: Final = ("SetFunction", "AddScalarVariable", "AddCoordinateVectorVariable")
"""The methods of a calculator."""


def check_function(name: str, value: Any) -> str:
    """Return the text of an expression; None is none. Raises `InvalidProperty`."""
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise InvalidProperty(f"{name} expects the text of an expression, not {type(value).__name__} {value!r:.80}")
    return value


def write_function(calculator: Any, text: str) -> None:
    """Keep what the user wrote: which variables it has is known when the input is."""
    if read_function(calculator) != text:
        _functions[calculator] = text
        calculator.Modified()


def read_function(calculator: Any) -> str:
    """Return what the user wrote."""
    return _functions.get(calculator, "")


def name_variables(calculator: Any) -> None:
    """Give a calculator, whose input is up to date, its expression and the arrays that this names.

    Blocks that lack one of them pass as they are, and that is told. Raises `InvalidProperty`: it names something else.
    """
    data = calculator.GetInputDataObject(0, 0)
    text = read_function(calculator)
    if data is None:
        return
    if not text:
        _give_new(calculator, _NONE)
        return
    kind = max(calculator.GetAttributeType(), vtkDataObject.POINT)  # -1 is the default, that of points
    blocks = [_arrays(one, kind) for one in parts(data) if _has(one, kind)]
    if not blocks and any(True for _ in parts(data)):
        there = " and ".join(name for other, name in _KINDS.items() if any(_has(one, other) for one in parts(data)))
        raise InvalidProperty(f"AttributeType is {_KINDS[kind]}, which a {data.GetClassName()} has not: it has {there}")
    expression = _NONE
    if any(one.GetNumberOfElements(kind) for one in parts(data) if _has(one, kind)):
        try:
            expression = parsed(text, _together(blocks), with_coordinates=kind in _WITH_POINTS)
        except InvalidProperty as error:
            raise InvalidProperty(f"{error} (of {_KINDS[kind]}){_elsewhere(data, kind, text)}") from None
        _check_blocks(expression, blocks)
        _warn_of_large_integers(expression, data, kind)
    _give_new(calculator, expression)


def _give_new(calculator: Any, expression: Expression) -> None:
    if _given.get(calculator, _NONE) != expression:
        _given[calculator] = expression
        _give(calculator, expression)


def _give(calculator: Any, expression: Expression) -> None:
    calculator.RemoveAllVariables()
    for one in expression.variables:
        if one.of_points and one.component is None:
            calculator.AddCoordinateVectorVariable(one.word)
        elif one.of_points:
            calculator.AddCoordinateScalarVariable(one.word, one.component)
        elif one.component is None:
            calculator.AddVectorVariable(one.word, one.array)
        else:
            calculator.AddScalarVariable(one.word, one.array, one.component)
    calculator.SetFunction(expression.text)


def _has(data: Any, kind: int) -> bool:
    return data.GetAttributesAsFieldData(kind) is not None


def _arrays(data: Any, kind: int) -> dict[str, Held]:
    attributes = data.GetAttributesAsFieldData(kind)
    arrays = [attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays())]
    return {one.GetName(): _held(one) for one in arrays if one.GetName() and one.IsNumeric()}


def _held(array: Any) -> Held:
    count = array.GetNumberOfComponents()
    names = [array.GetComponentName(number) or "" for number in range(count)] if array.HasAComponentName() else []
    return Held(array.GetName(), count, tuple(names))


def _together(blocks: list[dict[str, Held]]) -> dict[str, Held]:
    return {name: held for block in reversed(blocks) for name, held in block.items()}


def _check_blocks(expression: Expression, blocks: list[dict[str, Held]]) -> None:
    """Tell which blocks lack what is needed. Raises `InvalidProperty` where a name means different things."""
    needed = dict.fromkeys(one.array for one in expression.variables if not one.of_points)
    for name in needed:
        counts = {block[name].components for block in blocks if name in block}
        if len(counts) > 1:
            some = " and ".join(map(str, sorted(counts)))
            raise InvalidProperty(f"Function: {name} has {some} components in different blocks of the input")
    lacking = {name: sum(name not in block for block in blocks) for name in needed}
    told = ", ".join(f"{name} is not in {count}" for name, count in lacking.items() if count)
    if told:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"Calculator: of {len(blocks)} blocks {told}: nothing is computed for those"
        )


def _warn_of_large_integers(expression: Expression, data: Any, kind: int) -> None:
    names = {one.array for one in expression.variables if not one.of_points}
    held = [one.GetAttributesAsFieldData(kind) for one in parts(data) if _has(one, kind)]
    arrays = ((name, attributes.GetArray(name)) for name in sorted(names) for attributes in held)
    rounded = {name: None for name, array in arrays if array is not None and not is_exact_in_doubles(array)}
    if rounded:
        text = f"Calculator: {', '.join(rounded)}: {LARGE_ARE_ROUNDED}"
        vtkOutputWindow.GetInstance().DisplayWarningText(text)


def _elsewhere(data: Any, kind: int, text: str) -> str:
    """Return a hint where the arrays of something else would do."""
    for other, name in _KINDS.items():
        blocks = [_arrays(one, other) for one in parts(data) if other != kind and _has(one, other)]
        try:
            if blocks and parsed(text, _together(blocks), with_coordinates=other in _WITH_POINTS).variables:
                return f"; with AttributeType for {name} it would be found"
        except InvalidProperty:
            continue
    return ""
