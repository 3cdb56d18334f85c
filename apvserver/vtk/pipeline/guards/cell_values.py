"""Facts of VTK about arrays of cells: data of which some classes give cells the values of others, or of the memory.

As in `data_guards`, which hands them on, each says what it found in data of any kind, or None.
"""

from __future__ import annotations

from typing import Any

from ...algorithms.mixed_cells import has_several_dimensions
from ...base.blocks import parts


def cells_get_values_of_others(data: Any) -> str | None:
    """Refuse arrays of cells of several dimensions: lines or triangles get the values of the vertices before them."""
    if any(has_several_dimensions(part) and part.GetCellData().GetNumberOfArrays() for part in parts(data)):
        return (
            "its cells are of several dimensions, such as vertices beside lines or triangles, and VTK would give those "
            "the values of others; ExtractCellsByType keeps cells of one kind, PassArrays leaves out arrays of cells"
        )
    return None


def images_with_arrays_of_cells(data: Any) -> str | None:
    """Refuse arrays of cells of an image: they are not those of what is made of its points."""
    if any(part.IsA("vtkImageData") and part.GetCellData().GetNumberOfArrays() for part in parts(data)):
        return (
            "the image has arrays of cells, to which VTK would give wrong values; CellDatatoPointData brings them to "
            "the points, PassArrays leaves them out"
        )
    return None


def several_blocks(data: Any) -> str | None:
    """Refuse several blocks: all of them get the arrays that were made of the last one."""
    several = [one for one in parts(data) if one.IsA("vtkDataSet") and one.GetNumberOfPoints()]
    if len(several) < 2:
        return None
    return (
        "the input has several blocks, and VTK would give each the arrays of the last; MergeBlocks makes one grid "
        "of them, ExtractBlock takes one"
    )
