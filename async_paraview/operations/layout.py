"""How a dataclass travels as a map: its fields, read exactly, with words for what is missing or of the wrong type."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, Final, Generic, NoReturn, TypeVar, get_type_hints

from ..records import dataclass
from .errors import MissingField
from .wire_types import WireType, wire_type

T = TypeVar("T")

_ABSENT: Final = object()
"""What a map gives for a field that it does not have."""
_new: Final = object.__new__


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """One field: its name, type and default."""

    name: str
    type: WireType
    make_default: Callable[[], Any] | None
    """None: the field must be there."""


class Layout(Generic[T]):
    """The fields of one class, a frozen dataclass with slots. Made once for each; thread-safe."""

    def __init__(self, cls: type[T]) -> None:
        hints = get_type_hints(cls)
        declared: tuple[Any, ...] = fields(cls)  # type: ignore[arg-type]  # of a dataclass
        self._cls = cls
        self.fields: tuple[FieldLayout, ...] = tuple(
            FieldLayout(one.name, wire_type(hints[one.name]), _make_default(one)) for one in declared
        )
        self._by_name = {one.name: one for one in self.fields}
        fixed = [_ABSENT if one.default is MISSING else one.default for one in declared]
        self._defaults = tuple(zip(self._by_name, fixed, strict=True))
        # A frozen instance is filled by the descriptors of its slots: `__init__` would cost as much as all the rest.
        self._steps = tuple(
            (one.name, one.type.exact, default, one.make_default, one.type.read, cls.__dict__[one.name].__set__)
            for one, default in zip(self.fields, fixed, strict=True)
        )

    def read(self, plain: Mapping[str, Any], what: str) -> T:
        """Return the value that a map holds; fields that the class does not have are ignored.

        Raises MissingField; `what` says in its message whose field it is.
        """
        made = _new(self._cls)
        for name, exact, default, make_default, read, put in self._steps:
            value = plain.get(name, default)
            if value is _ABSENT:
                value = self._missing(name, plain, what) if make_default is None else make_default()
            elif type(value) is not exact and value is not default:
                try:
                    value = read(value)
                except TypeError:
                    self._refuse(name, f"{value!r:.80}", what)
            put(made, value)
        return made

    def write(self, value: T, plain: dict[str, Any]) -> dict[str, Any]:
        """Return `plain` with the fields that are not as they would be if they were left out. Nothing is copied."""
        for name, default in self._defaults:
            content = getattr(value, name)
            if content is not default:
                plain[name] = content
        return plain

    def _missing(self, name: str, plain: Mapping[str, Any], what: str) -> NoReturn:
        near = difflib.get_close_matches(name, [str(one) for one in plain if one not in self._by_name], n=1)
        self._refuse(name, f"none, but {near[0]!r}" if near else "none", what)

    def _refuse(self, name: str, came: str, what: str) -> NoReturn:
        spelling = self._by_name[name].type.spelling
        raise MissingField(f"{what} needs a field {name!r} of type {spelling}, got {came}") from None


_layouts: Final[dict[type[Any], Layout[Any]]] = {}


def layout_of(cls: type[T]) -> Layout[T]:
    """Return the layout of a dataclass. Raises TypeError if one of its fields cannot travel."""
    layout = _layouts.get(cls)
    if layout is None:
        layout = _layouts[cls] = Layout(cls)
    return layout


def _make_default(field: Any) -> Callable[[], Any] | None:
    factory: Callable[[], Any] | None = None if field.default_factory is MISSING else field.default_factory
    return factory if factory is not None or field.default is MISSING else lambda: field.default
