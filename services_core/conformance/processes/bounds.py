"""What strangers and time could make of a process: memory that is announced, open doors, what is left behind."""

from __future__ import annotations

from typing import Final

from ...errors import ConnectionLost, ProtocolViolation
from ...limits import KiB, Limits, MiB
from ...packet import Packet
from ...protocol.messages import Kind, Message
from ...registry import is_loopback
from ..check import check_between_processes
from ..expect import expect
from ..recorder import Recorder
from ..stage import Stage, message
from .other_process import OtherProcess
from .peer import LINES

_NARROW: Final = Limits(header_bytes=1 * KiB, buffers=2, message_bytes=64 * KiB)
_BREACHES: Final[dict[str, Packet]] = {
    "a header of 10 KiB, where 1 KiB is allowed": Packet("x" * 10 * KiB),
    "3 buffers, where 2 are allowed": Packet(None, (b"1", b"2", b"3")),
    "120 KiB, where 64 KiB are allowed": Packet(None, (bytes(60 * KiB), bytes(60 * KiB))),
}
_ANNOUNCED_BYTES: Final = 128 * MiB
_ALLOWED_BYTES: Final = 1 * MiB
_GROWTH_BYTES: Final = 48 * MiB


@check_between_processes
def limits_of_the_receiver_hold(stage: Stage) -> None:
    """What passes the limits of the receiving backend is not delivered; the sender is told why, the channel is cut."""
    for breach, packet in _BREACHES.items():
        near, far = stage.backend(), stage.backend(_NARROW)
        listener, accepted = stage.listen(far)
        line = stage.open(near, listener.url, accepted)
        line.near.send(Message(Kind.REQUEST, 1, packet=packet))
        line.near.flush()
        error = line.far_ear.wait_closed()
        violation = isinstance(error, ProtocolViolation) and not line.far_ear.messages
        expect(violation, f"ProtocolViolation, and no message, for {breach}", (error, line.far_ear.ids()))
        line.near_ear.wait_closed()
        codes = _codes(line.near_ear)
        expect(codes == ["protocol"], f"a goodbye with the code 'protocol' for {breach}", codes)


@check_between_processes
def announced_bytes_take_no_memory(stage: Stage) -> None:
    """A message larger than the receiver's limit is cut when its size is announced: it takes no memory there."""
    other = OtherProcess(stage, Limits(message_bytes=_ALLOWED_BYTES))
    ear = stage.recorder("the end that sends too much")
    channel = stage.backend().connect(other.ask("listen"))
    channel.start(ear)
    channel.send(message(1))
    channel.flush()
    ear.wait_messages(1)
    before: int = other.ask("peak")
    channel.send(message(2, None, (bytes(_ANNOUNCED_BYTES),)))
    channel.flush()
    name, text = other.ask("end")
    expect(
        name in ("ConnectionLost", "ProtocolViolation"), "ProtocolViolation or ConnectionLost there", f"{name}: {text}"
    )
    error = ear.wait_closed()
    expect(ear.ids()[:2] != [1, 2], "no message of 128 MiB, where 1 MiB is allowed", "it was delivered, and came back")
    told = isinstance(error, ConnectionLost) or bool(_codes(ear))
    expect(told, "ConnectionLost here, or a goodbye", repr(error))
    grown = (other.ask("peak") - before) / MiB
    expect(grown * MiB < _GROWTH_BYTES, "no memory for a message of 128 MiB where 1 MiB is allowed", f"{grown:.0f} MiB")


@check_between_processes
def it_listens_only_where_it_was_told(stage: Stage) -> None:
    """A listener at an address of this host only opens no door to others: no socket listens beyond loopback."""
    other = OtherProcess(stage)
    url: str = other.ask("listen")
    if is_loopback(url):
        exposed = other.ask("exposed")
        expect(not exposed, f"sockets that listen on this host only, for {url}", exposed)


@check_between_processes
def closed_channels_leave_nothing_open(stage: Stage) -> None:
    """Channels that were closed leave no socket, descriptor or thread, while their backend lives on."""
    _expect_no_more(*OtherProcess(stage).ask("rounds of channels", 6 * stage.wait_s))


@check_between_processes
def closed_backends_leave_nothing_open(stage: Stage) -> None:
    """Backends that were closed leave no socket, descriptor or thread."""
    _expect_no_more(*OtherProcess(stage).ask("rounds of backends", 6 * stage.wait_s))


def _expect_no_more(before: list[int], after: list[int]) -> None:
    """Compare descriptors and threads: what leaks does so each time."""
    for what, then, now in zip(("descriptors", "threads"), before, after, strict=True):
        expect(now - then < LINES // 2, f"about {then} {what}, as before", f"{now} after {LINES} more were closed")


def _codes(ear: Recorder) -> list[str]:
    """Return the codes of the goodbyes that came."""
    packets = [one.packet for one in ear.messages if one.kind == Kind.GOODBYE]
    return [packet.header["code"] for packet in packets if packet is not None]
