"""What is coarser of a large surface is made beside the data service, which goes on; both are sent when it is there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from apvserver.data.model import DataModel
from apvserver.vtk.geometry import extraction
from apvserver.vtk.geometry.coarse_surface import DetailUnwanted, reduced_surface
from servermanager import connect

from ..harness.apvtest import poll, poll_async
from ..harness.quiet_sink import QuietSink
from ..harness.time_limits import scaled

VIEW: Final = 5
LARGE, SMALL = [0, 139] * 3, [0, 9] * 3
"""Extents of images whose surfaces have 115,926 and 486 cells."""


class Gate:
    """What is coarser is made when it is let, and may fail."""

    def __init__(self) -> None:
        self.begun = 0
        self.given_up = 0
        self.error: Exception | None = None
        self.open = threading.Event()

    def make(self, surface: Any, is_unwanted: Callable[[], bool]) -> Any:
        self.begun += 1
        poll(lambda: self.open.is_set() or is_unwanted(), what="the gate")
        if is_unwanted():
            self.given_up += 1
            raise DetailUnwanted
        if self.error is not None:
            raise self.error
        return reduced_surface(surface, is_unwanted)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    monkeypatch.setattr(extraction, "reduced_surface", made.make)
    yield made
    made.open.set()


@pytest.fixture
def sink() -> QuietSink:
    return QuietSink()


@pytest.fixture
def model(sink: QuietSink) -> Iterator[DataModel]:
    made = DataModel(sink)
    yield made
    made.close()


def change(model: DataModel, id_: int = 1, **properties: Any) -> None:
    model.update([{"id": id_, "type": "Wavelet", "properties": properties, "inputs": {}, "objects": {}}])


def show(model: DataModel, id_: int = 1, **properties: Any) -> None:
    model.representations.show(10 * id_, view=VIEW, source=(id_, 0), properties=properties)


def told(sink: QuietSink) -> list[tuple[int, list[str], int]]:
    """Of each representation that was sent: its number, its parts, its version."""
    found, parts = [], list[str]()
    for packet in sink.sent:
        header = packet.header
        if header.get("facts") is None:
            parts.append(header["part"])
        else:
            found.append((header["representation"], parts, header["facts"]["version"]))
            parts = []
    return found


def test_the_service_goes_on_while_it_is_made_and_both_are_sent_together(
    model: DataModel, sink: QuietSink, gate: Gate
) -> None:
    sent = threading.Event()
    change(model, WholeExtent=LARGE)
    change(model, 2, WholeExtent=SMALL)
    show(model)
    show(model, 2)
    assert model.representations.refresh()
    model.representations.when_sent(VIEW, sent.set)
    poll(lambda: gate.begun == 1)
    assert told(sink) == [(20, ["full"], 1)] and not sent.is_set()
    assert model.execute(1, 0, cancelled=lambda: None)
    assert model.information(1, 0)["cells"] == 139**3
    assert model.representations.refresh() and gate.begun == 1, "there is nothing new"
    gate.open.set()
    assert sent.wait(scaled(20))
    assert told(sink) == [(20, ["full"], 1), (10, ["full", "reduced"], 1)]


def test_a_newer_one_takes_its_place(model: DataModel, sink: QuietSink, gate: Gate) -> None:
    change(model, WholeExtent=LARGE)
    show(model)
    assert model.representations.refresh()
    poll(lambda: gate.begun == 1)
    change(model, Maximum=100.0)
    assert model.representations.refresh()
    poll(lambda: gate.begun == 2)
    gate.open.set()
    poll(lambda: told(sink) == [(10, ["full", "reduced"], 2)])
    assert gate.given_up == 1


def test_a_newer_one_that_needs_none_is_sent_at_once_and_the_older_one_never(
    model: DataModel, sink: QuietSink, gate: Gate
) -> None:
    change(model, WholeExtent=LARGE)
    show(model)
    assert model.representations.refresh()
    poll(lambda: gate.begun == 1)
    show(model, Representation="Outline")
    assert model.representations.refresh()
    assert told(sink) == [(10, ["full"], 2)]
    poll(lambda: gate.given_up == 1)
    gate.open.set()
    model.representations.close()
    assert told(sink) == [(10, ["full"], 2)]


@pytest.mark.parametrize("ending", [lambda it: it.representations.forget(10), lambda it: it.delete([1])])
def test_of_what_is_shown_no_more_nothing_is_sent(
    model: DataModel, sink: QuietSink, gate: Gate, ending: Callable[[DataModel], None]
) -> None:
    sent = threading.Event()
    change(model, WholeExtent=LARGE)
    show(model)
    assert model.representations.refresh()
    poll(lambda: gate.begun == 1)
    model.representations.when_sent(VIEW, sent.set)
    ending(model)
    assert sent.is_set(), "nobody waits for it any more"
    poll(lambda: gate.given_up == 1)
    model.close()
    assert sink.sent == []


def test_without_memory_for_it_the_whole_is_drawn(model: DataModel, sink: QuietSink, gate: Gate) -> None:
    gate.error = MemoryError("none left")
    gate.open.set()
    change(model, WholeExtent=LARGE)
    show(model)
    assert model.representations.refresh()
    poll(lambda: told(sink) == [(10, ["full"], 1)])


@pytest.fixture
def watched() -> set[int]:
    return set()


@pytest.fixture
def unwatched(sink: QuietSink, watched: set[int]) -> Iterator[DataModel]:
    """Whose views nobody looks at live, but for those of `watched`."""
    made = DataModel(sink, watched=watched)
    yield made
    made.close()


def test_what_nobody_watches_is_sent_at_once_without_and_with_it_once_somebody_does(
    unwatched: DataModel, sink: QuietSink, gate: Gate, watched: set[int]
) -> None:
    sent, model = threading.Event(), unwatched
    change(model, WholeExtent=LARGE)
    show(model)
    assert model.representations.refresh()
    model.representations.when_sent(VIEW, sent.set)
    assert sent.is_set() and told(sink) == [(10, ["full"], 1)] and gate.begun == 0
    for view in (VIEW + 1, VIEW, VIEW):
        watched.add(view)
        model.representations.make_details(view)
    gate.open.set()
    poll(lambda: told(sink) == [(10, ["full"], 1), (10, ["full", "reduced"], 1)])
    change(model, Maximum=100.0)
    assert model.representations.refresh()
    poll(lambda: told(sink)[2:] == [(10, ["full", "reduced"], 2)])
    assert gate.begun == 2


def test_of_what_was_sent_without_only_the_newest_is_reduced(
    unwatched: DataModel, sink: QuietSink, gate: Gate, watched: set[int]
) -> None:
    model = unwatched
    gate.open.set()
    change(model, WholeExtent=LARGE)
    change(model, 2, WholeExtent=LARGE)
    show(model)
    show(model, 2)
    assert model.representations.refresh()
    change(model, Maximum=100.0)
    show(model, 2, Representation="Outline")
    assert model.representations.refresh()
    whole = [(10, ["full"], 1), (20, ["full"], 1), (10, ["full"], 2), (20, ["full"], 2)]
    assert sorted(told(sink)) == sorted(whole)
    watched.add(VIEW)
    model.representations.make_details(VIEW)
    poll(lambda: told(sink)[4:] == [(10, ["full", "reduced"], 2)])
    assert gate.begun == 1


def test_a_session_makes_none_for_pictures_that_are_saved(gate: Gate) -> None:
    async def dialogue() -> None:
        async with connect(backend="inproc") as session:
            large = session.sources.Wavelet(WholeExtent=LARGE)
            view = session.views.RenderView(ViewSize=[60, 40])
            session.show(large, view)
            before = await view.screenshot()
            assert before.pixels.std() > 0 and gate.begun == 0
            async with view.images():
                await poll_async(lambda: gate.begun == 1)
                gate.open.set()
                await view.ready()
                assert ((await view.screenshot()).pixels == before.pixels).all()

    asyncio.run(dialogue())


def test_a_session_is_answered_while_it_is_made_and_the_view_is_ready_when_it_is(gate: Gate) -> None:
    async def dialogue() -> None:
        async with connect(backend="inproc") as session:
            large = session.sources.Wavelet(WholeExtent=LARGE)
            view = session.views.RenderView(ViewSize=[60, 40])
            async with view.images() as images:
                await anext(images)  # it is watched
                session.show(large, view)
                ready = asyncio.create_task(view.ready())
                await poll_async(lambda: gate.begun == 1)
                sphere = session.sources.Sphere()
                assert (await sphere.update_pipeline()).number_of_cells > 0
                assert not ready.done()
                gate.open.set()
                await ready
                async for image in images:
                    if image.pixels.std() > 0 and image.still:
                        break

    asyncio.run(dialogue())


def test_a_session_can_be_closed_while_it_is_made(gate: Gate) -> None:
    async def dialogue() -> None:
        async with connect(backend="inproc") as session:
            large = session.sources.Wavelet(WholeExtent=LARGE)
            view = session.views.RenderView(ViewSize=[60, 40])
            async with view.images() as images:
                await anext(images)
                session.show(large, view)
                ready = asyncio.create_task(view.ready())
                await poll_async(lambda: gate.begun == 1)
        with pytest.raises(Exception, match=r"closed|ended|lost"):
            await ready

    asyncio.run(dialogue())
    assert gate.given_up == 1
