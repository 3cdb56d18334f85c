"""What a session does while something happens to it: a filter, a fetch, requests in a row, and a stream of images."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from types import TracebackType
from typing import Any, Final

import numpy as np

from servermanager import Session, SourceProxy

POINTS: Final = 4000
"""Of the triangulation: it executes for half a second on an idle machine."""

BEFORE: Final = (0.0, 0.0, 1.0)
AFTER: Final = (1.0, 0.0, 0.0)
"""Colors of the background of what is looked at."""

_SHAPE: Final = (50, 300, 300)


class Wrong(Exception):
    """A session gave something else than it was asked for."""


class Pastime:
    """A session at work. `async with` begins it; `goes_on` tells how long it takes until all of it does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.answered = 0
        """How many requests of the row were answered, each with the answer to its own question."""
        self.took_s: dict[str, float] = {}
        """After how many seconds of `goes_on` what had been seen."""
        self._tasks: list[asyncio.Task[None]] = []
        self._answer = asyncio.Event()
        self._image = asyncio.Event()
        self._array = np.arange(np.prod(_SHAPE), dtype=np.float32).reshape(_SHAPE)

    async def __aenter__(self) -> Pastime:
        session = self.session
        held = await session.send_data(self._array)
        camera: dict[str, Any] = {"CameraPosition": [0, 0, 9], "CameraFocalPoint": [0, 0, 0]}
        self._view = session.views.RenderView(ViewSize=[60, 40], Background=BEFORE, StillSamples=1, **camera)
        session.show(session.sources.SphereSource(), self._view)
        await self._view.ready()
        points = session.sources.PointSource(NumberOfPoints=POINTS, Radius=0.5)
        await points.update_pipeline()
        mesh = session.filters.Delaunay3D(Input=points)
        for work in (self._execute(mesh), self._fetch(held), self._look(), self._ask()):
            self._tasks.append(asyncio.create_task(work))
        await self._answer.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def goes_on(self) -> float:
        """Return the seconds until all services answer, and an image shows what was changed just now.

        Then the filter, the fetch and the row must go on, too, with the right values. Raises what any of them raises.
        """
        began = time.monotonic()

        async def timed(name: str, work: Awaitable[object]) -> None:
            await work
            self.took_s[name] = time.monotonic() - began

        self._image.clear()
        self._view.Background = AFTER
        self.session.update_vtk_objects()
        first = [
            timed("data", self.session.data.ping()),  # a request to the service would wait for its filter
            timed("query", self.session.files.list("")),
            timed("image", self._image.wait()),
        ]
        await self._unless_failed(asyncio.gather(*first))
        took_s = time.monotonic() - began
        self._answer.clear()
        await self._unless_failed(asyncio.gather(*self._tasks[:2], self._answer.wait()))
        return took_s

    async def _unless_failed(self, work: asyncio.Future[Any]) -> None:
        """Await `work`, or raise what one of the tasks has raised."""
        waiting = {work, *(task for task in self._tasks if not task.done())}
        while not work.done():
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        work.result()

    async def _execute(self, mesh: SourceProxy) -> None:
        information = await mesh.update_pipeline()
        if information.number_of_points != POINTS:
            raise Wrong(f"a triangulation of {POINTS} points has {information.number_of_points}")

    async def _fetch(self, held: SourceProxy) -> None:
        values = (await held.fetch()).point_data["values"]
        if not np.array_equal(np.ravel(values), self._array.ravel()):
            raise Wrong("what was fetched is not what was sent")

    async def _ask(self) -> None:
        sphere = self.session.sources.SphereSource(ThetaResolution=8, PhiResolution=8)
        while True:
            number = 4 + self.answered % 30
            sphere.ThetaResolution = number
            information = await sphere.update_pipeline()
            if information.number_of_points != 2 + number * 6:
                raise Wrong(f"a sphere of {number} by 8 has {information.number_of_points} points")
            self.answered += 1
            self._answer.set()
            await asyncio.sleep(0.01)

    async def _look(self) -> None:
        sequence = -1
        async for image in self._view.images(format="rgb"):
            if image.sequence <= sequence:
                raise Wrong(f"image {image.sequence} came after image {sequence}")
            sequence = image.sequence
            if image.still and tuple(image.pixels[0, 0]) == tuple(round(255 * part) for part in AFTER):
                self._image.set()
