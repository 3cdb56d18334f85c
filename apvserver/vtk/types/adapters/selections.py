"""What readers have to offer, and what of it is read: arrays, blocks, sets, regions, by name, as the file has them.

VTK's readers learn the names when they have looked into the file, so what is wanted is kept here until then. What is
not mentioned is read as in a new reader: arrays all of them, the rest as VTK's reader begins.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Any, Final
from weakref import WeakKeyDictionary

from async_paraview.records import dataclass

from ...base.errors import InvalidProperty
from ...base.vtk_messages import capture, deliver

Wanted = Mapping[str, bool] | tuple[str, ...]
"""Names that are to be on or off, others being as they begin; or the names that are on, all others being off."""
Offered = dict[str, dict[str, bool]]
"""By property: what there is, and whether it is read."""

MOST_NAMES_TOLD: Final = 40
_STATUS: Final = re.compile(r"^Set(\w+)Status$")
_SELECTION: Final = re.compile(r"^Get(\w+)Selection$")
_BY_NAME: Final = re.compile(r"^\w+\(self, \w+:str", re.MULTILINE)
"""What the documentation says of a method that takes a name; it may take a number as well."""
_NAMES: Final = {
    "BaseArray": "Bases",
    "FamilyArray": "Families",
    "LagrangianArray": "LagrangianArrays",
    "PatchArray": "MeshRegions",
}
"""ParaView's names, where they are not VTK's."""
_NOUNS: Final = {"BaseArray": "base", "FamilyArray": "family", "PatchArray": "mesh region", "RowArray": "column"}
_NO_CHOICE: Final = frozenset({"Object", "ObjectArray", "ObjectAttribute", "PointArrayStatusArray"})
_WHOLE: Final = re.compile(r"^(Base|Point|Cell|Column|Row|Field|Lagrangian|Particle|\w*Result)Array$|Field$")
"""What is read unless told otherwise, also where VTK's reader begins without it."""
_ASSOCIATIONS: Final = {"PointArray": "POINTS", "CellArray": "CELLS", "ColumnArray": "ROWS", "RowArray": "ROWS"}
SERIES_SELECTIONS: Final = (
    "PointArray", "CellArray", "ColumnArray", "FieldArray", "BaseArray", "FamilyArray", "Grid",
)  # fmt: skip
"""What can be chosen of the files of a series."""


@dataclass(frozen=True)
class Selection:
    """One property that chooses by name.

    `association` is that of the arrays that it chooses, "" if it chooses something else; `whole` says whether all of it
    is read unless told otherwise.
    """

    name: str
    noun: str
    association: str
    whole: bool
    read: Callable[[Any], dict[str, bool]]
    switch: Callable[[Any, str, bool], None]


@dataclass
class _Choice:
    wanted: dict[str, Wanted] = field(default_factory=dict)
    begun: Offered = field(default_factory=dict)
    """Whether each name was on when it was first seen."""
    made_at: int = -1
    """When the reader was modified last, as far as this has been done."""
    missing: list[str] = field(default_factory=list)


_choices: WeakKeyDictionary[Any, _Choice] = WeakKeyDictionary()


def selections_of(cls: Any) -> tuple[Selection, ...]:
    """Return what can be chosen of the files of a class of readers; empty for other classes."""
    return _selections_of(cls)


@functools.cache
def _selections_of(cls: Any) -> tuple[Selection, ...]:
    if not cls.__name__.endswith("Reader"):
        return ()
    found = {one.name: one for one in (*_by_status(cls), *_by_selection(cls), *_of_series(cls))}
    return tuple(found[name] for name in sorted(found))


def wanted(reader: Any, name: str) -> Wanted:
    """Return what was asked for by a property; empty if nothing was."""
    choice = _choices.get(reader)
    return {} if choice is None else choice.wanted.get(name, {})


def want(reader: Any, name: str, value: Wanted) -> None:
    """Ask for something; it is kept until the reader has looked into its file. Nothing asked for is an empty map."""
    if wanted(reader, name) != value:
        _choices.setdefault(reader, _Choice()).wanted[name] = value
        reader.Modified()


def forget(reader: Any, name: str) -> None:
    """Have a reader read what a new reader would."""
    want(reader, name, {})


def choose(reader: Any, *, strict: bool = True) -> list[str]:
    """Have a reader look into its file, and switch on and off what it has there. Nothing changes if that is so.

    Returns what was asked for and is not there; if `strict`, raises `InvalidProperty` that tells what there is. Errors
    of VTK, such as a file that is none, are left to whoever captures them; nothing is switched then.
    """
    selections = selections_of(type(reader))
    if not selections:
        return []
    choice = _choices.setdefault(reader, _Choice())
    if choice.made_at != reader.GetMTime():
        choice.missing = _made_choice(reader, selections, choice)
    if choice.missing and strict:
        raise InvalidProperty("; ".join(choice.missing))
    return list(choice.missing)


def _made_choice(reader: Any, selections: tuple[Selection, ...], choice: _Choice) -> list[str]:
    """Return what is missing, after switching."""
    for _ in range(2):  # what a base or a region holds is known when that is chosen
        with capture() as captured:
            reader.UpdateInformation()
        for report in captured.reports:
            deliver(report.severity, report.text)
        if captured.errors:
            return []
        if not any([_switch(reader, one, choice) for one in selections]):
            break
    choice.made_at = reader.GetMTime()
    return [text for one in selections for text in _missing(reader, one, choice)]


def offered(reader: Any) -> Offered:
    """Return what there is in the file that a reader has looked into, and what of it is read."""
    return {one.name: one.read(reader) for one in selections_of(type(reader))}


def _switch(reader: Any, selection: Selection, choice: _Choice) -> bool:
    """Return whether anything was switched."""
    begun = choice.begun.setdefault(selection.name, {})
    asked = choice.wanted.get(selection.name, {})
    switched = False
    for name, on in selection.read(reader).items():
        begins = begun.setdefault(name, on) or selection.whole
        right = name in asked if isinstance(asked, tuple) else asked.get(name, begins)
        if right is not on:
            selection.switch(reader, name, right)
            switched = True
    return switched


def _missing(reader: Any, selection: Selection, choice: _Choice) -> Iterator[str]:
    asked = choice.wanted.get(selection.name, {})
    if asked:
        known = tuple(selection.read(reader))
        for name in asked:
            if name not in known:
                told = ", ".join(known[:MOST_NAMES_TOLD]) + (", ..." if len(known) > MOST_NAMES_TOLD else "")
                yield f"{selection.name}: the file has no {selection.noun} {name!r}; it has: {told or 'none'}"


def _by_status(cls: Any) -> Iterator[Selection]:
    """Yield the selections of readers with SetPointArrayStatus(name, on) and its relatives."""
    for attribute in dir(cls):
        match = _STATUS.match(attribute)
        if match is None or match[1] in _NO_CHOICE:
            continue
        key = match[1]
        setter, getter = f"Set{key}Status", f"Get{key}Status"
        needed = (getter, f"Get{key}Name", f"GetNumberOf{key}s")
        documented = getattr(cls, setter).__doc__ or ""
        if all(hasattr(cls, one) for one in needed) and _BY_NAME.search(documented):
            yield _made(key, functools.partial(_read_status, key), functools.partial(_set_status, setter))


def _read_status(key: str, reader: Any) -> dict[str, bool]:
    count, get, status = (getattr(reader, one) for one in (f"GetNumberOf{key}s", f"Get{key}Name", f"Get{key}Status"))
    names = (get(index) for index in range(count()))
    return {name: bool(status(name)) for name in names if name}


def _set_status(setter: str, reader: Any, name: str, on: bool) -> None:
    getattr(reader, setter)(name, int(on))


def _by_selection(cls: Any) -> Iterator[Selection]:
    """Yield the selections of readers that hand out vtkDataArraySelection, and have no other way."""
    known = {_key(match[1]) for one in dir(cls) if (match := _STATUS.match(one))}
    known |= {one.removesuffix("Array") for one in known}
    for attribute in dir(cls):
        match = _SELECTION.match(attribute)
        if match is None or _key(match[1]) in known:
            continue
        if re.match(r"\w+\(self\)\s*->\s*vtkDataArraySelection", getattr(cls, attribute).__doc__ or ""):
            read = functools.partial(_read_selection, attribute)
            yield _made(_key(match[1]), read, functools.partial(_set_selection, attribute))


def _read_selection(getter: str, reader: Any) -> dict[str, bool]:
    selection = getattr(reader, getter)()
    names = (selection.GetArrayName(index) for index in range(selection.GetNumberOfArrays() if selection else 0))
    return {name: bool(selection.ArrayIsEnabled(name)) for name in names if name}


def _set_selection(getter: str, reader: Any, name: str, on: bool) -> None:
    getattr(reader, getter)().SetArraySetting(name, int(on))


def _of_series(cls: Any) -> Iterator[Selection]:
    """Yield the selections of our reader of series, which asks the readers of its files."""
    if hasattr(cls, "offered_by_files"):
        for key in SERIES_SELECTIONS:
            yield _made(key, functools.partial(_read_series, _name(key)), lambda *_: None)


def _read_series(name: str, reader: Any) -> dict[str, bool]:
    return dict(reader.offered_by_files(name))


def _key(text: str) -> str:
    return text.replace("DataArray", "Array")


def _name(key: str) -> str:
    return _NAMES.get(key) or (f"{key}Status" if key.endswith("Array") or key in ("Grid", "Set") else f"{key}s")


def _made(key: str, read: Callable[[Any], dict[str, bool]], switch: Callable[[Any, str, bool], None]) -> Selection:
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _NOUNS.get(key, key)).lower()
    return Selection(_name(key), noun, _ASSOCIATIONS.get(key, ""), _WHOLE.search(key) is not None, read, switch)
