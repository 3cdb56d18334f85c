"""The least, the greatest or the sum of the values of each array, over all inputs."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from ...base.array_types import as_numpy
from ...base.data_making import array_of, points_of
from ...base.errors import InvalidProperty
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties
from ..measures.histograms import counting
from ..own_algorithms import output_of, told, warn
from ..uncovered import leaves_of

Numbers = npt.NDArray[Any]
_GHOSTS: Final = "vtkGhostType"
_MIN, _MAX, _SUM = range(3)


class Extremes(OwnProperties, VTKPythonAlgorithmBase):
    """Extremes - One point and one cell with the least, the greatest or the sum of the values of each array."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "Operation",
            "enum",
            1,
            _MIN,
            enumeration=(("MIN", _MIN), ("MAX", _MAX), ("SUM", _SUM)),
            doc="Which of them.",
        ),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, outputType="vtkPolyData")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take several data sets, and composites of them."""
        for kind in ("vtkDataSet", "vtkCompositeDataSet"):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        info.Set(vtkAlgorithm.INPUT_IS_REPEATABLE(), 1)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the point and the cell."""
        count = inInfo[0].GetNumberOfInformationObjects()
        inputs = [vtkDataObject.GetData(inInfo[0], index) for index in range(count)]
        return told(type(self).__name__, lambda: self._make(inputs, output_of(outInfo)))

    def _make(self, inputs: list[Any], output: Any) -> None:
        blocks = [part for one in inputs for part in leaves_of(one)]
        if not blocks:
            raise InvalidProperty("there is no data set in the input")
        vertex = vtkCellArray()
        vertex.InsertNextCell(1, [0])
        output.SetPoints(points_of([[0.0, 0.0, 0.0]]))
        output.SetVerts(vertex)
        for association in (vtkDataObject.POINT, vtkDataObject.CELL):
            self._reduce(blocks, association, output.GetAttributes(association))

    def _reduce(self, blocks: list[Any], association: int, output: Any) -> None:
        for name, size in _common([one.GetAttributes(association) for one in blocks]).items():
            having = [one for one in blocks if one.GetAttributes(association).GetArray(name) is not None]
            values = [_seen(one, association, name).reshape(-1, size) for one in having]
            rows = np.concatenate(values) if values else np.zeros((0, size))
            if len(rows):
                output.AddArray(array_of(self._reduced(name, rows), name))

    def _reduced(self, name: str, rows: Numbers) -> Numbers:
        mode = int(self.value_of("Operation"))
        if mode != _SUM:
            least = np.fmin.reduce(rows, axis=0) if mode == _MIN else np.fmax.reduce(rows, axis=0)
            return np.asarray(least)[None]
        if rows.dtype.kind not in "iu":
            return np.asarray(rows.sum(axis=0, dtype=np.float64))[None]
        rough = rows.sum(axis=0, dtype=np.float64)
        if np.abs(rough).max(initial=0.0) >= 2.0**63:
            raise InvalidProperty(
                f"the sum of the integers {name!r} is about {np.abs(rough).max():g}, too large for one"
            )
        return np.asarray(rows.sum(axis=0, dtype=np.int64))[None]


def _common(attributes: list[Any]) -> dict[str, int]:
    """Return the arrays of the first data set with any; those of others that differ are left out, with a warning."""
    found: dict[str, int] = {}
    for one in attributes:
        arrays = [array for i in range(one.GetNumberOfArrays()) if (array := one.GetArray(i)) is not None]
        sizes = {array.GetName(): array.GetNumberOfComponents() for array in arrays if array.GetName()}
        found = found or sizes
        wrong = sorted(name for name in sizes if name != _GHOSTS and found.get(name) != sizes[name])
        if wrong:
            warn(f"not all inputs have {', '.join(wrong)} as the first one has, or not: what differs is left out")
            found = {name: size for name, size in found.items() if sizes.get(name, size) == size}
    return {name: size for name, size in found.items() if name != _GHOSTS}


def _seen(block: Any, association: int, name: str) -> Numbers:
    """Return the values of an array, but those of what is hidden, or a copy of what other pieces have."""
    values = as_numpy(block.GetAttributes(association).GetArray(name))
    seen: Numbers = values[counting(block, association, len(values))]
    return seen
