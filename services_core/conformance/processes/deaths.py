"""Peers that are killed, stopped, or merely busy. Each is one process that connects here, and listens, too."""

from __future__ import annotations

import signal
from queue import Empty
from typing import Final

from ...errors import ConnectionFailed, ConnectionLost, ServicesError
from ..check import check_between_processes
from ..expect import BrokenPromise, expect
from ..recorder import Recorder
from ..stage import Line, Stage, message
from .other_process import OtherProcess

KILLED_S: Final = 1.0
FROZEN_S: Final = 5.0
BUSY_S: Final = 6.0
"""Longer than a frozen peer has, so that it shows who takes the one for the other."""

QUIET_S: Final = 2.0
"""For how long a peer was there, and said nothing, before it is stopped: two signs of life that are a second apart."""

CAN_STOP: Final = hasattr(signal, "SIGSTOP")


@check_between_processes
def a_killed_process_is_told_within_a_second(stage: Stage) -> None:
    """A peer whose process is killed closes its channels with ConnectionLost, within 1 s, at both ends."""
    other = OtherProcess(stage)
    lines = _connected(stage, other)
    other.kill()
    for ear in lines:
        _expect_lost(ear, ear.wait_closed(KILLED_S * stage.scale), "was killed")


@check_between_processes
def a_frozen_process_is_told_within_five_seconds(stage: Stage) -> None:
    """A peer of which no thread runs any more closes its channels with ConnectionLost, within 5 s, at both ends."""
    if not CAN_STOP:
        return  # Windows stops no processes
    other = OtherProcess(stage)
    lines = _connected(stage, other)
    for ear in lines:
        ear.expect_open(QUIET_S)
    other.stop()
    for ear in lines:
        _expect_lost(ear, ear.wait_closed(FROZEN_S * stage.scale), "was stopped")


@check_between_processes
def a_busy_process_is_not_dead(stage: Stage) -> None:
    """A peer whose threads compute for 6 s, also in calls of a second that let no other run, is not taken for dead."""
    other = OtherProcess(stage)
    line = _line_to(stage, other)
    accepted = _accepted_from(stage, other)
    other.begin("compute", seconds=BUSY_S)
    other.answer(4 * BUSY_S * stage.scale)
    for ear in (line.near_ear, accepted):
        expect(not ear.closings, f"{ear.name} open while its peer computes", ear.closings)
    line.near.send(message(2))
    line.near.flush()
    line.near_ear.expect_ids([1, 2])


@check_between_processes
def connecting_to_a_frozen_process_is_given_up(stage: Stage) -> None:
    """A channel to a listener whose process is stopped closes with ConnectionFailed or ConnectionLost, within 5 s."""
    if not CAN_STOP:
        return
    other = OtherProcess(stage)
    url: str = other.ask("listen")
    other.stop()
    ear = stage.recorder("the end that found nobody awake")
    channel = stage.backend().connect(url)
    channel.start(ear)
    channel.send(message(1))
    channel.flush()
    error = ear.wait_closed(FROZEN_S * stage.scale)
    told = isinstance(error, ConnectionFailed | ConnectionLost)
    expect(told, "on_closed(ConnectionFailed), or ConnectionLost", repr(error))


def _connected(stage: Stage, other: OtherProcess) -> list[Recorder]:
    """Return what hears of the other process here: the end that connected to it, and the end that it connected to."""
    return [_line_to(stage, other).near_ear, _accepted_from(stage, other)]


def _line_to(stage: Stage, other: OtherProcess) -> Line:
    """Connect to the other process, and have it send back one message."""
    url: str = other.ask("listen")
    ear = stage.recorder("the connecting end")
    channel = stage.backend().connect(url)
    channel.start(ear)
    channel.send(message(1))
    channel.flush()
    ear.wait_messages(1)
    return Line(channel, channel, ear, ear)


def _accepted_from(stage: Stage, other: OtherProcess) -> Recorder:
    """Have the other process connect, and say one message."""
    listener, accepted = stage.listen(stage.backend())
    other.ask("connect", url=listener.url)
    try:
        _, ear = accepted.get(timeout=stage.wait_s)
    except Empty:
        raise BrokenPromise("the listener to accept a channel", "nothing") from None
    ear.wait_messages(1)
    return ear


def _expect_lost(ear: Recorder, error: ServicesError | None, what: str) -> None:
    lost = isinstance(error, ConnectionLost)
    expect(lost, f"on_closed(ConnectionLost) at {ear.name}, whose peer {what}", f"on_closed({error!r})")
