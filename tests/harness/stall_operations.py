"""A process that has a session of its own over large data, and tells how long Python's lock was kept by each operation.

The client's loop and the services are threads of this process, as where a program connects to no server. Its argument
is the kind of data. For each operation a line of its output tells what came of it: "type", the operation, "kind",
"outcome" ("ok", "refused", "odd"), "kept_s", the longest time that no other thread could go on, and "where" that was.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final

import psutil

from apvserver.vtk.files.writers.writing import WRITERS
from servermanager import RenderViewProxy, Session, SourceProxy, connect
from services_core import ServicesError

from .lock_kept import come_first
from .stall_worker import LARGE, MEMORY_BYTES, TOLD_FROM_S

TIMES: Final = 3
"""How often each is done at most; the time that counts is the shortest: at first libraries are loaded."""
SIZE: Final = (400, 300)
RECTANGLE: Final = (100, 75, 299, 224)
_TICK_S: Final = 0.002
_REPRESENTATIONS: Final = (
    "Surface",
    "Surface With Edges",
    "Wireframe",
    "Points",
    "Outline",
    "Point Gaussian",
    "Volume",
)
_SCENES: Final = ("glb", "vtkjs", "obj", "x3d", "svg")
_CHARTS: Final = (
    "XYChartView", "XYPointChartView", "XYBarChartView", "XYHistogramChartView", "QuartileChartView", "BoxChartView",
    "ParallelCoordinatesChartView", "PlotMatrixView",
)  # fmt: skip
_LOOKS: Final = {"XYHistogramChartView": {"SelectInputArray": ["ROWS", "a"]}}
_WAITING: Final = frozenset({"wait", "select", "poll", "get", "acquire", "recv", "_run_once", "join", "_worker"})

Work = Callable[[], Awaitable[object]]


class Watch:
    """Sees for how long no other thread of this process goes on, and where the threads stand after the longest time."""

    def __init__(self) -> None:
        self.kept_s, self.where = 0.0, ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        come_first()
        seen, used = time.perf_counter(), time.process_time()
        while not self._over.is_set():
            time.sleep(_TICK_S)
            now, now_used = time.perf_counter(), time.process_time()
            kept = min(now - seen, now_used - used) - _TICK_S
            if kept > self.kept_s:
                self.kept_s = kept
                self.where = _places() if kept > TOLD_FROM_S else ""
                now, now_used = time.perf_counter(), time.process_time()
            seen, used = now, now_used


def _places() -> str:
    """Return where the threads are that do not wait, but for this one."""
    found = sys._current_frames()  # noqa: SLF001 - nothing else tells where other threads are
    del found[threading.get_ident()]
    return " | ".join(_place(frame) for frame in found.values() if frame.f_code.co_name not in _WAITING)


def _place(frame: FrameType) -> str:
    told: list[str] = []
    at: FrameType | None = frame
    while at is not None and len(told) < 3:
        told.append(f"{'/'.join(Path(at.f_code.co_filename).parts[-2:])}:{at.f_lineno} {at.f_code.co_name}")
        at = at.f_back
    return " < ".join(told)


async def done(name: str, kind: str, work: Work) -> dict[str, Any]:
    """What came of an operation, and how long it kept the lock."""
    found: dict[str, Any] = {"type": name, "kind": kind, "outcome": "ok", "kept_s": float("inf"), "where": ""}
    for _ in range(TIMES):
        with Watch() as watch:
            try:
                await work()
            except ServicesError as error:
                return {**found, "outcome": "refused", "detail": str(error)[:200], "kept_s": 0.0}
            except Exception as error:
                return {**found, "outcome": "odd", "detail": f"{type(error).__name__}: {error}"[:200], "kept_s": 0.0}
        if watch.kept_s < found["kept_s"]:
            found |= {"kept_s": round(watch.kept_s, 4), "where": watch.where}
        gc.collect()  # or it may come while something else is watched
        if found["kept_s"] <= TOLD_FROM_S:
            break
    return found


class Operations:
    """What is done with one data set: each is a function to be awaited, by the name of the operation."""

    def __init__(self, session: Session, data: Any, folder: str) -> None:
        self._session, self._data, self._folder = session, data, folder
        self._turn = 0

    async def all(self, kind: str) -> AsyncIterator[dict[str, Any]]:
        """Yield what came of each."""
        session = self._session
        source = await session.send_data(self._data)
        association, array = ("ROWS", "a") if kind == "table" else ("POINTS", "p")
        works: dict[str, Work] = {
            "send": lambda: session.send_data(self._data, proxy=source),
            "describe": lambda: self._described(source),
            "fetch": source.fetch,
            "fetch, copied to VTK": lambda: self._fetched(source, copy=True),
            "fetch, as VTK": lambda: self._fetched(source, copy=False),
            "fetch one array": lambda: source.fetch(arrays=[(association, array)]),
            "rows": lambda: self._rows(source, association, ""),
            "rows, sorted": lambda: self._rows(source, association, array),
            "histogram": lambda: session.histogram(source, array, association=association),
            **{f"save {one}": partial(self._saved, source, one) for one in self._extensions()},
        }
        for name, work in works.items():
            yield await done(name, kind, work)
        if kind == "table":
            for name, work in self._charts(source).items():
                yield await done(name, kind, work)
            return
        async for one in self._shown(source, kind):
            yield one

    def _extensions(self) -> list[str]:
        """Return an extension for each writer that takes the data."""
        of = {name: one for one, (name, kinds, _) in WRITERS.items() if any(map(self._data.IsA, kinds))}
        return list(of.values())

    async def _shown(self, source: SourceProxy, kind: str) -> AsyncIterator[dict[str, Any]]:
        view = self._session.create_view(ViewSize=SIZE, StillSamples=1)
        shown = self._session.show(source, view, ColorBy=("POINTS", "p"))

        async def show(how: str) -> None:
            shown.Representation = "Outline"
            await view.screenshot()
            shown.Representation = how
            await view.screenshot()

        async def color(by: tuple[str, str]) -> None:
            shown.ColorBy = None
            await view.screenshot()
            shown.ColorBy = by
            await view.screenshot()

        async def picked(work: Callable[[], Awaitable[object]]) -> None:
            self._move(view)
            await work()

        for how in _REPRESENTATIONS:
            yield await done(f"show {how}", kind, partial(show, how))
        shown.Representation = "Surface"
        works: dict[str, Work] = {
            **{f"color by {by[1]}": partial(color, by) for by in (("POINTS", "pv"), ("CELLS", "c"))},
            "draw": lambda: picked(view.screenshot),
            "pick": lambda: picked(lambda: view.pick(SIZE[0] // 2, SIZE[1] // 2)),
            "select cells": lambda: picked(lambda: self._selected(view.select_cells)),
            "select points": lambda: picked(lambda: self._selected(view.select_points)),
            "select through": lambda: self._through(view, source),
            "rescale to what is seen": shown.rescale_to_visible_range,
            **{f"export {one}": partial(self._exported, view, one) for one in _SCENES},
        }
        for name, work in works.items():
            yield await done(name, kind, work)

    def _charts(self, source: SourceProxy) -> dict[str, Work]:
        async def drawn(kind: str) -> None:
            chart = getattr(self._session.views, kind)(ViewSize=SIZE)
            self._session.show(source, chart, **_LOOKS.get(kind, {}))
            await chart.screenshot()
            chart.delete()

        return {f"draw {one}": partial(drawn, one) for one in _CHARTS}

    def _move(self, view: RenderViewProxy) -> None:
        """Have nothing that was drawn before help."""
        self._turn += 1
        view.rotate(0.01 * self._turn, 0.0)

    async def _described(self, source: SourceProxy) -> None:
        await self._session.send_data(self._data, proxy=source)  # so that nothing is known of its arrays
        await source.update_pipeline()

    async def _fetched(self, source: SourceProxy, *, copy: bool) -> None:
        (await source.fetch()).to_vtk(copy=copy)

    async def _rows(self, source: SourceProxy, association: str, order: str) -> None:
        pages = 0
        async for _ in self._session.rows(source, association=association, sort_by=order):
            pages += 1
            if pages == 3:
                return

    async def _saved(self, source: SourceProxy, extension: str) -> None:
        await self._session.save_data(os.path.join(self._folder, f"saved{extension}"), source)

    async def _exported(self, view: RenderViewProxy, extension: str) -> None:
        await view.export(os.path.join(self._folder, f"scene.{extension}"))

    async def _selected(self, select: Callable[..., Awaitable[Any]]) -> None:
        for found in await select(*RECTANGLE):
            await found.extracted.update_pipeline()
            self._session.delete(found.extracted)

    async def _through(self, view: RenderViewProxy, source: SourceProxy) -> None:
        await self._session.selections.select_through(view, RECTANGLE)
        extracted = self._session.selections.extracted(source)
        assert extracted is not None
        await extracted.update_pipeline()
        self._session.selections.clear(source)


async def swept(kind: str, tell: Callable[[dict[str, Any]], None]) -> None:
    """Have each operation done with data of a kind."""
    with tempfile.TemporaryDirectory() as folder:
        async with connect(backend="inproc") as session:
            async for one in Operations(session, LARGE[kind](), folder).all(kind):
                tell(one)


def main() -> None:
    if hasattr(psutil.Process, "rlimit"):
        psutil.Process().rlimit(psutil.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what is printed is no answer

    def tell(one: dict[str, Any]) -> None:
        answers.write(json.dumps(one) + "\n")
        answers.flush()

    asyncio.run(swept(sys.argv[1], tell))


if __name__ == "__main__":
    main()
