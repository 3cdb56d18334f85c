"""Words as scripts of ParaView use them: entries, kinds of functions, arrays that are none."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.base.errors import InvalidProperty, UnknownProperty
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from async_paraview.domains import evaluate
from async_paraview.information import DataInformation
from async_paraview.values import entry_number
from servermanager import connect
from services_core import RemoteError

from ..harness.apvtest import in_loop

RTDATA = ["POINTS", "RTData"]


@pytest.mark.parametrize(
    ("name", "number"),
    [("Cell Data", 1), ("CellData", 1), ("CELL_DATA", 1), ("cells", None), ("One", 5), ("ONE", 6), ("one", None)],
)
def test_entries_are_taken_in_any_spelling_that_is_clear(name: str, number: int | None) -> None:
    assert entry_number([("Cell Data", 1), ("One", 5), ("ONE", 6)], [("CellsOfVTK", 1)], name) == number


def test_names_of_vtk_count_where_ours_do_not() -> None:
    assert entry_number([("Extract All Regions", 5)], [("AllRegions", 5), ("Point Seeded", 1)], "AllRegions") == 5


@pytest.mark.parametrize("known", [False, True])
@in_loop
async def test_a_clip_by_scalar_holds_no_function_whether_its_definition_is_known_or_not(known: bool) -> None:
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet()
        if known:
            await session.definitions.definition("Clip")
        clip = session.filters.Clip(Input=wavelet, ClipType="Scalar", Scalars=RTDATA, Value=200.0)
        info = await clip.update_pipeline()
        assert info.array("RTData").ranges[0] == pytest.approx((37.3531, 200.0), abs=1e-3)
        clip.ClipType = "Plane"
        assert (await clip.update_pipeline()).bounds == (-10, 0, -10, 10, -10, 10), "Value is of arrays alone"


@in_loop
async def test_a_source_says_where_the_function_of_its_name_is() -> None:
    async with connect(backend="inproc") as session:
        for name in ("Plane", "Cylinder", "Box", "Sphere", "Cone"):
            await session.definitions.definition(name)
            with pytest.raises(AttributeError, match=f"implicit function of that name is session.objects.{name}"):
                session.create(name, Bogus=1)
        late = session.create("Superquadric", Bogus=1)
        with pytest.raises(RemoteError, match="Superquadric has no property 'Bogus'"):
            await late.update_pipeline()


def executed(kind: str, properties: dict[str, Any], inside: dict[str, Any], extent: list[int]) -> dict[str, Any]:
    made = Pipeline()
    made.create(1, "Wavelet", {"WholeExtent": extent})
    made.create(2, "objects/Box", inside)
    made.create(3, kind, properties, {"Input": [(1, 0)]}, {"SliceType" if kind == "Slice" else "ClipType": 2})
    Executor().execute(made, 3)
    return describe_output(*made.output(3))


def test_a_box_around_data_without_a_length_keeps_it() -> None:
    assert executed("Clip", {}, {"Length": [2, 2, 0]}, [0, 4, 0, 4, 0, 0])["bounds"] == pytest.approx(
        (0, 2, 0, 2, 0, 0)
    )


def test_a_box_takes_places_of_three_numbers_and_bounds_of_six() -> None:
    made = Pipeline()
    made.create(1, "objects/Box")
    for name, value in (("Position", [1, 2]), ("Length", [float("inf"), 1, 1]), ("Bounds", [0, 1]), ("Rotation", "a")):
        with pytest.raises(InvalidProperty, match=name):
            made.modify(1, {name: value})
    with pytest.raises(InvalidProperty, match="takes True or False"):
        made.modify(1, {"UseReferenceBounds": 2})


def test_a_server_names_the_function_too() -> None:
    with pytest.raises(UnknownProperty, match="the implicit function is objects/Plane"):
        Pipeline().create(1, "Plane", {"Normal": [1, 0, 0]})


def test_without_a_marked_array_the_first_name_counts_that_of_points_before_that_of_cells() -> None:
    plain = {"type": "double", "components": 1, "component_names": [], "tuples": 3, "magnitude_range": None}
    arrays = [
        {**plain, "name": name, "association": where, "ranges": [(0.0, 1.0)]}
        for where, name in (("CELLS", "A"), ("POINTS", "zeta"), ("POINTS", "alpha"), ("POINTS", "Beta"))
    ]
    shape = {
        "type": "vtkPolyData",
        "points": 3,
        "cells": 1,
        "rows": 0,
        "bounds": None,
        "memory_kib": 1,
        "time_steps": [],
    }
    held = DataInformation.from_dict({**shape, "blocks": [], "arrays": arrays})
    entry = {"name": "Scalars", "domain": {"kind": "arrays", "associations": ["POINTS", "CELLS"], "components": [1]}}
    assert evaluate(entry, held, {}).default == ["POINTS", "Beta"], "as ParaView 5.11"


def test_an_axis_has_a_direction() -> None:
    with pytest.raises(InvalidProperty, match="expects a direction"):
        Pipeline().create(1, "objects/Cylinder", {"Axis": [0, 0, 0]})


def test_a_range_takes_both_of_its_ends() -> None:
    made = Pipeline()
    made.create(1, "Wavelet")
    with pytest.raises(InvalidProperty, match="ThresholdRange expects 2 values"):
        made.create(2, "IsoVolume", {"ThresholdRange": [1.0]}, {"Input": [(1, 0)]})
