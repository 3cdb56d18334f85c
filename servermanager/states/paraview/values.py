"""From the texts of a state of ParaView to values of our properties: by what our definitions say that they take."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from async_paraview.values import check_value

from .names import PropertyNames
from .xml_state import PvProperty

ASSOCIATIONS: Final = {"0": "POINTS", "1": "CELLS", "2": "FIELD", "4": "VERTICES", "5": "EDGES", "6": "ROWS"}
"""By the numbers that ParaView has for them in arrays that are chosen."""
_PRINTF: Final = re.compile(r"%([-+ #0]*\d*(?:\.\d+)?[eEfFgG])")
UNSET: Final = object()
"""In place of a value: the state says that nothing was chosen."""


class NoCounterpart(ValueError):
    """A value of a state that a property here does not take; the text says why."""


def converted(label: str, entry: Mapping[str, Any], known: PropertyNames, found: PvProperty) -> Any:
    """Return the value that a property of a proxy here gets; UNSET if none was chosen in the state.

    Raises NoCounterpart.
    """
    domain = entry.get("domain") or {}
    if domain.get("kind") == "arrays" and domain.get("all"):
        return list(found.values)
    if domain.get("kind") == "arrays":
        chosen = chosen_array(found.values, domain.get("names", False))
        return ["POINTS", domain["nothing"]] if chosen is UNSET and domain.get("nothing") else chosen
    texts = found.values
    if not texts and known.repeats and isinstance(entry.get("default"), (list, tuple)):
        return list(entry["default"])  # ParaView sends nothing then: VTK's own stays
    if entry["type"] == "array_selection":
        return _selection(texts)
    value: Any
    if entry["size"] == 0:
        value = _list(entry, texts)
    else:
        if len(texts) != entry["size"]:
            raise NoCounterpart(f"it has {len(texts)} values there, and {entry['size']} here")
        each = [_one(entry, known, found.texts, text) for text in texts]
        value = each[0] if entry["size"] == 1 else each
    try:
        check_value(label, entry, value)
    except (TypeError, ValueError) as error:
        raise NoCounterpart(str(error)) from error
    return value


def chosen_array(texts: Sequence[str], name_alone: bool = False) -> Any:
    """Return an array that was chosen, as (association, name) or its name; UNSET if there is none."""
    association, name = ("", "")
    if len(texts) >= 5:
        association, name = texts[3], texts[4]
    elif len(texts) == 2:
        association, name = texts
    elif len(texts) == 1:
        name, association = texts[0], "0"
    if len(texts) >= 5 and not association:
        return UNSET  # it was never chosen
    if not name or name in ("None", "No scale array", "No orientation array"):
        return UNSET
    if name_alone:
        return name
    of = ASSOCIATIONS.get(association, association)
    if of not in ASSOCIATIONS.values():
        raise NoCounterpart(f"array {name!r} is of association {association!r}, which is unknown here")
    return [of, name]


def _selection(texts: Sequence[str]) -> dict[str, bool]:
    if len(texts) % 2:
        raise NoCounterpart(f"names with 0 or 1 were expected, not {len(texts)} values")
    return {name: on not in ("0", "") for name, on in zip(texts[::2], texts[1::2], strict=True)}


def _list(entry: Mapping[str, Any], texts: Sequence[str]) -> Any:
    if entry["type"] == "str" and not isinstance(entry.get("default"), (list, tuple)):
        if len(texts) > 1:
            raise NoCounterpart(f"one text was expected, not {len(texts)}")
        return texts[0] if texts else ""
    if len(texts) == 1 and not isinstance(entry.get("default"), (list, tuple)):
        return _plain(entry["type"], texts[0])
    return [_plain(entry["type"], text) for text in texts]


def _one(entry: Mapping[str, Any], known: PropertyNames, told: Mapping[str, str], text: str) -> Any:
    if entry["type"] == "enum":
        return enumerated(entry["enumeration"], {**known.entries, **told}, text)
    return _plain(entry["type"], text)


def enumerated(ours: Sequence[Sequence[Any]], theirs: Mapping[str, str], text: str) -> Any:
    """Return our entry of an enumeration for a value of a state: the one whose text is theirs.

    A number alone is no proof that both mean the same: it counts where theirs has no text, or one that is much like
    ours. Raises NoCounterpart.
    """
    said = theirs.get(text, "")
    for name, _ in ours:
        if said and _loose(name) == _loose(said):
            return name
    for name, number in ours:
        if str(number) == text and (not said or _alike(str(name), said)):
            return name
    there = said or text
    raise NoCounterpart(f"{there!r} is none of {', '.join(str(name) for name, _ in ours)}")


def _loose(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _alike(one: str, other: str) -> bool:
    a, b = _loose(one), _loose(other)
    return bool(a) and bool(b) and (a in b or b in a)


def _plain(kind: str, text: str) -> Any:
    try:
        if kind == "str":
            return text
        number = float(text)
        if kind == "bool":
            return {0.0: False, 1.0: True}[number]
        if kind == "int":
            whole = int(text) if re.fullmatch(r"[-+]?\d+", text) else int(number)
            if whole != number:
                raise ValueError
            return whole
        return number
    except (ValueError, KeyError, OverflowError):
        raise NoCounterpart(f"{text!r:.60} is no value of type {kind}") from None


def is_default(known: PropertyNames, texts: Sequence[str]) -> bool:
    """Return whether the values of a state are those that ParaView gives a new proxy."""
    if known.default is None:
        return not texts
    if len(texts) != len(known.default):
        return False
    return all(_same(a, b) for a, b in zip(texts, known.default, strict=True))


def _same(one: str, other: str) -> bool:
    if one == other or _PRINTF.sub(r"{:\1}", one).replace("{:-", "{:<") == other:  # "%-6.1e" and "{:<6.1e}"
        return True
    try:
        a, b = float(one), float(other)
    except ValueError:
        return False
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b))


# --- the other way round


def told(entry: Mapping[str, Any], known: PropertyNames, value: Any) -> list[Any]:
    """Return the values that a state has for a value of a property here. Raises NoCounterpart."""
    if (entry.get("domain") or {}).get("kind") == "arrays":
        return array_texts(["POINTS", value] if isinstance(value, str) else value) if value else []
    if isinstance(value, Mapping):
        return [part for name, on in value.items() for part in (name, on)]
    if entry["type"] == "enum":
        return [_number_of(entry["enumeration"], known.entries, value)]
    plain = list(value) if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(one, float) and not math.isfinite(one) for one in plain):
        raise NoCounterpart("states of ParaView have finite numbers only")
    return plain


def array_texts(chosen: Sequence[Any] | None) -> list[Any]:
    """Return the five texts by which ParaView chooses an array."""
    if chosen is None:
        return ["", "", "", "", ""]
    numbers = {name: number for number, name in ASSOCIATIONS.items()}
    return ["0", "0", "0", numbers[str(chosen[0])], str(chosen[1])]


def _number_of(ours: Sequence[Sequence[Any]], theirs: Mapping[str, str], value: Any) -> str:
    name = next((text for text, number in ours if value in (text, number)), str(value))
    number = next((str(number) for text, number in ours if value in (text, number)), "")
    for key, text in theirs.items():
        if _loose(text) == _loose(str(name)):
            return key
    if not theirs or (number in theirs and _alike(str(name), theirs[number])):
        return number
    raise NoCounterpart(f"it has {', '.join(theirs.values())}")
