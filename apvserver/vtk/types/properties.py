"""Setting properties from values that came over a wire: all are checked, then all applied, then read back."""

import numbers
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from async_paraview.records import dataclass
from async_paraview.values import check_one_file, entry_number
from services_core import suggest

from ..base.data_roots import allowed_path, by_names_alone, writable_path
from ..base.errors import InvalidProperty, UnknownProperty
from .adapters.setters import Adapter, adapters_of
from .definitions import Accessor, Adjustment, PropertyDefinition, Reflected
from .reflection import reflected

INFORMATION = "is information: it is read after an execution, and cannot be set"
"""What is said to whoever sets an information property."""

REACH_FILES = frozenset({"vtkGeoTransform", "vtkSQLDatabaseTableSource"})
"""Types with texts that lead to files and are no names of files: databases and queries, projections."""

_MAY_BE_NAN = re.compile("Null|Empty|Replacement|Fill|Background|OutValue|NanValue|Invalid|Missing|Default")
"""Names of properties whose value is written where there is no result: NaN marks such places."""

_ARTICLES = {"int": "an integer", "float": "a number", "str": "a string", "bool": "True or False"}


class _Change(NamedTuple):
    instance: Any
    how: Accessor | Adapter
    value: Any
    requested: Any
    label: str


class Setting(NamedTuple):
    """A value for a property of a VTK instance; `label` is what messages call the property."""

    instance: Any
    property: str
    value: Any
    label: str


@dataclass(frozen=True)
class Reset:
    """A property of a VTK instance that is to be as it is in `fresh`, one that was made anew.

    With `index` only that place of a list is meant.
    """

    instance: Any
    fresh: Any
    property: str
    index: int | None
    label: str


def set_properties(algorithm: Any, properties: Mapping[str, Any]) -> list[Adjustment]:
    """Set properties of an algorithm by their VTK names; what VTK changed of them is returned.

    Everything is checked first: with `UnknownProperty` or `InvalidProperty` nothing was applied. Setting a value
    that the algorithm has already does not make it out of date. None for a string means none, or an empty one.
    """
    name = type(algorithm).__name__
    return apply_settings([Setting(algorithm, key, value, f"{name}.{key}") for key, value in properties.items()])


def apply_settings(
    settings: Iterable[Setting], resets: Iterable[Reset] = (), then: Callable[[], None] = lambda: None
) -> list[Adjustment]:
    """Set properties of several instances at once, after the resets: all of the settings are made, or none.

    `then` is what else belongs to them: if it raises `InvalidProperty`, none is made.
    """
    checked, resets = [_checked(setting) for setting in settings], list(resets)
    if not checked and not resets:
        then()
        return []
    changes = [*(change for reset in resets if (change := _restored(reset)) is not None), *checked]
    _apply_all(changes, then)
    for reset in resets:
        _reset_partial(reset)
    return [adjustment for change in changes for adjustment in _adjustments(change)]


def set_object(instance: Any, name: str, value: Any) -> None:
    """Set an object-valued property to a VTK object or None. Raises `UnknownProperty`, `InvalidProperty`."""
    known = reflected(type(instance).__name__)
    if _definition(known, name).kind != "object":
        raise InvalidProperty(f"{known.definition.type_name}.{name} takes plain values, not a proxy")
    accessor = known.accessors[name]
    if getattr(instance, accessor.getter)() is value:
        return
    try:
        getattr(instance, accessor.setter)(value)
    except TypeError as error:
        wanted = ", ".join(known.properties[name].candidates[:8]) or "nothing that a client can make"
        kind = "None" if value is None else type(value).__name__
        raise InvalidProperty(f"{known.definition.type_name}.{name} cannot hold {kind}; it takes {wanted}") from error


def object_of(instance: Any, name: str) -> Any:
    """Return the VTK object that an object-valued property holds, or None. Raises `UnknownProperty`."""
    known = reflected(type(instance).__name__)
    _definition(known, name)
    return getattr(instance, known.accessors[name].getter)()


def get_property(algorithm: Any, name: str) -> Any:
    """Return the present value of a simple or indexed property. Raises `UnknownProperty`, `InvalidProperty`."""
    known = reflected(type(algorithm).__name__)
    definition = _definition(known, name)
    if definition.kind == "object":
        raise InvalidProperty(_object_message(known, name))
    if definition.information:
        return getattr(algorithm, f"Get{name}")()
    return _read(algorithm, known.accessors.get(name) or _adapter(type(algorithm), name))


def _is_part_of_a_name(setting: Setting) -> bool:
    """Return whether a text is no path by itself: what writers of slices make of it is looked at when they execute."""
    return setting.property == "FilePattern" and bool(setting.instance.IsA("vtkImageWriter"))


def _checked(setting: Setting) -> _Change:
    cls = type(setting.instance)
    known = reflected(cls.__name__)
    name, value, label = setting.property, setting.value, setting.label
    definition = _definition(known, name)
    if definition.information:
        raise InvalidProperty(f"{label} {INFORMATION}")
    if definition.kind == "object":
        raise InvalidProperty(_object_message(known, name))
    if definition.path and not _is_part_of_a_name(setting):
        check = writable_path if known.definition.group == "writers" else allowed_path
        for path in [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else ():
            check(str(path))
    elif known.definition.type_name in REACH_FILES and definition.type == "str" and by_names_alone():
        raise InvalidProperty(
            f"{label} is a text that can name files, and this server keeps clients below its roots by the names of "
            "files alone: it does not look into such texts"
        )
    if definition.kind == "indexed":
        adapter = _adapter(cls, name)
        adapted = adapter.check(label, value)
        _refuse_nan(label, name, adapted)
        return _Change(setting.instance, adapter, adapted, value, label)
    checked = _check_simple(label, definition, value)
    _refuse_nan(label, name, checked)
    return _Change(setting.instance, known.accessors[name], checked, value, label)


def _restored(reset: Reset) -> _Change | None:
    """Return the change that sets a property back; None for a list of which a setting changes only what it mentions."""
    cls = type(reset.instance)
    how = reflected(cls.__name__).accessors.get(reset.property) or _adapter(cls, reset.property)
    if isinstance(how, Adapter) and how.reset is not None:
        return None
    value = _read(reset.fresh, how)
    if value is None and not _read(reset.instance, how):
        return None
    return _Change(reset.instance, how, "" if value is None else value, value, reset.label)


def _reset_partial(reset: Reset) -> None:
    adapter = next((one for one in adapters_of(type(reset.instance)) if one.name == reset.property), None)
    if adapter is not None and adapter.reset is not None:
        adapter.reset(reset.instance, reset.fresh, reset.index)


def _definition(known: Reflected, name: str) -> PropertyDefinition:
    found = known.properties.get(name)
    if found:
        return found
    names = tuple(sorted(name for name, one in known.properties.items() if not one.information))
    near = suggest(name, names)
    hint = f"did you mean {', '.join(near)}? " if near else ""
    some = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    raise UnknownProperty(f"{known.definition.type_name} has no property {name!r}; {hint}It has: {some}")


def _adapter(cls: Any, name: str) -> Adapter:
    return next(adapter for adapter in adapters_of(cls) if adapter.name == name)


def _object_message(known: Reflected, name: str) -> str:
    candidates = known.properties[name].candidates
    some = ", ".join(one.removeprefix("vtk") for one in candidates[:8]) + (", ..." if len(candidates) > 8 else "")
    return f"{known.definition.type_name}.{name} holds a VTK object, not a plain value; " + (
        f"set it to a proxy of one of {some}" if some else "no proxy can be made of what it takes"
    )


def _check_simple(label: str, definition: PropertyDefinition, value: Any) -> Any:
    if definition.size == 1:
        try:
            check_one_file(label, definition.path, value)
        except ValueError as error:
            raise InvalidProperty(str(error)) from None
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        return _check_scalar(label, definition, value)
    if isinstance(value, str | bytes | dict) or not hasattr(value, "__len__") or not hasattr(value, "__iter__"):
        raise InvalidProperty(
            f"{label} expects {definition.size} values of type {definition.type}, "
            f"not one {type(value).__name__}: {value!r:.80}"
        )
    if len(value) != definition.size:
        raise InvalidProperty(
            f"{label} expects {definition.size} values of type {definition.type}, not {len(value)}: {value!r:.80}"
        )
    return tuple(_check_scalar(f"{label}[{index}]", definition, one) for index, one in enumerate(value))


def _check_scalar(label: str, definition: PropertyDefinition, value: Any) -> Any:
    kind = definition.type
    if kind == "float" and type(value) is float:
        return value
    if kind == "enum":
        return _check_entry(label, definition, value)
    if kind == "str" and (value is None or (isinstance(value, str) and "\0" not in value)):
        return value
    number = _number(value)
    if kind == "bool" and number in (0, 1) and isinstance(value, numbers.Integral):
        return bool(value)
    if kind == "float" and number is not None and not isinstance(value, bool):
        return float(number)
    if kind == "int" and number is not None:
        whole = _whole(number)
        if whole is not None:
            return whole
    raise InvalidProperty(f"{label} expects {_ARTICLES[kind]}, not {type(value).__name__} {value!r:.80}")


def may_be_nan(name: str) -> bool:
    """Return whether a property of that name is written where there is no result."""
    return _MAY_BE_NAN.search(name) is not None


def _refuse_nan(label: str, name: str, value: Any) -> None:
    """Refuse NaN, neither inside nor outside of anything: VTK's loops do not end on it, or read what is not there."""
    several = value if isinstance(value, tuple) else (value,)
    names = name, label.rpartition(".")[2]  # VTK's, and the one of the definition
    if any([isinstance(one, float) and one != one for one in several]) and not any(map(may_be_nan, names)):
        raise InvalidProperty(f"{label} cannot be NaN, which is no number: {value!r:.80}")


def _number(value: Any) -> int | float | None:
    """Return a Python or numpy number as Python's; None for anything else."""
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else None


def _whole(number: int | float) -> int | None:
    """Return the integer that a number is, within 64 bits, else nothing (also for infinities)."""
    if isinstance(number, float) and not number.is_integer():
        return None
    whole = int(number)
    return whole if -(2**63) <= whole < 2**64 else None


def _check_entry(label: str, definition: PropertyDefinition, value: Any) -> int:
    named = entry_number(definition.enumeration, definition.also, value) if isinstance(value, str) else None
    if named is not None:
        return named
    number = None if isinstance(value, bool) else _number(value)
    if isinstance(number, int) and number in dict(definition.enumeration).values():
        return number
    known = ", ".join(f"{name} ({number})" for name, number in definition.enumeration)
    raise InvalidProperty(f"{label} has no entry {value!r:.80}; it has: {known}")


def _apply_all(changes: list[_Change], then: Callable[[], None]) -> None:
    """Apply all or none: what VTK's wrappers refuse after the checks (too wide an integer) undoes the others."""
    undo: list[_Change] = []
    for change in changes:
        before = _read(change.instance, change.how)
        try:
            _apply(change, before)
        except (TypeError, ValueError, OverflowError) as error:
            _take_back(undo)
            raise InvalidProperty(f"{change.label} cannot be {change.requested!r:.80}: {error}") from error
        undo.append(_Change(change.instance, change.how, before, before, change.label))
    try:
        then()
    except InvalidProperty:
        _take_back(undo)
        raise


def _take_back(changes: list[_Change]) -> None:
    for change in reversed(changes):
        _apply(change, _read(change.instance, change.how))


def _apply(change: _Change, before: Any) -> None:
    """Set what was checked, in the place of the value `before`."""
    algorithm, how = change.instance, change.how
    if isinstance(how, Adapter):
        how.write(algorithm, change.value)
        return
    setter, value = getattr(algorithm, how.setter), change.value
    if _identical(before, value):
        return  # some setters mark the algorithm as modified even then
    if value is None:
        setter("")  # several readers end the process with a null pointer
    elif how.constants:
        setter(next(constant for constant in how.constants if int(constant) == value))
    elif how.as_tuple or how.definition.size == 1:
        setter(value)
    else:
        setter(*value)


def _identical(one: Any, other: Any) -> bool:
    """Return whether values are equal; NaN is NaN."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_identical, one, other))
    return bool(one == other or (one != one and other != other))


def _read(algorithm: Any, how: Accessor | Adapter) -> Any:
    if isinstance(how, Adapter):
        return how.read(algorithm)
    value = getattr(algorithm, how.getter)()
    if how.definition.type == "bool" and how.definition.size == 1:
        return bool(value)
    return int(value) if how.definition.type == "enum" and how.definition.size == 1 else value


def _adjustments(change: _Change) -> list[Adjustment]:
    how = change.how
    actual = _read(change.instance, how)
    same = _same_as_far_as_mentioned if isinstance(how, Adapter) and how.partial else _same
    if same(change.value, actual):
        return []
    return [Adjustment(change.label.rpartition(".")[2], change.requested, actual)]


def _same(wanted: Any, actual: Any) -> bool:
    if isinstance(wanted, tuple) and isinstance(actual, tuple):
        return len(wanted) == len(actual) and all(map(_same, wanted, actual))
    if isinstance(wanted, float) and isinstance(actual, float):
        # Single-precision members give back a rounded value, which nobody wants to hear about.
        return wanted == actual or (wanted != wanted and actual != actual) or _close(wanted, actual)
    return bool(wanted == actual) or (wanted in (None, "") and actual in (None, ""))


def _same_as_far_as_mentioned(wanted: Any, actual: Any) -> bool:
    if isinstance(wanted, dict):
        # Readers know the names only when they have opened the file.
        return all(actual.get(key, value) == value for key, value in wanted.items())
    mentioned = [(index, one) for index, one in enumerate(wanted) if one is not None]
    return all(index < len(actual) and actual[index] == one for index, one in mentioned)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b))
