"""Telling the server of changed proxies: each is marked as told once that was sent, and what cannot travel stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from async_paraview.operations.data import Update
from services_core import Packet, PacketError
from services_core.payload import pack_payload

from ..proxy import Proxy

STATES_IN_A_HEADER: Final = 64


class Changes:
    """Changed proxies on their way, sources first.

    A proxy whose values cannot travel is left modified, and with it what the server could not make without it; all
    others are told.
    """

    def __init__(
        self,
        send: Callable[[Packet], None],
        name_of: Callable[[Proxy], str],
        next_number: Callable[[], int] = lambda: 0,
    ) -> None:
        """Send by `send(packet)`; where others can join the session, each packet has a number, and tells names."""
        self.told: list[Proxy] = []
        """What the server knows now."""
        self.errors: list[PacketError] = []
        """Why others could not be told."""
        self._send = send
        self._name_of = name_of
        self._next_number = next_number
        self._unknown: set[int] = set()

    def tell(self, proxies: Sequence[Proxy]) -> None:
        """Send them. Raises Busy, or what ended the connection: what was not sent stays modified."""
        for first in range(0, len(proxies), STATES_IN_A_HEADER):
            self._tell_some(proxies[first : first + STATES_IN_A_HEADER])

    def _tell_some(self, proxies: Sequence[Proxy]) -> None:
        possible = [one for one in proxies if not self._lacks_a_source(one)] if self._unknown else proxies
        if not possible:
            return
        number = self._next_number()
        state = self._state if number else Proxy.changes
        try:
            packet = Update(proxies=tuple([state(one) for one in possible]), number=number).packet()
        except PacketError:
            if len(possible) > 1:
                half = (len(possible) + 1) // 2
                self._tell_some(possible[:half])
                self._tell_some(possible[half:])
                return
            try:  # values that are too large for a header
                packet = Update(proxies=(state(possible[0]),), number=number).large_packet()
            except PacketError as error:
                self.errors.append(self._explained(possible[0], error))
                self._leave(possible[0])
                return
        self._send(packet)
        for one in possible:
            one.was_told(number)
        self.told += possible

    def _state(self, proxy: Proxy) -> dict[str, Any]:
        """Return what others are told, too: a new proxy has a name, one that they may have deleted no type."""
        changes = proxy.changes()
        if not proxy.pushed:
            return {**changes, "name": self._name_of(proxy)}
        del changes["type"]
        return changes

    def _lacks_a_source(self, proxy: Proxy) -> bool:
        lacks = any(source.id in self._unknown for source in proxy.sources())
        if lacks:
            self._leave(proxy)
        return lacks

    def _leave(self, proxy: Proxy) -> None:
        if not proxy.pushed:
            self._unknown.add(proxy.id)

    def _explained(self, proxy: Proxy, error: PacketError) -> PacketError:
        """Return the same error, naming the property."""
        for name, value in proxy.changes().get("properties", {}).items():
            try:
                pack_payload({}, value)
            except PacketError as cause:
                return PacketError(
                    f"{self._name_of(proxy)}.{name} cannot be told to the server: {value!r:.120} cannot travel "
                    f"({cause}); set it to something else, all other changes were told"
                )
        return error
