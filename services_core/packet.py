"""A packet: a small header of plain data and raw buffers, frozen when it is made."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Final

import msgpack

from .errors import PacketError
from .limits import DEFAULT_LIMITS, MESSAGE_OVERHEAD_BYTES, Limits

Buffer = Any
"""Anything that offers the buffer protocol: bytes, bytearray, memoryview, array.array, a numpy array."""

_EMPTY = memoryview(b"")
_local = threading.local()
_new = object.__new__


class Packet:
    """One message: `header` (plain data) and `buffers` (read-only byte views). A value: nobody can change it.

    `header_bytes` is the header as msgpack, `size_bytes` what the packet counts in windows and budgets: 1024 bytes, the
    header's and the buffers'.

    Ownership of buffers, alike for every backend:

    - When a packet is made, a *writable* buffer is copied. A *read-only* buffer (bytes, a read-only view or array) is
      kept by reference, whatever its size; its memory must not change afterwards. `share` makes such a view of writable
      memory without a copy: its owner then never writes to it again.
    - The receiver gets read-only, C-contiguous views of bytes, which stay valid and unchanged for as long as it holds
      them. In one process they may be the sender's very memory.

    The header may hold None, bool, int (64 bits), float, str, bytes, lists (tuples arrive as lists) and maps with
    string keys; numpy scalars are taken as the numbers they hold. It is encoded here, at once, so later changes of the
    object that was passed do not matter.

    Raises PacketError: a type that cannot travel, a buffer that is not contiguous, or one of `limits` passed.
    """

    __slots__ = ("buffers", "header_bytes", "size_bytes")

    def __init__(self, header: Any = None, buffers: Iterable[Buffer] = (), *, limits: Limits = DEFAULT_LIMITS) -> None:
        self.header_bytes: bytes = encode_header(header, limits)
        self.buffers: tuple[memoryview, ...] = tuple(map(_frozen_view, buffers)) if buffers else ()
        self.size_bytes: int = MESSAGE_OVERHEAD_BYTES + len(self.header_bytes)
        if self.buffers:
            self.size_bytes += check_buffers([view.nbytes for view in self.buffers], limits)

    @classmethod
    def received(cls, header_bytes: bytes, buffers: tuple[memoryview, ...]) -> Packet:
        """Return a packet made of parts whose limits a codec has checked already."""
        packet = cls.__new__(cls)
        packet.header_bytes = header_bytes
        packet.buffers = buffers
        packet.size_bytes = MESSAGE_OVERHEAD_BYTES + len(header_bytes)
        for view in buffers:
            packet.size_bytes += view.nbytes
        return packet

    @classmethod
    def of_header(cls, header_bytes: bytes) -> Packet:
        """Return a packet as `received` does, without buffers: the usual case."""
        packet = _new(cls)
        packet.header_bytes = header_bytes
        packet.buffers = ()
        packet.size_bytes = MESSAGE_OVERHEAD_BYTES + len(header_bytes)
        return packet

    @property
    def header(self) -> Any:
        """Return the header, decoded anew at each read (about a microsecond): what you do to it stays with you.

        Raises PacketError if the peer sent something that is not msgpack, or nested too deeply.
        """
        return decode_header(self.header_bytes)

    def __repr__(self) -> str:
        sizes = ", ".join(str(view.nbytes) for view in self.buffers)
        return f"Packet({len(self.header_bytes)} B header, buffers [{sizes}] B)"


def share(buffer: Buffer) -> memoryview:
    """Return a read-only view of `buffer`, to hand its memory to a packet without a copy.

    The caller promises not to write to that memory again, through any other name. Raises PacketError if the buffer is
    not C-contiguous.
    """
    return _byte_view(buffer).toreadonly()


def encode_header(header: Any, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the msgpack form of a header. Raises PacketError."""
    try:
        encoded: bytes = packer().pack(header)
    except (TypeError, ValueError, OverflowError) as error:
        raise PacketError(
            f"the header cannot travel: {error}; it takes None, bool, 64-bit int, float, str, bytes, list, dict"
        ) from error
    if len(encoded) > limits.header_bytes:
        raise PacketError(
            f"the header has {len(encoded)} bytes, the limit is {limits.header_bytes}; put bulk data into buffers"
        )
    if isinstance(header, (dict, list, tuple)) and _may_be_deep(encoded, limits.header_depth):
        _check(header, limits.header_depth)
    return encoded


def decode_header(encoded: bytes) -> Any:
    """Return the plain data of an encoded header. Raises PacketError."""
    if len(encoded) > DEFAULT_LIMITS.header_bytes:
        raise PacketError(f"a header of {len(encoded)} bytes arrived, the limit is {DEFAULT_LIMITS.header_bytes}")
    try:
        header = unpack(encoded)
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise PacketError(
            f"a header arrived that is not msgpack as in docs/protocol.md: {str(error) or type(error).__name__}"
        ) from error
    if isinstance(header, (dict, list)):
        keys = 0xC4 in encoded or 0xC5 in encoded or 0xC6 in encoded  # most small headers hold no bin
        if keys or _may_be_deep(encoded, DEFAULT_LIMITS.header_depth):
            _check(header, DEFAULT_LIMITS.header_depth, keys=keys)
    return header


def check_buffers(sizes_bytes: list[int], limits: Limits) -> int:
    """Return the sum of the sizes. Raises PacketError if there are too many buffers, or too many bytes."""
    if len(sizes_bytes) > limits.buffers:
        raise PacketError(f"{len(sizes_bytes)} buffers, the limit is {limits.buffers}; send them in several packets")
    total = sum(sizes_bytes)
    if total > limits.message_bytes:
        raise PacketError(f"the buffers hold {total} bytes, the limit is {limits.message_bytes}; send them in pieces")
    return total


def _byte_view(buffer: Buffer) -> memoryview:
    try:
        view = memoryview(buffer)
    except TypeError as error:
        raise PacketError(f"a buffer must offer the buffer protocol, {type(buffer).__name__} does not") from error
    if not view.c_contiguous:
        raise PacketError(f"a buffer of shape {view.shape} is not C-contiguous; pass numpy.ascontiguousarray of it")
    if view.nbytes == 0:
        return _EMPTY
    return view if view.format == "B" and view.ndim == 1 else view.cast("B")


def _frozen_view(buffer: Buffer) -> memoryview:
    view = _byte_view(buffer)
    return view if view.readonly else memoryview(bytes(view))


def _numpy_scalar(value: Any) -> Any:
    if hasattr(value, "dtype") and getattr(value, "shape", None) == ():
        return value.item()
    raise TypeError(f"{type(value).__name__} is no plain data")


def unpack(encoded: Any) -> Any:
    """Return what msgpack holds, without extension types. Raises ValueError, TypeError or msgpack.UnpackException."""
    return msgpack.unpackb(encoded, ext_hook=_no_extension, max_ext_len=0)  # time stamps pass by the hook


def packer() -> msgpack.Packer:
    """Return this thread's packer: to make a packer costs as much as to pack a small header."""
    try:
        own: msgpack.Packer = _local.packer
    except AttributeError:
        own = _local.packer = msgpack.Packer(default=_numpy_scalar)
    return own


def _no_extension(code: int, _data: bytes) -> Any:
    raise ValueError(f"msgpack extension type {code} is not used by this protocol")


_NO_CONTAINERS: Final = bytes(code for code in range(256) if not 0x80 <= code <= 0x9F and not 0xDC <= code <= 0xDF)
"""The bytes with which no map and no array of msgpack begins."""


def _may_be_deep(encoded: bytes, limit: int) -> bool:
    """Return whether more bytes than that may begin a map or an array: told at once of most headers."""
    return len(encoded) > limit and len(bytes(encoded).translate(None, _NO_CONTAINERS)) > limit


_ATOMS: Final = frozenset({type(None), bool, int, float, str, bytes})
"""The types of most of what is in a header, and holds nothing itself."""


def _check(header: dict[Any, Any] | list[Any] | tuple[Any, ...], limit: int, *, keys: bool = False) -> None:
    """Raise PacketError if it is nested deeper than that or, where `keys` are looked at, if one is bytes.

    Those msgpack takes as keys; other types it refuses itself.
    """
    level: list[Any] = [header]  # containers only
    for _ in range(limit):
        if keys and bytes in map(type, set().union(*[one for one in level if isinstance(one, dict)])):
            raise PacketError("a header arrived that is not as in docs/protocol.md: a key of a map is no str")
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if type(item) not in _ATOMS and isinstance(item, (dict, list, tuple))
        ]
        if not level:
            return
    raise PacketError(f"the header is nested deeper than {limit} levels")
