"""What an output holds, by the names of ParaView's objects that tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from async_paraview.information import ArrayInformation, DataInformation

NOTHING: Final = (1e299, -1e299)
"""A range, or bounds, of nothing."""
_VTK_TYPES: Final = {
    "char": 2, "unsigned char": 3, "short": 4, "unsigned short": 5, "int": 6, "unsigned int": 7, "long": 8,
    "unsigned long": 9, "float": 10, "double": 11, "vtkIdType": 12, "string": 13, "bit": 1, "signed char": 15,
    "long long": 16, "unsigned long long": 17,
}  # fmt: skip


class Array:
    """An array: `Name`, `GetRange()`, `GetNumberOfComponents()`, ..."""

    def __init__(self, information: ArrayInformation) -> None:
        """Tell of an array."""
        self.Name = information.name
        self._information = information

    def GetName(self) -> str:
        """Return its name."""
        return self.Name

    def GetRange(self, component: int = 0) -> tuple[float, float]:
        """Return (lowest, highest) of a component, of the magnitude for -1. Raises IndexError."""
        one = self._information
        if component < 0 or (component == one.components > 1):
            return one.range_of("Magnitude") or NOTHING
        return one.range_of(component) or NOTHING

    GetComponentRange = GetFiniteRange = GetRange

    def GetNumberOfComponents(self) -> int:
        """Return how many components each value has."""
        return self._information.components

    def GetNumberOfTuples(self) -> int:
        """Return how many values there are."""
        return self._information.tuples

    def GetComponentName(self, component: int) -> str:
        """Return the name of a component: X, Y, Z unless it has another; "" where there is only one."""
        one = self._information
        if component < 0:
            return "Magnitude" if one.components > 1 else ""
        if component < len(one.component_names) and one.component_names[component]:
            return one.component_names[component]
        if one.components == 1:
            return ""
        return "XYZ"[component] if one.components <= 3 else str(component)

    def GetDataType(self) -> int:
        """Return the number that VTK has for its type. Raises KeyError for a type that has none."""
        return _VTK_TYPES[self._information.data_type]

    def GetDataTypeAsString(self) -> str:
        """Return the name of its type, such as "float"."""
        return self._information.data_type

    def __repr__(self) -> str:
        return f"Array: {self.Name}"


class Arrays:
    """The arrays of one association, by name: as a map, and as a list that is sorted by name."""

    def __init__(self, ask: Callable[[], DataInformation], association: str) -> None:
        """Tell of arrays of what `ask` returns, each time."""
        self._ask = ask
        self._association = association

    def _arrays(self) -> list[Array]:
        found = [Array(one) for one in self._ask().arrays if one.association == self._association]
        return sorted(found, key=lambda one: (one.Name.casefold(), one.Name))

    def keys(self) -> list[str]:
        """Return the names."""
        return [one.Name for one in self._arrays()]

    def values(self) -> list[Array]:
        """Return the arrays."""
        return self._arrays()

    def items(self) -> list[tuple[str, Array]]:
        """Return names and arrays."""
        return [(one.Name, one) for one in self._arrays()]

    def has_key(self, name: str) -> bool:
        """Return whether there is an array of that name."""
        return name in self.keys()

    def get(self, name: str, otherwise: Any = None) -> Any:
        """Return the array of that name, else `otherwise`."""
        return dict(self.items()).get(name, otherwise)

    def GetArray(self, which: str | int) -> Array | None:
        """Return an array by its name or number, None if there is none."""
        arrays = self._arrays()
        if isinstance(which, int):
            return arrays[which] if 0 <= which < len(arrays) else None
        return next((one for one in arrays if one.Name == which), None)

    GetArrayInformation = GetArray

    def GetNumberOfArrays(self) -> int:
        """Return how many there are."""
        return len(self._arrays())

    def GetArrayName(self, number: int) -> str | None:
        """Return the name of an array by its number."""
        found = self.GetArray(number)
        return None if found is None else found.Name

    def __len__(self) -> int:
        return len(self._arrays())

    def __iter__(self) -> Iterator[Array]:
        return iter(self._arrays())

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def __getitem__(self, which: str | int) -> Array:
        """Return an array by its name or number. Raises KeyError, IndexError, saying what there is."""
        found = self.GetArray(which)
        if found is None:
            kind: type[LookupError] = KeyError if isinstance(which, str) else IndexError
            names = ", ".join(self.keys()) or "none"
            raise kind(f"there is no array {which!r} among those of {self._association}; there are: {names}")
        return found

    def __repr__(self) -> str:
        return f"<arrays of {self._association}: {', '.join(self.keys()) or 'none'}>"


class Information:
    """What an output holds: `GetNumberOfPoints()`, `GetBounds()`, `GetPointDataInformation()`, ..."""

    def __init__(self, information: DataInformation) -> None:
        """Tell of an output as it was when this was asked for."""
        self._information = information

    def Update(self) -> None:
        """Do nothing: it is up to date when it is asked for."""

    @property
    def DataInformation(self) -> Information:
        """Return itself: ParaView has two objects for it."""
        return self

    def GetNumberOfPoints(self) -> int:
        """Return the number of points, of all blocks."""
        return self._information.number_of_points

    def GetNumberOfCells(self) -> int:
        """Return the number of cells, of all blocks."""
        return self._information.number_of_cells

    def GetNumberOfRows(self) -> int:
        """Return the number of rows of tables."""
        return self._information.number_of_rows

    def GetNumberOfDataSets(self) -> int:
        """Return of how many data sets it consists."""
        return _data_sets(self._information.raw.get("blocks", ())) or 1

    def GetBounds(self) -> tuple[float, ...]:
        """Return (xmin, xmax, ymin, ymax, zmin, zmax)."""
        return self._information.bounds or NOTHING * 3

    def GetExtent(self) -> tuple[int, ...]:
        """Return the extent of an image or structured grid."""
        return tuple(self._information.raw.get("extent") or (0, -1) * 3)

    def GetMemorySize(self) -> int:
        """Return what it takes on the server, in KiB."""
        return self._information.memory_kib

    def GetDataClassName(self) -> str:
        """Return the class in VTK."""
        return self._information.data_type

    GetDataSetTypeAsString = GetCompositeDataClassName = GetDataClassName

    def GetPointDataInformation(self) -> Arrays:
        """Return the arrays of points."""
        return Arrays(lambda: self._information, "POINTS")

    def GetCellDataInformation(self) -> Arrays:
        """Return the arrays of cells."""
        return Arrays(lambda: self._information, "CELLS")

    def GetFieldDataInformation(self) -> Arrays:
        """Return the arrays of the data set as a whole."""
        return Arrays(lambda: self._information, "FIELD")

    def GetRowDataInformation(self) -> Arrays:
        """Return the columns of a table."""
        return Arrays(lambda: self._information, "ROWS")

    def GetArrayInformation(self, name: str, association: int) -> Array | None:
        """Return an array by its name; 0 stands for points, 1 for cells, 2 for the whole, 6 for rows."""
        kind = {0: "POINTS", 1: "CELLS", 2: "FIELD", 6: "ROWS"}[association]
        return Arrays(lambda: self._information, kind).GetArray(name)

    def GetNumberOfTimeSteps(self) -> int:
        """Return how many times can be asked for."""
        return len(self._information.time_steps)

    def GetTimeRange(self) -> tuple[float, float]:
        """Return the first and the last time."""
        found = self._information.raw.get("time_range")
        steps = self._information.time_steps
        return (float(found[0]), float(found[1])) if found else (steps[0], steps[-1]) if steps else NOTHING

    GetTimeSpan = GetTimeRange

    def __repr__(self) -> str:
        return repr(self._information)


def _data_sets(blocks: Iterable[Mapping[str, Any]]) -> int:
    """Return how many data sets there are in blocks, and in the blocks of those."""
    return sum(_data_sets(one["blocks"]) if one.get("blocks") else bool(one.get("type")) for one in blocks)
