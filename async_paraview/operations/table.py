"""The operations of one service: found by the name in a header, read, and given to the method that does them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from services_core import IncomingCall, Kind, Packet, Refused

from .errors import UnknownOperation, WrongKind
from .layout import layout_of
from .members import member_of
from .operation import Operation

Result = Packet | Iterator[Packet] | None
Method = Callable[[IncomingCall, Any], Result]
"""What does an operation: takes the packet and the operation that it asks for; returns what `Service.process` does."""

_WORDS: Final = {Kind.MESSAGE: "message", Kind.REQUEST: "request", Kind.SUBSCRIBE: "stream"}


class Operations:
    """A fixed table: nothing that is not in it is ever looked up by a name from the wire."""

    def __init__(self, service: str, *types: type[Operation]) -> None:
        self.service = service
        self.types = types
        """All of them, in the order of docs/protocol.md."""
        self._by_name = {name: one for one in types for name in (one.op, *one.formerly)}

    def named(self, header: Any) -> type[Operation] | None:
        """Return the type of the operation that a header names, None if it names none. For `Service.preview`."""
        name = header.get("op") if isinstance(header, dict) else None
        return self._by_name.get(name) if isinstance(name, str) else None

    def read(self, header: Any) -> Operation:
        """Return the operation that a header asks for. Raises UnknownOperation, MissingField."""
        found = self.named(header)
        if found is None:
            raise self._unknown(header)
        return layout_of(found).read(header, f"operation {header['op']!r}")

    def call(self, methods: Mapping[type[Operation], Method], incoming: IncomingCall, header: Any = None) -> Result:
        """Have done what a packet asks for, by the method for its type. For `Service.process`.

        `header` is that of the packet where it is decoded already. Raises UnknownOperation, MissingField, WrongKind,
        Refused for what a viewer may not do, PacketError for what is no header, and what the method raises.
        """
        wanted = self.read(incoming.packet.header if header is None else header)
        if not wanted.only_looks and not member_of(incoming.client.info).may_change:
            raise Refused(f"you are a viewer of this session, and {wanted.op!r} changes something: join as an editor")
        if (wanted.sent_as is Kind.SUBSCRIBE) is not (incoming.kind is Kind.SUBSCRIBE):
            came = _WORDS[incoming.kind]
            advice = "subscribe to it" if wanted.sent_as is Kind.SUBSCRIBE else "do not subscribe to it"
            raise WrongKind(f"{wanted.op!r} is a {_WORDS[wanted.sent_as]}, not a {came}: {advice}")
        return methods[type(wanted)](incoming, wanted)

    def _unknown(self, header: Any) -> UnknownOperation:
        name = header.get("op") if isinstance(header, dict) else None
        has = f"It has: {', '.join(one.op for one in self.types)}"
        if not isinstance(name, str):
            return UnknownOperation(f"a header for the {self.service} service is a map whose 'op' is a text. {has}")
        near = difflib.get_close_matches(name, self._by_name, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        return UnknownOperation(f"the {self.service} service has no operation {name!r:.80}{hint} {has}")
