"""A view tells the server of a change before undo and those who watch: what they do costs its image no time."""

from __future__ import annotations

from typing import Any

import pytest

from servermanager import Session, connect
from services_core import Busy, Packet

from ..harness.apvtest import in_loop


def told_in_order(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What the render service, undo and those who watch are told from now on, in this order."""
    order: list[tuple[str, Any]] = []
    send = session.render.send_message

    def keep(packet: Packet) -> None:
        order.append(("server", packet.header["properties"]))
        send(packet)

    monkeypatch.setattr(session.render, "send_message", keep)
    session.undo.watch(lambda: order.append(("undo", session.undo.labels[-1])))
    return order


@in_loop
async def test_the_server_is_told_before_undo_and_those_who_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[40, 30])
        order = told_in_order(session, monkeypatch)
        view.watch(lambda name, value: order.append((name, value)))
        view.update(CameraPosition=(0, 0, 3), Background=[1, 0, 0])
        view.UseFXAA = False
        assert order == [
            ("server", {"CameraPosition": [0, 0, 3], "Background": [1, 0, 0]}),
            ("undo", "set CameraPosition, Background of RenderView"),
            ("CameraPosition", [0, 0, 3]),
            ("Background", [1, 0, 0]),
            ("server", {"UseFXAA": False}),
            ("undo", "set UseFXAA of RenderView"),
            ("UseFXAA", False),
        ]


@in_loop
async def test_what_one_who_watches_sets_then_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[40, 30])
        order = told_in_order(session, monkeypatch)

        def follow(name: str, _value: Any) -> None:
            if name == "Background":
                view.Background2 = [0, 0, 1]

        view.watch(follow)
        view.Background = [1, 0, 0]
        told = [properties for who, properties in order if who == "server"]
        assert told == [{"Background": [1, 0, 0]}, {"Background2": [0, 0, 1]}]
        there = await view.properties()
        assert (there["Background"], there["Background2"]) == ([1, 0, 0], [0, 0, 1])


@in_loop
async def test_what_cannot_be_told_yet_can_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_packet: Any) -> None:
        raise Busy("the budget is full")

    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[40, 30], Background=[0, 1, 0])
        seen: list[Any] = []
        view.watch(lambda name, value: seen.append((name, value)))
        with monkeypatch.context() as context:
            context.setattr(session.render, "send_message", full)
            with pytest.raises(Busy):
                view.Background = [1, 0, 0]
            with pytest.raises(Busy):
                view.update(Background2=[0, 0, 1])
        assert seen == [("Background", [1, 0, 0]), ("Background2", [0, 0, 1])]
        assert session.undo.labels[-2:] == ("set Background of RenderView", "set Background2 of RenderView")
        there = await view.properties()
        assert (there["Background"], there["Background2"]) == ([1, 0, 0], [0, 0, 1]), "told by a later call"
        session.undo.undo()
        session.undo.undo()
        assert (await view.properties())["Background"] == [0, 1, 0]
