"""Who is told what others change: nothing is missed between asking for that and getting it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from apvserver.followers import MOST_ENDED, Followers
from async_paraview.operations.data import Delete, Update
from async_paraview.operations.members import KEY, OWNER, Member
from services_core import IncomingCall, Packet


class _Stream:
    over = False

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def put(self, packet: Packet) -> None:
        self.told.append(packet.header)


def _call(client: int, stream: _Stream | None = None) -> IncomingCall:
    info = {KEY: Member(client, OWNER).to_dict()}
    call: Any = SimpleNamespace(stream=stream, client=SimpleNamespace(info=info))
    return call


def test_what_comes_after_a_stream_was_asked_for_is_told_however_late_its_snapshot_is_taken() -> None:
    followers, stream = Followers(), _Stream()
    mine = _call(1, stream)
    followers.arrived(mine)
    followers.record(mine, 4, None, lambda: None)
    followers.tell(_call(2), Delete(ids=(7,), number=1))
    followers.mark(mine, 9)
    assert stream.told == []
    followers.follow(mine, lambda: [(Update(proxies=()).header(), None)])
    snapshot, ready, deleted, mark = stream.told
    assert (snapshot["by"], snapshot["seen"], snapshot["change"]["op"]) == (0, 4, "update")
    assert ready == {"ready": True} and mark == {"mark": 9}
    assert (deleted["by"], deleted["seen"], deleted["change"]["ids"]) == (2, 4, [7])
    followers.tell(_call(2), Delete(ids=(8,), number=2))
    assert len(stream.told) == 5, "a stream that was asked for once is told all once"


def test_nothing_is_kept_for_a_stream_that_was_asked_for_and_never_began() -> None:
    followers, stream = Followers(), _Stream()
    followers.arrived(_call(1, stream))
    stream.over = True  # what else it said was wrong
    followers.tell(_call(2), Delete(ids=(7,), number=1))
    assert not followers.others(_call(2))


def test_what_has_ended_is_not_counted_for_ever_but_for_as_long_as_something_may_come_late() -> None:
    """Each picture that was looked at, and is no more, left its numbers for the rest of the session."""
    followers = Followers()
    for number in range(2 * MOST_ENDED):
        for client in (1, 2):
            followers.record(_call(client), 2, ("representation", number), lambda: None)
        followers.ended(("representation", number))
    assert followers.is_overtaken(_call(2), 1, ("representation", MOST_ENDED))
    assert not followers.is_overtaken(_call(2), 1, ("representation", MOST_ENDED - 1))
    assert [len(seen) for seen in vars(followers)["_seen"].values()] == [MOST_ENDED] * 2
