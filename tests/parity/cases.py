"""Cases that were measured in ParaView: what they are, what we make of them, and in what the results differ."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from async_paraview.information import DataInformation
from servermanager import Session

FILE: Final = Path(__file__).parent / "paraview_5_11.json"
TOLERANCE: Final = 1e-3
"""How far bounds and ranges may be off, of the larger of 1 and their size."""
Found = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A proxy of a type on some inputs, and what ParaView makes of it.

    `here` says in what ours differs, `why` why; `refused` is what is said where ParaView makes nothing.
    """

    number: int
    proxy: str
    inputs: Mapping[str, str | list[str]]
    properties: Mapping[str, Any]
    result: Found
    here: Mapping[str, Any]
    why: str
    refused: str

    def __str__(self) -> str:
        return f"{self.number}-{self.proxy}"

    @property
    def expected(self) -> Found:
        """What is to be made here."""
        arrays = {**self.result["arrays"], **self.here.get("arrays", {})}
        known = {name: limits for name, limits in arrays.items() if limits is not None}
        return {**self.result, **self.here, "arrays": known}


@cache
def _held() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return held


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases of the file."""
    return tuple(
        Case(
            number=number,
            proxy=one["proxy"],
            inputs=one["inputs"],
            properties=one["properties"],
            result=one["result"],
            here=one.get("here", {}),
            why=one.get("why", ""),
            refused=one.get("refused", ""),
        )
        for number, one in enumerate(_held()["cases"])
    )


def _make(session: Session, kind: str, inputs: Mapping[str, Any], properties: Mapping[str, Any]) -> Any:
    plain = {name: one for name, one in properties.items() if "." not in name}
    proxy = session.create(kind, **inputs, **plain)
    for name, value in properties.items():
        holder, _, last = name.rpartition(".")
        if holder:
            setattr(getattr(proxy, holder), last, value)
    return proxy


def _input(session: Session, names: str | list[str]) -> Any:
    if not isinstance(names, str):
        return [_input(session, name) for name in names]
    kind, inputs, properties = _held()["inputs"][names]
    return _make(session, kind, {port: _input(session, of) for port, of in inputs.items()}, properties)


async def ready(session: Session, case: Case) -> None:
    """Have the definitions that a case needs arrive, as they have for whoever uses an interface."""
    names, kinds = [one for of in case.inputs.values() for one in ([of] if isinstance(of, str) else of)], {case.proxy}
    while names:
        kind, inputs, _ = _held()["inputs"][names.pop()]
        kinds.add(kind)
        names += [one for of in inputs.values() for one in ([of] if isinstance(of, str) else of)]
    for kind in sorted(kinds):
        await session.definitions.definition(kind)


async def made(session: Session, case: Case) -> Found:
    """Return what we make of a case, in the form of the file."""
    await ready(session, case)
    inputs = {port: _input(session, of) for port, of in case.inputs.items()}
    proxy = _make(session, case.proxy, inputs, case.properties)
    return described(await proxy.update_pipeline())


def described(information: DataInformation) -> Found:
    """Return what is known of data, in the form of the file."""
    arrays = {
        f"{one.association}:{one.name}": [one.components, *(limit for pair in one.ranges if pair for limit in pair)]
        for one in information.arrays
        if one.association != "FIELD" and one.name and (one.tuples or information.number_of_points)
    }
    bounds = information.bounds
    return {
        "type": information.data_type,
        "points": information.number_of_points,
        "cells": information.number_of_cells,
        "rows": information.number_of_rows,
        "bounds": None if bounds is None or not all(map(math.isfinite, bounds)) else list(bounds),
        "arrays": dict(sorted(arrays.items())),
    }


def differences(expected: Found, found: Found) -> Iterator[str]:
    """Yield in what two results differ."""
    for name in ("type", "points", "cells", "rows"):
        if expected[name] != found[name]:
            yield f"{name}: {expected[name]} in ParaView, here {found[name]}"
    if not _close(expected["bounds"], found["bounds"]):
        yield f"bounds: {expected['bounds']} in ParaView, here {found['bounds']}"
    for name in sorted(expected["arrays"].keys() | found["arrays"].keys()):
        one, other = expected["arrays"].get(name), found["arrays"].get(name)
        if not _close(one, other):
            yield f"{name}: {one} in ParaView, here {other}"


def _close(one: list[float] | None, other: list[float] | None) -> bool:
    if one is None or other is None or len(one) != len(other):
        return one is other
    return all(abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b)) for a, b in zip(one, other, strict=True))
