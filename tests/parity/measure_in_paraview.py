"""Measures cases in ParaView: `pvpython --force-offscreen-rendering tests/parity/measure_in_paraview.py FILE`.

It writes into the file what ParaView gives for each case that has no result yet. It stands alone, since ParaView brings
a Python of its own. An array is [components, lowest and highest of the first, of the second, ...].
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

DIGITS = 7


def rounded(value: float) -> float:
    """Return a number with as many digits as are compared."""
    return float(f"{value:.{DIGITS}g}")


def make(simple: Any, kind: str, inputs: dict[str, Any], properties: dict[str, Any]) -> Any:
    """Make a proxy as scripts do; then set what its objects have: "ClipType.Origin"."""
    proxy = getattr(simple, kind)(**inputs, **{name: one for name, one in properties.items() if "." not in name})
    for name, value in properties.items():
        holder, _, last = name.rpartition(".")
        if holder:
            setattr(getattr(proxy, holder), last, value)
    return proxy


def made_input(simple: Any, known: dict[str, Any], name: str) -> Any:
    """Make an input and what it needs, up to date: what depends on data is filled in as a filter is made."""
    kind, inputs, properties = known[name]
    proxy = make(simple, kind, {port: made_inputs(simple, known, of) for port, of in inputs.items()}, properties)
    proxy.UpdatePipeline()
    return proxy


def made_inputs(simple: Any, known: dict[str, Any], names: Any) -> Any:
    """Make the inputs of one port, one or a list of them."""
    if isinstance(names, str):
        return made_input(simple, known, names)
    return [made_input(simple, known, name) for name in names]


def arrays_of(information: Any) -> dict[str, Any]:
    """Return the arrays of points, cells and rows by their places."""
    found: dict[str, Any] = {}
    for place, attributes in (
        ("POINTS", information.GetPointDataInformation()),
        ("CELLS", information.GetCellDataInformation()),
        ("ROWS", information.GetRowDataInformation()),
    ):
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetArrayInformation(index)
            count = array.GetNumberOfComponents()
            limits = [one for component in range(count) for one in array.GetComponentRange(component)]
            known = limits if all(low <= high for low, high in zip(limits[::2], limits[1::2], strict=True)) else []
            found[f"{place}:{array.GetName()}"] = [count, *map(rounded, known)]
    return dict(sorted(found.items()))


def result(proxy: Any) -> dict[str, Any]:
    """Return what a proxy makes: its kind, counts, bounds and arrays."""
    proxy.UpdatePipeline()
    information = proxy.GetDataInformation().DataInformation
    low, high = information.GetBounds()[:2]
    return {
        "type": information.GetCompositeDataClassName() or information.GetDataClassName(),
        "points": information.GetNumberOfPoints(),
        "cells": information.GetNumberOfCells(),
        "rows": information.GetNumberOfRows(),
        "bounds": [rounded(one) for one in information.GetBounds()] if low <= high else None,
        "arrays": arrays_of(information),
    }


def main(path: Path) -> None:
    """Measure what has no result."""
    simple = importlib.import_module("paraview.simple")
    held = json.loads(path.read_text(encoding="utf-8"))
    for case in held["cases"]:
        if "result" in case:
            continue
        simple.ResetSession()  # else defaults depend on the cases before
        try:
            inputs = {port: made_inputs(simple, held["inputs"], of) for port, of in case["inputs"].items()}
            case["result"] = result(make(simple, case["proxy"], inputs, case["properties"]))
        except Exception as error:  # whatever ParaView raises: the case is wrong, and is shown
            print("not measured:", json.dumps(case), type(error).__name__, str(error)[:300])
    lines = {
        "about": json.dumps(held["about"]),
        "inputs": "{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in held["inputs"].items()) + "\n}",
        "cases": "[\n" + ",\n".join(f" {json.dumps(one)}" for one in held["cases"]) + "\n]",
    }
    path.write_text("{\n" + ",\n".join(f'"{k}": {v}' for k, v in lines.items()) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
