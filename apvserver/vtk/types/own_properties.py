"""Properties of our own algorithm classes: what `reflection` finds in VTK's by their docs, these say of themselves.

Lists of any length, and what else takes several calls, are adapters (`adapters/setters.py`), as of VTK's classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from vtkmodules.vtkCommonDataModel import vtkImplicitFunction
from vtkmodules.vtkCommonTransforms import vtkAbstractTransform

from .definitions import PropertyDefinition

_TYPES: Final[dict[str, Callable[[Any], Any]]] = {"bool": bool, "int": int, "float": float, "enum": int}


class OwnProperties:
    """Gives a class GetX and SetX for each of its `PROPERTIES`; for a class that has Modified().

    Setters take the components of a value, or one sequence of them. Numbers are clamped to their range, as VTK does.
    """

    PROPERTIES: ClassVar[tuple[PropertyDefinition, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for one in cls.PROPERTIES:
            setattr(cls, f"Get{one.name}", _getter(one))
            setattr(cls, f"Set{one.name}", _setter(one))

    def value_of(self, name: str) -> Any:
        """Return the present value of one of the properties: a tuple where it has several components."""
        default = next(one.default for one in self.PROPERTIES if one.name == name)
        return self._own_values().get(name, default)

    def _own_values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.__dict__.setdefault("_values_of_properties", {})
        return values


def switch(name: str, default: bool, doc: str = "") -> PropertyDefinition:
    """Return the definition of a property that is on or off."""
    return PropertyDefinition(name, "bool", 1, default, doc=doc)


def number(
    name: str, default: float, doc: str = "", *, limits: tuple[float, float] | None = None
) -> PropertyDefinition:
    """Return the definition of a property that is a number, an integer if its default is: within limits, if any."""
    return PropertyDefinition(name, "int" if isinstance(default, int) else "float", 1, default, range=limits, doc=doc)


def text(name: str, default: str | None = "", doc: str = "", *, path: bool = False) -> PropertyDefinition:
    """Return the definition of a property that is a text, or the path of a file or directory on the server."""
    return PropertyDefinition(name, "str", 1, default, doc=doc, path=path)


def implicit_function(name: str, doc: str = "") -> PropertyDefinition:
    """Return the definition of a property that holds an implicit function, or None."""
    return PropertyDefinition(name, "object", 1, None, doc=doc, kind="object", candidates=_FUNCTIONS)


def transform(name: str, doc: str = "") -> PropertyDefinition:
    """Return the definition of a property that holds a transform, or None."""
    return PropertyDefinition(name, "object", 1, None, doc=doc, kind="object", candidates=("vtkTransform",))


_FUNCTIONS: Final = ("vtkPlane", "vtkBox", "vtkSphere", "vtkCylinder", "vtkCone", "vtkQuadric")


def _getter(one: PropertyDefinition) -> Callable[[Any], Any]:
    return lambda self: self.value_of(one.name)


def _setter(one: PropertyDefinition) -> Callable[..., None]:
    def write(self: Any, *values: Any) -> None:
        value = _converted(one, values)
        if self.value_of(one.name) != value:
            self._own_values()[one.name] = value
            self.Modified()

    return write


def _converted(one: PropertyDefinition, values: tuple[Any, ...]) -> Any:
    """Return what a setter was given, as its property holds it."""
    several = values[0] if one.size > 1 and len(values) == 1 else values
    components = tuple(_clamped(one, value) for value in several)
    if len(components) != one.size:
        raise TypeError(f"{one.name} has {one.size} components, not {len(components)}")
    return components if one.size > 1 else components[0]


def _clamped(one: PropertyDefinition, value: Any) -> Any:
    if one.kind == "object" and value is not None:
        kind = vtkImplicitFunction if one.candidates is _FUNCTIONS else vtkAbstractTransform
        if not isinstance(value, kind):
            raise TypeError(f"{one.name} holds a {kind.__name__}, not {type(value).__name__}")
    held = _TYPES[one.type](value) if one.type in _TYPES else value
    return held if one.range is None else min(max(held, one.range[0]), one.range[1])
