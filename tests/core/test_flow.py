"""Outbox and Inbox: what leaves when, by value."""

from __future__ import annotations

import pytest

from services_core import Kind, Message, Packet, ProtocolViolation
from services_core.protocol.flow import Inbox, Outbox

_PACKET = Packet(None, [bytes(999 - 0)])
_SIZE = _PACKET.size_bytes  # 1024 + 1 + 999


def _request(number: int) -> Message:
    return Message(Kind.REQUEST, number, packet=_PACKET)


def test_windowed_messages_wait_for_the_window_and_others_overtake() -> None:
    outbox = Outbox(10 * _SIZE)
    outbox.push(_request(1))
    outbox.push(Message(Kind.PING, 9))
    assert [m.id for m in outbox.take()] == [9]
    assert outbox.waiting_bytes == _SIZE
    outbox.grant(1)
    assert [m.id for m in outbox.take()] == [1]
    outbox.push(_request(2))
    assert outbox.take() == []  # the last one overshot: nothing more until that is granted again
    outbox.grant(_SIZE - 1)
    assert outbox.take() == []
    outbox.grant(1)
    assert [m.id for m in outbox.take()] == [2]


def test_order_is_kept_among_windowed_messages() -> None:
    outbox = Outbox(100 * _SIZE)
    for number in range(5):
        outbox.push(_request(number))
    outbox.grant(2 * _SIZE)
    outbox.push(_request(5))
    outbox.grant(100 * _SIZE)
    assert [m.id for m in outbox.take()] == [0, 1, 2, 3, 4, 5]


def test_budget_and_withdrawal() -> None:
    outbox = Outbox(2 * _SIZE)
    outbox.push(_request(1))
    assert not outbox.full
    outbox.push(_request(2))
    assert outbox.full
    assert outbox.withdraw(1)
    assert not outbox.full and outbox.waiting_bytes == _SIZE
    assert not outbox.withdraw(1) and not outbox.withdraw(7)
    outbox.grant(10 * _SIZE)
    assert [m.id for m in outbox.take()] == [2]
    assert outbox.open


def test_inbox_grants_in_quarters_and_refuses_excess() -> None:
    inbox = Inbox(1000)
    for _ in range(4):
        inbox.arrived(250)
    with pytest.raises(ProtocolViolation, match="1000 bytes"):
        inbox.arrived(1)
    assert inbox.consumed(249) == 0
    with pytest.raises(ProtocolViolation):
        inbox.arrived(1)  # owed, but not granted yet
    assert inbox.consumed(1) == 250
    inbox.arrived(100_000)  # one message may overshoot
    with pytest.raises(ProtocolViolation):
        inbox.arrived(1)


def test_withdrawn_messages_are_freed_in_time() -> None:
    outbox = Outbox(3 * _SIZE)
    for number in range(1, 1001):
        outbox.push(_request(number))
        assert outbox.withdraw(number)
        assert len(outbox._waiting) <= 4
    outbox.push(_request(2000))
    outbox.push(Message(Kind.ITEM, 2001, 1, packet=_PACKET))
    outbox.push(Message(Kind.ITEM, 2001, 2, packet=_PACKET))
    outbox.grant(1)
    assert [m.id for m in outbox.take()] == [2000]
    outbox.grant(_SIZE)
    assert [m.id for m in outbox.take()] == [2001]
    assert outbox.withdraw(2001) and outbox.waiting_bytes == 0
    outbox.push(_request(3000))
    assert outbox.withdraw_all() == {3000}
    outbox.grant(10 * _SIZE)
    assert outbox.take() == [] and outbox.open
