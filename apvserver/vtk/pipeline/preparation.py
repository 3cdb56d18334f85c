"""What some algorithms need to be told about their input before they execute, because no property can say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ..algorithms.arrays.promotion import PromoteIntegers
from ..base.blocks import parts
from ..base.data_roots import roots
from ..files.contents.pdb_content import tell_what_is_left_out
from ..files.contents.xdmf_content import prepare_xdmf
from ..files.corrections.exodus_files import look_at_names
from ..files.file_states import paths_of
from ..files.references import check_references
from ..files.truncation.checks import CHECKED_READERS, check_intact
from ..types.adapters.calculator import name_variables
from ..types.adapters.netcdf_dimensions import choose_dimensions
from ..types.adapters.selections import choose
from ..types.adapters.selectors import check_selectors


def prepare(algorithm: Any) -> None:
    """Tell an algorithm whose inputs are up to date what it must know of them. Nothing happens if that is the same.

    What it is about to read is looked at. Raises `FileError` if a file is not complete, where VTK would crash on that,
    or leads out of the data roots, and `InvalidProperty` if it does not have what a reader is to read of it.
    """
    class_name = type(algorithm).__name__
    if roots() or class_name in CHECKED_READERS:
        for path in paths_of(algorithm):
            check_references(path, class_name)
            check_intact(path, class_name)
    choose(algorithm)
    check_selectors(algorithm)
    preparation = _PREPARATIONS.get(class_name)
    if preparation is not None:
        preparation(algorithm)


def _tell_unmoved(warp: Any) -> None:
    """Blocks without the array are not moved, beside others that are; what is before marks it where it is."""
    data = warp.GetInputDataObject(0, 0)
    if data is None or not data.IsA("vtkCompositeDataSet"):
        return
    filled = [leaf.GetPointData() for leaf in parts(data) if leaf.GetNumberOfPoints()]
    marked = [one.GetVectors() if warp.IsA("vtkWarpVector") else one.GetScalars() for one in filled]
    having = [array for array in marked if array is not None]
    if 0 < len(having) < len(filled):
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{len(filled) - len(having)} of {len(filled)} blocks have no array {having[0].GetName()!r} and stay where "
            "they are"
        )


def _no_marks(interpolator: Any) -> None:
    """Marks of ghosts are no numbers to be interpolated."""
    name, excluded = vtkDataSetAttributes.GhostArrayName(), interpolator.GetNumberOfExcludedArrays()
    if name not in [interpolator.GetExcludedArray(index) for index in range(excluded)]:
        interpolator.AddExcludedArray(name)


_PREPARATIONS: Final[dict[str, Callable[[Any], None]]] = {
    "vtkArrayCalculator": name_variables,
    "PromoteIntegers": PromoteIntegers.prepare,
    "vtkPointInterpolator": _no_marks,
    "vtkPointInterpolator2D": _no_marks,
    "vtkNetCDFCFReader": choose_dimensions,
    "vtkPDBReader": tell_what_is_left_out,
    "vtkXdmfReader": prepare_xdmf,
    "vtkIOSSReader": look_at_names,
    "vtkWarpScalar": _tell_unmoved,
    "vtkWarpVector": _tell_unmoved,
}
"""By exact class name."""
