"""Telling a server everything that a scene consists of: after its worker process was replaced."""

from __future__ import annotations

from contextlib import suppress

from async_paraview.operations import data, render
from services_core import PacketError, ServicesError

from .scene import Scene
from .server_connection import Death

LATER = (PacketError, ServicesError)
"""What keeps something from being told now: a value that cannot travel, a full budget, the end of the connection. It
stays, and whoever tells anything next tells it, or raises that."""


def begin_anew(scene: Scene) -> None:
    """Note that the server knows nothing any more."""
    scene.definitions.begin_anew()
    scene.outbox.clear()
    scene.changes.begin_anew()
    scene.proxies.nothing_executed()
    scene.forget_gone()


def replay(scene: Scene, death: Death | None) -> None:
    """Send all proxies, views and what they show; the data that was given to some begins to be sent.

    What executed when the last worker died, if one has, is held back. In a session with several clients each of them
    sends what it knows, which is the same. Never raises.
    """
    begin_anew(scene)
    for proxy in scene.proxies:
        scene.send_again(proxy)
    with suppress(*LATER):
        scene.update_vtk_objects()
    if death is not None and (death.proxies or death.representations):
        hold_back = data.HoldBack(
            ids=death.proxies, representations=death.representations, reason=death.reason
        ).packet()
        scene.outbox.add("hold back", lambda: scene.data.send_message(hold_back))
    scene.transfers.give_all_again()
    for shared in scene.shared_by_name():
        shared.replay()
    for view in scene.all_views():
        view.replay_later()
    for shown in scene.all_representations():
        shown.replay()
    for thing in scene.shared_things():
        thing.replay()
    with suppress(*LATER):
        scene.time = scene.time  # which tells the rest
    if scene.connection.membership.is_shared:
        scene.outbox.add("told all", lambda: _say_so(scene))
        with suppress(*LATER):
            scene.outbox.flush()


def _say_so(scene: Scene) -> None:
    """Say that this is all, to those who have told nothing themselves; what cannot travel nobody can be told."""
    scene.changes.send()
    scene.data.send_message(data.ToldAll().packet())
    scene.render.send_message(render.ToldAll().packet())
