"""What a session makes, uses and deletes is in no cycle, which only Python's collector would free, late."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest

from servermanager import RenderViewProxy, Session, connect
from services_core import RemoteError

from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled

SIZE: Final = [60, 40]
LARGE: Final = {"XResolution": 300, "YResolution": 300}
"""A surface that has a level of detail."""
OURS: Final = frozenset(
    {"apvserver", "async_paraview", "servermanager", "services_core", "services_inproc", "vtkmodules"}
)
SMALL: Final = frozenset(
    {"RenderViewProxy", "Widgets", "WidgetProxy", "TextProxy", "ScalarBarProxy", "Interact", "Whole"}
)
"""A view of the client and its parts know each other, as do figures of matplotlib: some kilobytes, without pictures."""

Use = Callable[[Session, RenderViewProxy, Path], Awaitable[None]]


async def seen(session: Session, _view: RenderViewProxy, _path: Path) -> None:
    plane, own = session.sources.Plane(**LARGE), session.create_view(ViewSize=SIZE)
    session.show(plane, own)
    await own.screenshot()
    own.delete()
    session.delete(plane)


async def watched(session: Session, _view: RenderViewProxy, _path: Path) -> None:
    plane, own = session.sources.Plane(**LARGE), session.create_view(ViewSize=SIZE)
    session.show(plane, own)
    async with own.images() as images:
        await anext(images)
        own.rotate(0.1, 0.1)
        await anext(images)
    own.delete()
    session.delete(plane)


async def drawn_as_a_volume(session: Session, _view: RenderViewProxy, _path: Path) -> None:
    wavelet, own = session.sources.Wavelet(), session.create_view(ViewSize=SIZE)
    shown = session.show(wavelet, own, ColorBy=("POINTS", "RTData"))
    own.scalar_bar("RTData")
    async with own.images() as images:
        await anext(images)
        shown.Representation = "Volume"
        await anext(images)
    own.delete()
    session.delete(wavelet)


async def drawn_in_charts(session: Session, _view: RenderViewProxy, _path: Path) -> None:
    wavelet = session.sources.Wavelet()
    line = session.filters.PlotOverLine(Input=wavelet, Resolution=100)
    chart = session.create_chart(ViewSize=SIZE)
    session.show(line, chart)
    async with chart.images() as images:
        await anext(images)
    chart.delete()
    session.delete(line)
    session.delete(wavelet)


async def made_a_movie(_session: Session, view: RenderViewProxy, path: Path) -> None:
    await view.save_animation(path / "turn_%d.png", camera="orbit", count=2)
    async for _ in view.frames(camera="orbit", count=5):
        break


async def read_in_part(session: Session, _view: RenderViewProxy, _path: Path) -> None:
    wavelet = session.sources.Wavelet()
    async for _ in session.rows(wavelet, rows_per_page=100):
        break
    await wavelet.fetch()
    session.delete(wavelet)


async def written_as_pages(session: Session, view: RenderViewProxy, path: Path) -> None:
    cone, beside = session.sources.Cone(), session.create_view(ViewSize=SIZE)
    figure = session.figure(1, 2, size=(200, 100))
    figure.assign(view, 1)
    figure.assign(beside, 2)
    session.show(cone, beside)
    await figure.screenshot()
    for name in ("page.svg", "page.pdf"):
        await figure.export(path / name)
    beside.delete()
    figure.delete()
    session.delete(cone)


async def failed(session: Session, _view: RenderViewProxy, path: Path) -> None:
    wavelet = session.sources.Wavelet()
    failing = session.create("vtkImageRGBToHSV", Input=wavelet)
    own = session.create_view(ViewSize=SIZE)
    session.show(failing, own)
    for attempt in (own.ready, failing.update_pipeline, lambda: session.save_data(path / "a.ply", wavelet)):
        with suppress(RemoteError):
            await attempt()
            raise AssertionError(f"{attempt} did not fail")
    own.delete()
    session.delete(failing)
    session.delete(wavelet)


async def given_up(session: Session, view: RenderViewProxy, _path: Path) -> None:
    wavelet = session.sources.Wavelet(WholeExtent=[0, 59] * 3)
    for begun in (wavelet.fetch(), view.screenshot(), asyncio.wait_for(wavelet.update_pipeline(), scaled(60))):
        task = asyncio.ensure_future(begun)
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    session.delete(wavelet)


async def with_widgets(session: Session, _view: RenderViewProxy, _path: Path) -> None:
    wavelet, own = session.sources.Wavelet(), session.create_view(ViewSize=SIZE)
    cut = session.filters.Slice(Input=wavelet)
    session.show(cut, own)
    await own.widgets.add(cut)
    own.add_text("text")
    await own.screenshot()
    own.delete()
    session.delete(cut)
    session.delete(wavelet)


USES: Final[dict[str, Use]] = {
    one.__name__: one
    for one in (
        seen,
        watched,
        drawn_as_a_volume,
        drawn_in_charts,
        made_a_movie,
        read_in_part,
        written_as_pages,
        failed,
        given_up,
        with_widgets,
    )
}


def is_ours(thing: Any) -> bool:
    kind = type(thing)
    return str(kind.__module__).partition(".")[0] in OURS and kind.__name__ not in SMALL


@contextmanager
def cycles(found: Counter[str]) -> Iterator[None]:
    """Count, by type, what of ours is made in the block and is then left to the collector."""
    gc.collect()
    gc.disable()
    try:
        yield
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        found.update(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.garbage if is_ours(one))
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


async def done_with(session: Session, view: RenderViewProxy) -> None:
    """Wait until the services have done all that they were told."""
    session.undo.clear()
    await session.data.send_request({"op": "sync"})
    await view.screenshot()


@pytest.mark.parametrize("name", USES)
@in_loop
async def test_nothing_is_left_to_the_collector(name: str, tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    async with connect(backend="inproc") as session:
        view = session.create_view(ViewSize=SIZE)
        session.show(session.sources.Cone(), view)
        await USES[name](session, view, tmp_path)  # what is imported and kept then, is there
        await done_with(session, view)
        with cycles(found):
            for _ in range(3):
                await USES[name](session, view, tmp_path)
            await done_with(session, view)
    assert dict(found) == {}


def test_a_cycle_is_found() -> None:
    found: Counter[str] = Counter()
    with cycles(found):
        kept: list[Any] = [RemoteError("kind", "text")]
        kept.append(kept)
        del kept
    assert found == {"services_core.errors.RemoteError": 1}
