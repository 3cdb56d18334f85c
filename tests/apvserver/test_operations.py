"""The services do what their tables of operations say: all of it, and nothing else."""

from __future__ import annotations

import pytest

from apvserver.data.lookups import LOOKUPS
from apvserver.data.service import DataService
from apvserver.hosting.server import SessionsService
from apvserver.render.service import RenderService
from async_paraview.operations import Operation, Operations, data, render, sessions


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
