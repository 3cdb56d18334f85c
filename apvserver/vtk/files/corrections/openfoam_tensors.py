"""Puts the components of symmetric tensors of OpenFOAM in order where a file gives one for all cells or faces.

OpenFOAM has them as XX, XY, XZ, YY, YZ, ZZ, VTK as XX, YY, ZZ, XY, YZ, XZ. VTK's reader orders those of lists, and
leaves those that are `uniform` as they are.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.array_types import copied
from ...base.blocks import parts

_ORDER: Final = (0, 3, 5, 1, 4, 2)
_END: Final = re.compile(rb"\)\s*;")
"""Where an entry ends whose value may be one tensor. A list ends in two brackets."""
_LONGEST: Final = 512
"""Bytes of the text of a tensor."""
_CHUNK: Final = 1 << 20
_TIME: Final = vtkStreamingDemandDrivenPipeline.UPDATE_TIME_STEP()
_UNIT: Final = re.compile(r" \[.*\]$", re.DOTALL)


def order_components(reader: Any, data: Any) -> None:
    """Order the tensors that are the same in a whole block, as the files say it; leave out what cannot be told apart.

    Left out, with a warning, are values at points that VTK has averaged of both orders, and blocks of a decomposed
    case of which some parts have one tensor for all cells.
    """
    leaves = [leaf for leaf in parts(data) if leaf is not None and leaf.IsA("vtkDataSet")] if data is not None else []
    names = {name for leaf in leaves for name in (*_tensors(leaf.GetCellData()), *_tensors(leaf.GetPointData()))}
    if not names or not reader.GetFileName():
        return
    folders = list(_folders(_case(reader.GetFileName()), reader.GetOutputInformation(0)))
    known = {name: _same_for_all(folders, _UNIT.sub("", name)) for name in names}
    left_out: set[str] = set()
    for leaf in leaves:
        for name, tensors in known.items():
            if len(tensors):
                left_out.update(_order(leaf, name, tensors, decomposed=_is_decomposed(reader)))
    if left_out:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{', '.join(sorted(left_out))}: left out, for VTK mixes two orders of components of symmetric tensors "
            "where some parts or patches of a case have one tensor for all cells; CellDataToPointData makes values at "
            "points of those of cells, reconstructPar one part of many"
        )


def _is_decomposed(reader: Any) -> bool:
    return bool(reader.IsA("vtkPOpenFOAMReader")) and reader.GetCaseType() == 0


def _tensors(attributes: Any) -> Iterator[str]:
    for index in range(attributes.GetNumberOfArrays()):
        array = attributes.GetArray(index)
        if array is not None and array.GetNumberOfComponents() == len(_ORDER):
            yield array.GetName()


def _case(name: str) -> Path:
    file = Path(name)
    return file.parent.parent if file.name == "controlDict" else file.parent


def _folders(case: Path, asked: Any) -> Iterator[Path]:
    """Yield the folders with the fields of the time that was asked for, or of all times, and of all regions."""
    time = asked.Get(_TIME) if asked.Has(_TIME) else None
    for root in (case, *case.glob("processor*")):
        times = [(float(one.name), one) for one in root.iterdir() if _is_time(one)] if root.is_dir() else []
        nearest = min((abs(number - time) for number, _ in times), default=0.0) if time is not None else np.inf
        for number, folder in times:
            if time is None or abs(number - time) <= nearest:
                yield folder
                yield from (one for one in folder.iterdir() if one.is_dir())


def _is_time(path: Path) -> bool:
    try:
        return np.isfinite(float(path.name)) and path.is_dir()
    except ValueError:
        return False


def _same_for_all(folders: list[Path], name: str) -> Any:
    """Return the tensors (tensor, component) that files give for all cells or faces, and another order would change."""
    found = {
        tensor
        for folder in folders
        for file in (folder / name, folder / f"{name}.gz")
        if file.is_file()
        for tensor in _tensors_in(file)
    }
    rows = np.array(sorted(found), float).reshape(-1, len(_ORDER))
    return rows[(rows != rows[:, _ORDER]).any(axis=1)]


def _tensors_in(file: Path) -> Iterator[tuple[float, ...]]:
    """Yield the tensors that are values of entries of a file; of what is long, such as lists, nothing is kept."""
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
        text = b""
        while chunk := stream.read(_CHUNK):
            text = text[-_LONGEST:] + chunk
            for end in _END.finditer(text):
                begin = text.rfind(b"(", max(end.start() - _LONGEST, 0), end.start())
                words = text[begin + 1 : end.start()].split() if begin >= 0 else []
                if len(words) == len(_ORDER):
                    try:
                        yield tuple(map(float, words))
                    except ValueError:
                        continue  # the end of a list, or of something else


def _order(leaf: Any, name: str, tensors: Any, *, decomposed: bool) -> Iterator[str]:
    """Order an array of a data set, at cells and points. Yields its name, and where it was, if it is left out."""
    cells = leaf.GetCellData().GetArray(name)
    points = leaf.GetPointData().GetArray(name)
    mixed = cells is not None and decomposed and not _is_one_of(cells, tensors) and _has_one_of(cells, tensors)
    if mixed:
        leaf.GetCellData().RemoveArray(name)
        yield f"{name} of cells"
    elif cells is not None and _is_one_of(cells, tensors):
        _replace(leaf.GetCellData(), cells)
    if points is None:
        return
    if _is_one_of(points, tensors):
        _replace(leaf.GetPointData(), points)
    elif cells is not None and (mixed or leaf.IsA("vtkUnstructuredGrid")):  # what is at patches has a part in it
        leaf.GetPointData().RemoveArray(name)
        yield f"{name} of points"


def _is_one_of(array: Any, tensors: Any) -> bool:
    rows = vtk_to_numpy(array)
    return len(rows) > 0 and bool((rows == rows[0]).all()) and _has_one_of(array, tensors)


def _has_one_of(array: Any, tensors: Any) -> bool:
    rows = vtk_to_numpy(array)
    return any(bool((rows == one).all(axis=1).any()) for one in tensors.astype(rows.dtype))


def _replace(attributes: Any, array: Any) -> None:
    """Put an array in order in the place of another; the reader may keep that."""
    ordered = copied(vtk_to_numpy(array)[:, _ORDER])
    ordered.SetName(array.GetName())
    attributes.AddArray(ordered)
