"""Messages to frames and back: what a backend that moves bytes puts on its wire (docs/protocol.md, "Frames")."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

import msgpack

from ..errors import PacketError
from ..limits import DEFAULT_LIMITS, INLINE_BYTES, KiB, Limits
from ..packet import Packet, check_buffers, packer
from .messages import NEEDS_PACKET, Kind, Message

Frame = bytes | memoryview

_ENVELOPE_BYTES: Final = 1 * KiB
_ENVELOPE_AT_MOST: Final = 42
"""What a small message takes beside its header, at most: four integers of up to 9 bytes each, and two prefixes."""
_FIELDS: Final = 8
JOINED_MESSAGES: Final = 256
"""Most messages that one frame may hold."""
_NUMBER_BITS: Final = 63
_KINDS: Final = frozenset(int(kind) for kind in Kind)
_NIL: Final = b"\xc0"
_unpackb = msgpack.unpackb
_packet_of = Packet.of_header
_new = tuple.__new__  # a NamedTuple's own way takes three times as long
_local = threading.local()


def encode(message: Message) -> list[Frame]:
    """Return the frames of a message: the first, and another for each buffer of 64 KiB or more, which is not copied."""
    kind, id_, value, flags, packet = message
    pack = packer().pack
    if packet is None:
        return [pack((kind, flags, id_, value))]
    if not packet.buffers:
        return [pack((kind, flags, id_, value, packet.header_bytes))]
    entries: list[bytes | int] = []
    large: list[Frame] = []
    for view in packet.buffers:
        if view.nbytes < INLINE_BYTES:
            entries.append(bytes(view))
        else:
            entries.append(view.nbytes)
            large.append(view)
    return [pack((kind, flags, id_, value, packet.header_bytes, entries)), *large]


def encode_next(waiting: deque[Message]) -> list[Frame]:
    """Take the first of `waiting`, with as many after it as one frame may hold, and return their frames.

    Only messages without buffers share a frame. For one thread at a time; others may append meanwhile.
    """
    message = waiting.popleft()
    if not waiting or (message.packet is not None and message.packet.buffers):
        return encode(message)
    joiner = _joiner()
    pack = joiner.pack
    count, left_bytes = 0, INLINE_BYTES
    while True:
        kind, id_, value, flags, packet = message
        count += 1
        if packet is None:
            pack((kind, flags, id_, value))
            left_bytes -= _ENVELOPE_AT_MOST
        else:
            pack((kind, flags, id_, value, packet.header_bytes))
            left_bytes -= _ENVELOPE_AT_MOST + len(packet.header_bytes)
        if not waiting or count == JOINED_MESSAGES:
            break
        following = waiting[0].packet
        if following is not None and (following.buffers or len(following.header_bytes) > left_bytes):
            break
        message = waiting.popleft()
    frame: bytes = joiner.bytes()
    joiner.reset()
    return [frame]


def first_frame_limit(limits: Limits) -> int:
    """Return the most bytes that the first frame of a message can have."""
    return _ENVELOPE_BYTES + limits.header_bytes + limits.buffers * (INLINE_BYTES + 8)


def decode(frames: Sequence[Frame], limits: Limits = DEFAULT_LIMITS) -> Message:
    """Return the only message in `frames`. Raises PacketError as `decode_all` does, and if there are several."""
    messages = decode_all(frames, limits)
    if len(messages) != 1:
        raise PacketError(f"one message was expected, {len(messages)} came in one frame")
    return messages[0]


def decode_all(frames: Sequence[Frame], limits: Limits = DEFAULT_LIMITS) -> list[Message]:
    """Return the messages in `frames`; buffers are views of them, not copies. Limits are checked before decoding.

    One frame may hold several messages, one after the other; further frames belong to a message that comes alone.
    Raises PacketError for anything that `encode`, and joining first frames, could not have made.
    """
    if not 1 <= len(frames) <= 1 + limits.buffers:
        raise PacketError(f"a message of {len(frames)} frames arrived, it has 1 to {1 + limits.buffers}")
    first, large = frames[0], frames[1:]
    if len(first) > first_frame_limit(limits):
        raise PacketError(f"a first frame of {len(first)} bytes arrived, the limit is {first_frame_limit(limits)}")
    most = limits.buffers if limits.buffers > _FIELDS else _FIELDS
    try:
        try:
            fields = _unpackb(first, max_array_len=most, max_map_len=0, max_ext_len=0, max_str_len=0)
        except msgpack.ExtraData:
            if large:
                raise PacketError("a message with further frames must come alone") from None
            return _joined(first, most, limits)
        return _messages((fields,), large, limits)
    except PacketError:
        raise
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise PacketError(
            f"a first frame arrived that is not msgpack as in docs/protocol.md: {str(error) or type(error).__name__}"
        ) from error


def _joined(first: Frame, most: int, limits: Limits) -> list[Message]:
    unpacker = msgpack.Unpacker(
        max_buffer_size=len(first) + 1, max_array_len=most, max_map_len=0, max_ext_len=0, max_str_len=0
    )
    unpacker.feed(first)
    unpacker.feed(_NIL)  # comes out at the end, unless a message that is not complete has swallowed it
    several = list(islice(unpacker, JOINED_MESSAGES + 2))
    if len(several) > JOINED_MESSAGES + 1:
        raise PacketError(f"more than {JOINED_MESSAGES} messages came in one frame")
    if not several or several.pop() is not None:
        raise PacketError("a first frame arrived that ends within a message")
    return _messages(several, (), limits)


def _joiner() -> msgpack.Packer:
    """Return this thread's packer that puts messages one after the other."""
    try:
        own: msgpack.Packer = _local.joiner
    except AttributeError:
        own = _local.joiner = msgpack.Packer(autoreset=False)
    return own


def _messages(several: Iterable[Any], large: Sequence[Frame], limits: Limits) -> list[Message]:
    """Return the messages of the fields of each. Raises PacketError."""
    messages: list[Message] = []
    header_bytes = limits.header_bytes
    for fields in several:
        if type(fields) is list and len(fields) == 5 and not large:  # the usual case: a header, no buffers
            kind, flags, id_, value, header = fields
            if (
                type(kind) is type(flags) is type(id_) is type(value) is int
                and kind in _KINDS
                and not (flags | id_ | value) >> _NUMBER_BITS
                and type(header) is bytes
                and len(header) <= header_bytes
            ):
                messages.append(_new(Message, (kind, id_, value, flags, _packet_of(header))))
                continue
        messages.append(_any_message(fields, large, limits))
    return messages


def _any_message(fields: Any, large: Sequence[Frame], limits: Limits) -> Message:
    if type(fields) is not list or not 4 <= len(fields) <= 6:
        raise PacketError("a first frame must be an array of 4 to 6 fields")
    kind, flags, id_, value = fields[:4]
    for number in (kind, flags, id_, value):
        if type(number) is not int or number >> _NUMBER_BITS:
            raise PacketError(f"kind, flags, id and value must be integers of 0 to 2**63-1, got {number!r:.40}")
    if kind not in _KINDS:
        raise PacketError(f"unknown kind of message {kind}")
    packet = None
    if len(fields) > 4:
        packet = _packet(fields[4], fields[5] if len(fields) == 6 else [], large, limits)
    elif large:
        raise PacketError(f"{len(large)} frames arrived that no buffer announces")
    if packet is None and kind in NEEDS_PACKET:
        raise PacketError(f"{Kind(kind).name} without a header arrived")
    return Message(kind, id_, value, flags, packet)


def _packet(header_bytes: Any, entries: Any, large: Sequence[Frame], limits: Limits) -> Packet:
    if type(header_bytes) is not bytes or len(header_bytes) > limits.header_bytes:
        raise PacketError(f"the header must be binary of at most {limits.header_bytes} bytes")
    if type(entries) is not list:
        raise PacketError("the buffers must be an array")
    views: list[memoryview] = []
    rest = iter(large)
    for entry in entries:
        if type(entry) is bytes and len(entry) < INLINE_BYTES:
            views.append(memoryview(entry))
            continue
        frame = next(rest, None)
        if type(entry) is not int or entry < INLINE_BYTES or frame is None or len(frame) != entry:
            seen = "none" if frame is None else f"{len(frame)} bytes"
            raise PacketError(f"the buffer announced as {str(entry)[:40]} does not match its frame ({seen})")
        views.append(memoryview(frame).toreadonly())
    if next(rest, None) is not None:
        raise PacketError("frames arrived that no buffer announces")
    check_buffers([view.nbytes for view in views], limits)
    return Packet.received(header_bytes, tuple(views))
