"""Telling a server everything that a session consists of: after its worker process was replaced."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from services_core import PacketError

if TYPE_CHECKING:
    from ..session import Session


async def replay(session: Session) -> None:
    """Send all proxies, the data that was given to some, views and what they show.

    Raises DataSetError, RemoteError, with all else sent; what cannot travel is raised by the next call that tells it.
    """
    session.proxies.nothing_executed()
    for proxy in session.proxies:
        session.send_again(proxy)
    with suppress(PacketError):
        session.update_vtk_objects()
    try:
        await session.give_data_again()
    finally:
        session.time = session.time
        for view in session.all_views():
            view.replay()
        for shown in session.all_representations():
            shown.replay()
        session.outbox.flush()
