"""Taking one piece of a source: executed for that alone, with marks at what belongs to other pieces."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes

from ...base.array_types import copied
from ...base.data_making import cropped
from ...base.errors import VtkError
from .division import Extent, Piece

GHOSTS: Final = vtkDataSetAttributes.GhostArrayName()
_STRUCTURED: Final = ("vtkImageData", "vtkRectilinearGrid", "vtkStructuredGrid")
_COPIES: Final = vtkDataSetAttributes.DUPLICATECELL


def is_structured(data: Any) -> bool:
    """Return whether data has points by indices."""
    return any(map(data.IsA, _STRUCTURED))


def take(algorithm: Any, piece: Piece, time: float | None) -> Any:
    """Return a piece of what a source makes, on its own; None if there is nothing in it. Raises VtkError.

    Cells and points of ghost levels are marked. All of VTK's calls release Python's lock.
    """
    if piece.asked is None:
        _update_part(algorithm, piece, time)
    elif time is None:
        algorithm.UpdateExtent(piece.asked)
    else:
        algorithm.UpdateTimeStep(time, -1, 1, 0, piece.asked)
    output = algorithm.GetOutputDataObject(0)
    if output is None or algorithm.GetErrorCode():
        return None
    if output.IsA("vtkCompositeDataSet") or not output.IsA("vtkDataSet"):
        raise VtkError(f"{algorithm.GetClassName()} gives a {output.GetClassName()}, which is not read in pieces")
    data = output.NewInstance()
    data.ShallowCopy(output)
    if output.GetInformation().Has(vtkDataObject.DATA_TIME_STEP()):
        data.GetInformation().CopyEntry(output.GetInformation(), vtkDataObject.DATA_TIME_STEP())
    forget(algorithm)
    if not data.GetNumberOfPoints():
        return None
    if piece.asked is not None and tuple(data.GetExtent()) != piece.asked:
        raise VtkError(
            f"asked for the indices {piece.asked}, {algorithm.GetClassName()} gave {tuple(data.GetExtent())}"
        )
    if piece.own is not None and piece.own != piece.asked:
        mark_ghosts(data, piece.own)
    return data


def forget(algorithm: Any) -> None:
    """Let go of what a source has made, which is made anew for the next piece."""
    for port in range(algorithm.GetNumberOfOutputPorts()):
        data = vtkDataObject.GetData(algorithm.GetOutputInformation(port))
        if data is not None:
            data.ReleaseData()


def mark_ghosts(data: Any, own: Extent) -> None:
    """Mark the cells and points of structured data outside of these indices as copies, beside marks that it has."""
    _mark(data.GetPointData(), _outside(data.GetExtent(), own, cells=False), vtkDataSetAttributes.DUPLICATEPOINT)
    _mark(data.GetCellData(), _outside(data.GetExtent(), own, cells=True), _COPIES)


def without_ghosts(data: Any, own: Extent | None) -> Any:
    """Return data, or what was made of it, without what belongs to other pieces. Raises VtkError without marks.

    Structured data is cut to its own indices.
    """
    if own is None:
        return data
    made = data.NewInstance()
    if is_structured(data):
        made.ShallowCopy(cropped(data, own))
        unmark(made)
        return made
    made.ShallowCopy(data)
    if not data.IsA("vtkDataSet") or not data.GetNumberOfCells():
        return made
    marks = data.GetCellData().GetArray(GHOSTS)
    if marks is None:
        raise VtkError(f"the marks of ghost cells were lost on the way to a {data.GetClassName()}")
    flags = vtk_to_numpy(marks)
    if (flags & _COPIES).any():
        others = (flags & ~np.uint8(_COPIES)).astype(np.uint8)
        keep = _array((flags & _COPIES).astype(np.uint8), GHOSTS)
        made.GetCellData().RemoveArray(GHOSTS)
        made.GetCellData().AddArray(_array(others, "apv other marks"))
        made.GetCellData().AddArray(keep)
        made.RemoveGhostCells()
        made.GetCellData().RemoveArray(GHOSTS)
        rest = made.GetCellData().GetArray("apv other marks")
        if rest is not None:
            rest.SetName(GHOSTS)
    unmark(made)
    return made


def unmark(data: Any) -> None:
    """Take away marks of copies; other marks stay."""
    for attributes, flag in (
        (data.GetPointData(), vtkDataSetAttributes.DUPLICATEPOINT),
        (data.GetCellData(), _COPIES),
    ):
        marks = attributes.GetArray(GHOSTS)
        if marks is None:
            continue
        rest = vtk_to_numpy(marks) & np.uint8(~flag & 0xFF)
        attributes.RemoveArray(GHOSTS)
        if rest.any():
            attributes.AddArray(_array(rest, GHOSTS))


def mark_points(data: Any, copies: npt.NDArray[np.bool_]) -> None:
    """Mark points as copies of those of another piece, beside marks that there are."""
    _mark(data.GetPointData(), copies, vtkDataSetAttributes.DUPLICATEPOINT)


def _update_part(algorithm: Any, piece: Piece, time: float | None) -> None:
    if time is None:
        algorithm.UpdatePiece(piece.index, piece.count, 0)
    else:
        algorithm.UpdateTimeStep(time, piece.index, piece.count, 0)


def _outside(extent: Any, own: Extent, *, cells: bool) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = np.ones((1, 1, 1), np.bool_)
    for axis in range(3):
        first, last = extent[2 * axis], extent[2 * axis + 1]
        low, high = own[2 * axis], own[2 * axis + 1]
        if cells and last > first:
            indices = np.arange(first, last)
            there = (indices >= low) & (indices < high)
        else:
            indices = np.arange(first, last if cells and last > first else last + 1)
            there = (indices >= low) & (indices <= high)
        shape = [1, 1, 1]
        shape[2 - axis] = len(there)
        inside = inside & there.reshape(shape)
    return ~inside.ravel()


def _mark(attributes: Any, chosen: npt.NDArray[np.bool_], flag: int) -> None:
    there = attributes.GetArray(GHOSTS)
    flags = np.zeros(len(chosen), np.uint8) if there is None else vtk_to_numpy(there).astype(np.uint8)
    flags[chosen] |= np.uint8(flag)
    attributes.AddArray(_array(flags, GHOSTS))


def _array(numbers: Any, name: str) -> Any:
    made = copied(np.asarray(numbers))
    made.SetName(name)
    return made
