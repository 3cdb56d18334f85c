"""Operations as values: what travels of them, how they are read, and what a peer is told of what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any, ClassVar

import pytest

from async_paraview.operations import (
    MissingField,
    Operation,
    Operations,
    UnknownOperation,
    data,
    layout_of,
    render,
    sessions,
)
from async_paraview.operations.wire_types import wire_type
from services_core import IncomingCall, Kind, Packet, PacketError, RemoteError, Service, ServicesEngine, Subscription

from ..harness.backends import crosses_processes
from ..harness.time_limits import scaled

ALL = [one for table in (data.OPERATIONS, render.OPERATIONS, sessions.OPERATIONS) for one in table.types]
SAMPLES: dict[str, tuple[Any, Any]] = {
    "int": (7, 7),
    "float": (2, 2.0),
    "str": ("x", "x"),
    "bool": (True, True),
    "map": ({"a": [1]}, {"a": [1]}),
    "[int, ...]": ([1, 2], (1, 2)),
    "[str, ...]": (["a"], ("a",)),
    "[float, ...]": ([1, 2.5], (1.0, 2.5)),
    "[map, ...]": ([{"id": 1}], ({"id": 1},)),
    "[int, int]": ([1, 2], (1, 2)),
    "[float, float, float]": ([0.5, 0.25, 1.0], (0.5, 0.25, 1.0)),
    "[[str, str], ...]": ([["a", "b"]], (("a", "b"),)),
}
"""By type of the wire: what travels, and what the field holds."""


def name_of(one: type[Operation]) -> str:
    return f"{one.__module__.rpartition('.')[2]}.{one.__name__}"


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_whatever_is_sent_is_what_is_read(kind: type[Operation]) -> None:
    table = next(one for one in (data.OPERATIONS, render.OPERATIONS, sessions.OPERATIONS) if kind in one.types)
    samples = {one.name: SAMPLES[one.type.spelling.removesuffix(" or nil")] for one in layout_of(kind).fields}
    for one in layout_of(kind).fields:
        if one.make_default is not None and one.make_default() is True:
            samples[one.name] = False, False  # what is as it is by itself does not travel
    made = kind(**{name: held for name, (_, held) in samples.items()})
    assert made.packet().header == {"op": kind.op, **{name: sent for name, (sent, _) in samples.items()}}
    assert table.read(made.packet().header) == made


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_what_may_be_left_out_is_left_out_and_has_its_default(kind: type[Operation]) -> None:
    needed = {one.name: one.type for one in layout_of(kind).fields if one.make_default is None}
    made = kind(**{name: SAMPLES[one.spelling][1] for name, one in needed.items()})
    header = made.packet().header
    assert layout_of(kind).read(header, "this") == made
    empty = {name for name, value in header.items() if value == {} and name not in needed}
    assert set(header) - empty == {"op", *needed}


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_a_field_that_is_missing_or_of_another_type_is_named(kind: type[Operation]) -> None:
    right = {one.name: SAMPLES[one.type.spelling.removesuffix(" or nil")][0] for one in layout_of(kind).fields}
    for one in layout_of(kind).fields:
        wrong = {**right, one.name: 1.5 if "float" not in one.type.spelling else "noon"}
        with pytest.raises(MissingField) as caught:
            layout_of(kind).read(wrong, f"operation {kind.op!r}")
        words = f"operation {kind.op!r} needs a field {one.name!r} of type {one.type.spelling}, got {wrong[one.name]!r}"
        assert str(caught.value) == words
        if one.make_default is None:
            with pytest.raises(MissingField, match=f"a field {one.name!r} of type .*, got none"):
                layout_of(kind).read({name: value for name, value in right.items() if name != one.name}, "it")


def test_operations_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        data.Flush(view=1).view = 2  # type: ignore[misc]
    read = data.OPERATIONS.read({"op": "flush", "view": 1})
    with pytest.raises(FrozenInstanceError):
        read.view = 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"op": "fetsh"}, "the data service has no operation 'fetsh'; did you mean 'fetch'? It has: update, delete"),
        ({"op": "zzz"}, "the data service has no operation 'zzz'. It has: update, delete"),
        ({"op": 3}, "a header for the data service is a map whose 'op' is a text"),
        ({"op": ["fetch"]}, "a header for the data service is a map whose 'op' is a text"),
        ({}, "a header for the data service is a map whose 'op' is a text"),
        ([], "a header for the data service is a map whose 'op' is a text"),
        (None, "a header for the data service is a map whose 'op' is a text"),
    ],
)
def test_an_unknown_operation_is_told_with_the_nearest(header: Any, words: str) -> None:
    with pytest.raises(UnknownOperation) as caught:
        data.OPERATIONS.read(header)
    assert str(caught.value).startswith(words)
    assert data.OPERATIONS.named(header) is None


def test_a_misspelt_field_is_told_beside_the_one_that_is_missing() -> None:
    with pytest.raises(MissingField, match=r"needs a field 'view' of type int, got none, but 'veiw'$"):
        data.OPERATIONS.read({"op": "flush", "veiw": 1})


def test_fields_that_nobody_knows_are_ignored() -> None:
    assert data.OPERATIONS.read({"op": "flush", "view": 1, "soon": True}) == data.Flush(view=1)


def test_nil_is_a_value_where_the_page_says_so_and_nowhere_else() -> None:
    assert data.OPERATIONS.read({"op": "set_time", "time": None}) == data.SetTime(time=None)
    with pytest.raises(MissingField, match=r"'port' of type int, got None"):
        data.OPERATIONS.read({"op": "update_pipeline", "id": 1, "port": None})


@pytest.mark.parametrize("value", [True, 1.0, "1", [1]])
def test_an_integer_is_nothing_else(value: Any) -> None:
    with pytest.raises(MissingField):
        data.OPERATIONS.read({"op": "flush", "view": value})


def test_the_states_of_an_update_travel_in_the_header_or_in_the_buffer() -> None:
    states = ({"id": 1, "type": "Sphere", "properties": {"Radius": 2.0}}, {"id": 2})
    small, large = data.Update(proxies=states).packet(), data.Update(proxies=states).large_packet()
    assert large.header == {"op": "update", "ids": [1, 2]} and not small.buffers
    for packet in (small, large):
        update = data.OPERATIONS.read(packet.header)
        assert isinstance(update, data.Update) and update.states(packet) == states
    with pytest.raises(MissingField, match="an update needs a list of proxies"):
        data.Update().states(data.Update().packet())
    with pytest.raises(MissingField, match="an update needs a list of proxies"):
        data.Update().states(Packet({}, [b"\x91\x01"]))
    with pytest.raises(PacketError):
        data.Update(proxies=({"id": 1, "properties": {"Radius": object()}},)).packet()


def test_the_state_of_a_proxy_is_read_as_exactly() -> None:
    layout = layout_of(data.ProxyState)
    read = layout.read({"id": 1, "inputs": {"Input": [[2, 0], [3, 1]]}, "objects": {"ClipType": None}}, "a proxy")
    assert (read.inputs, read.objects) == ({"Input": ((2, 0), (3, 1))}, {"ClipType": None})
    assert (read.type, read.properties, read.unset) == (None, {}, ())
    for wrong in ({"Input": [2, 0]}, {"Input": [[2]]}, {"Input": 2}, [[2, 0]]):
        with pytest.raises(MissingField, match=r"'inputs' of type \{str: \[\[int, int\], ...\]\}, got"):
            layout.read({"id": 1, "inputs": wrong}, "a proxy")


def test_a_type_that_cannot_travel_is_refused_when_the_layout_is_made() -> None:
    with pytest.raises(TypeError, match="cannot travel"):
        wire_type(set[int])


# --- a service with operations of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Add(Operation):
    """Add numbers."""

    op: ClassVar[str] = "add"
    formerly: ClassVar[tuple[str, ...]] = ("plus",)
    sent_as: ClassVar[Kind] = Kind.REQUEST

    numbers: tuple[int, ...]
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Operation):
    """Count up."""

    op: ClassVar[str] = "count"
    sent_as: ClassVar[Kind] = Kind.SUBSCRIBE

    to: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget(Operation):
    """Do nothing."""

    op: ClassVar[str] = "forget"
    sent_as: ClassVar[Kind] = Kind.MESSAGE


class Adder(Service):
    """Adds and counts."""

    operations = Operations("adder", Add, Count, Forget)

    def process(self, incoming: IncomingCall) -> Any:
        methods: dict[type[Operation], Any] = {
            Add: lambda incoming, add: Packet({"sum": sum(add.numbers), "weights": add.weights}),
            Count: lambda incoming, count: iter([Packet({"n": n}) for n in range(count.to)]),
            Forget: lambda incoming, forget: None,
        }
        return self.operations.call(methods, incoming)


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_a_peer_is_told_what_was_wrong(backend: str) -> None:
    with ServicesEngine(backend) as engine:
        engine.add_service(Adder("adder"))
        url = engine.listen("tcp://127.0.0.1:0").url if crosses_processes(backend) else None
        endpoint = engine.endpoint("adder", url)
        faults: list[str] = []
        endpoint.add_fault_callback(lambda error: faults.append(str(error)))

        def outcome(header: dict[str, Any]) -> Any:
            return endpoint.send_request(header).result(scaled(10)).header

        assert outcome(Add(numbers=(1, 2), weights={"a": 2.0}).header()) == {"sum": 3, "weights": {"a": 2.0}}
        assert outcome({"op": "plus", "numbers": [1, 2]})["sum"] == 3, "its name in an earlier protocol"
        assert outcome({"op": "forget"}) is None, "a message may be a request, too"
        for header, type_name, words in (
            ({"op": "ad"}, "UnknownOperation", "did you mean 'add'? It has: add, count, forget"),
            ({"op": "add"}, "MissingField", "operation 'add' needs a field 'numbers' of type [int, ...], got none"),
            ({"op": "count"}, "WrongKind", "'count' is a stream, not a request: subscribe to it"),
        ):
            with pytest.raises(RemoteError) as caught:
                outcome(header)
            assert caught.value.type_name == type_name and words in str(caught.value)
            endpoint.send_message(header)
            outcome({"op": "forget"})
            told = faults.pop()
            assert words.replace("request", "message") in told and not faults
        assert [item.header["n"] for item in items(endpoint.subscribe(Count().packet()))] == [0, 1, 2]
        with pytest.raises(RemoteError, match=r"WrongKind: 'add' is a request, not a stream: do not subscribe to it"):
            items(endpoint.subscribe(Add(numbers=()).packet()))


def items(stream: Subscription) -> list[Packet]:
    async def read() -> list[Packet]:
        return [item async for item in stream]

    return asyncio.run(read())
