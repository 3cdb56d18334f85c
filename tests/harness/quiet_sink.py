"""A sink for a model that is used without a service: keeps what is to be drawn, and passes on what a test looks at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from services_core import Packet


class QuietSink:
    """All is wanted: nothing stops, and nothing overtakes anything."""

    def __init__(self, on_progress: Callable[[dict[str, Any]], None] = lambda step: None) -> None:
        self.sent: list[Packet] = []
        self.messages: list[dict[str, Any]] = []
        self._on_progress = on_progress

    def not_wanted(self, ids: Collection[Any]) -> str | None:
        return None

    def publish_progress(self, step: dict[str, Any]) -> None:
        self._on_progress(step)

    def settled(self, ids: Collection[int], state: str, request: int | None) -> None:
        """Nobody was told that anything is out of date."""

    def publish_message(self, message: dict[str, Any]) -> None:
        self.messages.append(message)

    def send_geometry(self, packet: Packet) -> None:
        self.sent.append(packet)
