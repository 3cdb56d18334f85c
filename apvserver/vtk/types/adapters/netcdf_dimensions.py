"""Which variables of a NetCDF file become one data set: those on the same dimensions, chosen or the richest ones.

VTK takes the first variable by name, and leaves out all that are on other dimensions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonCore import vtkOutputWindow

from ...base.errors import FileError


@dataclass
class _Choice:
    """What a client asked for, for which file what was chosen, and what was switched off for it."""

    wanted: str = ""
    done: tuple[str, str] | None = None
    hidden: set[str] = field(default_factory=set)


_choices: WeakKeyDictionary[Any, _Choice] = WeakKeyDictionary()
_MOST_NAMES: Final = 12


def write_dimensions(reader: Any, dimensions: str) -> None:
    """Ask for the variables on these dimensions, as in "(lat, lon)"; "" for the richest dimensions."""
    choice = _choices.setdefault(reader, _Choice())
    if choice.wanted != dimensions:
        choice.wanted, choice.done = dimensions, None
        reader.Modified()


def read_dimensions(reader: Any) -> str:
    """Return what was asked for."""
    return _choices[reader].wanted if reader in _choices else ""


def choose_dimensions(reader: Any, texts_of: Callable[[str], Collection[str]], left_out: Collection[str] = ()) -> None:
    """Have a reader read the variables on the dimensions that were asked for. Raises `FileError` if there are none.

    Variables that were switched off stay so. What is left out is told once. `texts_of` gives the variables of a
    file that are texts: names of stations have one dimension more than what is measured there, and are no richer
    for that. What is `left_out` is not read, whatever its dimensions are.
    """
    path = reader.GetFileName()
    choice = _choices.setdefault(reader, _Choice())
    if not path or choice.done == (path, choice.wanted):
        return
    reader.UpdateInformation()
    variables = {name: where for name, where in variables_of(reader).items() if name not in left_out}
    if not variables:
        return
    counts = Counter(variables.values())
    if choice.wanted and choice.wanted not in counts:
        raise FileError(
            f"{path}: no variable is on the dimensions {choice.wanted!r}; Dimensions is one of {', '.join(counts)}"
        )
    chosen = choice.wanted or _richest(variables, texts_of(path) if len(counts) > 1 else ())
    _switch(reader, variables, chosen, choice.hidden)
    choice.done = path, choice.wanted
    others = [f"{name} {where}" for name, where in variables.items() if where != chosen]
    if others and not choice.wanted:
        named = ", ".join(others[:_MOST_NAMES]) + (", ..." if len(others) > _MOST_NAMES else "")
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{path}: the variables on the dimensions {chosen} are read; Dimensions chooses the others: {named}"
        )


def _richest(variables: Mapping[str, str], texts: Collection[str]) -> str:
    """Return the most dimensions that variables are on, of those alike what most are on; texts count if all are."""
    counts = Counter(variables.values())
    numbers = dict.fromkeys(where for name, where in variables.items() if name not in texts) or counts
    return max(numbers, key=lambda one: (one.count(",") if one != "()" else -1, counts[one]))


def _switch(reader: Any, variables: Mapping[str, str], chosen: str, hidden: set[str]) -> None:
    """Switch off the variables on other dimensions, and on again those that this has switched off before.

    VTK's SetDimensions would switch on what was switched off, again and again.
    """
    for name, where in variables.items():
        if where != chosen and reader.GetVariableArrayStatus(name):
            reader.SetVariableArrayStatus(name, 0)
            hidden.add(name)
        elif where == chosen and name in hidden:
            reader.SetVariableArrayStatus(name, 1)
            hidden.discard(name)


def variables_of(reader: Any) -> dict[str, str]:
    """Return the dimensions of each variable of the file, as VTK writes them: "(lat, lon)", without time."""
    names = [reader.GetVariableArrayName(index) for index in range(reader.GetNumberOfVariableArrays())]
    where = reader.GetVariableDimensions()
    return {name: where.GetValue(index) for index, name in enumerate(names)}
