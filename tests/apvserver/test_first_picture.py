"""The picture that a process makes before somebody wants one: nothing is to be seen of it, whatever becomes of it."""

from __future__ import annotations

import logging

import pytest

from apvserver.render import first_picture
from apvserver.render.service import RenderService
from apvserver.vtk.rendering.opengl import OpenGLUnavailable
from apvserver.vtk.rendering.render_view import RenderView
from async_paraview.operations.render import Presets, UpdateView
from services_core import RemoteError, ServicesEngine

from ..harness.time_limits import scaled


def a_picture() -> bytes:
    view = RenderView({"ViewSize": [20, 10], "Background": [1, 0, 0]})
    try:
        return view.render().pixels.tobytes()
    finally:
        view.close()


def test_later_pictures_are_the_same() -> None:
    before = a_picture()
    first_picture.make_unseen()
    assert a_picture() == before and before[:3] == b"\xff\x00\x00"


def test_a_view_that_cannot_be_drawn_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[RenderView] = []
    close = RenderView.close

    def fail(_: RenderView) -> None:
        raise OpenGLUnavailable("no picture here")

    def note(view: RenderView) -> None:
        closed.append(view)
        close(view)

    monkeypatch.setattr(RenderView, "capture", fail)
    monkeypatch.setattr(RenderView, "close", note)
    with pytest.raises(OpenGLUnavailable):
        first_picture.make_unseen()
    assert len(closed) == 1


def test_a_service_goes_on_where_it_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise OpenGLUnavailable("no picture here")

    monkeypatch.setattr(first_picture, "make_unseen", fail)
    service = RenderService()
    with ServicesEngine("inproc") as engine, caplog.at_level(logging.INFO):
        engine.add_service(service)
        service.prepare()
        render = engine.endpoint("render")
        assert render.send_request(Presets().packet()).result(scaled(30)).header["names"]
        with pytest.raises(RemoteError, match="no view has id 7"):
            render.send_request({"op": "view", "view": 7}).result(scaled(30))
        render.send_message(UpdateView(view=7, properties={"ViewSize": [20, 10]}).packet())
        assert render.send_request({"op": "view", "view": 7}).result(scaled(30)).header["properties"]["ViewSize"] == [
            20,
            10,
        ]
    assert "no picture could be made before one was wanted: no picture here" in caplog.text


def test_what_is_set_up_for_the_first_picture_is_not_seen_in_it() -> None:
    properties = {"ViewSize": [20, 10], "Background": [0, 0, 1], "CameraPosition": [3, 4, 5]}
    plain, begun = RenderView(properties), RenderView(properties)
    try:
        begun.begin_drawing()
        begun.set_properties({"ViewSize": [30, 20]})
        plain.set_properties({"ViewSize": [30, 20]})
        assert begun.properties == plain.properties
        picture = begun.capture().pixels
        assert picture.shape[:2] == (20, 30)
        assert picture.tobytes() == plain.capture().pixels.tobytes()
    finally:
        plain.close()
        begun.close()


def test_a_view_that_takes_much_memory_is_not_drawn_before_somebody_wants_it() -> None:
    for side, is_drawn in ((40, True), (2048, True), (2049, False), (16384, False)):
        view = RenderView({"ViewSize": [side, side]})
        try:
            view.begin_drawing()
            assert bool(view._window.GetNeverRendered()) is not is_drawn, side  # noqa: SLF001  # nothing else tells
        finally:
            view.close()


def test_only_the_first_view_is_set_up_and_none_where_a_picture_was_made_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[list[int]] = []

    def note(view: RenderView) -> None:
        sizes.append(list(view.properties["ViewSize"]))

    monkeypatch.setattr(RenderView, "begin_drawing", note)

    def made(*, prepares: bool) -> list[list[int]]:
        service = RenderService()
        with ServicesEngine("inproc") as engine:
            engine.add_service(service)
            if prepares:
                service.prepare()
            render = engine.endpoint("render")
            for number, size in ((7, [20, 10]), (8, [30, 10])):
                render.send_message(UpdateView(view=number, properties={"ViewSize": size}).packet())
            render.send_request({"op": "view", "view": 8}).result(scaled(30))
            render.send_request({"op": "view", "view": 8}).result(scaled(30))  # after what the first message has posted
        return sizes

    assert made(prepares=True) == []
    assert made(prepares=False) == [[20, 10]]
