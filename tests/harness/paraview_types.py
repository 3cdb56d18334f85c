"""Results of types with their defaults over small inputs, described alike for ParaView and for us.

`paraview_types.json` has what ParaView 5.11.0 gives: tests/interop/paraview_types.py, run by its pvpython, makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

FILTER: Final = 500
WAVELET: Final = [-4, 4, -4, 4, -4, 4]
Summary = dict[str, Any]
EXPECTED: Final[dict[str, dict[str, Summary]]] = json.loads(
    (Path(__file__).parent / "paraview_types.json").read_text(encoding="utf-8")
)["types"]


def pipeline() -> tuple[Pipeline, dict[str, int]]:
    """Return a pipeline with the inputs, and their ids by name."""
    made, ids = Pipeline(), dict[str, int]()

    def add(name: str, type_name: str, properties: Mapping[str, Any], *inputs: str) -> None:
        ids[name] = len(ids) + 1
        connected = {"Input": [(ids[one], 0) for one in inputs]} if inputs else {}
        made.create(ids[name], type_name, dict(properties), connected)

    add("wavelet", "Wavelet", {"WholeExtent": WAVELET})
    add("ball", "Sphere", {"ThetaResolution": 12, "PhiResolution": 9})
    add("sphere", "Elevation", {"LowPoint": [0, 0, -0.5], "HighPoint": [0, 0, 0.5]}, "ball")
    add("tets", "Tetrahedralize", {}, "wavelet")
    vectors = "coordsY*iHat-coordsX*jHat+RTData/50*kHat"
    add("vec", "Calculator", {"Function": vectors, "ResultArrayName": "V"}, "wavelet")
    add("cells", "PointDatatoCellData", {}, "wavelet")
    add("segment", "Line", {"Point1": [1, 0, 0], "Point2": [3, 0, 1], "Resolution": 10})
    add("line", "Elevation", {"LowPoint": [1, 0, 0], "HighPoint": [3, 0, 1]}, "segment")
    add("plane", "Wavelet", {"WholeExtent": [-4, 4, -4, 4, 0, 0]})
    add("group", "GroupDatasets", {}, "sphere", "tets")
    add("htg", "vtkRandomHyperTreeGridSource", {})
    add("times", "vtkTimeSourceExample", {})
    return made, ids


def made_of(type_name: str, input_name: str = "", properties: Mapping[str, Any] | None = None) -> Summary:
    """Return the result of a type over one of the inputs. Raises what an execution raises."""
    made, ids = pipeline()
    ports = composition(type_name).definition.inputs
    connected = {ports[0].name: [(ids[input_name], 0)]} if input_name else {}
    made.create(FILTER, type_name, dict(properties or {}), connected)
    Executor().execute(made, FILTER)
    return summary(describe_output(*made.output(FILTER)))


def summary(found: Mapping[str, Any]) -> Summary:
    """Return what is compared: sizes, bounds, and of each array its components and the range of the first."""
    arrays = {
        f"{one['association']}:{one['name']}": [
            one["components"],
            _rounded(one["ranges"][0] if one["ranges"] else None),
        ]
        for one in found["arrays"]
        if one["name"] != "vtkGhostType"
    }
    sizes = {name: found[name] for name in ("points", "cells", "rows")}
    return {**sizes, "bounds": _rounded(found["bounds"]), "arrays": arrays}


def _rounded(values: Any) -> list[float] | None:
    return None if values is None else [float(f"{one:.7g}") for one in values]


def differences(ours: Summary, theirs: Summary) -> list[str]:
    """Return in words what differs by more than a thousandth."""
    told = [f"{n}: {ours[n]} instead of {theirs[n]}" for n in ("points", "cells", "rows") if ours[n] != theirs[n]]
    if not _close(ours["bounds"], theirs["bounds"]):
        told.append(f"bounds: {ours['bounds']} instead of {theirs['bounds']}")
    for name in sorted({*ours["arrays"], *theirs["arrays"]}):
        one, other = ours["arrays"].get(name), theirs["arrays"].get(name)
        if one is None or other is None:
            told.append(f"{name} {'is missing' if one is None else 'is not in ParaView'}")
        elif one[0] != other[0] or not _close(one[1], other[1]):
            told.append(f"{name}: {one} instead of {other}")
    return told


def _close(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return list(one) == pytest.approx(list(other), rel=1e-3, abs=1e-3, nan_ok=True)
