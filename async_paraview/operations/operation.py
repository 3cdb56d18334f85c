"""The base class of operations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from services_core import Kind, Packet

from .layout import layout_of


class Operation:
    """Something that a service does. Each is a class, `@dataclass(frozen=True, slots=True, kw_only=True)`.

    Its fields are what travels, as a map with `op`; a buffer goes beside it. The docstring says what the service does.
    """

    __slots__ = ()

    op: ClassVar[str]
    """The name on the wire; nowhere else."""
    formerly: ClassVar[tuple[str, ...]] = ()
    """Names of earlier protocols, which are understood as well."""
    sent_as: ClassVar[Kind]
    """How it is sent: MESSAGE, REQUEST, or SUBSCRIBE for a stream. A message may be sent as a request, too."""
    only_looks: ClassVar[bool] = False
    """Whether viewers of a session may ask for it, because it changes nothing: not unless it says so."""
    answer: ClassVar[str] = ""
    """What comes back, in words of docs/protocol.md."""

    def header(self) -> dict[str, Any]:
        """Return what travels: `op`, and the fields that are not as they would be if they were left out."""
        return layout_of(type(self)).write(self, {"op": self.op})

    def packet(self, buffers: Iterable[Any] = ()) -> Packet:
        """Return the packet that asks for it. Raises PacketError if a value cannot travel, or is too large."""
        return Packet(layout_of(type(self)).write(self, {"op": self.op}), buffers)
