"""What some algorithms need to be told about their input before they execute, because no property can say it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes
from vtkmodules.vtkParallelCore import vtkDummyController

from async_paraview.vtk_imports import one_at_a_time

from ..algorithms.arrays.promotion import PromoteIntegers
from ..algorithms.mixed_cells import lead_around
from ..algorithms.sampling.curved import bent_cells
from ..algorithms.turning.tensors import may_be_tensor
from ..base.blocks import parts
from ..base.data_roots import roots
from ..base.errors import FileError, InvalidProperty
from ..base.facts import vtk_facts
from ..base.precision import PROPERTY, choose_precision
from ..files.contents.pdb_content import tell_what_is_left_out
from ..files.contents.xdmf.content import prepare_xdmf
from ..files.corrections.exodus_files import check_widths, look_at_names
from ..files.corrections.netcdf.places import check_connectivity
from ..files.corrections.netcdf.types import leave_out_types
from ..files.corrections.netcdf.values import texts_of
from ..files.file_states import names_files, paths_of
from ..types.adapters.calculator import name_variables
from ..types.adapters.netcdf_dimensions import choose_dimensions
from ..types.adapters.selections import choose, selections_of
from ..types.adapters.selectors import check_selectors, takes_selectors
from .filling import suit
from .guards.hidden_cells import hidden_cells_count
from .guards.input_arrays import missing_array
from .guards.refusals import harmful
from .proxies import Pipeline
from .proxy import Proxy
from .straightening import straighten_inputs


def prepare(algorithm: Any) -> None:
    """Tell an algorithm whose inputs are up to date what it must know of them. Nothing happens if that is the same.

    What it is about to read is looked at. Raises `FileError` if a file is not complete, where VTK would crash on that,
    or leads out of the data roots, and `InvalidProperty` if it does not have what a reader is to read of it.
    """
    kind: Any = type(algorithm)
    for step in _steps(kind):
        step(algorithm)


@functools.cache
def _steps(kind: Any) -> tuple[Callable[[Any], object], ...]:
    """Return what can matter at all to algorithms of a class."""
    asked: tuple[tuple[Callable[[Any], object], bool], ...] = (
        (_look_at_files, names_files(kind)),
        (choose, bool(selections_of(kind))),
        (check_selectors, takes_selectors(kind)),
    )
    own = next((found for one in kind.__mro__ if (found := _PREPARATIONS.get(one.__name__)) is not None), None)
    return (*(step for step, matters in asked if matters), *(() if own is None else (own,)))


def _look_at_files(algorithm: Any) -> None:
    with one_at_a_time:
        from ..files.references import check_references  # late: before the first file, not the first picture
        from ..files.truncation.checks import check_truncation, is_checked

    class_name = type(algorithm).__name__
    if roots() or is_checked(class_name):
        for path in paths_of(algorithm):
            check_references(path, class_name)
            check_truncation(path, class_name)


def suited(pipeline: Pipeline, proxy: Proxy, time: float | None) -> str | None:
    """Return why a proxy cannot work on its inputs, which are up to date; None if it can, and then it suits them."""
    try:
        unsuitable = suit(pipeline, proxy)
        if unsuitable is None:
            straighten_inputs(pipeline, proxy, time)
        return unsuitable
    except InvalidProperty as error:
        return str(error)


def unsuitable(pipeline: Pipeline, proxy: Proxy) -> str | None:
    """Return why a proxy cannot work on its inputs, some of which are in pieces; None if it can: it suits them then."""
    try:
        return suit(pipeline, proxy)
    except InvalidProperty as error:
        return str(error)


def prepared(proxy: Proxy, algorithm: Any, time: float | None) -> str | None:
    """Return why an algorithm of a proxy, whose inputs are up to date, cannot be executed; None if it can be."""
    try:
        kind: Any = type(algorithm)
        if _announces(kind):
            algorithm.announce_at(time)
        for step in _steps(kind):
            step(algorithm)
        if kind.__name__ in _STALE and _times.get(algorithm, algorithm) != time:
            algorithm.Modified()
            _times[algorithm] = time
        if PROPERTY not in proxy.given:
            choose_precision(algorithm)
    except (FileError, InvalidProperty) as error:
        return str(error)
    return missing_array(algorithm) or harmful(algorithm) or _counts_hidden(proxy, algorithm)


def _counts_hidden(proxy: Proxy, algorithm: Any) -> str | None:
    """Refuse hidden cells for classes that count them, unless something behind them mends that, as in curated types."""
    kinds = {one.__name__ for one in type(algorithm).__mro__}
    counting = kinds & vtk_facts.names("execution", "counts_hidden_cells", "as_others")
    parts_behind = {one.vtk_name for one in proxy.composition.parts}
    if all(_MENDING.get(kind) in parts_behind for kind in counting):
        return None
    data = algorithm.GetInputDataObject(0, 0)
    return None if data is None else hidden_cells_count(data)


@functools.cache
def _announces(kind: Any) -> bool:
    """Return whether algorithms of a class are to be told the time before they say what they will make."""
    return hasattr(kind, "announce_at")


def _tell_unmoved(warp: Any) -> None:
    """Tell of blocks without the array, which are not moved, beside others that are; what is before marks it."""
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


def _tell_bent(algorithm: Any) -> None:
    """Tell of bent cells of high order in what is looked into: VTK takes them for straight pieces."""
    data = algorithm.GetInputDataObject(algorithm.GetNumberOfInputPorts() - 1, 0)
    if algorithm.IsA("vtkStreamTracer"):
        data = algorithm.GetInputDataObject(0, 0)
    count = 0 if data is None else sum(map(bent_cells, parts(data)))
    if count:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{count} Lagrange or Bezier cells are bent, and {type(algorithm).__name__} looks for places in straight "
            "pieces of them: it misses places, and values are off by up to a quarter of the bend. PlotOverLine, "
            "ProbeLocation, ResampleWithDataset and ResampleToImage look into the cells themselves"
        )


def _tell_tensors(filter: Any) -> None:
    """Tell of tensors that VTK leaves as they are; before the filter of a curated type they are taken out."""
    data = filter.GetInputDataObject(0, 0)
    leaves = [] if data is None else [leaf for leaf in parts(data) if leaf.IsA("vtkDataSet")]
    names = {
        array.GetName() or ""
        for leaf in leaves
        for attributes in (leaf.GetPointData(), leaf.GetCellData())
        for index in range(attributes.GetNumberOfArrays())
        if (array := attributes.GetArray(index)) is not None
        and may_be_tensor(array, attributes.IsArrayAnAttribute(index))
    }
    if names:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{', '.join(sorted(names))}: {type(filter).__name__} leaves tensors in their old axes; "
            "Transform turns them"
        )


def _tell_other_sizes(filter: Any) -> None:
    """Tell of arrays that VTK leaves out, since their input has another number of points or cells than the first."""
    held = [filter.GetInputDataObject(0, index) for index in range(filter.GetNumberOfInputConnections(0))]
    sets = [(number, one) for number, one in enumerate(held, 1) if one is not None and one.IsA("vtkDataSet")]
    for number, one in sets[1:]:
        for kind in ("Point", "Cell"):
            count, wanted = (getattr(data, f"GetNumberOf{kind}s")() for data in (one, sets[0][1]))
            attributes = getattr(one, f"Get{kind}Data")()
            names = [attributes.GetArrayName(index) or "" for index in range(attributes.GetNumberOfArrays())]
            if count != wanted and names:
                why = f"since input {number} has {count} {kind.lower()}s, and the first {wanted}"
                vtkOutputWindow.GetInstance().DisplayWarningText(f"{', '.join(names)}: left out, {why}")


def _no_marks(interpolator: Any) -> None:
    """Remove marks of ghosts, which are no numbers to be interpolated."""
    name, excluded = vtkDataSetAttributes.GhostArrayName(), interpolator.GetNumberOfExcludedArrays()
    if name not in [interpolator.GetExcludedArray(index) for index in range(excluded)]:
        interpolator.AddExcludedArray(name)


def _alone(filter: Any) -> None:
    """Tell a filter that its process works alone: without being told, VTK ends the process."""
    if filter.GetController() is None:
        filter.SetController(vtkDummyController())


def _prepare_mesh(reader: Any) -> None:
    check_connectivity(reader)
    leave_out_types(reader)


_STALE: Final = frozenset({"vtkTemporalSmoothing"})
"""What keeps the result of another time where that was made of the time that is asked for now, among others (9.7.2)."""
_times: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
"""For which time such an algorithm was executed last."""

_MENDING: Final = {
    "vtkCellDataToPointData": "VisibleAverages",
    "vtkGradientFilter": "MendedGradients",
    "vtkTemporalStatistics": "MarkedStatistics",
}
"""What puts right behind a class that it has counted hidden cells."""

_PREPARATIONS: Final[dict[str, Callable[[Any], object]]] = {
    "vtkArrayCalculator": name_variables,
    "vtkCompositeCutter": lead_around,
    "vtkCutter": lead_around,
    "PromoteIntegers": PromoteIntegers.prepare,
    "vtkPointInterpolator": _no_marks,
    "vtkPointInterpolator2D": _no_marks,
    "vtkNetCDFCFReader": lambda reader: choose_dimensions(reader, texts_of, leave_out_types(reader)),
    **dict.fromkeys(("vtkMPASReader", "vtkNetCDFPOPReader", "vtkNetCDFReader"), leave_out_types),
    "vtkProbeLineFilter": _alone,
    "vtkPDBReader": tell_what_is_left_out,
    "vtkXdmfReader": prepare_xdmf,
    "vtkIOSSReader": look_at_names,
    **dict.fromkeys(("vtkExodusIIReader", "vtkIOSSCellGridReader"), check_widths),
    "vtkNetCDFUGRIDReader": _prepare_mesh,
    **dict.fromkeys(
        (
            "vtkCompositeDataProbeFilter",
            "vtkProbeFilter",
            "vtkResampleToImage",
            "vtkResampleWithDataSet",
            "vtkStreamTracer",
        ),
        _tell_bent,
    ),
    "vtkMergeArrays": _tell_other_sizes,
    "vtkTransformFilter": _tell_tensors,
    "vtkWarpScalar": _tell_unmoved,
    "vtkWarpVector": _tell_unmoved,
}
"""By the name of a class, or of its nearest ancestor: VTK makes a vtkPResampleToImage where another was named."""
