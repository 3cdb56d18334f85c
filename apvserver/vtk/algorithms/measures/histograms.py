"""An algorithm of our own: how many values of an array lie in each of a number of bins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkTable

from ...base.array_types import as_numpy, copied
from ...base.errors import VtkError
from ...geometry.charts.bins import Bins
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, number, switch
from ..cell_groups import visible_cells
from ..own_algorithms import data_of, output_of, told, warn
from ..uncovered import leaves_of

_HIDDEN_POINTS: Final = 1 | 2
"""Of vtkGhostType: a point of another piece, one that is blanked."""
MOST_BINS: Final = 10_000_000


class Histograms(OwnProperties, VTKPythonAlgorithmBase):
    """Histograms - Counts the values of an array in bins of equal size."""

    PROPERTIES: ClassVar = (
        number("BinCount", 10, "Number of bins.", limits=(1, MOST_BINS)),
        number("Component", 0, "Which component; -1, or their number: the magnitude.", limits=(-1, 1000)),
        switch("CenterBinsAroundMinAndMax", False, "Whether the outer bins have the limits in their middle."),
        switch("UseCustomBinRanges", False, "Whether the bins have limits of their own."),
        PropertyDefinition("CustomBinRanges", "float", 2, (0.0, 100.0), doc="Those limits."),
        switch("Normalize", False, "Whether the bins add up to 1."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, inputType="vtkDataObject", outputType="vtkTable")
        self.added_up: HistogramOfPieces | None = None
        """What was counted of pieces elsewhere: the result is that of it, whatever the input is."""

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a row for each bin: its middle, and how many values it has."""

        def make() -> None:
            sums = self.added_up
            output_of(outInfo).ShallowCopy(self._counted(data_of(inInfo)) if sums is None else sums.result())

        return told(type(self).__name__, make)

    def of_pieces(self) -> HistogramOfPieces:
        """Return what counts the values of data that comes in pieces."""
        return HistogramOfPieces(self)

    def chosen(self) -> tuple[str, int]:
        """Return the name of the array, and where it belongs."""
        information = self.GetInputArrayInformation(0)
        return str(information.Get(vtkDataObject.FIELD_NAME())), information.Get(vtkDataObject.FIELD_ASSOCIATION())

    def bins(self) -> Bins:
        """Return which bins are asked for."""
        low, high = (float(one) for one in self.value_of("CustomBinRanges"))
        own = (low, high) if self.value_of("UseCustomBinRanges") else None
        count = max(int(self.value_of("BinCount")), 1)
        return Bins(count, bool(self.value_of("CenterBinsAroundMinAndMax")), own)

    def _counted(self, data: Any) -> vtkTable:
        (name, association), bins = self.chosen(), self.bins()
        several = list(self.values(data, name, association))
        limits = bins.limits(several)
        if limits is None:
            if several:
                warn(f"{name!r} has no finite number: there is nothing to put into bins")
            return vtkTable()
        totals, outside = bins.counted(several, limits)
        if outside:
            warn(f"{outside} values of {name!r} are not between {limits[0]:g} and {limits[1]:g}: no bin has them")
        return _table(bins.edges(limits), totals, normalize=bool(self.value_of("Normalize")))

    def values(self, data: Any, name: str, association: int) -> Iterator[npt.NDArray[Any]]:
        """Yield the numbers of each block that has the array, without those that are hidden, not finite or copies."""
        for block in leaves_of(data) if not data.IsA("vtkTable") else (data,):
            attributes = block.GetAttributesAsFieldData(association)
            array = None if attributes is None else attributes.GetAbstractArray(name)
            if array is None:
                continue
            if not array.IsNumeric():
                raise VtkError(f"{name!r} is an array of texts: there is nothing to put into bins")
            values = self._component(as_numpy(array), name)
            values = values[counting(block, association, len(values))]
            yield values if np.issubdtype(values.dtype, np.integer) else values[np.isfinite(values)]

    def _component(self, values: npt.NDArray[Any], name: str) -> npt.NDArray[Any]:
        component, count = int(self.value_of("Component")), 1 if values.ndim == 1 else values.shape[1]
        if component < 0:
            component = count if count > 1 else 0
        if component < count:
            return values if values.ndim == 1 else values[:, component]
        if component == count > 1:
            return np.asarray(np.linalg.norm(values.astype(np.float64), axis=1))
        raise VtkError(f"Component is {component}, and {name!r} has {count}, counted from 0")


class HistogramOfPieces:
    """How many values lie in which bins, of data that comes in pieces twice: for the limits, and to be counted."""

    def __init__(self, algorithm: Histograms) -> None:
        self._algorithm = algorithm
        self._bins = algorithm.bins()
        self.passes = 1 if self._bins.own is not None else 2
        self._extremes: list[float] = []
        self._seen = False
        self._totals = np.zeros(self._bins.count, np.int64)
        self._outside = 0

    @property
    def points_once(self) -> bool:
        """Whether points that pieces have in common are to be counted once."""
        return self._algorithm.chosen()[1] == vtkDataObject.POINT

    @property
    def _limits(self) -> tuple[float, float] | None:
        return self._bins.limits([np.array(self._extremes)])

    def add(self, data: Any, number: int) -> None:
        """Look at a piece, in that pass. Raises VtkError for what cannot be counted."""
        name, association = self._algorithm.chosen()
        several = list(self._algorithm.values(data, name, association))
        self._seen |= bool(several)
        if number < self.passes - 1:
            self._extremes += [float(end) for one in several if len(one) for end in (one.min(), one.max())]
            self._extremes = [min(self._extremes), max(self._extremes)] if self._extremes else []
        elif (limits := self._limits) is not None:
            totals, outside = self._bins.counted(several, limits)
            self._totals += totals
            self._outside += outside

    def part(self, number: int) -> dict[str, Any]:
        """Return the extremes, or counts, that were added in that pass."""
        if number < self.passes - 1:
            return {"extremes": self._extremes, "seen": self._seen}
        return {"totals": self._totals.tobytes(), "outside": self._outside, "seen": self._seen}

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take the extremes, or counts, of several."""
        self._seen = any(one["seen"] for one in parts)
        if number < self.passes - 1:
            several = [end for one in parts for end in one["extremes"]]
            self._extremes = [min(several), max(several)] if several else []
        else:
            self._totals = np.sum([np.frombuffer(one["totals"], np.int64) for one in parts], axis=0)
            self._outside = sum(one["outside"] for one in parts)

    def result(self) -> vtkTable:
        """Return a row for each bin."""
        name, limits = self._algorithm.chosen()[0], self._limits
        if limits is None:
            if self._seen:
                warn(f"{name!r} has no finite number: there is nothing to put into bins")
            return vtkTable()
        if self._outside:
            warn(f"{self._outside} values of {name!r} are not between {limits[0]:g} and {limits[1]:g}: no bin has them")
        return _table(self._bins.edges(limits), self._totals, normalize=bool(self._algorithm.value_of("Normalize")))


def counting(block: Any, association: int, count: int) -> Any:
    """Return which points, cells or rows count."""
    if association == vtkDataObject.CELL:
        return visible_cells(block)
    ghosts = block.GetPointData().GetArray("vtkGhostType") if association == vtkDataObject.POINT else None
    return np.ones(count, bool) if ghosts is None else (vtk_to_numpy(ghosts) & _HIDDEN_POINTS) == 0


def _table(edges: npt.NDArray[Any], totals: npt.NDArray[Any], *, normalize: bool) -> vtkTable:
    made = vtkTable()
    counted: npt.NDArray[Any] = totals / max(int(totals.sum()), 1) if normalize else totals.astype(np.longlong)
    for name, values in (("bin_extents", (edges[:-1] + edges[1:]) / 2), ("bin_values", counted)):
        array = copied(values)
        array.SetName(name)
        made.GetRowData().AddArray(array)
    return made
