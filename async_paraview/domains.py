"""Domains: what sensible values of a property are, from its definition and from what the input holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from .displays import table
from .information import ArrayInformation, DataInformation
from .records import dataclass
from .values import copied

OFFERED: Final = "offered"
"""The kind of domains that depend on what the files of a reader have: names, as `entries`."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What is known of the sensible values of a property (docs/definitions.md, "Domains").

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

    def _repr_html_(self) -> str:
        told = {"range": _limits(self.range), "default": self.default, "why": self.why or None}
        rows = [(name, value) for name, value in told.items() if value is not None]
        names = [" ".join(one) if isinstance(one, tuple) else one for one in self.entries[:MOST_ENTRIES]]
        entries = [("entries" if at == 0 else "", one) for at, one in enumerate(names)]
        left = len(self.entries) - len(entries)
        more = [("", f"... {left} more")] if left else []
        return table(f"domain: {self.kind or 'any'}{'' if self.known else ', not known'}", [*rows, *entries, *more])


def _limits(limits: Any) -> str | None:
    """Return a range as a text, one for each component; an end that is open is left out."""
    if limits is None:
        return None
    if isinstance(limits, list):
        return "; ".join(filter(None, map(_limits, limits)))
    low, high = limits
    ends = [f"from {low}" if low is not None else "", f"to {high}" if high is not None else ""]
    return " ".join(filter(None, ends)) or None


def evaluate(
    entry: Mapping[str, Any],
    held: DataInformation | None,
    values: Mapping[str, Any],
    offered: Mapping[str, Mapping[str, bool]] | None = None,
) -> Domain:
    """Return the domain of a property, from its definition and from what its input holds.

    `entry` is the definition of the property, `held` what its input holds and `offered` what its files have, if that is
    known; `values` is what else was set. Where something is missing, `known` is False and `why` says what.
    """
    domain = entry.get("domain", {})
    kind = domain.get("kind", "")
    if entry.get("kind") == "object":
        candidates = tuple(entry.get("candidates", ()))
        return Domain(True, kind="proxies", entries=candidates, default=candidates[0] if candidates else None)
    if entry.get("enumeration"):
        names = tuple(name for name, _ in entry["enumeration"])
        return Domain(True, kind="enumeration", entries=names, default=copied(entry.get("default")))
    if kind == OFFERED:
        if offered is None or entry["name"] not in offered:
            return Domain(False, "what the files have is not known yet; await update_domains()", kind)
        return Domain(True, kind=kind, entries=tuple(offered[entry["name"]]))
    if kind in OF_DATA:
        if held is None:
            return Domain(False, "what the input holds is not known yet; await update_domains()", kind)
        return OF_DATA[kind](domain, held, values)
    if kind == "number" or entry.get("range"):
        limits = (domain.get("min"), domain.get("max")) if kind == "number" else tuple(entry["range"])
        return Domain(True, kind="number", range=limits, default=copied(entry.get("default")))
    return Domain(True, kind=kind, default=copied(entry.get("default")))


def defaults_of_data(
    entries: Iterable[Mapping[str, Any]], held: Mapping[str, DataInformation], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what properties that are not among `values` get from the inputs, given by their names.

    A server fills in the same before it executes a proxy. Ranges are those of the arrays that are chosen, or would be.
    """
    chosen, found = dict(values), {}
    for entry in sorted(entries, key=lambda one: one.get("domain", {}).get("kind") != "arrays"):
        domain = entry.get("domain", {})
        if domain.get("kind") not in FILLED or entry["name"] in values:
            continue
        default = evaluate(entry, held.get(domain.get("of", "Input")), chosen).default
        if default is not None:
            found[entry["name"]] = chosen[entry["name"]] = default
    return found


def with_first_arrays(
    entries: Iterable[Mapping[str, Any]], held: DataInformation | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return `values`, and the first fitting array of the input for each array property not among them."""
    arrays = [one for one in entries if one.get("domain", {}).get("kind") == "arrays"] if held is not None else []
    inputs = {one["domain"].get("of", "Input"): held for one in arrays if held is not None}
    return {**defaults_of_data(arrays, inputs, values), **values}


def _bounds(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> Domain:
    if held.bounds is None:
        return Domain(False, "the input is empty", "bounds")
    if not all(map(math.isfinite, held.bounds)):
        return Domain(False, "the bounds of the input are not finite", "bounds")
    low, high = held.bounds[::2], held.bounds[1::2]
    lengths = [b - a for a, b in zip(low, high, strict=True)]
    mode, scale = domain.get("mode", "normal"), domain.get("scale", 1.0)
    if mode in ("length", "scaled_extent"):
        longest = (math.dist(low, high) if mode == "length" else max(lengths)) / _largest(domain, held, values)
        return Domain(True, kind="bounds", range=(0.0, longest), default=longest * scale if longest > 0 else None)
    if mode == "magnitude":
        half = math.dist(low, high) / 2
        return Domain(True, kind="bounds", range=(-half, half), default=0.0)
    if mode == "box":
        return Domain(True, kind="bounds", range=list(zip(low, high, strict=True)), default=list(held.bounds))
    if mode == "across":
        return Domain(True, kind="bounds", range=[(-1.0, 1.0)] * 3, default=_across(lengths))
    center = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    default = {"center": center, "low": list(low), "high": list(high), "lengths": lengths}.get(mode, center)
    return Domain(True, kind="bounds", range=list(zip(low, high, strict=True)), default=default)


def _largest(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> float:
    """Return the largest number, or longest vector, of the array that a length is multiplied by; 1 without one."""
    chosen = values.get(domain.get("array", ""))
    pair = tuple(chosen) if isinstance(chosen, list | tuple) else ()
    for array in held.arrays:
        limits = array.magnitude_range if array.components > 1 else array.ranges[0]
        if (array.association, array.name) == pair and limits is not None:
            return max(map(abs, limits)) or 1.0
    return 1.0


def _across(lengths: list[float]) -> list[float] | None:
    """Return a direction along the data, for what lies across z; None if the data has a length in z, or none."""
    if lengths[2] > 0 or not any(lengths):
        return None
    return [1.0, 0.0, 0.0] if lengths[0] > 0 else [0.0, 1.0, 0.0]


def fitting_arrays(domain: Mapping[str, Any], held: DataInformation) -> list[ArrayInformation]:
    """Return the arrays of numbers that a domain of kind "arrays" takes.

    Those that VTK keeps for itself are left out.
    """
    associations = domain.get("associations", ("POINTS", "CELLS", "FIELD", "ROWS"))
    components = domain.get("components")
    return [
        array
        for array in held.arrays
        if array.association in associations
        and (not components or array.components in components)
        and array.name not in _RESERVED
        and array.data_type not in NO_NUMBERS
    ]


def _arrays(domain: Mapping[str, Any], held: DataInformation, _values: Mapping[str, Any]) -> Domain:
    fitting = fitting_arrays(domain, held)
    named = domain.get("names", False)
    entries: tuple[Any, ...] = tuple(a.name if named else (a.association, a.name) for a in fitting)
    if domain.get("all"):
        return Domain(True, kind="arrays", entries=entries, default=list(entries))
    if not entries and not domain.get("none") and not domain.get("optional"):
        wanted = ", ".join(domain.get("associations", ())) or "fitting"
        return Domain(True, f"the input has no {wanted} arrays of the right size", "arrays")
    if not entries or domain.get("none"):
        return Domain(True, kind="arrays", entries=entries)
    marked = (domain["attribute"],) if "attribute" in domain else ("Scalars", "Vectors")
    active = [index for index, array in enumerate(fitting) if array.attribute in marked]
    if domain.get("nothing") is not None and not active:
        return Domain(True, kind="arrays", entries=entries)
    place = domain.get("place", active[0] if active else _first_by_name(fitting))
    default = entries[min(place, len(entries) - 1)]
    return Domain(True, kind="arrays", entries=entries, default=default if named else list(default))


def _first_by_name(arrays: list[ArrayInformation]) -> int:
    """Return which array comes first: those of points before those of cells, then by name, as ParaView takes them."""
    order = ("POINTS", "CELLS", "FIELD", "ROWS")
    return min(range(len(arrays)), key=lambda at: (order.index(arrays[at].association), arrays[at].name.encode()))


def _array_range(domain: Mapping[str, Any], held: DataInformation, values: Mapping[str, Any]) -> Domain:
    if (by := domain.get("array")) and by not in values:
        return Domain(False, f"the input has no array that fits {by}", "array_range")
    chosen = values.get(by or "")
    arrays = [array for array in held.arrays if array.association in ("POINTS", "CELLS", "ROWS")]
    if isinstance(chosen, list | tuple) and len(chosen) == 2:
        arrays = [array for array in arrays if [array.association, array.name] == list(chosen)]
    if not arrays:
        return Domain(
            False, f"the input has no array {chosen!r}" if chosen else "the input has no arrays", "array_range"
        )
    whole = arrays[0].components > 1 and "component" not in domain
    limits = arrays[0].magnitude_range if whole else arrays[0].ranges[domain.get("component", 0)]
    if limits is None:
        return Domain(False, f"the array {arrays[0].name!r} holds no numbers", "array_range")
    if domain.get("mode") == "both":
        return Domain(True, kind="array_range", range=limits, default=list(limits))
    middle = {"low": limits[0], "high": limits[1]}.get(domain.get("mode", ""), (limits[0] + limits[1]) / 2)
    return Domain(True, kind="array_range", range=limits, default=[middle] if domain.get("list") else middle)


def _extent(_domain: Mapping[str, Any], held: DataInformation, _values: Mapping[str, Any]) -> Domain:
    extent = held.raw.get("extent")
    if not extent:
        return Domain(False, f"a {held.data_type} has no extent", "extent")
    return Domain(True, kind="extent", range=list(zip(extent[::2], extent[1::2], strict=True)), default=list(extent))


def _rows(_domain: Mapping[str, Any], held: DataInformation, _values: Mapping[str, Any]) -> Domain:
    if not held.number_of_rows:
        return Domain(False, "the input has no rows", "rows")
    last = held.number_of_rows - 1
    return Domain(True, kind="rows", range=(0, last), default=[0, last, 0, 0, 0, 0])


def _times(_domain: Mapping[str, Any], held: DataInformation, _values: Mapping[str, Any]) -> Domain:
    return Domain(True, kind="times", entries=held.time_steps, default=held.time_steps[0] if held.time_steps else None)


MOST_ENTRIES: Final = 40
"""So many are shown in a notebook."""

_RESERVED: Final = frozenset({"vtkGhostType"})
NO_NUMBERS: Final = frozenset({"string", "variant", "unicode string"})
"""Types of arrays that hold something else."""

OF_DATA: Final = {
    "bounds": _bounds,
    "arrays": _arrays,
    "array_range": _array_range,
    "extent": _extent,
    "rows": _rows,
    "times": _times,
}
"""The kinds of domains that depend on what the input holds."""

FILLED: Final = frozenset(OF_DATA) - {"times"}
"""Those that a server fills in before it executes; which time it is, is asked for by every update."""
