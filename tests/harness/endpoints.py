"""Other endpoints for a session: such as one that is full."""

from __future__ import annotations

from typing import Any

from servermanager import Session


def replace_endpoints(session: Session, *, data: Any = None, render: Any = None) -> None:
    """Have the session talk over these from now on."""
    link = session.scene.connection
    link._data = data or link._data  # noqa: SLF001
    link._render = render or link._render  # noqa: SLF001
