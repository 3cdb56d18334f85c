"""From what was made of pieces to what is made of the whole: cells put together, points in common once."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData, vtkUnstructuredGrid

from ...base.errors import VtkError
from .appending import APPENDED, appended, with_points_once
from .borders import in_common, places_of


def merged(pieces: list[Any], *, points_once: bool) -> Any:
    """Return the cells of all pieces as one data set, and empty the list. Raises VtkError for other kinds of data.

    `points_once`: points that pieces have in common are one point. What no piece has is not there: arrays that only
    some have are left out, as VTK does.
    """
    kinds = {one.GetClassName() for one in pieces}
    if len(kinds) != 1 or not kinds <= set(APPENDED):
        raise VtkError(f"pieces of {', '.join(sorted(kinds)) or 'nothing'} are not put together")
    filled = [one for one in pieces if one.GetNumberOfPoints()]
    if len(filled) < 2:
        only = (filled or pieces)[0]
        pieces.clear()
        return only
    pieces.clear()
    numbers = in_common([places_of(one) for one in filled]) if points_once else None
    whole = appended(filled)
    filled.clear()
    return whole if numbers is None else with_points_once(whole, np.concatenate(numbers))


def empty_of(kind: str) -> Any:
    """Return data of a kind with nothing in it."""
    return vtkPolyData() if kind == "vtkPolyData" else vtkUnstructuredGrid()
