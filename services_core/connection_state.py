"""How a connection is: a value for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ConnectionKind = Literal["connected", "reconnecting", "lost"]

CONNECTED: Final = "connected"
RECONNECTING: Final = "reconnecting"
LOST: Final = "lost"


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """Whether a connection stands.

    "reconnecting": what is awaited takes longer, up to its deadline; nothing is lost. "lost": it is over.
    """

    kind: ConnectionKind
    since: float
    """When it became so, in seconds since 1970."""
    reason: str = ""
    """Why it broke, or ended; empty while it stands."""
