"""`dataclass` as the standard library has it, in a fraction of the time for frozen ones, of which there are hundreds.

That compiles up to six methods from text for each class as it is imported, a third of a millisecond. Here all but
`__init__` are closures, and that is compiled when it is first asked for. How such classes behave is the same; one with
an InitVar is none for this.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, repr=True, eq=True, slots=False, kw_only=False, **more):
        """Return the class with the methods of `dataclasses.dataclass`."""

        def made(one: type) -> type:
            if frozen and not more:
                return _frozen(one, has_repr=repr, has_eq=eq, slots=slots, kw_only=kw_only)
            return dataclasses.dataclass(one, frozen=frozen, repr=repr, eq=eq, slots=slots, kw_only=kw_only, **more)

        return made if cls is None else made(cls)


class _Left:
    def __repr__(self) -> str:
        return "<factory>"


_LEFT: Final = _Left()
"""Stands in a signature for what a factory makes."""


def _frozen(cls: type, *, has_repr: bool, has_eq: bool, slots: bool, kw_only: bool) -> Any:
    noted = (getattr(one, "__dataclass_params__", None) for one in cls.__mro__[1:])
    has_frozen_base = any(one is not None and one.frozen for one in noted)
    has_hash = cls.__dict__.get("__hash__") is not None
    cls.__doc__ = cls.__doc__ or cls.__name__  # else its signature would be found out for that
    made: Any = dataclasses.dataclass(
        cls, init=False, repr=False, eq=False, frozen=has_frozen_base, slots=slots, kw_only=kw_only
    )
    made.__dataclass_params__ = _parameters_of(made, has_repr=has_repr, has_eq=has_eq)
    every = fields(made)
    methods: dict[str, Any] = {}
    if not has_frozen_base:
        names = frozenset(one.name for one in every)
        methods |= {"__setattr__": _setter(made, names), "__delattr__": _deleter(made, names)}
        if slots:
            methods |= {"__getstate__": _state, "__setstate__": _set_state}
    if has_repr:
        methods["__repr__"] = _repr
    if has_eq:
        values = _values([one.name for one in every if one.compare])
        methods["__eq__"] = _equality(values)
        hashed = [one.name for one in every if (one.compare if one.hash is None else one.hash)]
        methods["__hash__"] = _hash(_values(hashed))
    methods["__init__"] = _Init(made)
    for name, method in methods.items():
        if not (has_hash if name == "__hash__" else name in made.__dict__):
            setattr(made, name, method)
    return made


def _parameters_of(made: Any, *, has_repr: bool, has_eq: bool) -> Any:
    """Return what `dataclasses` notes of a class, as it would be had that made all methods."""
    noted = made.__dataclass_params__
    noted.init, noted.repr, noted.eq, noted.frozen = True, has_repr, has_eq, True
    return noted


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda one: ()
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda one: (get(one),)


def _equality(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], Any]:
    def __eq__(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(values(self))

    return __hash__


def _setter(cls: Any, names: frozenset[str]) -> Callable[[Any, str, Any], None]:
    def __setattr__(self: Any, name: str, value: Any) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    return __setattr__


def _deleter(cls: Any, names: frozenset[str]) -> Callable[[Any, str], None]:
    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __delattr__


@recursive_repr()
def _repr(self: Any) -> str:
    told = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({told})"


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


class _Init:
    """Stands in a class for its `__init__`, and puts it there when somebody asks for it."""

    def __init__(self, cls: Any) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: object = None) -> Any:
        made = _made_init(self._cls)
        self._cls.__init__ = made
        return made if instance is None else made.__get__(instance, owner)


def _made_init(cls: Any) -> Any:
    there: dict[str, Any] = {"_set": object.__setattr__, "_LEFT": _LEFT}
    places: list[str] = []
    by_name: list[str] = []
    lines: list[str] = []
    for number, one in enumerate(fields(cls)):
        name, value, default = one.name, one.name, ""
        if one.default is not MISSING:
            there[f"_default{number}"] = one.default
            default = f"_default{number}"
            value = value if one.init else default
        elif one.default_factory is not MISSING:
            there[f"_make{number}"] = one.default_factory
            default = "_LEFT"
            value = f"_make{number}() if {name} is _LEFT else {name}" if one.init else f"_make{number}()"
        elif not one.init:
            continue
        if one.init:
            (by_name if one.kw_only else places).append(f"{name}={default}" if default else name)
        lines.append(f" _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    told = ", ".join(["self", *places, *(["*", *by_name] if by_name else [])])
    exec("\n".join([f"def __init__({told}):", *lines, " return None"]), there)  # noqa: S102  names of fields alone
    made = there["__init__"]
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    made.__annotations__ = {one.name: one.type for one in fields(cls) if one.init} | {"return": None}
    return made
