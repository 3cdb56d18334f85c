"""The arrays of one attribute set by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..displays import table
from .array_views import Values, values
from .description import AttributesDescription


class ArrayMap(Mapping[str, Values]):
    """Name -> read-only array: (n,) or (n, components); bits are bool, strings are objects of type str.

    Numbers are views of the received memory. Arrays without a name are not listed (`DataSet.to_vtk` has them);
    of several with the same name the first counts, as in VTK.
    """

    def __init__(self, attributes: AttributesDescription) -> None:
        self._attributes = attributes
        self._by_name = {array.name: array for array in reversed(attributes.arrays) if array.name is not None}
        self._made: dict[str, Values] = {}

    def __getitem__(self, name: str) -> Values:
        if name not in self._made:
            self._made[name] = values(self._by_name[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(array.name for array in self._attributes.arrays if array.name is not None))

    def __len__(self) -> int:
        return len(self._by_name)

    @property
    def active(self) -> dict[str, str | None]:
        """Return the names of the active arrays by attribute (`Scalars`, `Vectors`, ...); None: it has no name."""
        return {key: self._attributes.arrays[place].name for key, place in self._attributes.active}

    def rows(self) -> list[tuple[str, str]]:
        """Return what a table has of them: their names, and what they hold."""
        arrays = [(name, self._by_name[name]) for name in self]
        return [(name, f"{array.tuples} x {array.components} {array.type}") for name, array in arrays]

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name}: {held}" for name, held in self.rows())
        return f"<arrays {shapes or 'none'}>"

    def _repr_html_(self) -> str:
        return table("arrays", self.rows())
