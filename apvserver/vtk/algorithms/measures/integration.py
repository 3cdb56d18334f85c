"""Algorithms of our own: the sizes of cells, and integrals over them, of every type of cell that VTK has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_DOUBLE, vtkDoubleArray, vtkPoints
from vtkmodules.vtkCommonDataModel import VTK_VERTEX, vtkUnstructuredGrid

from ...base.array_types import as_numpy
from ...base.errors import VtkError
from ...types.own_properties import OwnProperties, switch
from ..own_algorithms import add_array, data_of, like, output_of, told, warn
from ..uncovered import each_block, leaves_of
from .measures import coordinates_of, counts_by_dimension, measured
from .quadrature import Numbers

SIZES: Final = ("VertexCount", "Length", "Area", "Volume")
"""The array of sizes of cells of each dimension."""


class CellSizes(OwnProperties, VTKPythonAlgorithmBase):
    """CellSizes - Adds the length, area or volume of each cell."""

    PROPERTIES: ClassVar = (
        switch("ComputeVertexCount", True, "Adds the number of single points."),
        switch("ComputeLength", True, "Adds the lengths of lines."),
        switch("ComputeArea", True, "Adds the areas of faces."),
        switch("ComputeVolume", True, "Adds the volumes of solids."),
        switch("ComputeSum", False, "Adds the sums, as field data."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, inputType="vtkDataObject", outputType="vtkDataObject")

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the input."""
        return like(data_of(inInfo), outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the sizes of all blocks; of cells of other dimensions, and of hidden ones, 0."""
        return told(
            type(self).__name__, lambda: output_of(outInfo).ShallowCopy(each_block(data_of(inInfo), self._with_sizes))
        )

    def _with_sizes(self, data: Any) -> Any:
        sizes = np.zeros((4, data.GetNumberOfCells()))
        for some in measured(data):
            sizes[some.dimension, some.cells] = some.sizes
        made = data.NewInstance()
        made.ShallowCopy(data)
        for name, numbers in zip(SIZES, sizes, strict=True):
            if self.value_of(f"Compute{name}"):
                add_array(made.GetCellData(), name, numbers)
                if self.value_of("ComputeSum"):
                    add_array(made.GetFieldData(), name, numbers.sum(keepdims=True))
        return made


@dataclass
class _Sums:
    """What has been added up so far."""

    size: float = 0.0
    moment: Numbers = field(default_factory=lambda: np.zeros(3))
    points: dict[str, Numbers] = field(default_factory=dict)
    cells: dict[str, Numbers] = field(default_factory=dict)
    models: dict[tuple[str, str], Any] = field(default_factory=dict)
    blocks: dict[tuple[str, str], int] = field(default_factory=dict)
    inverted: int = 0
    counted: int = 0


class CellIntegrals(OwnProperties, VTKPythonAlgorithmBase):
    """CellIntegrals - Integrates all arrays over the cells of the highest dimension."""

    PROPERTIES: ClassVar = (switch("DivideAllCellDataByVolume", False, "Whether cell arrays become averages."),)

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(
            self, nInputPorts=1, inputType="vtkDataObject", outputType="vtkUnstructuredGrid"
        )
        self.added_up: IntegralsOfPieces | None = None
        """What was integrated of pieces elsewhere: the result is that of it, whatever the input is."""

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make one point with the results."""

        def make() -> None:
            sums = self.added_up
            output_of(outInfo).ShallowCopy(self._integrated(data_of(inInfo)) if sums is None else sums.result())

        return told(type(self).__name__, make)

    def of_pieces(self) -> IntegralsOfPieces:
        """Return what adds up the integrals of data that comes in pieces."""
        return IntegralsOfPieces(self)

    def _integrated(self, data: Any) -> Any:
        blocks = [one for one in leaves_of(data) if one.GetNumberOfCells()]
        counts = sum((counts_by_dimension(one) for one in blocks), np.zeros(4, np.int64))
        if not counts.any():
            return vtkUnstructuredGrid()
        dimension = int(np.flatnonzero(counts)[-1])
        sums, taken = _Sums(), 0
        for done, block in enumerate(blocks):
            self.UpdateProgress(done / len(blocks))
            if counts_by_dimension(block)[dimension]:
                taken += 1
                _add_block(sums, block, dimension)
        _tell(sums, counts, dimension, taken)
        return self.as_point(sums, dimension)

    def as_point(self, sums: _Sums, dimension: int) -> Any:
        """Return one point with the results."""
        made, points = vtkUnstructuredGrid(), vtkPoints()
        points.SetDataType(VTK_DOUBLE)
        points.InsertNextPoint((sums.moment / sums.size if sums.size else np.zeros(3)).tolist())
        made.SetPoints(points)
        made.InsertNextCell(VTK_VERTEX, 1, [0])
        if dimension:
            add_array(made.GetCellData(), SIZES[dimension], np.array([sums.size]))
        divisor = sums.size if self.value_of("DivideAllCellDataByVolume") and sums.size else 1.0
        for kind, attributes, totals, by in (
            ("point", made.GetPointData(), sums.points, 1.0),
            ("cell", made.GetCellData(), sums.cells, divisor),
        ):
            for name, total in totals.items():
                add_array(attributes, name, total[None] / by, sums.models[kind, name])
        return made


class IntegralsOfPieces:
    """Integrals over data that comes in pieces, one after the other: those of the whole, but for rounding."""

    passes: Final = 1
    points_once: Final = False
    """They have the weights of the cells around them, each of which is in one piece."""

    def __init__(self, algorithm: CellIntegrals) -> None:
        self._algorithm = algorithm
        self._counts = np.zeros(4, np.int64)
        self._sums, self._dimension, self._taken = _Sums(), -1, 0

    def add(self, data: Any, _pass: int) -> None:
        """Add a piece. Raises VtkError for arrays that do not go together with those before."""
        for block in leaves_of(data):
            counts = counts_by_dimension(block) if block.GetNumberOfCells() else np.zeros(4, np.int64)
            if not counts.any():
                continue
            self._counts += counts
            highest = int(np.flatnonzero(counts)[-1])
            if highest > self._dimension:
                self._sums, self._dimension, self._taken = _Sums(), highest, 0
            if counts[self._dimension]:
                self._taken += 1
                _add_block(self._sums, block, self._dimension)

    def part(self, _pass: int) -> dict[str, Any]:
        """Return the sums, as plain data."""
        sums = self._sums
        return {
            "dimension": self._dimension,
            "counts": self._counts.tolist(),
            "taken": self._taken,
            "size": sums.size,
            "moment": sums.moment.tolist(),
            "inverted": [sums.inverted, sums.counted],
            "arrays": [
                [kind, name, numbers.tolist(), sums.blocks[kind, name], _component_names(sums.models[kind, name])]
                for kind, totals in (("point", sums.points), ("cell", sums.cells))
                for name, numbers in totals.items()
            ],
        }

    def take(self, parts: Sequence[Any], _pass: int) -> None:
        """Take the sums of several: those over cells of the highest dimension that any has. Raises VtkError."""
        self._counts = np.sum([one["counts"] for one in parts], axis=0)
        self._dimension = max(one["dimension"] for one in parts)
        highest = [one for one in parts if one["dimension"] == self._dimension]
        self._taken = sum(one["taken"] for one in highest)
        sums = self._sums = _Sums()
        for one in highest:
            sums.size += one["size"]
            sums.moment = sums.moment + np.array(one["moment"])
            sums.inverted += one["inverted"][0]
            sums.counted += one["inverted"][1]
            for kind, name, numbers, blocks, names in one["arrays"]:
                totals = sums.points if kind == "point" else sums.cells
                _add_total(totals, (kind, name), np.array(numbers, np.float64))
                sums.models.setdefault((kind, name), _named_components(names))
                sums.blocks[kind, name] = sums.blocks.get((kind, name), 0) + blocks

    def result(self) -> Any:
        """Return one point with the results; nothing where there were no cells."""
        if self._dimension < 0:
            return vtkUnstructuredGrid()
        _tell(self._sums, self._counts, self._dimension, self._taken)
        return self._algorithm.as_point(self._sums, self._dimension)


def _add_block(sums: _Sums, block: Any, dimension: int) -> None:
    sizes, weights = np.zeros(block.GetNumberOfCells()), np.zeros(block.GetNumberOfPoints())
    for some in measured(block, dimension):
        sizes[some.cells] = np.abs(some.sizes)
        sums.inverted += int((some.sizes < 0).sum())
        sums.counted += len(some.cells)
        low = int(some.points.min())
        found = np.bincount(some.points - low, some.weights)
        weights[low : low + len(found)] += found
    sums.size += float(sizes.sum())
    sums.moment += _moment(block, weights)
    for kind, attributes, factors, totals in (
        ("point", block.GetPointData(), weights, sums.points),
        ("cell", block.GetCellData(), sizes, sums.cells),
    ):
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetArray(index)
            if array is not None and array.GetName() and array.GetName() != "vtkGhostType":
                _add_array(sums, (kind, array.GetName()), totals, factors, array)


def _add_array(sums: _Sums, key: tuple[str, str], totals: dict[str, Numbers], factors: Numbers, array: Any) -> None:
    numbers = as_numpy(array)
    numbers = numbers.reshape(len(numbers), -1)
    counted = factors != 0
    # What is not counted may be no number.
    total = factors @ numbers if counted.all() else factors[counted] @ numbers[counted]
    _add_total(totals, key, total)
    sums.models.setdefault(key, array)
    sums.blocks[key] = sums.blocks.get(key, 0) + 1


def _add_total(totals: dict[str, Numbers], key: tuple[str, str], total: Numbers) -> None:
    before = totals.get(key[1])
    if before is not None and before.shape != total.shape:
        raise VtkError(
            f"the {key[0]} array {key[1]!r} has {len(before)} components in one block and {len(total)} in another"
        )
    totals[key[1]] = total if before is None else before + total


def _component_names(array: Any) -> list[str | None]:
    return [array.GetComponentName(index) for index in range(array.GetNumberOfComponents())]


def _named_components(names: Sequence[str | None]) -> Any:
    """Return an array without values whose components have these names."""
    model = vtkDoubleArray()
    model.SetNumberOfComponents(max(len(names), 1))
    for index, name in enumerate(names):
        if name:
            model.SetComponentName(index, name)
    return model


def _moment(block: Any, weights: Numbers) -> Numbers:
    """Return the integral of the place itself."""
    if block.IsA("vtkImageData") and weights.all():
        return np.asarray(weights.sum() * np.array(block.GetCenter()))
    counted = np.flatnonzero(weights)
    moment = np.zeros(3)
    place = coordinates_of(block)
    for begin in range(0, len(counted), 1_000_000):
        some = counted[begin : begin + 1_000_000]
        moment += weights[some] @ place(some)
    return moment


def _tell(sums: _Sums, counts: Any, dimension: int, taken: int) -> None:
    """Tell what an expert would want to know of the sums."""
    others = int(counts[:dimension].sum())
    if others:
        words = ("points", "lines", "faces", "solids")
        warn(
            f"only the {counts[dimension]} {words[dimension]} are integrated, not the {others} cells of lower dimension"
        )
    if 0 < sums.inverted < sums.counted:
        warn(f"{sums.inverted} of {sums.counted} cells are turned inside out; they are counted as the others are")
    partial = [name for (_, name), number in sums.blocks.items() if number < taken]
    if partial:
        warn(f"not in all of the {taken} blocks, and integrated over those that have them: {', '.join(partial)}")
