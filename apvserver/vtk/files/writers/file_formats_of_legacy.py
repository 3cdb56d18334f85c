"""What legacy .vtk files cannot hold, or VTK 9.7 does not write of it."""

from __future__ import annotations

from typing import Any, Final

from ...base.blocks import parts
from .written_as import arrays_of, fields_of

_ASCII: Final = 1


def not_turned(data: Any) -> str | None:
    if all(one.GetDirectionMatrix().IsIdentity() for one in parts(data) if one.IsA("vtkImageData")):
        return None
    return "the image is turned (its direction matrix), which the format cannot say; .vti and .mha can"


def no_degrees(data: Any) -> str | None:
    """Refuse cells of higher order whose degrees VTK leaves away, and with them the places of their points."""
    held = any(part.GetCellData().GetHigherOrderDegrees() is not None for part in parts(data) if part.IsA("vtkDataSet"))
    return "it has no place for the degrees of cells of higher order; .vtu and .vtkhdf have" if held else None


def single_bits(data: Any) -> str | None:
    """Refuse bits: VTK writes one for each tuple, and its reader takes the others from foreign memory."""
    for array in arrays_of(data):
        count = array.GetNumberOfComponents()
        if array.GetDataTypeAsString() == "bit" and count > 1:
            return f"VTK writes bits of one component, and {array.GetName()} has {count}; unsigned char does for them"
    return None


def short_variants(data: Any) -> str | None:
    for array in arrays_of(data):
        if array.IsA("vtkVariantArray") and not all(
            map(_is_short, map(array.GetValue, range(array.GetNumberOfValues())))
        ):
            return (
                f"VTK writes 6 digits of what may be number or text, and {array.GetName()} has more; "
                "an array of double, or of texts, has all"
            )
    return None


def no_empty_text(writer: Any, data: Any) -> str | None:
    """Refuse arrays of the whole without values, in text of float and double: VTK's reader ends the process at them."""
    if writer.GetFileType() != _ASCII:
        return None
    for held in fields_of(data):
        for index in range(held.GetNumberOfArrays()):
            array = held.GetAbstractArray(index)
            if array.GetNumberOfValues() == 0 and array.GetDataTypeAsString() in ("float", "double"):
                return (
                    f"VTK cannot read text with arrays that have no values, and {array.GetName()} has none; Binary can"
                )
    return None


def _is_short(value: Any) -> bool:
    if not (value.IsFloat() or value.IsDouble()):
        return True
    number = value.ToDouble()
    return bool(number != number or float(f"{number:g}") == number)
