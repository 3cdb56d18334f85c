"""The services do what their tables of operations say: all of it, and nothing else."""

from __future__ import annotations

import re

import pytest
from protocol_page import PAGE, lists, written

from apvserver.data.lookups import LOOKUPS
from apvserver.data.service import DataService
from apvserver.hosting.server import SessionsService
from apvserver.render.service import RenderService
from async_paraview.operations import Operation, Operations, data, layout_of, render, sessions


def test_every_operation_of_the_tables_has_its_method() -> None:
    assert set(DataService(lambda: None)._methods) == set(data.OPERATIONS.types)  # type: ignore[arg-type, return-value]
    assert set(RenderService()._methods) == set(render.OPERATIONS.types)
    assert set(SessionsService(None, {})._methods) == set(sessions.OPERATIONS.types)  # type: ignore[arg-type]
    assert set(LOOKUPS) == set(data.CONCURRENT)


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
