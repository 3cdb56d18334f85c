"""Who asks: the client of a session, as the server that let it in tells the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final

from ..records import dataclass

OWNER: Final = "owner"
EDITOR: Final = "editor"
VIEWER: Final = "viewer"
ROLES: Final = (OWNER, EDITOR, VIEWER)
"""Owners also invite, and end the session; editors change; viewers look."""

KEY: Final = "member"
"""Where the HELLO that a server passes on has it. What a client says there is dropped."""

IDS_EACH: Final = 2**32
"""So many ids belong to each client of a session."""


@dataclass(frozen=True, slots=True)
class Member:
    """One client of a session: its number in the session, from 1, and what it may do."""

    client: int
    role: str

    @property
    def may_change(self) -> bool:
        """Whether it may do more than look."""
        return self.role != VIEWER

    @property
    def first_id(self) -> int:
        """The first of the ids that it gives to what it makes."""
        return (self.client - 1) * IDS_EACH + 1

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


NOBODY: Final = Member(0, OWNER)
"""The client of services that no server stands before: of a session of the same program, which nobody can join."""


def member_of(info: Mapping[str, Any]) -> Member:
    """Return the member that a HELLO is of, as the server has written it there."""
    plain = info.get(KEY)
    return NOBODY if plain is None else _member(plain["client"], plain["role"])


@lru_cache(1024)
def _member(client: int, role: str) -> Member:
    return Member(client, role)
