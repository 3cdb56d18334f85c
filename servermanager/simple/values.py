"""What properties take and give by ParaView's habits: lists, names of arrays alone, labels of choices."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

NO_ARRAY: Final = frozenset({"", "None", "No orientation array", "No scale array", "No array"})
"""What stands for no array."""


def is_input(entry: Mapping[str, Any]) -> bool:
    """Return whether it is an input, and no property."""
    return "kind" not in entry


def is_list(entry: Mapping[str, Any]) -> bool:
    """Return whether a property has several values: it is read as a list."""
    if is_input(entry):
        return bool(entry.get("repeatable"))
    is_whole = isinstance(entry.get("default"), (str, Mapping))  # a text, or a part that has properties of its own
    return entry.get("kind") != "object" and entry.get("size", 1) != 1 and not is_whole


def taken_window(window: Any) -> tuple[int, int] | None:
    """Return a FrameWindow: the first and the last frame, None for all. Raises ValueError for something else."""
    if window is None:
        return None
    try:
        first, last = (int(one) for one in window)
    except (TypeError, ValueError):
        raise ValueError(f"FrameWindow is the first and the last frame, from 0 on, not {window!r:.60}") from None
    return first, last


def names_array(entry: Mapping[str, Any]) -> bool:
    """Return whether a property names an array by its association and name."""
    domain = entry.get("domain", {})
    return domain.get("kind") == "arrays" and not domain.get("names") and entry.get("type") == "str"


def read_value(entry: Mapping[str, Any], value: Any) -> Any:
    """Return a value as ParaView gives it."""
    if isinstance(value, tuple):
        value = list(value)
    if entry.get("type") == "array_selection" and isinstance(value, Mapping):
        return [name for name, on in value.items() if on]
    if isinstance(value, bool):
        return int(value)
    choices = entry.get("enumeration") or ()
    if choices and not isinstance(value, (str, bool, list)):
        value = next((label for label, number in choices if number == value), value)
    if is_list(entry) and not isinstance(value, (list, dict)) and value is not None:
        return [value]
    if not is_list(entry) and entry.get("size") == 1 and isinstance(value, list) and len(value) == 1:
        return value[0]
    return value


def taken_value(entry: Mapping[str, Any], value: Any, arrays: Sequence[Sequence[str]] = ()) -> Any:
    """Return a value as it is set here; `arrays` are (association, name) of what there is to choose of."""
    if entry.get("path") and isinstance(value, os.PathLike):
        return os.fspath(value)
    if names_array(entry):
        return _taken_array(entry, value, arrays)
    if is_input(entry) or entry.get("kind") == "object":
        return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 and not is_list(entry) else value
    _check_numbers(entry, value)
    if is_list(entry) and not isinstance(value, (list, tuple, dict, str)) and not hasattr(value, "tolist"):
        return [value]
    if entry.get("size") == 1 and isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if entry.get("type") == "bool" and isinstance(value, int) and not isinstance(value, bool) and value in (0, 1):
        return bool(value)
    return value


def _check_numbers(entry: Mapping[str, Any], value: Any) -> None:
    """Raise TypeError for a text where there are to be numbers: nothing is made with it."""
    if entry.get("type") not in ("int", "float") or entry.get("enumeration"):
        return
    for one in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(one, (str, bytes)):
            raise TypeError(f"{entry['name']} takes numbers, not {value!r:.80}")


def _taken_array(entry: Mapping[str, Any], value: Any, arrays: Sequence[Sequence[str]]) -> Any:
    associations = entry["domain"].get("associations") or ["POINTS"]
    nothing = entry["domain"].get("nothing")
    if value is None or (isinstance(value, str) and value in NO_ARRAY):
        return [associations[0], nothing] if nothing else []
    if isinstance(value, str):
        return next(([one[0], value] for one in arrays if one[1] == value), [associations[0], value])
    if isinstance(value, (list, tuple)) and len(value) >= 2 and value[1] in NO_ARRAY:
        return [value[0] or associations[0], nothing] if nothing else []
    if (
        isinstance(value, (list, tuple)) and len(value) == 2 and value[0] is None
    ):  # a name of any place: of what is there
        return next(([one[0], value[1]] for one in arrays if one[1] == value[1]), [])
    return [one for one in value if one is not None] if isinstance(value, (list, tuple)) else value
