"""What a pipeline needs to know of data in pieces, where there are several ranks."""

from __future__ import annotations

from typing import Any, Protocol


class Pieces(Protocol):
    """Which outputs are there in pieces, and what they hold together."""

    def is_in_pieces(self, id_: int) -> bool:
        """Return whether an output is there in pieces, of which this process has one."""

    def described(self, id_: int) -> dict[str, Any]:
        """Return the description of such an output, of all pieces together."""
