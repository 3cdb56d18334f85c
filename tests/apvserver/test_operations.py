"""The services do what their tables of operations say: all of it, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

import pytest

from apvserver.data.queries import QUERIES
from apvserver.data.service import DataService
from apvserver.hosting.monitoring.operators import OperatorsDesk
from apvserver.hosting.server import SessionsService
from apvserver.render.service import RenderService
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.definitions import PropertyDefinition
from async_paraview.operations import Operation, Operations, data, layout_of, render, sessions

from ..harness.protocol_page import PAGE, lists, written


def test_every_operation_of_the_tables_has_its_method() -> None:
    assert set(DataService(lambda: None)._methods) == set(data.OPERATIONS.types)  # type: ignore[arg-type, return-value]
    assert set(RenderService()._methods) == set(render.OPERATIONS.types)
    nothing: Any = None
    desk = OperatorsDesk({}, nothing)
    assert set(SessionsService(nothing, {}, desk)._methods) == set(sessions.OPERATIONS.types)
    assert set(QUERIES) == set(data.CONCURRENT)


@pytest.mark.parametrize(
    "table", [data.OPERATIONS, render.OPERATIONS, sessions.OPERATIONS], ids=lambda one: one.service
)
def test_no_operation_of_a_module_is_missing_in_its_table(table: Operations) -> None:
    module = {"data": data, "render": render, "sessions": sessions}[table.service]
    found = {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Operation)}
    assert found - {Operation} == set(table.types)


def test_the_page_lists_the_operations_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "docs/protocol.md is old: run python tests/harness/protocol_page.py"


def test_the_page_tells_each_operation_with_all_of_its_fields() -> None:
    for name, table in (("sessions", sessions.OPERATIONS), ("data", data.OPERATIONS), ("render", render.OPERATIONS)):
        said = "\n".join(lists()[name]) + "\n"
        for one in table.types:
            text = said.partition(f"#### {one.op}\n")[2].partition("\n#### ")[0]
            assert re.findall(r"^- `(\w+)` \(", text, re.MULTILINE) == [f.name for f in layout_of(one).fields]
            assert text.lstrip().startswith(one.sent_as.name)
            assert ("Answer: " in text) == bool(one.answer)


def test_every_field_that_its_name_does_not_explain_is_explained() -> None:
    said = "\n".join(line for lines in lists().values() for line in lines)
    unsaid = {name for name in re.findall(r"^- `(\w+)` \([^:]*\)$", said, re.MULTILINE)}
    assert unsaid <= {"view", "representation", "version", "cell", "point"}


def test_the_page_tells_all_keys_of_a_property_of_a_definition() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("| key | |")[2].partition("\n\n")[0]
    said = {name for names in re.findall(r"^\| ([\w, ]+) \|", table, re.MULTILINE) for name in names.split(", ")}
    assert said == {one.name for one in fields(PropertyDefinition)}


def test_values_are_written_as_the_page_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written_as = ({"ContourBy": ["POINTS", "RTData"]}, {"Isosurfaces": [100.0, 157.0]}, {"Origin": [0, 0, 2]})
    for one in (*written_as, {"VectorScaleMode": "Scale by Components"}, {"objects": {"SliceType": 7}}):
        assert f"`{json.dumps(one)[1:-1]}`" in page
    contour, isosurfaces, origin = written_as
    pipeline = Pipeline()
    pipeline.create(1, "Wavelet")
    pipeline.create(2, "Contour", {**contour, **isosurfaces}, {"Input": [(1, 0)]})
    pipeline.create(7, "objects/Plane", {**origin, "Normal": [0, 0, 1]})
    pipeline.create(3, "Slice", {}, {"Input": [(1, 0)]}, {"SliceType": 7})
    pipeline.create(4, "Glyph", {"VectorScaleMode": "Scale by Components"}, {"Input": [(1, 0)]})
    for id_ in (2, 3):
        Executor().execute(pipeline, id_)
    assert describe_output(*pipeline.output(2, 0))["arrays"][0]["ranges"] == [(100.0, 157.0)]
    assert describe_output(*pipeline.output(3, 0))["bounds"][4:] == (2.0, 2.0)
    pipeline.close()
