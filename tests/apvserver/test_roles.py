"""Which operations viewers of a session may ask for: a table, and the services keep to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from async_paraview.operations import Operation, Operations, data, layout_of, render, sessions
from async_paraview.operations.members import EDITOR, KEY, OWNER, VIEWER, Member, member_of
from services_core import Kind, Packet, Refused

LOOKING = {
    "data": {
        "sync", "flush", "update_pipeline", "property_information", "offered", "choose_reader", "list_files",
        "definition", "definitions", "types", "fetch", "rows", "histogram", "origin", "select", "progress", "messages",
        "changes",
    },
    "render": {
        "sync", "screenshot", "export", "view", "check", "pick", "visible_ids", "visible_range", "color_map",
        "presets", "legend_picture", "text_picture", "composition",
        "plots",
        "capabilities", "images", "ack_image", "changes",
    },
    "sessions": {"open", "line", "join", "clients", "about"},
}  # fmt: skip
"""Nothing else is a viewer's; who adds an operation that only looks adds it here, having thought about it."""

TABLES = [data.OPERATIONS, render.OPERATIONS, sessions.OPERATIONS]


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.service)
def test_what_viewers_may_ask_for_is_this(table: Operations) -> None:
    assert {one.op for one in table.types if one.only_looks} == LOOKING[table.service]


def asked(operation: type[Operation], role: str) -> Any:
    values = {one.name: _some(one.type.spelling) for one in layout_of(operation).fields if one.make_default is None}
    return SimpleNamespace(
        packet=Packet({"op": operation.op, **values}),
        kind=operation.sent_as,
        client=SimpleNamespace(info={KEY: Member(2, role).to_dict()}),
    )


def _some(spelling: str) -> Any:
    """A value of a field's type."""
    some: Mapping[str, Any] = {"int": 1, "str": "", "map": {}, "[int, int]": [1, 1], "[int, ...]": [1]}
    return some[spelling]


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.service)
@pytest.mark.parametrize("role", [OWNER, EDITOR, VIEWER])
def test_each_operation_is_done_for_those_who_may(table: Operations, role: str) -> None:
    done: list[str] = []
    methods = {one: lambda incoming, wanted: done.append(wanted.op) for one in table.types}
    for operation in table.types:
        incoming = asked(operation, role)
        if role == VIEWER and operation.op not in LOOKING[table.service]:
            with pytest.raises(Refused, match=f"you are a viewer of this session, and '{operation.op}' changes"):
                table.call(methods, incoming)
        else:
            table.call(methods, incoming)
    assert len(done) == len(table.types if role != VIEWER else LOOKING[table.service])


def test_an_operation_that_says_nothing_is_not_for_viewers() -> None:
    class Forgotten(Operation):
        op = "forgotten"
        sent_as = Kind.REQUEST

    assert not Forgotten.only_looks


def test_who_comes_without_a_server_before_it_is_the_owner_of_all() -> None:
    assert member_of({}).may_change and member_of({}).client == 0
    assert [Member(client, VIEWER).first_id for client in (1, 2, 3)] == [1, 2**32 + 1, 2**33 + 1]
