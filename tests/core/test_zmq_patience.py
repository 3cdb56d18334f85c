"""How long peers may be silent over ZeroMQ, after connections that were lost in silence."""

from __future__ import annotations

from services_zmq.patience import Patience

HERE, THERE = "tcp://here:1", "tcp://there:1"


def test_the_next_connection_has_four_and_then_sixteen_times_as_long() -> None:
    patience = Patience()
    given = []
    for _ in range(4):
        given.append(now := patience.with_peer(HERE))
        patience.lost(HERE, now, lived_s=now / 1000 + 1.0, silent_s=now / 1000 + 1.0, idle_s=now / 1000 + 1.0)
    assert given == [3000, 12000, 48000, 48000]
    assert patience.with_peer(THERE) == 3000


def test_one_that_was_closed_or_was_idle_changes_nothing() -> None:
    patience = Patience()
    patience.lost(HERE, 3000, lived_s=100.0, silent_s=1.0, idle_s=0.5)  # something came just before
    patience.lost(HERE, 3000, lived_s=100.0, silent_s=60.0, idle_s=60.0)  # nothing was under way
    assert patience.with_peer(HERE) == 3000


def test_after_one_that_lived_long_it_begins_anew() -> None:
    patience = Patience()
    for lived_s in (5.0, 20.0):
        patience.lost(HERE, patience.with_peer(HERE), lived_s=lived_s, silent_s=13.0, idle_s=0.0)
    assert patience.with_peer(HERE) == 48000
    patience.lost(HERE, 48000, lived_s=1000.0, silent_s=50.0, idle_s=0.0)
    assert patience.with_peer(HERE) == 12000


def test_not_all_addresses_ever_seen_are_kept() -> None:
    patience = Patience()
    for number in range(1001):
        patience.lost(f"tcp://here:{number}", 3000, lived_s=5.0, silent_s=4.0, idle_s=0.0)
    assert patience.with_peer("tcp://here:0") == 3000
    assert patience.with_peer("tcp://here:1000") == 12000
