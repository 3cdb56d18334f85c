"""Who this program is in its session: its number and role there, and the token that it came by."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Final

from async_paraview.operations.members import IDS_EACH, OWNER, VIEWER
from async_paraview.records import dataclass
from services_core import Refused


@dataclass(frozen=True, slots=True)
class Membership:
    """One client of a session, as the server tells it of itself."""

    client: int
    """Its number in the session; 0 of a session that nobody can join."""
    role: str
    """"owner", "editor" or "viewer"."""
    first_id: int
    """The first number that it gives to what it makes."""
    token: str = field(repr=False)
    """What it has joined by, or of what it has opened, what lets others in as owners."""

    @property
    def is_shared(self) -> bool:
        """Whether others may be in the session, or come."""
        return self.client > 0

    @property
    def may_change(self) -> bool:
        """Whether it may do more than look."""
        return self.role != VIEWER

    def require_editor(self) -> None:
        """Raise Refused for a viewer: what it would change, the server would not take."""
        if self.role == VIEWER:
            raise Refused("you are a viewer of this session, and this would change it: join it as an editor")

    def has_made(self, id_: int) -> bool:
        """Return whether a number is one of those that it gives to what it makes."""
        return self.first_id <= id_ < self.first_id + IDS_EACH

    @classmethod
    def of_answer(cls, about: dict[str, Any], token: str) -> Membership:
        """Make it of the answer to `open` or `join`; a server of before 1.2 tells nothing of it."""
        if "client" not in about:
            return ALONE
        return cls(about["client"], about["role"], about["ids"][0], token)


ALONE: Final = Membership(0, OWNER, 1, "")
"""In a session of its own, which nobody can join."""
