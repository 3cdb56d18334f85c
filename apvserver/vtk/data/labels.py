"""What labels of an output say, and where: of points and cells that are drawn, and of lines of contours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import VTK_DOUBLE, vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkStripper

from async_paraview.names import unknown_name
from async_paraview.records import dataclass
from async_paraview.scene.props.labels import CELL_LABEL, CONTOUR_LABEL, KINDS_OF_LABELS, POINT_LABEL

from ..base.array_types import as_numpy
from ..base.associations import CELLS, ORIGIN_BLOCKS, ORIGIN_IDS, POINTS, Association, GeometryError, attributes_of
from ..base.data_making import array_of, cells_of, points_of
from ..base.property_set import PropertySet
from ..geometry.extraction import FULL, extract
from .original_ids import blocks_of, numbered

Floats = npt.NDArray[np.float64]

SAYS: Final = "says"
"""The array of numbers or texts of the points of a part, or of its lines."""
OWNER: Final = "owner"
"""The array that tells labels of the same cell: it is seen at several of its faces."""
_MORE: Final = 10
"""So many times as many are looked at as there may be labels: some are hidden, or have no room."""
_MOST: Final = 2000
_MOST_LINES: Final = 500
_MOST_POINTS_OF_A_LINE: Final = 400
_LONGEST_STRIP: Final = 100_000
_SAME: Final = 1e-5
"""Of the range of the numbers of all lines: those of one line do not differ by more."""


@dataclass(frozen=True)
class LabelParts:
    """What labels say, by their kinds: points, or lines, with an array SAYS; and how many there could be."""

    parts: Mapping[str, Any]
    counts: Mapping[str, int]
    remark: str | None = None
    """What is to be said of those that are left out."""


NO_LABELS: Final = LabelParts({}, {})


def label_parts(data: Any, properties: PropertySet) -> LabelParts:
    """Return what labels are to say. Raises `GeometryError` for an array that there is not."""
    parts: dict[str, Any] = {}
    counts: dict[str, int] = {}
    remark = None
    wanted = [kind for kind in KINDS_OF_LABELS if properties[f"{kind}Visibility"]]
    drawn = _Drawn(data, properties) if {POINT_LABEL, CELL_LABEL} & set(wanted) else None
    for kind in wanted:
        if kind == CONTOUR_LABEL:
            parts[kind], counts[kind], remark = _contours(data, properties)
        elif drawn is not None:
            association: Association = POINTS if kind == POINT_LABEL else CELLS
            name = properties[KINDS_OF_LABELS[kind]]
            parts[kind], counts[kind] = drawn.labels(association, name, properties["MaximumNumberOfLabels"])
    return LabelParts(parts, counts, remark)


@dataclass(frozen=True)
class _Chosen:
    """Some points or cells: the numbers of their blocks, their own, and where each is."""

    blocks: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]
    places: Floats


class _Drawn:
    """What is drawn of data; where nothing of its points or cells is, the data itself."""

    def __init__(self, data: Any, properties: PropertySet) -> None:
        self._blocks = dict(blocks_of(data))
        self._drawn = extract(numbered(data), properties).parts[FULL]

    def labels(self, association: Association, name: str | None, most: int) -> tuple[Any, int]:
        """Return points with what labels of some of them say, spread evenly, and how many there are at all."""
        _require(self._blocks.values(), association, name)
        count, chosen = self._chosen(association, min(_MOST, most * _MORE))
        arrays = {number: _array(leaf, association, name) for number, leaf in self._blocks.items()}
        has = np.array([name is None or arrays[block] is not None for block in chosen.blocks.tolist()], bool)
        has &= np.isfinite(chosen.places).all(axis=1)
        blocks, ids = chosen.blocks[has], chosen.ids[has]
        if name is None:
            says: Any = ids
        else:
            says = [_value(arrays[block], id_) for block, id_ in zip(blocks.tolist(), ids.tolist(), strict=True)]
        made = vtkPolyData()
        made.SetPoints(points_of(chosen.places[has].reshape(-1, 3)))
        made.GetPointData().AddArray(array_of(_alike(says), SAYS))
        owners = np.unique(np.column_stack([blocks, ids]), axis=0, return_inverse=True)[1].ravel()
        made.GetPointData().AddArray(array_of(owners.astype(np.int64), OWNER))
        return made, count

    def _chosen(self, association: Association, most: int) -> tuple[int, _Chosen]:
        attributes = attributes_of(self._drawn, association)
        ids, blocks = attributes.GetArray(ORIGIN_IDS), attributes.GetArray(ORIGIN_BLOCKS)
        if ids is None:
            return self._of_data(association, most)
        found = _spread(ids.GetNumberOfTuples(), most)
        places = [_place(self._drawn, association, one) for one in found.tolist()]
        all_ids, all_blocks = as_numpy(ids), as_numpy(blocks)
        owners = np.sort(all_blocks * (all_ids.max(initial=0) + 1) + all_ids)  # a cell has several faces
        count = int((np.diff(owners) != 0).sum()) + bool(len(owners))
        return count, _Chosen(all_blocks[found], all_ids[found], np.array(places).reshape(-1, 3))

    def _of_data(self, association: Association, most: int) -> tuple[int, _Chosen]:
        sizes = [_size(leaf, association) for leaf in self._blocks.values()]
        ends = np.cumsum([0, *sizes])
        found = _spread(int(ends[-1]), most)
        at = np.searchsorted(ends, found, side="right") - 1
        numbers, leaves = list(self._blocks), list(self._blocks.values())
        ids = found - ends[at]
        places = [_place(leaves[block], association, id_) for block, id_ in zip(at.tolist(), ids.tolist(), strict=True)]
        blocks = np.array([numbers[block] for block in at.tolist()], np.int64)
        return int(ends[-1]), _Chosen(blocks, ids.astype(np.int64), np.array(places).reshape(-1, 3))


def _require(leaves: Iterable[Any], association: Association, name: str | None) -> None:
    leaves = list(leaves)
    if name is None or any(_array(leaf, association, name) is not None for leaf in leaves):
        return
    attributes = [attributes_of(leaf, association) for leaf in leaves]
    there = {str(one.GetArrayName(index)) for one in attributes for index in range(one.GetNumberOfArrays())}
    what = "point" if association == POINTS else "cell"
    raise GeometryError(f"labels: {unknown_name(f'{what} array', name, sorted(there))}")


def _array(leaf: Any, association: Association, name: str | None) -> Any:
    return None if name is None else attributes_of(leaf, association).GetAbstractArray(name)


def _value(array: Any, id_: int) -> Any:
    if not isinstance(array, vtkDataArray):
        return str(array.GetVariantValue(id_).ToString())
    found = array.GetTuple(id_) if array.GetDataType() == VTK_DOUBLE else as_numpy(array)[id_]
    values = np.atleast_1d(np.asarray(found)).tolist()
    return values[0] if len(values) == 1 else values


def _alike(says: Any) -> Any:
    """Return numbers as such if all are, else texts."""
    if isinstance(says, np.ndarray):
        return says
    if any(isinstance(one, str) for one in says):
        return [str(one) for one in says] or [""]
    shapes = {np.shape(one) for one in says}
    return np.array(says) if len(shapes) == 1 else [str(one) for one in says] if says else np.zeros(0)


def _size(leaf: Any, association: Association) -> int:
    return int(leaf.GetNumberOfPoints() if association == POINTS else leaf.GetNumberOfCells())


def _place(data_set: Any, association: Association, id_: int) -> Sequence[float]:
    if association == POINTS:
        place: Sequence[float] = data_set.GetPoint(id_)
        return place
    corners = as_numpy(data_set.GetCell(id_).GetPoints().GetData()).reshape(-1, 3)
    middle: Sequence[float] = corners.mean(axis=0, dtype=np.float64).tolist()
    return middle


def _spread(count: int, most: int) -> npt.NDArray[np.int64]:
    """Return at most so many numbers below `count`, evenly, in an order of which each beginning is spread, too."""
    stride = max(1, -(-count // most))
    found = np.arange(0, count, stride, dtype=np.int64)
    bits = max(1, int(len(found) - 1).bit_length())
    turned = sum(((np.arange(1 << bits) >> bit) & 1) << (bits - 1 - bit) for bit in range(bits))
    order = np.asarray(turned)[np.asarray(turned) < len(found)]
    return np.asarray(found[order], np.int64)


def _contours(data: Any, properties: PropertySet) -> tuple[Any, int, str | None]:
    """Return lines with their numbers, the longest first; how many there are, and what is to be said of others."""
    leaves = [leaf for _, leaf in blocks_of(data) if isinstance(leaf, vtkPolyData) and leaf.GetNumberOfLines()]
    if not leaves:
        raise GeometryError("labels of contours stand along lines, and this data has none: make contours of a slice")
    name = _name_of_numbers(leaves, properties)
    _require(leaves, POINTS, name)
    lines = [one for leaf in leaves if leaf.GetPointData().HasArray(name) for one in _lines(leaf, name)]
    numbers = np.concatenate([values for _, values in lines]) if lines else np.zeros(1)
    exact = _SAME * float(np.ptp(numbers)) or _SAME * float(np.abs(numbers).max())
    level = [one for one in lines if np.ptp(one[1]) <= exact]
    level.sort(key=lambda one: -_length(one[0]))
    varied = len(lines) - len(level)
    remark = (
        f"{varied} of {len(lines)} lines have no labels: {name!r} is not the same all along them" if varied else None
    )
    return _as_lines(level[:_MOST_LINES]), len(level), remark


def _name_of_numbers(leaves: Sequence[Any], properties: PropertySet) -> str:
    name, color_by = properties[KINDS_OF_LABELS[CONTOUR_LABEL]], properties["ColorBy"]
    if name is None and color_by is not None and color_by.association == POINTS:
        name = color_by.name
    if name is None:
        scalars = (leaf.GetPointData().GetScalars() for leaf in leaves)
        name = next((one.GetName() for one in scalars if one is not None), None)
    if name is None:
        raise GeometryError("labels of contours: set ContourLabelArrayName to the array whose values they say")
    return str(name)


def _lines(leaf: Any, name: str) -> list[tuple[Floats, Floats]]:
    """Return the places and numbers along each line, those joined that go on where another ends."""
    bare = vtkPolyData()
    bare.SetPoints(leaf.GetPoints())
    bare.SetLines(leaf.GetLines())
    bare.GetPointData().AddArray(leaf.GetPointData().GetArray(name))
    stripper = vtkStripper()
    stripper.SetInputData(bare)
    stripper.SetJoinContiguousSegments(True)
    stripper.SetMaximumLength(_LONGEST_STRIP)
    stripper.Update()
    joined = stripper.GetOutput()
    places = as_numpy(joined.GetPoints().GetData()).reshape(-1, 3).astype(np.float64)
    numbers = as_numpy(joined.GetPointData().GetArray(name)).reshape(len(places), -1)[:, 0].astype(np.float64)
    offsets = as_numpy(joined.GetLines().GetOffsetsArray()).ravel()
    corners = as_numpy(joined.GetLines().GetConnectivityArray()).ravel()
    found = []
    for first, last in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        along = corners[first:last]
        if len(along) > 1 and np.isfinite(numbers[along]).all() and np.isfinite(places[along]).all():
            found.append((places[along], numbers[along]))
    return found


def _length(places: Floats) -> float:
    return float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum())


def _as_lines(lines: Sequence[tuple[Floats, Floats]]) -> Any:
    made = vtkPolyData()
    thinned = [places[_thinned(len(places))] for places, _ in lines]
    sizes = [len(one) for one in thinned]
    made.SetPoints(points_of(np.concatenate(thinned) if thinned else np.zeros((0, 3))))
    made.SetLines(cells_of(np.cumsum([0, *sizes]), np.arange(sum(sizes))))
    numbers = np.array([float(np.median(values)) for _, values in lines])
    made.GetCellData().AddArray(array_of(numbers, SAYS))
    return made


def _thinned(count: int) -> npt.NDArray[np.int64]:
    most = min(count, _MOST_POINTS_OF_A_LINE)
    return np.unique(np.linspace(0, count - 1, most).round().astype(np.int64))
