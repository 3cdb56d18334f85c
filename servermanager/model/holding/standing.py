"""How a proxy stands in its session: what the server knows of it, who uses it, and whether it is there at all."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Generic, TypeVar

from services_core import RemoteError

P = TypeVar("P")


class Standing(Generic[P]):
    """What changes of a proxy beside its properties.

    A plain object: to set an attribute of a proxy itself, which has properties for attributes, takes ten times as long.
    """

    __slots__ = (
        "deleted_by",
        "made_in",
        "modified",
        "name_told_in",
        "place",
        "pushed",
        "refusal",
        "told_sources",
        "users",
    )

    def __init__(self) -> None:
        """Begin as a new proxy does: the server knows nothing of it."""
        self.modified = True
        """Whether something was set that the server was not told yet."""
        self.pushed = False
        """Whether the server has been told of it."""
        self.deleted_by = 0
        """Which other client of the session has deleted it, -1: one that is not known; 0: none."""
        self.made_in = 0
        """The number of the change that has made it, in a session that others can join; 0: another client has."""
        self.name_told_in = 0
        """The number of the change that told last, to a session that others can join, what it is called."""
        self.refusal: RemoteError | None = None
        """Why there is no such proxy: the server has no such type, as it told when this had been made."""
        self.told_sources: tuple[int, ...] = ()
        """The numbers of what it depends on, as the server knows it."""
        self.users: dict[int, P] = {}
        """The proxies that depend on it directly."""
        self.place: tuple[weakref.ref[P], str] | None = None
        """Whose property it stands for, if it stands for what the server has there by itself."""

    def was_told(self, number: int) -> None:
        """Note that the server has been told of all of it, by the change with that number."""
        self.modified = False
        if not self.pushed:
            self.pushed = True
            self.made_in = self.name_told_in = number

    def begin_anew(self) -> None:
        """Note that the server knows nothing of it: all of it is to be told."""
        self.modified, self.pushed = True, False
        self.told_sources = ()

    def was_made_after(self, seen: int) -> bool:
        """Return whether the server is told to make it later than in the change with the number `seen`."""
        return not self.pushed or self.made_in > seen

    def leaves(self, ids: Iterable[int]) -> bool:
        """Return whether the server takes it for a user of one of these proxies, which it is no more."""
        return self.pushed and not set(self.told_sources).isdisjoint(ids)
