"""Telling a server everything that a scene consists of: after its worker process was replaced."""

from __future__ import annotations

from contextlib import suppress

from services_core import PacketError

from .scene import Scene


async def replay(scene: Scene) -> None:
    """Send all proxies, the data that was given to some, views and what they show.

    Raises DataSetError, RemoteError, with all else sent; what cannot travel is raised by the next call that tells it.
    """
    scene.definitions.use(scene.data)
    scene.outbox.clear()
    scene.changes.begin_anew()
    scene.proxies.nothing_executed()
    for proxy in scene.proxies:
        scene.send_again(proxy)
    with suppress(PacketError):
        scene.update_vtk_objects()
    try:
        await scene.give_data_again()
    finally:
        scene.time = scene.time
        for view in scene.all_views():
            view.replay()
        for shown in scene.all_representations():
            shown.replay()
        scene.outbox.flush()
