"""Client and server joined by a wire in memory: every outcome once, windows and credits kept, breaches noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services_core import (
    DEFAULT_LIMITS,
    Closed,
    ConnectionFailed,
    ConnectionLost,
    DeadlineExceeded,
    KiB,
    Kind,
    Message,
    Packet,
    ProtocolViolation,
    Refused,
    RemoteError,
    RequestCancelled,
    SlowConsumer,
)
from services_core.protocol.events import (
    Arrived,
    CancelArrived,
    Dropped,
    Ended,
    Event,
    Faulted,
    Greeted,
    Ponged,
    Resolved,
    Welcomed,
)

from .wire import Wire


def _kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_hello_and_welcome() -> None:
    wire = Wire(welcome=False)
    wire.settle()
    assert wire.server_events == [Greeted({"service": "s"})]
    wire.server.welcome({"software": "me"})
    wire.settle()
    assert wire.client_events == [Welcomed({"software": "me"})]


def test_request_sent_before_the_welcome_goes_out_with_it() -> None:
    wire = Wire(welcome=False)
    id_ = wire.client.send_request(Packet("q"), now=0.0)
    wire.client.ping()
    wire.settle()
    assert _kinds(wire.server_events) == ["Greeted"]
    wire.server.welcome({})
    wire.settle()
    assert _kinds(wire.server_events) == ["Greeted", "Pinged", "Arrived"] or _kinds(wire.server_events) == [
        "Greeted",
        "Arrived",
        "Pinged",
    ]
    wire.server.reply(id_, Packet("a"))
    wire.settle()
    resolved = [event for event in wire.client_events if isinstance(event, Resolved)]
    assert resolved[0].packet is not None and resolved[0].packet.header == "a"


def test_reply_error_fault_and_pong() -> None:
    wire = Wire()
    first = wire.client.send_request(Packet(), now=0.0)
    second = wire.client.send_request(Packet(), now=0.0)
    wire.client.send_message(Packet())
    ping = wire.client.ping()
    wire.settle()
    wire.server.fail(second, ValueError("bad"))
    wire.server.reply(first, Packet(1))
    wire.server.reply(first, Packet(2))  # the second answer is ignored
    wire.server.fault(KeyError("gone"))
    wire.server.pong(ping, 1.5)
    wire.settle()
    events = {type(e).__name__ + str(getattr(e, "id", "")): e for e in wire.client_events}
    assert set(events) == {f"Resolved{first}", f"Resolved{second}", "Faulted", f"Ponged{ping}"}
    error = events[f"Resolved{second}"].error  # type: ignore[union-attr]
    assert isinstance(error, RemoteError) and error.type_name == "ValueError" and error.message == "bad"
    assert isinstance(events["Faulted"], Faulted) and "KeyError" in str(events["Faulted"].error)
    assert events[f"Ponged{ping}"] == Ponged(ping, 1.5)


def test_deadline_expires_at_the_client_and_is_told_to_the_server() -> None:
    wire = Wire()
    id_ = wire.client.send_request(Packet(), now=0.0, deadline_s=2.0)
    assert wire.client.next_deadline() == 2.0
    wire.settle()
    arrived = wire.server_events[0]
    assert isinstance(arrived, Arrived) and arrived.deadline == pytest.approx(2.0)
    assert wire.client.advance(1.999) == []
    (event,) = wire.client.advance(2.0)
    assert isinstance(event, Resolved) and isinstance(event.error, DeadlineExceeded) and event.id == id_
    wire.settle()
    assert wire.server_events[-1] == CancelArrived(id_)
    wire.server.reply(id_, Packet())
    wire.settle()
    assert wire.client_events == []
    assert wire.client.next_deadline() is None


@pytest.mark.parametrize("deadline_s", [0.0, -1.0, 1e300, float("inf")])
def test_odd_deadlines_can_travel(deadline_s: float) -> None:
    wire = Wire()
    wire.client.send_request(Packet(), now=0.0, deadline_s=deadline_s)
    wire.settle()
    assert _kinds(wire.server_events) == ["Arrived"]


def test_opening_fails_in_time() -> None:
    wire = Wire(welcome=False)
    wire.client.send_request(Packet(), now=0.0)
    assert wire.client.next_deadline() == 3.0
    resolved, dropped = wire.client.advance(3.0)
    assert isinstance(resolved, Resolved) and isinstance(resolved.error, ConnectionFailed)
    assert isinstance(dropped, Dropped)
    with pytest.raises(ConnectionFailed):
        wire.client.send_message(Packet())


def test_opening_may_take_longer_where_the_peer_is_known_to_live() -> None:
    wire = Wire(welcome=False)
    wire.client.send_request(Packet(), now=0.0)
    assert wire.client.advance(3.0, connected=True) == []
    assert wire.client.next_deadline() == DEFAULT_LIMITS.welcome_s
    wire.settle()
    wire.server.welcome({})
    wire.settle()
    assert wire.client.advance(DEFAULT_LIMITS.welcome_s, connected=True) == []


def test_opening_ends_some_time_although_the_peer_lives() -> None:
    wire = Wire(welcome=False)
    assert wire.client.advance(3.0, connected=True) == []
    (dropped,) = wire.client.advance(DEFAULT_LIMITS.welcome_s, connected=True)
    assert isinstance(dropped, Dropped) and "said no WELCOME within 30 s" in str(dropped.error)


def test_opening_of_a_peer_that_died_meanwhile_is_not_waited_for() -> None:
    wire = Wire(welcome=False)
    (dropped,) = wire.client.advance(3.0, connected=False)
    assert isinstance(dropped, Dropped) and "did not answer within 3 s" in str(dropped.error)


def test_lost_says_what_may_have_been_executed() -> None:
    wire = Wire(replace(DEFAULT_LIMITS, window_bytes=1 * KiB))
    sent = wire.client.send_request(Packet(), now=0.0)
    unsent = wire.client.send_request(Packet(), now=0.0)
    stream = wire.client.subscribe(Packet(), newest=False)
    events = wire.client.lost(ConnectionLost("cut"))
    outcomes = {e.id: e.error for e in events if isinstance(e, Resolved)}
    for id_, executed in ((sent, True), (unsent, False)):
        error = outcomes[id_]
        assert isinstance(error, ConnectionLost) and error.maybe_executed is executed
    assert [e.id for e in events if isinstance(e, Ended)] == [stream]
    assert isinstance(events[-1], Dropped)
    assert wire.client.lost(ConnectionLost("again")) == []


def test_cancel_of_unsent_and_of_sent_work() -> None:
    wire = Wire(replace(DEFAULT_LIMITS, window_bytes=1 * KiB))
    sent = wire.client.send_request(Packet(), now=0.0)
    unsent = wire.client.send_request(Packet(), now=0.0)
    for id_ in (sent, unsent):
        (event,) = wire.client.cancel(id_)
        assert isinstance(event, Resolved) and isinstance(event.error, RequestCancelled)
        assert wire.client.cancel(id_) == []
    wire.settle()
    assert _kinds(wire.server_events) == ["Arrived", "CancelArrived"]


def test_goodbye_of_each_side() -> None:
    wire = Wire()
    id_ = wire.client.send_request(Packet(), now=0.0)
    wire.settle()
    wire.server.close(Refused("no longer"))
    wire.settle()
    resolved, dropped = wire.client_events
    assert isinstance(resolved, Resolved) and resolved.id == id_ and isinstance(resolved.error, Refused)
    assert isinstance(dropped, Dropped)
    wire = Wire()
    events = wire.client.close()
    assert isinstance(events[-1], Dropped) and isinstance(events[-1].error, Closed)
    wire.settle()
    assert _kinds(wire.server_events) == ["Dropped"]


def test_slow_consumer_is_cut_after_the_stall() -> None:
    limits = replace(DEFAULT_LIMITS, window_bytes=8 * KiB, outbound_bytes=4 * KiB, stall_s=10.0)
    wire = Wire(limits)
    ids = [wire.client.send_request(Packet(), now=0.0) for _ in range(5)]
    wire.settle()
    wire.client._inbox.consumed = lambda size_bytes: 0  # type: ignore[method-assign]  # it grants nothing any more
    for id_ in ids:
        wire.server.reply(id_, Packet(None, [bytes(8 * KiB)]))
    assert wire.server.next_deadline(5.0) == 15.0
    assert wire.server.advance(14.9) == []
    (dropped,) = wire.server.advance(15.0)
    assert isinstance(dropped, Dropped) and isinstance(dropped.error, SlowConsumer)


def test_a_client_that_read_meanwhile_is_not_cut_for_an_old_stall() -> None:
    wire = Wire(replace(DEFAULT_LIMITS, window_bytes=8 * KiB, outbound_bytes=4 * KiB, stall_s=10.0))
    ids = [wire.client.send_request(Packet(), now=0.0) for _ in range(5)]
    wire.settle()
    wire.client._inbox.consumed = lambda size_bytes: 0  # type: ignore[method-assign]  # it grants only what we say
    for id_ in ids[:2]:
        wire.server.reply(id_, Packet(None, [bytes(8 * KiB)]))
    assert wire.server.next_deadline(0.0) == 10.0
    wire.server.receive([Message(Kind.WINDOW, 0, 16 * KiB)], 5.0)
    for id_ in ids[2:]:
        wire.server.reply(id_, Packet(None, [bytes(8 * KiB)]))
    assert wire.server.outbox.full
    assert wire.server.advance(10.0) == []


_P = Packet({})


def _any(kind: int, id_: int = 1) -> Message:
    return Message(kind, id_, 1, 0, _P)


@pytest.mark.parametrize("kind", sorted(set(Kind)))
@pytest.mark.parametrize("state", ["waiting", "greeted", "open"])
def test_server_in_each_state(state: str, kind: Kind) -> None:
    wire = Wire(welcome=False)
    if state != "waiting":
        wire.settle()
    if state == "open":
        wire.server.welcome({})
    legal = {
        "waiting": {Kind.HELLO},
        "greeted": {Kind.GOODBYE},
        "open": {
            Kind.GOODBYE,
            Kind.MESSAGE,
            Kind.REQUEST,
            Kind.CANCEL,
            Kind.SUBSCRIBE,
            Kind.CREDIT,
            Kind.WINDOW,
            Kind.PING,
            Kind.AWAY,
        },
    }[state]
    events = wire.server.receive([_any(kind)], 0.0)
    broken = any(isinstance(e, Dropped) and isinstance(e.error, ProtocolViolation) for e in events)
    assert broken == (kind not in legal), events
    if broken:
        last = wire.server.outbox.take()[-1]
        assert last.kind == Kind.GOODBYE and last.packet is not None and last.packet.header["code"] == "protocol"
        assert wire.server.receive([_any(Kind.PING)], 0.0) == []


@pytest.mark.parametrize("kind", sorted(set(Kind)))
@pytest.mark.parametrize("state", ["opening", "open"])
def test_client_in_each_state(state: str, kind: Kind) -> None:
    wire = Wire(welcome=state == "open")
    legal = {"opening": {Kind.WELCOME, Kind.GOODBYE}, "open": {Kind.GOODBYE, Kind.WINDOW, Kind.FAULT}}[state]
    message = _any(kind, 0 if kind in legal else 1)
    events = wire.client.receive([message])
    broken = any(isinstance(e, Dropped) and isinstance(e.error, ProtocolViolation) for e in events)
    assert broken == (kind not in legal), events
    if broken:
        last = wire.client.outbox.take()[-1]
        assert last.kind == Kind.GOODBYE and last.packet is not None and last.packet.header["code"] == "protocol"
        assert wire.client.receive([_any(Kind.WINDOW)]) == []


def test_ids_must_grow() -> None:
    wire = Wire()
    wire.server.receive([_any(Kind.REQUEST, 5)], 0.0)
    events = wire.server.receive([_any(Kind.SUBSCRIBE, 5)], 0.0)
    assert isinstance(events[0], Dropped) and "the id 5 came after the id 5" in str(events[0].error)


def test_window_is_enforced_on_both_sides() -> None:
    wire = Wire(replace(DEFAULT_LIMITS, window_bytes=2 * KiB))
    big = Packet(None, [bytes(2 * KiB)])
    assert _kinds(wire.server.receive([Message(Kind.MESSAGE, packet=big)], 0.0)) == ["Arrived"]
    (event,) = wire.server.receive([Message(Kind.MESSAGE, packet=big)], 0.0)
    assert isinstance(event, Dropped) and "granted" in str(event.error)
    stream = wire.client.subscribe(Packet(), newest=False)
    wire.client.receive([Message(Kind.ITEM, stream, 1, packet=big)])
    events = wire.client.receive([Message(Kind.ITEM, stream, 2, packet=big)])
    assert isinstance(events[-1], Dropped) and "granted" in str(events[-1].error)


def test_credit_and_sequence_are_enforced() -> None:
    for newest, sequences in ((False, [1, 3]), (False, [1, 1]), (True, [2, 2]), (False, [1, 2, 3])):
        wire = Wire(replace(DEFAULT_LIMITS, stream_items=2))
        stream = wire.client.subscribe(Packet(), newest=newest)
        events: list[Event] = []
        for sequence in sequences:
            events += wire.client.receive([Message(Kind.ITEM, stream, sequence, packet=_P)])
        last = events[-1]
        assert isinstance(last, Dropped) and isinstance(last.error, ProtocolViolation), (newest, sequences)


def test_malformed_infos_are_breaches() -> None:
    wire = Wire(welcome=False)
    wire.ship()
    assert isinstance(wire.server.receive([Message(Kind.HELLO, packet=Packet([1]))], 0.0)[0], Dropped)
    assert isinstance(wire.client.receive([Message(Kind.WELCOME, packet=Packet(5))])[-1], Dropped)
    wire = Wire()
    unreadable = Packet.received(b"\xc1", ())
    id_ = wire.client.send_request(Packet(), now=0.0)
    events = wire.client.receive([Message(Kind.ERROR, id_, packet=unreadable)])
    assert any(isinstance(e, Resolved) and e.id == id_ for e in events), "the request must not be forgotten"
    assert isinstance(events[-1], Dropped)
