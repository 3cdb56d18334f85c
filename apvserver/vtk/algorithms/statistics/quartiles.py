"""An algorithm of our own: the quartiles of arrays.

VTK 9.7.2 counts what is no number, and of an odd number of values has one of the two quartiles half a value too low.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import as_numpy
from ...base.blocks import places, uncovered
from ...base.data_making import add_array
from ...types.own_properties import OwnProperties, number
from ..measures.histograms import counting
from ..own_algorithms import data_of, output_of, told, warn

_MOST: Final = 10_000


class Quartiles(OwnProperties, VTKPythonAlgorithmBase):
    """Quartiles - The values that divide those of each array into parts of the same number, as a table."""

    PROPERTIES: ClassVar = (number("NumberOfIntervals", 4, "Into how many parts.", limits=(1, _MOST)),)

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, inputType="vtkDataObject", outputType="vtkTable")

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a column for each array of rows, or of points, of one component; of blocks for each of theirs."""
        return told(type(self).__name__, lambda: self._make(data_of(inInfo), output_of(outInfo)))

    def _make(self, data: Any, output: Any) -> None:
        shares, empty = np.linspace(0.0, 1.0, int(self.value_of("NumberOfIntervals")) + 1), []
        for name, values in _columns(data):
            if len(values):
                found = np.quantile(values, shares, method="averaged_inverted_cdf")
            else:
                found = np.full(len(shares), np.nan)
                empty.append(name)
            add_array(output.GetRowData(), name, found)
        if empty:
            warn(f"without a finite number, and so without quartiles: {', '.join(empty)}")


def _columns(data: Any) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    if data.IsA("vtkCompositeDataSet"):
        for place, leaf in places(uncovered(data)):
            number_of_block = place.GetCurrentFlatIndex()
            yield from ((f"{name}_Block_{number_of_block}", values) for name, values in _of_leaf(leaf))
    else:
        yield from _of_leaf(data)


def _of_leaf(leaf: Any) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    association = vtkDataObject.ROW if leaf.IsA("vtkTable") else vtkDataObject.POINT
    attributes = leaf.GetAttributes(association)
    for index in range(0 if attributes is None else attributes.GetNumberOfArrays()):
        array = attributes.GetArray(index)
        if array is None or array.GetNumberOfComponents() != 1 or array.GetName() in (None, "", "vtkGhostType"):
            continue
        values = as_numpy(array)
        seen = values[counting(leaf, association, len(values))].astype(np.float64)
        yield array.GetName(), seen[np.isfinite(seen)]
