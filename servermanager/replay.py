"""Telling a server everything that a session consists of: after its worker process was replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .session import Session


async def replay(session: Session) -> None:
    """Send all proxies, the data that was given to some, views and what they show. Raises DataSetError, RemoteError."""
    session.proxies.nothing_executed()
    for proxy in session.proxies:
        session.send_again(proxy)
    session.update_vtk_objects()
    for proxy, data in session.sent_data():
        await session.send_data(data, proxy=proxy)
    session.time = session.time
    for view in session.all_views():
        view.replay()
    for shown in session.all_representations():
        shown.replay()
    session.outbox.flush()
