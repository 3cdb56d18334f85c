"""Properties of our own algorithm classes: what `reflection` finds in VTK's by their docs, these say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from .definitions import PropertyDefinition


class OwnProperties:
    """Gives a class GetX and SetX for each of its `PROPERTIES`; for a class that has Modified().

    Numbers are clamped to their range, as VTK does.
    """

    PROPERTIES: ClassVar[tuple[PropertyDefinition, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for one in cls.PROPERTIES:
            setattr(cls, f"Get{one.name}", _getter(one))
            setattr(cls, f"Set{one.name}", _setter(one))

    def _own_values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.__dict__.setdefault("_values_of_properties", {})
        return values

    def value_of(self, name: str) -> Any:
        """The present value of one of the properties."""
        default = next(one.default for one in self.PROPERTIES if one.name == name)
        return self._own_values().get(name, default)


def _getter(one: PropertyDefinition) -> Callable[[Any], Any]:
    return lambda self: self.value_of(one.name)


def _setter(one: PropertyDefinition) -> Callable[[Any, Any], None]:
    def write(self: Any, value: Any) -> None:
        if one.range is not None and one.size == 1:
            value = min(max(value, one.range[0]), one.range[1])
        if self.value_of(one.name) != value:
            self._own_values()[one.name] = value
            self.Modified()

    return write
