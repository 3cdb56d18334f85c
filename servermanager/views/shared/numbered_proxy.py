"""What the render service is told of for all programs of a session, in changes that are counted."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any

from async_paraview.operations import Operation
from services_core import Packet

from ...model.sending.property_packets import property_packets
from ..owner import ViewOwner
from ..scene_proxy import SceneProxy


class NumberedProxy(SceneProxy):
    """A proxy that belongs to a session as a whole. Every method that is no coroutine is fire and forget."""

    __slots__ = ("_numbers", "_untold", "name")

    def __init__(self, scene: ViewOwner, name: str) -> None:
        """Stand for what the server has under that name; nothing is told."""
        super().__init__(scene, scene.new_id())
        self.name = name
        """By which the programs of the session know it."""
        self._untold: dict[str, Any] = {}
        self._numbers = itertools.count(1)

    @property
    def kind(self) -> str:
        """Return what it is, as messages say it: the name of its type."""
        return self.scene_type.name

    def replay(self) -> None:
        """Have the server told all of it by the next call that tells anything. Called by the session."""
        self._told_in.clear()
        self._untold = {}
        if self._set or self._is_told_empty:
            self._tell_later({}, self._travelling_values(self._set))

    @property
    def _is_told_empty(self) -> bool:
        """Return whether others are to know of it also while nothing of it is set."""
        return False

    @abstractmethod
    def _update(self, number: int) -> Callable[..., Operation]:
        """Return what makes the operation that tells `properties`."""

    def _travelling_values(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return values as they travel."""
        return values

    def _waiting(self) -> Collection[str]:
        return self._untold

    def _take(self, plain: dict[str, Any]) -> None:
        self._tell_later(plain, self._travelling_values(plain))

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        self._tell_later({}, wrong)

    def _tell_later(self, values: Mapping[str, Any], travelling: Mapping[str, Any]) -> None:
        untold, number = {**self._untold, **travelling}, next(self._numbers)
        packets = self._packets(self._number_told(number), untold)
        self._set.update(values)
        self._untold = untold
        self._told_in.update(dict.fromkeys(untold, number))
        self._scene.outbox.add(self, lambda: self._tell(packets))

    def _packets(self, number: int, untold: dict[str, Any]) -> list[Packet]:
        """Return the packets that tell properties. Raises PacketError for a value that cannot travel."""
        return property_packets(self._update(number), untold)

    def _number_told(self, number: int) -> int:
        return number if self._scene.connection.membership.is_shared else 0

    def _tell(self, packets: list[Packet]) -> None:
        for packet in packets:
            self._scene.render.send_message(packet)
        self._untold = {}

    def __repr__(self) -> str:
        return f"<{self.type_name} {self.name!r}: {self._set}>"
