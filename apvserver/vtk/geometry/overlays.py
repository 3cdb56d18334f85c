"""What is drawn in front of a scene of data: a text, how full a bar is, a picture."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData, vtkTable

from ..base.associations import GeometryError

TEXT: Final = "Text"
RATE: Final = "ProgressRate"
PICTURE: Final = "picture"
_COLORS: Final = (3, 4)


def column_as_data(data: Any, name: str, made_by: str) -> Any:
    """Return data without a place that has the column of a table as a field. Raises `GeometryError` without that."""
    column = data.GetColumnByName(name) if isinstance(data, vtkTable) else None
    is_text = name == TEXT
    if column is None or not column.GetNumberOfTuples() or bool(column.IsA("vtkStringArray")) is not is_text:
        what = "a text" if is_text else "a bar of progress"
        raise GeometryError(
            f"{what} is shown of a table with a column {name}, as {made_by} makes, not of {_told(data)}"
        )
    made = vtkPolyData()
    made.GetFieldData().AddArray(column)
    return made


def picture_of(data: Any) -> Any | None:
    """Return a picture in colors; None of an empty one. Raises `GeometryError` for what is none."""
    if isinstance(data, vtkImageData) and not data.GetNumberOfPoints():
        return None
    colors = data.GetPointData().GetScalars() if isinstance(data, vtkImageData) else None
    flat = colors is not None and data.GetDimensions()[2] == 1
    if colors is None or not flat or colors.GetNumberOfComponents() not in _COLORS or colors.GetDataTypeSize() != 1:
        raise GeometryError(f"a logo is a picture in colors, as Logo reads, and this is {_told(data)}")
    return data


def _told(data: Any) -> str:
    return f"a {data.GetClassName()}" if data is not None else "nothing"
