"""Which editor a property gets, from its definition alone: plain functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from async_paraview.domains import OFFERED
from async_paraview.names import words
from async_paraview.values import FLAG

from .panel_line import Editor

_LISTS_OF_POINTS: Final = re.compile(r"Points?n?$|Locations$")
_PARTS: Final = "annotation"
_BY_NAME: Final = "ScalarBars"
"""Legends by the names of their color maps, each of which has a panel of its own."""
_IN_A_ROW: Final = {6: 2, 9: 3, 16: 4, 4: 4, 2: 2, 10: 5, 32: 4}
"""How many numbers of a vector stand beside each other: bounds are pairs, in three rows."""
_FLAT: Final = {"RGBPoints": 4, "OpacityPoints": 2, "Points": 3, "IndexedColors": 3}
"""Lists in which so many numbers belong together."""


def editor_of(entry: Mapping[str, Any]) -> Editor:
    """Return the editor of a property; `entry` is its definition, or that of an input."""
    if "kind" not in entry:
        return "input"
    for asked, editor in _RULES:
        if asked(entry):
            return editor
    return "shown"


def label_of(entry: Mapping[str, Any]) -> str:
    """Return what stands before an editor: the label of the definition, else the name in words."""
    return entry.get("label") or words(entry["name"])


def is_vector(entry: Mapping[str, Any]) -> bool:
    """Return whether a property takes a certain count of numbers: also lists that VTK leaves open, and that do."""
    if entry["type"] not in ("int", "float", "bool"):
        return False
    return entry["size"] > 1 or _has_usual_length(entry)


def length(entry: Mapping[str, Any]) -> int:
    """Return how many numbers a vector has."""
    return entry["size"] or len(entry["default"])


def columns(entry: Mapping[str, Any], editor: Editor) -> int:
    """Return how many numbers stand beside each other."""
    if editor == "vector":
        count = length(entry)
        return _IN_A_ROW.get(count, 3)
    if editor == "numbers":
        is_flat = bool(_LISTS_OF_POINTS.search(entry["name"])) and not entry.get("half")
        return 3 if is_flat else _FLAT.get(entry["name"], 1)
    return 1


def _has_usual_length(entry: Mapping[str, Any]) -> bool:
    default = entry.get("default")
    several = entry["size"] == 0 and isinstance(default, list | tuple) and len(default) in (3, 6)
    return several and not _LISTS_OF_POINTS.search(entry["name"])


def _is_color(entry: Mapping[str, Any]) -> bool:
    if entry["type"] != "float" or entry["size"] not in (3, 4):
        return False
    within = tuple(entry.get("range") or ()) == (0.0, 1.0)
    return within and ("half" in entry or "olor" in entry["name"] or entry["size"] == 3)


def _is_list(entry: Mapping[str, Any], *types: str) -> bool:
    return entry["type"] in types and entry["size"] == 0 and not isinstance(entry.get("default"), str)


def _domain(entry: Mapping[str, Any]) -> str:
    return str(entry.get("domain", {}).get("kind", ""))


def _is_array(entry: Mapping[str, Any]) -> bool:
    return _domain(entry) == "arrays" and not entry["domain"].get("all")


def _is_one(entry: Mapping[str, Any], kind: str) -> bool:
    return entry["type"] == kind and (entry["size"] == 1 or isinstance(entry.get("default"), str))


def _is_optional_flag(entry: Mapping[str, Any]) -> bool:
    return entry["type"] == "bool" and bool(entry.get("optional"))


_RULES: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], Editor], ...]] = (
    (lambda one: one["kind"] == "object", "object"),
    (lambda one: one["type"] == _PARTS and isinstance(one.get("default"), list | tuple), "parts"),
    (lambda one: one["type"] == _PARTS and one["name"] == _BY_NAME, "shown"),
    (lambda one: one["type"] == _PARTS, "object"),
    (lambda one: _domain(one) == OFFERED or bool(_domain(one) == "arrays" and one["domain"].get("all")), "arrays"),
    (_is_array, "array"),
    (lambda one: bool(one["enumeration"]) or _is_optional_flag(one), "choice"),
    (lambda one: _domain(one) == FLAG or (one["type"] == "bool" and one["size"] == 1), "flag"),
    (_is_color, "color"),
    (is_vector, "vector"),
    (lambda one: _is_one(one, "int"), "integer"),
    (lambda one: _is_one(one, "float"), "number"),
    (lambda one: bool(one.get("path")) and one["size"] == 0, "files"),
    (lambda one: bool(one.get("path")), "file"),
    (lambda one: _is_one(one, "str") and "Script" in one["name"], "script"),
    (lambda one: _is_one(one, "str"), "text"),
    (lambda one: _is_list(one, "int", "float"), "numbers"),
    (lambda one: _is_list(one, "str"), "texts"),
)
"""The first that holds decides."""
