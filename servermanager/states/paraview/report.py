"""What of a state of ParaView has no counterpart here, as values that can be read and counted."""

from __future__ import annotations

from collections.abc import Sequence

from async_paraview.records import dataclass

from ...model.proxy import SourceProxy


class StateWarning(UserWarning):
    """Parts of a state of ParaView were not understood; what was loaded lacks them."""


@dataclass(frozen=True, order=True)
class NotUnderstood:
    """A part of a state that is not there after loading."""

    where: str
    """The name that it has in the state, or what kind of thing it is."""
    what: str
    """The property or part, as the state calls it."""
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.why}" if self.what else f"{self.where}: {self.why}"


class LoadedState(list[SourceProxy]):
    """The sources that a state has made, with what of it was not understood."""

    def __init__(self, sources: Sequence[SourceProxy], not_understood: Sequence[NotUnderstood] = ()) -> None:
        super().__init__(sources)
        self.not_understood: tuple[NotUnderstood, ...] = tuple(not_understood)
        """Each part that is missing now; empty if the whole state is there."""

    def report(self) -> str:
        """Return what was not understood, a line for each part."""
        return "\n".join(map(str, self.not_understood))


class Report:
    """Collects what is not understood while a state is translated."""

    def __init__(self) -> None:
        self._parts: dict[NotUnderstood, None] = {}

    def add(self, where: str, what: str, why: str) -> None:
        """Note a part; the same one twice is one."""
        self._parts[NotUnderstood(where, what, why)] = None

    def parts(self) -> tuple[NotUnderstood, ...]:
        """Return all of them, in the order in which they were found."""
        return tuple(self._parts)
