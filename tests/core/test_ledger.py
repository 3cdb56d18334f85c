"""What is kept of what was said until the peer has it: messages, and not the arrays that they are the ends of."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from services_core import Packet, share
from services_core.lasting.ledger import ACK_BYTES, Ledger
from services_core.protocol.messages import Kind, Message


def said(ledger: Ledger, packet: Packet) -> Message:
    message = Message(Kind.ITEM, 1, 1, 0, packet)
    assert ledger.say(message)
    return message


def test_the_end_of_an_array_does_not_keep_the_array() -> None:
    gc.disable()
    try:
        ledger = Ledger(1 << 30)
        array = np.arange(1_000_000)
        freed = weakref.ref(array)
        end = share(array)[-1000:]
        expected = bytes(end)
        said(ledger, Packet({"n": 1}, [end]))
        del array, end
        assert freed() is None
        (kept,) = ledger.kept
        assert kept.packet is not None and kept[:4] == (Kind.ITEM, 1, 1, 0)
        assert kept.packet.header == {"n": 1} and bytes(kept.packet.buffers[0]) == expected
        assert ledger.kept_bytes == kept.packet.size_bytes
        ledger.acknowledge(1)
        assert ledger.kept_bytes == 0
    finally:
        gc.enable()


def test_what_is_acknowledged_at_once_is_not_copied() -> None:
    ledger = Ledger(1 << 30)
    large = Packet(None, [bytes(ACK_BYTES)])
    assert said(ledger, large) is ledger.kept[0]


def test_bytes_are_not_copied_again() -> None:
    ledger = Ledger(1 << 30)
    small = Packet(None, [b"payload"])
    assert said(ledger, small) is ledger.kept[0], "nor is the message made anew"
    kept = ledger.kept[0].packet
    assert kept is not None and kept.buffers[0].obj is small.buffers[0].obj
