"""Extracts: what extractors write at the times of the data, each file when it is complete, and a list of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from async_paraview.atomic_files import write_file
from async_paraview.operations import render
from async_paraview.records import dataclass
from async_paraview.scene.extracts.file_names import filled_name, number_text
from async_paraview.scene.extracts.types import FONT_SCALING, PHI_THETA

from ..model.proxy import OutputPort
from ..views.images import Image, grown
from ..views.render_view import RenderViewProxy
from ..views.view_proxy import ViewProxy
from .cinema import DATA, data_csv, file_column
from .extractor import ExtractorProxy
from .owner import ExtractOwner
from .phi_theta import Angles, around
from .triggers import activated

Save = Callable[..., Awaitable[int]]
"""Writes an output to a file of the server: see Session.save_data."""
_NO_ALPHA: Final = (".jpg", ".jpeg")
_NOT_OF_WRITERS: Final = frozenset({"FileName"})


@dataclass(frozen=True)
class Extract:
    """A file that was written: by which extractor, where, and of what time; `angles` of a camera that went around."""

    extractor: str
    path: str
    timestep: int
    time: float
    angles: Angles | None = None

    def row(self, directory: str) -> dict[str, str]:
        """Return what a Cinema database says of it."""
        angles = {} if self.angles is None else self.angles.named()
        place = os.path.relpath(self.path, directory).replace(os.sep, "/")
        return {
            "time": number_text(self.time), **angles, "producer": self.extractor, file_column(self.path): place,
        }  # fmt: skip


@dataclass(frozen=True)
class ExtractOptions:
    """How extracts are written: see Session.save_extracts."""

    directory: str | os.PathLike[str]
    cinema: bool
    frame_window: tuple[int, int] | None
    frame_stride: int
    progress: Callable[[int, int], object] | None


@dataclass(frozen=True)
class _Job:
    """One file that is to be written."""

    extractor: ExtractorProxy
    extract: Extract
    at: float | None
    """The time to ask for; None: as the session is."""


_Cameras = dict[int, dict[str, Any] | None]
"""Properties of cameras, by the numbers of their views."""


async def save_extracts(scene: ExtractOwner, save: Save, options: ExtractOptions) -> tuple[Extract, ...]:
    """Write what all enabled extractors are to write; see Session.save_extracts."""
    scene.connection.membership.require_editor()
    wanted = [one for one in scene.extractors if one.Enable]
    if not wanted:
        raise ValueError("no extractor is enabled: session.extractors.create(kind, source or view) makes one")
    directory = _directory(scene, options, wanted)
    steps = _chosen(await _times(scene, wanted), options)
    jobs = _planned(scene, wanted, steps, directory)
    cameras, before, done = await _cameras(scene, wanted), scene.time, list[Extract]()
    try:
        for some in _together(jobs):
            async for extract in _written(scene, save, some, cameras):
                done.append(extract)
                if options.progress is not None:
                    options.progress(len(done), len(jobs))
    finally:
        if scene.time != before:
            scene.time = before
    if options.cinema:
        table = data_csv([one.row(directory) for one in done])
        await _in_thread(_write_whole, os.path.join(directory, DATA), table)
    return tuple(done)


def _directory(scene: ExtractOwner, options: ExtractOptions, wanted: Sequence[ExtractorProxy]) -> str:
    """Return where to write: the same place for the server and this program, where they share their files."""
    given = os.fspath(options.directory)
    if not given:
        raise ValueError("extracts are written to a directory, and its name is empty")
    if "url" not in scene.connection.about:
        return os.path.abspath(given)
    if options.cinema and any(one.of_output is not None for one in wanted):
        raise ValueError(
            "a Cinema database is one folder, and here data is written on the server and pictures by this program; "
            "have it of pictures alone, or in a session without a url"
        )
    return given


# --- at which times


async def _times(scene: ExtractOwner, wanted: Sequence[ExtractorProxy]) -> list[float]:
    """Return the times of all that is written; none if it does not change with time. Raises RemoteError."""
    found: set[float] = set()
    for port in dict.fromkeys(port for one in wanted for port in _outputs(scene, one)):
        found.update((await port.proxy.update_pipeline(port=port.port)).time_steps)
    return sorted(found)


def _outputs(scene: ExtractOwner, extractor: ExtractorProxy) -> Iterator[OutputPort]:
    if extractor.of_output is not None:
        yield extractor.of_output
        return
    yield from (one.source for one in scene.all_representations() if one.view is extractor.of_view)


def _chosen(times: Sequence[float], options: ExtractOptions) -> list[tuple[int, float | None]]:
    """Return the numbers and times that are wanted; as in ParaView, numbers go on by one whatever the stride is."""
    first, last = options.frame_window or (0, max(0, len(times) - 1))
    if options.frame_stride < 1 or not 0 <= first <= last:
        raise ValueError(
            f"frames are a window (first, last) from 0 on, in strides of 1 or more, not {options.frame_window} "
            f"in strides of {options.frame_stride}"
        )
    every: Sequence[float | None] = times or (None,)
    chosen = list(enumerate(every[first : last + 1 : options.frame_stride], start=first))
    if not chosen:
        raise ValueError(f"frames {first} to {last} are none of those of the data, which has {len(every)}")
    return chosen


# --- what is written


def _planned(
    scene: ExtractOwner, wanted: Sequence[ExtractorProxy], steps: Sequence[tuple[int, float | None]], directory: str
) -> list[_Job]:
    """Return all files that will be written, in their order. Raises ValueError for what could not be, and says why."""
    told = [(number, (scene.time or 0.0) if time is None else time) for number, time in steps]
    due = {one.id: activated(one.Trigger.type_name, one.Trigger.set_values(), told) for one in wanted}
    jobs = []
    for index, (number, time) in enumerate(steps):
        for one in wanted:
            if due[one.id][index]:
                jobs += [_Job(one, extract, time) for extract in _extracts(one, number, told[index][1], directory)]
    places: dict[str, _Job] = {}
    for job in jobs:
        other = places.setdefault(os.path.normpath(job.extract.path), job)
        if other is not job:
            raise ValueError(
                f"{job.extract.path} would be written twice, by {other.extract.extractor} at the time "
                f"{number_text(other.extract.time)} and by {job.extract.extractor} at {number_text(job.extract.time)}; "
                "FileName tells files apart by {timestep}, {time} and {camera}"
            )
    return jobs


def _extracts(extractor: ExtractorProxy, number: int, time: float, directory: str) -> Iterator[Extract]:
    """Yield the files of one extractor at one time."""
    writer, pattern = extractor.Writer, str(extractor.Writer.FileName)
    prefix = extractor.scene.extractors.prefix_of(extractor.producer)
    every: Sequence[Angles | None] = (None,)
    if extractor.of_view is not None:
        if writer.TransparentBackground and pattern.lower().endswith(_NO_ALPHA):
            raise ValueError(f"{extractor!r}: JPEG has no transparent background; PNG and TIFF have one")
        if writer.CameraMode == PHI_THETA:
            if not isinstance(extractor.of_view, RenderViewProxy):
                raise ValueError(f"{extractor!r}: a {extractor.of_view.kind} has no camera that could go around it")
            still = {"CameraPosition": (0.0, 0.0, 1.0), "CameraFocalPoint": (0.0, 0.0, 0.0)}
            every = [angles for angles, _ in around(still, writer.PhiResolution, writer.ThetaResolution)]
    for angles in every:
        name = filled_name(pattern, number, time, "" if angles is None else str(angles), prefix)
        yield Extract(extractor.name, os.path.join(directory, name), number, time, angles)


def _together(jobs: Sequence[_Job]) -> Iterator[list[_Job]]:
    """Yield jobs of one extractor and time together: its pictures share what is set for them."""
    some: list[_Job] = []
    for job in jobs:
        if some and (job.extractor is not some[0].extractor or job.extract.timestep != some[0].extract.timestep):
            yield some
            some = []
        some.append(job)
    if some:
        yield some


async def _written(scene: ExtractOwner, save: Save, jobs: Sequence[_Job], cameras: _Cameras) -> AsyncIterator[Extract]:
    """Write files of one extractor at one time, and yield each when it is complete."""
    extractor = jobs[0].extractor
    view, output = extractor.of_view, extractor.of_output
    if output is not None:
        options = {
            name: value for name, value in extractor.Writer.set_values().items() if name not in _NOT_OF_WRITERS
        }  # fmt: skip
        for job in jobs:
            await save(job.extract.path, output, time=job.at, times=False, options=options, make_folder=True)
            yield job.extract
        return
    assert view is not None
    if jobs[0].at is not None:
        scene.time = jobs[0].at
    async with _as_wanted(scene, extractor, view, cameras):
        async for job in _around(view, jobs, extractor.Writer):
            image = await view.screenshot(**_picture(extractor.Writer, job.extract.path, view.ViewSize))
            await _in_thread(_save_image, image, job.extract.path)
            yield job.extract


def _picture(writer: Any, path: str, own: Sequence[int]) -> dict[str, Any]:
    """Return the options of a picture, of a view of its own size."""
    size = writer.ImageResolution
    grows = size is not None and writer.FontScaling == FONT_SCALING[0]
    return {
        **(grown(size, own) if grows else {}),
        "format": "png" if path.lower().endswith(".png") else "lz4",
        "size": None if size is None else (int(size[0]), int(size[1])),
        "transparent": bool(writer.TransparentBackground),
        "palette": str(writer.OverrideColorPalette) or None,
    }


# --- how a view is for it


def _moves(extractor: ExtractorProxy) -> bool:
    """Return whether an extractor moves the camera of its view."""
    writer = extractor.Writer
    is_scene = isinstance(extractor.of_view, RenderViewProxy)
    return is_scene and (writer.CameraMode == PHI_THETA or bool(writer.ResetDisplay))


async def _cameras(scene: ExtractOwner, wanted: Sequence[ExtractorProxy]) -> _Cameras:
    """Return where the cameras are that will be moved; None: one waits for something to be seen."""
    found: _Cameras = {}
    for view in dict.fromkeys(one.of_view for one in wanted if _moves(one)):
        assert isinstance(view, RenderViewProxy)
        camera = await view.camera()
        answer = (await scene.render.send_request(render.View(view=view.id).packet())).header
        found[view.id] = None if answer["camera"] == "waiting" else camera
    return found


@asynccontextmanager
async def _as_wanted(
    scene: ExtractOwner, extractor: ExtractorProxy, view: ViewProxy, cameras: _Cameras
) -> AsyncIterator[None]:
    """Have a view look as its pictures are to; it is as it was afterwards."""
    try:
        if isinstance(view, RenderViewProxy) and extractor.Writer.ResetDisplay:
            view.reset_camera()
        yield
    finally:
        if isinstance(view, RenderViewProxy) and view.id in cameras:
            camera = cameras[view.id]
            if camera is None:
                view.reset_camera()
            else:
                _set_aside(scene, view, camera)


def _set_aside(scene: ExtractOwner, view: ViewProxy, values: dict[str, Any]) -> None:
    """Set properties that are set back afterwards: no steps of undo."""
    if not values:
        return
    with scene.undo.paused():
        for name, value in values.items():
            view.restore(name, list(value) if isinstance(value, tuple) else value)
    scene.outbox.flush()


async def _around(view: ViewProxy, jobs: Sequence[_Job], writer: Any) -> AsyncIterator[_Job]:
    """Yield the jobs, each when the camera is where it wants it."""
    if writer.CameraMode != PHI_THETA or not isinstance(view, RenderViewProxy):
        for job in jobs:
            yield job
        return
    camera = await view.camera()
    places = around(camera, writer.PhiResolution, writer.ThetaResolution)
    for job, (_, place) in zip(jobs, places, strict=True):
        _set_aside(view.scene, view, place)  # type: ignore[arg-type]  # the scene of a view is that of its extractors
        yield job


# --- files of this program


async def _in_thread(work: Callable[..., None], *arguments: Any) -> None:
    await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


def _save_image(image: Image, path: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


def _write_whole(path: str, data: bytes) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_file(path, data)
