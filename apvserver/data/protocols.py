"""What the parts of the data service need of each other: where what they make goes, and who executes for them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol

from services_core import Packet

from ..vtk.base.ranks import Ranks


class Sink(Protocol):
    """Where it goes what a pipeline tells and shows, and whether anybody still wants it. The data service is one."""

    def not_wanted(self, ids: Collection[Any]) -> str | None:
        """Return why nothing is to be executed that depends on these proxies, None if it may be.

        The session ends, or a change of one of them waits already.
        """

    def publish_progress(self, step: dict[str, Any]) -> None:
        """Tell whoever listens of a step of an execution."""

    def settled(self, ids: Collection[int], state: str, request: int | None) -> None:
        """Tell of those of these that were said to be out of date how they stand after all: as an execution found.

        `state` is "finished" or "failed": what was set back before it was looked at is not executed again.
        """

    def publish_message(self, message: dict[str, Any]) -> None:
        """Tell whoever listens of an error or a warning."""

    def send_geometry(self, packet: Packet) -> None:
        """Send what is to be drawn to the render service; waits for room there."""


class Executor(Protocol):
    """Who brings outputs up to date for what is shown of them, and tells why something cannot be shown."""

    def execute_for_view(
        self, source: tuple[int, int], time: float | None, *, uninterrupted: bool, purpose: object
    ) -> bool:
        """Bring an output up to date; False if it was interrupted. If `uninterrupted`, no change interrupts it.

        `purpose` is what the execution is known by to whoever wants to interrupt it. Raises ExecutionFailed.
        """

    def tell(self, severity: str, id_: int, text: str) -> None:
        """Tell of an error or a warning about a proxy."""


class Crew(Protocol):
    """The other ranks of a session, where there are any."""

    @property
    def data(self) -> Ranks:
        """Return what the data services of all ranks speak to each other by."""

    @property
    def drawing(self) -> Any:  # its ranks do more, of which only who draws knows
        """Return what those who draw on all ranks speak to each other by."""

    def interrupt(self, number: int) -> None:
        """Have the other ranks stop what they execute for the order of that number. From any thread."""

    def listen(self, heard: Callable[[int, int, float], None]) -> None:
        """Call `heard(rank, number, fraction)` from now on when a rank tells how far it is with an order."""
