"""Who is let in: clients that name the server's token in their HELLO, or have proved by a key who they are."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from typing import Any, Final

from services_core import Channel, Kind, LogsByAddress, Message, PacketError

_log = logging.getLogger(__name__)

NO_TOKEN: Final = (
    "this server lets only clients in that know its token, and this one named none. Clients of the user who started it "
    "find it by themselves on the same machine; elsewhere copy the file of apvserver --token-file to a file of mode "
    "0600, and name that by apvpython --token-file or APV_TOKEN_FILE (docs/security.md)"
)
WRONG_TOKEN: Final = (
    "the token that this client named is not that of this server: the server was started anew since, or the token's "
    "file is another server's (docs/security.md)"
)


def hello_info(hello: Message) -> dict[str, Any]:
    """Return the header of a client's first message; empty if it is no HELLO."""
    try:
        info = hello.packet.header if hello.packet is not None and hello.kind == Kind.HELLO else None
    except PacketError:
        info = None
    return info if isinstance(info, dict) else {}


class Authentication:
    """Looks at what each connection says first. Thread-safe, never blocks."""

    def __init__(self, token: str | None, operator: str | None = None) -> None:
        self._token = None if token is None else token.encode()
        self._operator = None if operator is None else operator.encode()
        self._logs = LogsByAddress(_log)
        self.has_admitted = False
        """Whether a connection has been let in."""

    def refusal(self, hello: Mapping[str, Any], channel: Channel) -> str:
        """Return why this client is not let in; empty if it is."""
        named = hello.get("token")
        if self._token is None or channel.peer_key is not None or _equal(named, self._token):
            self.has_admitted = True
            return ""
        if self.is_operator(hello):
            return ""
        self._logs.of(channel.peer).warning("refused %s: it named %s token", channel.peer, "a wrong" if named else "no")
        return WRONG_TOKEN if named else NO_TOKEN

    def is_operator(self, hello: Mapping[str, Any]) -> bool:
        """Return whether this client names the operator's token in place of that of clients."""
        return self._operator is not None and _equal(hello.get("token"), self._operator)

    def close(self) -> None:
        """Write how many lines of the log were left out."""
        self._logs.flush()


def _equal(named: Any, token: bytes) -> bool:
    return isinstance(named, str) and hmac.compare_digest(named.encode("utf-8", "replace"), token)
