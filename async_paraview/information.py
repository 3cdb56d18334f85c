"""What an output holds, as frozen values."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from services_core.old_names import warn_of_old

from .displays import numbers, table
from .records import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class ArrayInformation:
    """An array: where it is ("POINTS", "CELLS", "FIELD", "ROWS"), its type, size and ranges.

    `data_type` is the name of VTK's type, such as "float", `tuples` the number of values of `components` each. Ranges
    are (lowest, highest), over all blocks.
    """

    name: str
    association: str
    data_type: str
    components: int
    component_names: tuple[str, ...]
    tuples: int
    ranges: tuple[tuple[float, float] | None, ...]
    """The range of each component; None where there is no number."""
    magnitude_range: tuple[float, float] | None
    attribute: str = ""
    """What the array is marked as: "Scalars", "Vectors", "Normals", ..."""

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> ArrayInformation:
        """Make it of what the data service answers (docs/protocol.md, "Information")."""
        magnitude = plain["magnitude_range"]
        return cls(
            name=plain["name"],
            association=plain["association"],
            data_type=plain["type"],
            components=plain["components"],
            component_names=tuple(plain["component_names"]),
            tuples=plain["tuples"],
            ranges=tuple(None if one is None else (one[0], one[1]) for one in plain["ranges"]),
            magnitude_range=None if magnitude is None else (magnitude[0], magnitude[1]),
            attribute=plain.get("attribute", ""),
        )

    def range_of(self, component: int | str) -> tuple[float, float] | None:
        """Return the range of a component, or of the "Magnitude".

        The magnitude of one component is the number itself. None where there is no number; IndexError is raised for a
        component that the array does not have.
        """
        if isinstance(component, int):
            return self.ranges[component]
        return self.ranges[0] if self.components == 1 else self.magnitude_range

    def __repr__(self) -> str:
        return f"<{self.association} {self.name}: {self._held()}>"

    def _held(self) -> str:
        size = f"{self.tuples} x {self.components} {self.data_type}"
        known = [None if one is None else f"{one[0]:g} to {one[1]:g}" for one in self.ranges]
        return f"{size}, {', '.join(one or 'no number' for one in known)}" if any(known) else size

    def row(self) -> tuple[str, str]:
        """Return what a table has of it: its place and name, and what it holds."""
        return f"{self.association} {self.name}", self._held()

    def _repr_html_(self) -> str:
        return table("array", [self.row()])


@dataclass(frozen=True, slots=True, repr=False)
class DataInformation:
    """What an output holds, as the data service tells it (docs/protocol.md, "Information").

    `data_type` is the class in VTK. Numbers of points, cells and rows are those of all blocks together; `bounds` are
    (xmin, xmax, ymin, ymax, zmin, zmax), None where there is nothing. `memory_kib` is what the data takes on the
    server, in KiB, and `time_steps` are the times that can be asked for. `raw` has all that the server told.
    """

    data_type: str
    number_of_points: int
    number_of_cells: int
    number_of_rows: int
    bounds: tuple[float, ...] | None
    memory_kib: int
    arrays: tuple[ArrayInformation, ...]
    time_steps: tuple[float, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def filled(self) -> dict[str, Any]:
        """Return the properties that nobody has set and that the server took from the inputs, as it executed.

        Those of objects that properties hold are "SliceType.Origin".
        """
        return dict(self.raw.get("filled", {}))

    @property
    def offered(self) -> dict[str, dict[str, bool]]:
        """Return what the files of a reader had to choose of, by property: names, and whether each was read."""
        return {name: dict(there) for name, there in self.raw.get("offered", {}).items()}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> DataInformation:
        """Make it of what the data service answers (docs/protocol.md, "Information")."""
        return cls(
            data_type=plain["type"],
            number_of_points=plain["points"],
            number_of_cells=plain["cells"],
            number_of_rows=plain["rows"],
            bounds=None if plain["bounds"] is None else tuple(plain["bounds"]),
            memory_kib=plain["memory_kib"],
            arrays=tuple(ArrayInformation.from_dict(array) for array in plain["arrays"]),
            time_steps=tuple(plain["time_steps"]),
            raw=plain,
        )

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> DataInformation:
        """Call `from_dict`, which had this name."""
        warn_of_old("DataInformation.from_plain", "DataInformation.from_dict")
        return cls.from_dict(plain)

    def array(self, name: str, association: str | None = None) -> ArrayInformation:
        """Return the array of that name. Raises KeyError, listing the names there are."""
        for array in self.arrays:
            if array.name == name and association in (None, array.association):
                return array
        known = ", ".join(f"{array.association} {array.name}" for array in self.arrays) or "none"
        raise KeyError(f"there is no array {name!r}; the arrays are: {known}")

    def __repr__(self) -> str:
        names = ", ".join(f"{array.association} {array.name}" for array in self.arrays) or "no arrays"
        return f"<{self.data_type}: {self._counts()}; {names}>"

    def rows(self) -> list[tuple[str, str]]:
        """Return what a table has of it: what there is, and how much of it."""
        rows = [("size", f"{self._counts()}, {self.memory_kib} KiB"), ("bounds", numbers(self.bounds))]
        if self.time_steps:
            first, last = self.time_steps[0], self.time_steps[-1]
            rows.append(("times", f"{len(self.time_steps)}, from {first:g} to {last:g}"))
        return [*rows, *(array.row() for array in self.arrays)]

    def _counts(self) -> str:
        counts = {"points": self.number_of_points, "cells": self.number_of_cells, "rows": self.number_of_rows}
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing in it"

    def _repr_html_(self) -> str:
        return table(self.data_type, self.rows())

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text("\n".join([self.data_type, *(f"  {what:<24} {held}" for what, held in self.rows())]))
