"""Values of data at places: those of all blocks as one, NaN where there is no data, numbers with fractions between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import VTK_BIT, vtkDataArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes, vtkPointSet, vtkPolyData, vtkStaticCellLocator
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkExtractCells, vtkProbeFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet, vtkRectilinearGridToPointSet

from async_paraview.records import dataclass

from ...base.array_types import as_numpy, copied
from ...base.errors import VtkError
from ..arrays.alike import different_sizes
from ..chosen_points import coordinates_at
from .ascending import ascending
from .curved import CurvedCells, is_curved, others

Valid = npt.NDArray[np.bool_]
Configure = Callable[[Any], None]
"""Prepares a vtkProbeFilter: how exactly places are looked for, and who may abort it."""

VALID: Final = "vtkValidPointMask"
_RESERVED: Final = frozenset({vtkDataSetAttributes.GhostArrayName(), VALID})
_MARGIN: Final = 1e-3
"""Of a block's size: so far around its bounds places are looked for, which VTK's tolerances then judge."""
_MOST_EXACT: Final = 2**53
_AT_ONCE: Final = 500_000
"""Places that are looked up at once where cells are searched for: coordinates take memory, those of images too."""
_NOWHERE: Final = 1e30
"""Beyond all bounds."""


class SamplingStopped(VtkError, RuntimeError):
    """Whoever asked for values does not want them any more."""


@dataclass(frozen=True)
class Column:
    """An array that results have: the names of its components, and a type that holds what all blocks have."""

    components: int
    names: tuple[str | None, ...]
    dtype: np.dtype[Any]


@dataclass
class Samples:
    """Values by array name, one row for each place, and which places lie in the data. `remarks` are to be told."""

    values: dict[str, npt.NDArray[Any]]
    columns: dict[str, Column]
    valid: Valid
    attributes: dict[int, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    search: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    """Which of the searches has found each place; -1: none."""


@dataclass(frozen=True)
class Block:
    """One data set to look into: its arrays of numbers, ready for interpolation, and what became of the others."""

    data: Any
    columns: dict[str, Column]
    attributes: dict[int, str]
    texts: tuple[str, ...]
    plain: Any
    """The cells that VTK finds places in: all but curved ones."""
    curved: CurvedCells | None
    locator: Any
    """Finds cells; built when it is first used. None where the structure of the data says where its cells are.

    VTK's usual way begins at the nearest point and misses cells that share no points with their neighbours.
    """
    of_cells: bool
    """Whether some of the values are those of cells: of several that hold a place it matters which is found."""


def block_of(data_set: Any) -> Block:
    """Make a data set ready: integers of points become numbers with fractions, as they are interpolated.

    Of an array of points and one of cells that are called alike, that of the points is taken.
    """
    data_set = ascending(data_set)
    reduced = data_set.NewInstance()
    reduced.CopyStructure(data_set)
    columns: dict[str, Column] = {}
    texts: list[str] = []
    pairs = (
        (data_set.GetPointData(), reduced.GetPointData(), True),
        (data_set.GetCellData(), reduced.GetCellData(), False),
    )
    for found, kept, blends in pairs:
        ghosts = found.GetArray(vtkDataSetAttributes.GhostArrayName())
        if ghosts is not None:
            kept.AddArray(ghosts)
        for index in range(found.GetNumberOfArrays()):
            array = found.GetAbstractArray(index)
            name = array.GetName()
            if not name or name in _RESERVED or name in columns:
                continue
            if not isinstance(array, vtkDataArray):
                texts.append(name)
                continue
            array = _with_fractions(array) if blends else _as_numbers(array)
            kept.AddArray(array)
            columns[name] = _column(array)
    locator = vtkStaticCellLocator() if isinstance(data_set, vtkPointSet) else None
    curved = is_curved(reduced)
    plain = _extracted(reduced, others(reduced)) if curved else reduced
    made = CurvedCells(data_set, reduced) if curved else None
    of_cells = any(reduced.GetCellData().HasArray(name) for name in columns)
    return Block(reduced, columns, _attributes_of(data_set), tuple(texts), plain, made, locator, of_cells)


def _extracted(data: Any, cells: Any) -> Any:
    extract = vtkExtractCells()
    extract.SetInputData(data)
    extract.SetCellIds(cells, len(cells))
    extract.SetPassThroughCellIds(False)
    extract.SetOutputPointsPrecision(vtkAlgorithm.DEFAULT_PRECISION)
    if len(cells):
        extract.Update()
    return extract.GetOutput()


def sampled(places: Any, blocks: Sequence[Block], searches: Sequence[Configure]) -> Samples:
    """Return the values of blocks at the points of a data set; the first block that has a value at a place gives it.

    What no cell is found for by one search is looked for by the next. Integers stay integers if every place has one,
    else they become numbers of double precision. Raises `VtkError` if blocks do not agree on the components of an
    array.
    """
    count = int(places.GetNumberOfPoints())
    columns = _united([block.columns for block in blocks])
    values = {name: _nothing(count, column) for name, column in columns.items()}
    missing = {name: np.ones(count, np.bool_) for name in columns}
    valid = np.zeros(count, np.bool_)
    axes: npt.NDArray[Any] | None = None
    search = np.full(count, -1, np.int8)
    for number, configure in enumerate(searches):
        rest = np.flatnonzero(~valid)
        for block in blocks if len(rest) else ():
            if not block.data.GetNumberOfCells():
                continue
            rows = rest
            if len(blocks) > 1 or len(rest) < count:
                axes = np.ascontiguousarray(coordinates_of(places).T) if axes is None else axes
                rows = _near(axes, rest, block.data)
            if not len(rows):
                continue
            found, inside = _probed(
                places if axes is None or len(rows) == count else _cloud(axes[:, rows].T), block, configure
            )
            search[rows[inside & ~valid[rows]]] = number
            valid[rows[inside]] = True
            for name, array in found.items():
                wanted = inside & missing[name][rows]
                values[name][rows[wanted]] = array[wanted]
                missing[name][rows[wanted]] = False
    samples = Samples(values, columns, valid, {key: name for block in blocks for key, name in block.attributes.items()})
    samples.search = search
    _settle(samples, missing)
    texts = sorted({text for block in blocks for text in block.texts})
    if texts:
        samples.remarks.append(f"arrays of texts have no values between points and were left out: {', '.join(texts)}")
    return samples


def united(several: Sequence[Samples]) -> Samples:
    """Return the values of pieces of data at the same places as those of the whole: each place counts in one piece.

    That is the first in which the first search has found it, and so on. Raises `VtkError` if pieces do not agree on the
    components of an array.
    """
    columns = _united([one.columns for one in several])
    count = len(several[0].valid)
    values = {name: _nothing(count, column) for name, column in columns.items()}
    missing = {name: np.ones(count, np.bool_) for name in columns}
    search = np.full(count, -1, np.int8)
    for number in sorted({int(one) for samples in several for one in np.unique(samples.search) if one >= 0}):
        for samples in several:
            rows = np.flatnonzero((samples.search == number) & (search < 0))
            search[rows] = number
            for name, array in samples.values.items():
                values[name][rows] = array[rows]
                missing[name][rows] = False
    made = Samples(values, columns, search >= 0, {}, search=search)
    made.attributes = {key: name for one in several for key, name in one.attributes.items()}
    _settle(made, missing)
    return made


def coordinates_of(data_set: Any) -> npt.NDArray[Any]:
    """Return where the points of a data set are, (n, 3); those of images are computed without Python's lock."""
    for kind, convert in (
        ("vtkImageData", vtkImageDataToPointSet),
        ("vtkRectilinearGrid", vtkRectilinearGridToPointSet),
    ):
        if data_set.IsA(kind):
            to_points = convert()
            to_points.SetInputData(data_set)
            to_points.Update()
            data_set = to_points.GetOutput()
    assert isinstance(data_set, vtkPointSet)
    points = data_set.GetPoints()
    return np.zeros((0, 3)) if points is None else np.asarray(as_numpy(points.GetData()))


def array_of(values: npt.NDArray[Any], name: str, column: Column | None = None) -> Any:
    """Return a vtkDataArray of its own with these values."""
    made = copied(values)
    made.SetName(name)
    for index, text in enumerate(column.names if column else ()):
        if text:
            made.SetComponentName(index, text)
    return made


def _with_fractions(array: Any) -> Any:
    values = as_numpy(array)
    return array if values.dtype.kind == "f" else array_of(values.astype(np.float64), array.GetName(), _column(array))


def _as_numbers(array: Any) -> Any:
    """Return bits as numbers of 8 bits: numpy has no others."""
    if array.GetDataType() != VTK_BIT:
        return array
    return array_of(as_numpy(array).astype(np.uint8), array.GetName(), _column(array))


def _column(array: Any) -> Column:
    count = array.GetNumberOfComponents()
    names = tuple(array.GetComponentName(index) for index in range(count)) if array.HasAComponentName() else ()
    return Column(count, names, as_numpy(array).dtype)


def _attributes_of(data_set: Any) -> dict[int, str]:
    """Return which arrays are the scalars, vectors and so on: of the points first."""
    found: dict[int, str] = {}
    for attributes in (data_set.GetPointData(), data_set.GetCellData()):
        for kind in (vtkDataSetAttributes.SCALARS, vtkDataSetAttributes.VECTORS, vtkDataSetAttributes.NORMALS):
            array = attributes.GetAbstractAttribute(kind)
            if array is not None and array.GetName():
                found.setdefault(kind, array.GetName())
    return found


def _united(several: Sequence[dict[str, Column]]) -> dict[str, Column]:
    united: dict[str, Column] = {}
    for columns in several:
        for name, column in columns.items():
            before = united.setdefault(name, column)
            if before.components != column.components:
                raise different_sizes(name, sorted({before.components, column.components}))
            united[name] = Column(
                column.components, before.names or column.names, np.result_type(before.dtype, column.dtype)
            )
    return united


def _nothing(count: int, column: Column) -> npt.NDArray[Any]:
    shape = (count,) if column.components == 1 else (count, column.components)
    return np.full(shape, np.nan if column.dtype.kind == "f" else 0, column.dtype)


def _near(axes: npt.NDArray[Any], rows: npt.NDArray[np.int64], block: Any) -> npt.NDArray[np.int64]:
    """Return which of some places lie in the bounds of a block or close to them; `axes` are x, y, z of all."""
    bounds, margin = np.array(block.GetBounds()).reshape(3, 2), _MARGIN * block.GetLength()
    for axis, (low, high) in zip(axes, bounds, strict=True):
        rows = rows[(axis[rows] >= low - margin) & (axis[rows] <= high + margin)]
    return rows


def _cloud(coordinates: Any) -> Any:
    points, made = vtkPoints(), vtkPolyData()
    points.SetData(copied(coordinates))
    made.SetPoints(points)
    return made


def _probed(places: Any, block: Block, configure: Configure) -> tuple[dict[str, npt.NDArray[Any]], Valid]:
    if block.curved is None:
        return _probed_by_vtk(places, block, configure)
    probe = vtkProbeFilter()  # which says how exactly places are looked for, and whether that was stopped
    probe.SetSourceData(block.data)
    configure(probe)
    where, names = np.asarray(coordinates_of(places), np.float64), block.columns
    if block.plain.GetNumberOfCells():
        found, inside = _probed_by_vtk(places, block, configure)
        found = {name: np.array(values) for name, values in found.items()}
    else:
        found = {name: _nothing(len(where), column) for name, column in names.items()}
        inside = np.zeros(len(where), np.bool_)
    rest = np.flatnonzero(~inside)
    values = {name: found[name][rest] for name in names}
    tolerance = None if probe.GetComputeTolerance() else probe.GetTolerance()

    def check() -> None:
        container = probe.GetContainerAlgorithm()
        if container is not None and container.GetAbortExecute():
            raise SamplingStopped(
                "the search for values in curved cells was stopped before it had looked at all places"
            )

    seen = block.curved.look(where[rest], values, tolerance, check)
    for name, array in values.items():
        found[name][rest[seen]] = array[seen]
    inside = inside.copy()
    inside[rest[seen]] = True
    return found, inside


def _probed_by_vtk(places: Any, block: Block, configure: Configure) -> tuple[dict[str, npt.NDArray[Any]], Valid]:
    if block.locator is None:
        return _looked_up(places, block, configure)
    count = int(places.GetNumberOfPoints())
    values = {name: _nothing(count, column) for name, column in block.columns.items()}
    valid = np.zeros(count, np.bool_)
    for begin in range(0, count, _AT_ONCE):
        part = slice(begin, min(begin + _AT_ONCE, count))
        where = coordinates_at(places, np.arange(part.start, part.stop))
        found, inside = _looked_up(_cloud(_apart(where) if block.of_cells else where), block, configure)
        step = 2 if block.of_cells else 1
        valid[part] = inside[::step]
        for name, array in found.items():
            values[name][part] = array[::step]
    return values, valid


def _apart(where: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return places, after each of them one that is nowhere.

    VTK looks first into the cell that held the place before. Of cells that meet at a place it would otherwise matter
    where the part of a thread begins.
    """
    made = np.full((len(where), 2, 3), _NOWHERE)
    made[:, 0] = where
    return made.reshape(-1, 3)


def _looked_up(places: Any, block: Block, configure: Configure) -> tuple[dict[str, npt.NDArray[Any]], Valid]:
    probe, bare = vtkProbeFilter(), places.NewInstance()
    bare.CopyStructure(places)
    for attributes in (bare.GetPointData(), bare.GetCellData()):
        attributes.Initialize()  # grids share their ghost marks, and VTK writes over those of its input
    probe.SetInputData(bare)
    probe.SetSourceData(block.plain)
    if block.locator is not None:
        probe.SetCellLocator(block.locator)
    configure(probe)
    probe.Update()
    attributes = probe.GetOutput().GetPointData()
    mask = attributes.GetArray(probe.GetValidPointMaskArrayName())
    if probe.GetAbortOutput() or mask is None or mask.GetNumberOfTuples() != places.GetNumberOfPoints():
        raise SamplingStopped("the search for values was stopped before it had looked at all places")
    inside = as_numpy(mask) != 0
    return {name: as_numpy(attributes.GetArray(name)) for name in block.columns}, inside


def _settle(samples: Samples, missing: dict[str, Valid]) -> None:
    """Settle integers: those that are not everywhere get NaN where they are not, and the type that has it."""
    for name, values in samples.values.items():
        if values.dtype.kind == "f" or not missing[name].any():
            continue
        if len(values) and values.dtype.itemsize == 8 and _are_large(values):
            samples.remarks.append(f"integers of {name!r} beyond 2**53 are rounded, as some places have none (NaN)")
        settled = values.astype(np.float64)
        settled[missing[name]] = np.nan
        samples.values[name] = settled


def _are_large(values: npt.NDArray[Any]) -> bool:
    return bool(values.max() > _MOST_EXACT or values.min() < -_MOST_EXACT)
