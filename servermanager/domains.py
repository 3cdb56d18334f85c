"""Domains: what sensible values of a property are, from its definition and from what the input holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .information import ArrayInformation, DataInformation
from .values import copied


@dataclass(frozen=True, slots=True)
class Domain:
    """What is known of the sensible values of a property.

    `known` is False, and `why` tells the reason, until the server has answered what it depends on. `range` is (lowest,
    highest), of each component if there are several: a list of them. `entries` are the names of an enumeration, of
    arrays as (association, name), or of types of proxies. `default` is a sensible first value.
    """

    known: bool
    why: str = ""
    kind: str = ""
    range: Any = None
    entries: tuple[Any, ...] = ()
    default: Any = None


def evaluate(entry: Mapping[str, Any], held: DataInformation | None, values: Mapping[str, Any]) -> Domain:
    """The domain of a property. `held` is what its input holds, if that is known; `values` what else was set."""
    domain = entry.get("domain", {})
    kind = domain.get("kind", "")
    if entry.get("kind") == "object":
        candidates = tuple(entry.get("candidates", ()))
        return Domain(True, kind="proxies", entries=candidates, default=candidates[0] if candidates else None)
    if entry.get("enumeration"):
        names = tuple(name for name, _ in entry["enumeration"])
        return Domain(True, kind="enumeration", entries=names, default=copied(entry.get("default")))
    if kind in ("bounds", "arrays", "array_range", "extent", "times"):
        if held is None:
            return Domain(False, "what the input holds is not known yet; await update_domains()", kind)
        return _OF_DATA[kind](domain, held, values)
    if kind == "number" or entry.get("range"):
        limits = (domain.get("min"), domain.get("max")) if kind == "number" else tuple(entry["range"])
        return Domain(True, kind="number", range=limits, default=copied(entry.get("default")))
    return Domain(True, kind=kind, default=copied(entry.get("default")))


def _bounds(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> Domain:
    if held.bounds is None:
        return Domain(False, "the input is empty", "bounds")
    low, high = held.bounds[::2], held.bounds[1::2]
    lengths = [b - a for a, b in zip(low, high, strict=True)]
    mode, scale = domain.get("mode", "normal"), domain.get("scale", 1.0)
    if mode in ("length", "scaled_extent"):
        longest = math.dist(low, high) if mode == "length" else max(lengths)
        return Domain(True, kind="bounds", range=(0.0, longest), default=longest * scale)
    if mode == "magnitude":
        half = math.dist(low, high) / 2
        return Domain(True, kind="bounds", range=(-half, half), default=0.0)
    center = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    default = {"center": center, "low": list(low), "high": list(high)}.get(mode, center)
    return Domain(True, kind="bounds", range=list(zip(low, high, strict=True)), default=default)


def _fitting(domain: Mapping[str, Any], held: DataInformation) -> list[ArrayInformation]:
    associations = domain.get("associations", ("POINTS", "CELLS", "FIELD", "ROWS"))
    components = domain.get("components")
    return [
        array
        for array in held.arrays
        if array.association in associations and (not components or array.components in components)
    ]


def _arrays(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> Domain:
    fitting = _fitting(domain, held)
    entries = tuple((array.association, array.name) for array in fitting)
    if not entries and not domain.get("none"):
        wanted = ", ".join(domain.get("associations", ())) or "fitting"
        return Domain(True, f"the input has no {wanted} arrays of the right size", "arrays")
    default = entries[0] if entries and not domain.get("none") else None
    return Domain(True, kind="arrays", entries=entries, default=list(default) if default else None)


def _array_range(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> Domain:
    chosen = values.get(domain.get("array", ""))
    arrays = [array for array in held.arrays if array.association in ("POINTS", "CELLS")]
    if isinstance(chosen, list) and len(chosen) == 2:
        arrays = [array for array in arrays if [array.association, array.name] == chosen]
    if not arrays:
        return Domain(
            False, f"the input has no array {chosen!r}" if chosen else "the input has no arrays", "array_range"
        )
    limits = arrays[0].ranges[0] if arrays[0].components == 1 else arrays[0].magnitude_range
    if limits is None:
        return Domain(False, f"the array {arrays[0].name!r} holds no numbers", "array_range")
    middle = {"low": limits[0], "high": limits[1]}.get(domain.get("mode", ""), (limits[0] + limits[1]) / 2)
    return Domain(True, kind="array_range", range=limits, default=[middle] if domain.get("list") else middle)


def _extent(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> Domain:
    extent = held.raw.get("extent")
    if not extent:
        return Domain(False, f"a {held.data_type} has no extent", "extent")
    return Domain(True, kind="extent", range=list(zip(extent[::2], extent[1::2], strict=True)), default=list(extent))


def _times(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> Domain:
    return Domain(True, kind="times", entries=held.time_steps, default=held.time_steps[0] if held.time_steps else None)


_OF_DATA = {"bounds": _bounds, "arrays": _arrays, "array_range": _array_range, "extent": _extent, "times": _times}
