"""The variables of statistical models: components of arrays as columns of numbers, over all blocks of data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonDataModel import vtkTable

from async_paraview.records import dataclass

from ...base.array_types import as_numpy, copied
from ...base.blocks import parts, uncovered
from ...base.errors import InvalidProperty
from ..measures.histograms import counting

Numbers = npt.NDArray[np.float64]
_GHOSTS: Final = "vtkGhostType"


@dataclass(frozen=True)
class Variables:
    """Columns by name, a number for each element of all blocks; which elements count; how many each block has."""

    columns: dict[str, Numbers]
    counted: npt.NDArray[np.bool_]
    sizes: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.columns)

    def finite_rows(self) -> npt.NDArray[np.intp]:
        """Return which elements count and have finite numbers in all columns."""
        finite = np.logical_and.reduce([np.isfinite(one) for one in self.columns.values()])
        return np.flatnonzero(self.counted & finite)

    def table(self, rows: Any = slice(None)) -> Any:
        """Return the columns, or some rows of them, as a table of VTK."""
        return table_of({name: values[rows] for name, values in self.columns.items()})


def table_of(columns: dict[str, Numbers]) -> Any:
    """Return columns of numbers as a table of VTK."""
    made = vtkTable()
    for name, values in columns.items():
        array = copied(np.ascontiguousarray(values, np.float64))
        array.SetName(name)
        made.AddColumn(array)
    return made


def variables_of(data: Any, association: int, wanted: Sequence[str]) -> Variables:
    """Return the arrays of these names that all blocks have, all of them if no names are given, a column a component.

    Hidden elements and copies of those of other pieces do not count. Raises `InvalidProperty` for what is not there.
    """
    blocks = blocks_of(data, association)
    names = _numeric(_attributes(one, association) for one in blocks)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise InvalidProperty(
            f"VariablesofInterest: no array of numbers is called {missing[0]!r}; there is "
            f"{', '.join(map(repr, names)) or 'none'}"
        )
    taken = list(wanted) or list(names)
    if not taken:
        raise InvalidProperty("there is no array of numbers that all blocks have with the AttributeMode that is set")
    sizes = tuple(_attributes(one, association).GetArray(taken[0]).GetNumberOfTuples() for one in blocks)
    columns: dict[str, Numbers] = {}
    for name in taken:
        columns |= _columns(name, [_attributes(one, association).GetArray(name) for one in blocks])
    wrong = [name for name, values in columns.items() if len(values) != sum(sizes)]
    if wrong:
        raise InvalidProperty(f"VariablesofInterest: {wrong[0]!r} has another number of values than {taken[0]!r}")
    counted = [_counted(one, association, size) for one, size in zip(blocks, sizes, strict=True)]
    return Variables(columns, np.concatenate(counted), sizes)


def blocks_of(data: Any, association: int) -> list[Any]:
    """Return the blocks with elements of that kind; cells that finer levels cover are hidden there."""
    with_attributes = [one for one in parts(uncovered(data)) if _attributes(one, association) is not None]
    return [one for one in with_attributes if one.GetNumberOfElements(association)]


def _attributes(data: Any, association: int) -> Any:
    return data.GetAttributesAsFieldData(association)


def _numeric(fields: Iterable[Any]) -> list[str]:
    """Return the names of arrays of numbers that all of these have, with the same number of components."""
    common: dict[str, int] | None = None
    for one in fields:
        arrays = [array for i in range(one.GetNumberOfArrays()) if (array := one.GetArray(i)) is not None]
        found = {a.GetName(): a.GetNumberOfComponents() for a in arrays if a.GetName() and a.GetName() != _GHOSTS}
        common = found if common is None else {n: c for n, c in common.items() if found.get(n) == c}
    return list(common or ())


def _columns(name: str, arrays: list[Any]) -> dict[str, Numbers]:
    values = np.concatenate([as_numpy(one).reshape(one.GetNumberOfTuples(), -1).astype(np.float64) for one in arrays])
    count = values.shape[1]
    return {name: values[:, 0]} if count == 1 else {f"{name}_{i}": values[:, i] for i in range(count)}


def _counted(block: Any, association: int, size: int) -> npt.NDArray[np.bool_]:
    """Return which elements are neither hidden nor copies of those of other pieces."""
    if block.IsA("vtkDataSet"):
        seen: npt.NDArray[np.bool_] = counting(block, association, size)
        return seen
    ghosts = _attributes(block, association).GetArray(_GHOSTS)
    if ghosts is None or ghosts.GetNumberOfTuples() != size:
        return np.ones(size, bool)
    return np.asarray(as_numpy(ghosts) == 0)
