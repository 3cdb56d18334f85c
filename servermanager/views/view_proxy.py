"""What the proxies of all kinds of views have in common: properties, pictures, and a stream of images."""

from __future__ import annotations

import asyncio
import itertools
import warnings
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from async_paraview.operations import render
from async_paraview.operations.data import Flush
from async_paraview.scene.palettes import palette_named
from async_paraview.scene.views import RENDER_VIEW
from services_core import Packet, RequestCancelled
from services_core.old_names import warn_of_old

from ..exports.export import export
from ..live_face import show_live
from ..model.sending.property_packets import property_packets
from ..streams import TypedStream
from .animation import Camera, Frame, frames, save
from .images import STILL_FORMATS, UNPACKS, Image, ImageStream, PictureWarning, import_decoder, packed, save_picture
from .owner import ViewOwner
from .parts.part import Whole
from .video import VideoStream


class Recreatable(Protocol):
    """What a view showed, or what made pictures of it, to be there again."""

    def recreate(self) -> None:
        """Show it again."""


_readers = itertools.count(1)
"""Numbers by which readers of videos say what they have seen."""


class ViewProxy(Whole):
    """A view on the server, of a kind that a subclass says. Every method that is no coroutine is fire and forget."""

    __slots__ = ("_last", "_numbers", "_resized", "_untold")

    _last: Image | None
    """The picture of it that has arrived last."""

    def __init__(self, scene: ViewOwner, id_: int, properties: dict[str, Any] | None) -> None:
        """Make a view, which the server is told of by the next call that tells anything.

        None: another client of the session has made it already.
        """
        super().__init__(scene, id_)
        self._last = None
        self._numbers = itertools.count(1)
        self._resized = 0
        self._untold: dict[str, Any] = {}
        if properties is not None:
            self._take({name: self._plain(name, value) for name, value in properties.items()})

    @property
    def last_image(self) -> Image | None:
        """Return the picture of it that has arrived last; None before the first, and once it was deleted. Local."""
        return self._last

    @property
    def kind(self) -> str:
        """Return its kind, as "RenderView" or "XYChartView": a name of `session.views`."""
        return self.scene_type.name

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()
        self._scene.own(self)

    def _waiting(self) -> Collection[str]:
        return self._untold

    def _change_and_tell(self, plain: dict[str, Any]) -> None:
        """Do as any proxy does, but tell the server first: it draws while undo and those who watch are told."""
        before = self._taken(plain) if plain else {}
        try:
            self._scene.outbox.flush()
        finally:  # also if it cannot be told yet: it is set here
            if before:
                self._note(before)

    def _take(self, plain: dict[str, Any]) -> None:
        """Take values that can travel, and have the server told."""
        self._take_as(plain, plain)

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        self._take_as({}, wrong)

    def _take_as(self, values: dict[str, Any], travelling: dict[str, Any]) -> int:
        """Take values, as which the server gets others; returns the number of this change."""
        untold, number = {**self._untold, **travelling}, next(self._numbers)
        change = partial(render.UpdateView, view=self.id, kind=self.kind, number=number)
        packets = property_packets(change, untold)
        self._set.update(values)
        self._untold = untold
        resized = number if "ViewSize" in untold else self._resized
        self._told_in.update(dict.fromkeys(untold, number))
        self._scene.outbox.add(self, lambda: self._tell(packets, resized))
        return number

    def _tell(self, packets: list[Packet], resized: int) -> None:
        for packet in packets:
            self._scene.render.send_message(packet)
        self._untold, self._resized = {}, resized

    def replay(self) -> None:
        """Tell the server all of it. Called by Session.restart."""
        self.replay_later()
        self._scene.outbox.flush()

    def replay_later(self) -> None:
        """Have the server told all of it by the next call that tells anything."""
        self._told_in.clear()  # what it was told before, of a number that it does not know, overrides nothing
        ViewProxy._take_as(self, {}, self._lasting())  # not set anew: a camera that was fitted later stays fitted

    def _lasting(self) -> dict[str, Any]:
        """Return what a server that knows nothing of the view is told of it."""
        return self._set

    def delete(self) -> None:
        """Close the view on the server, with all that it shows. Without effect if it was deleted."""
        self._scene.connection.membership.require_editor()
        if not self._scene.has_view(self):
            return
        shown = [one for one in self._scene.all_representations() if one.view is self]
        shown += self._scene.extractors.of(self)
        label = f"delete {self.type_name}"
        with self._scene.undo.group(label):
            for layout in self._scene.layouts:
                layout.remove(self)
            self.take_out()
            self._scene.undo.done(label, lambda: self.recreate(shown), self.take_out)
        self._scene.outbox.flush()

    def take_out(self) -> None:
        """Have it closed by the next call that tells anything. Called when several are, and by undo."""
        self.raise_deleted()
        self._scene.forget_view(self.id)
        self._scene.outbox.drop(self)
        delete = render.DeleteView(view=self.id).packet()
        self._scene.outbox.add((self.id, "delete view"), lambda: self._scene.render.send_message(delete))

    def recreate(self, shown: Sequence[Recreatable] = ()) -> None:
        """Open it again, as it was set, with what it showed. Called by undo."""
        self.id, self._untold = self._scene.new_id(), {}  # the server takes nothing more for the old number
        self._scene.take_in_view(self)
        self.replay_later()
        for one in shown:
            one.recreate()

    async def ready(self) -> None:
        """Wait until all that was asked to be shown has arrived in the view.

        Raises RemoteError if some failed, and for a property that was refused, until it is set right or what it is of
        is deleted; ValueError if the view was deleted. A change made meanwhile is waited for as well.
        """
        self._scene.own(self)
        await self._flush()
        await self._scene.render.send_request(render.Sync(view=self.id).packet())

    async def shown(self) -> None:
        """Wait as `ready`, which had this name."""
        warn_of_old("view.shown()", "view.ready()")
        await self.ready()

    async def _flush(self) -> None:
        """Wait as `ready`, for those who ask the render service next."""
        while True:
            self._scene.update_vtk_objects()
            await self._scene.view_ready(self.id)
            try:
                await self._scene.data.send_request(Flush(view=self.id).packet())
            except RequestCancelled:
                continue  # a newer change of ours interrupted it; what that one shows is what is wanted now
            return

    async def screenshot(
        self,
        *,
        format: str = "png",  # the field's word
        size: tuple[int, int] | None = None,
        transparent: bool = False,
        magnification: int = 1,
        dpi: float | None = None,
        samples: int = 1,
        without_legends: Sequence[str] = (),
        palette: str | None = None,
        stereo: str | None = None,
        widgets: bool = False,
    ) -> Image:
        """Make an image of all that was asked to be shown, in full detail. Raises RemoteError.

        `format` is "png", "jpeg", "lz4", "zlib", "rgb" or "rgba" (see Image); where one side has no lz4, that is packed
        by zlib. `size` is (width, height) in pixels, the view's own by default; `magnification` multiplies it, and
        texts, lines, points and axes with it. `dpi` multiplies these alone: 72 points are so many pixels, as a page of
        a journal has them, and files say it. `transparent` leaves the background out, with opacities at edges;
        `samples` drawings are averaged for smooth edges. Legends of the color maps of `without_legends` are left out. A
        PictureWarning says what is not drawn as it was asked for, such as characters that no font has.

        `palette` is that of this picture alone: "print" is a white page with black ink, other names are those of
        `session.palette.load`. What has a color of its own keeps it; but the page is the palette's also of a view with
        a Background, unless its UseColorPaletteForBackground is False. `stereo` is a StereoType for this picture, ""
        for none. Widgets are left out, unless `widgets` is True. Raises ValueError for a palette that there is not.
        """
        if palette is not None:
            palette_named(palette)
        await self._flush()
        wanted = render.Screenshot(
            view=self.id,
            format=format,
            size=size,
            transparent=transparent,
            magnification=magnification,
            dpi=None if dpi is None else float(dpi),
            samples=samples,
            without_legends=tuple(without_legends),
            palette=palette or "",
            stereo=stereo,
            widgets=widgets,
            unpacks=UNPACKS,
        )
        drawn = self._scene.render.send_request(wanted.packet())
        await asyncio.get_running_loop().run_in_executor(None, import_decoder, format)
        image = Image.from_packet(await drawn)
        self._saw(image)
        for remark in image.remarks:
            warnings.warn(f"{self.type_name}: {remark}", PictureWarning, stacklevel=2)
        return image

    async def save_screenshot(
        self,
        path: str | Path,
        *,
        quality: int | None = None,
        compression: int | None = None,
        progressive: bool | None = None,
        **options: Any,
    ) -> Image:
        """Write a screenshot to a local file, .png, .jpg or another that Pillow writes, and return it.

        `quality` is of .jpg and .webp, 1 to 100; `compression` of .png, 0 to 9; `progressive` has a .jpg appear from
        coarse to fine. Other options are as of `screenshot`. Raises ValueError for another suffix, and for what its
        files do not have; OSError, with what was there before as it was, RemoteError.
        """
        packing = packed(quality=quality, compression=compression, progressive=progressive)
        made_there = Path(path).suffix.lower() == ".png" and not packing
        wanted = {"format": "png" if made_there else "lz4"} | options
        return await save_picture(partial(self.screenshot, **wanted), path, packing)

    async def export(
        self, path: str | Path, *, dpi: float = 300.0, scene: str = "raster", palette: str | None = None
    ) -> None:
        """Write what it shows to a local file of another program.

        A scene as .glb, .gltf, .x3d, .obj, .vtkjs, .vtksz, or as .html, a page that shows it by itself (extra `html`):
        triangles, lines and points with their colors, as they are seen, and the camera; .obj has its materials beside
        it; lights are those of the program that shows it. An ExportWarning tells what else is seen and has no place
        there, such as legends. Any view as .svg, .pdf or .eps: a page of as many points as the view has pixels at a PPI
        of 72, with texts as texts, and lines, legends and charts as vectors; there the scene itself is a picture of
        `dpi` dots per inch or, with `scene="vector"`, polygons; `palette` is as in `screenshot`. Raises ValueError for
        another suffix, for a palette that there is not, and for an .eps of what is translucent; OSError, with what was
        there before as it was; and RemoteError, also for what only a graphics card makes (volumes, 3D Glyphs, Point
        Gaussian) where triangles are needed.
        """
        await self._flush()
        is_chart = self.scene_type is not RENDER_VIEW
        await export(self._scene.render, self, Path(path), is_chart=is_chart, dpi=dpi, scene=scene, palette=palette)

    async def properties(self) -> dict[str, Any]:
        """Return the view's properties as they are on the server, with the camera that a picture would show now."""
        properties: dict[str, Any] = (await self._on_the_server())["properties"]
        return properties

    async def refusals(self) -> dict[int, dict[str, str]]:
        """Return why properties are not as they were set: by name, of each representation by its id, of the view by 0.

        Nothing is drawn or executed for that. Raises RemoteError where nothing can be rendered.
        """
        return {of: texts for of, texts in (await self._on_the_server())["why"]}

    async def _on_the_server(self) -> Mapping[str, Any]:
        """Return the answer to `render.View`, after what could not be told before."""
        self._scene.outbox.flush()
        answer: Mapping[str, Any] = (await self._scene.render.send_request(render.View(view=self.id).packet())).header
        return answer

    def frames(
        self,
        *,
        count: int | None = None,
        times: Sequence[float] | None = None,
        camera: Camera | None = None,
        change: Callable[[float], object] | None = None,
        **options: Any,
    ) -> AsyncGenerator[Frame, None]:
        """Make pictures of an animation, one after the other: `async for frame in view.frames(camera="orbit")`.

        Without times, a camera, a change and a count it is that of the session (`session.animation`), of which `window`
        are the first and the last frame, and `stride` says that every so-manieth is made.

        `times` are those of the data, such as `information.time_steps`; `camera` is "orbit", a whole turn around the
        focal point, or key cameras (maps of camera properties) to go along; `change(fraction)` is called before each
        frame, with 0 to 1, to set whatever else is to change. `count` is the number of frames: as many as times, else
        100. Further options are those of `screenshot`. Raises ValueError, and as `screenshot` does.
        """
        if count is None and times is None and camera is None and change is None:
            made: AsyncGenerator[Frame, None] = self._scene.animation.frames(self, **{"format": "lz4"} | options)
            return made
        return frames(self, self._scene, count=count, times=times, camera=camera, change=change, **options)

    async def save_animation(
        self,
        path: str | Path,
        *,
        frame_rate: float = 25.0,
        progress: Callable[[int, int], object] | None = None,
        **options: Any,
    ) -> int:
        """Write an animation as local files: frame_%04d.png; .gif; or a video (.mp4, .mkv, .mov, .webm; extra `video`).

        Options are those of `frames`; `progress(done, total)` is called as frames arrive. Returns their number. If the
        task that awaits is cancelled, no half-written file is left. Raises ValueError, OSError, RemoteError.
        """
        return await save(self.frames(**options), Path(path), frame_rate, progress)

    def images(
        self, *, format: str = "auto", quality: int | None = None, still_format: str | None = None
    ) -> TypedStream[Image]:
        """Subscribe to images of the view, one whenever it has changed.

        The newest wins: a slow reader gets fewer, never older ones. While the view changes, detail and JPEG quality
        follow InteractiveFrameRate and the link (`quality`, 1 to 100, fixes that of JPEG). At rest the view refines by
        itself: all detail, then the mean of StillSamples drawings, and the last image is exact (`still`).

        `format` "auto" is JPEG, and lz4 for what stays; "jpeg", "png", "lz4", "zlib", "rgb" and "rgba" are for all
        images; "h264" is a video, for slow links, and lz4 for what stays (extra `video`, on both sides). Where one side
        has no lz4, it is zlib. `still_format` "png" has what stays as files that browsers show. Raises ValueError for
        another one.
        """
        if still_format not in STILL_FORMATS:
            raise ValueError(f"what stays is packed as {', '.join(map(str, STILL_FORMATS))}, not as {still_format!r}")
        reader = next(_readers) if format == "h264" else None
        unpacks = STILL_FORMATS[still_format]
        wanted = render.Images(view=self.id, format=format, quality=quality, reader=reader, unpacks=unpacks)
        if reader is not None:
            seen = partial(render.AckImage, view=self.id, reader=reader)
            return VideoStream(
                self._scene.render.subscribe(wanted.packet()),
                lambda: self._resized,
                lambda number: self._scene.render.send_message(seen(sequence=number).packet()),
                self._saw,
            )
        return ImageStream(
            self._scene.render.subscribe(wanted.packet(), newest=True), lambda: self._resized, format, self._saw
        )

    def _saw(self, image: Image) -> None:
        """Note that an image of it has arrived: also after it was deleted."""
        if self._scene.has_view(self):
            self._last = image

    def left(self) -> None:
        """Give back what nobody needs of a view that was deleted, as undo keeps it. Called by the scene."""
        self._last = None

    def _ipython_display_(self) -> None:
        """Show a live picture of it, where a cell of a notebook ends with it."""
        if not show_live(self, self._scene.connection.loop.call_soon_threadsafe, None):
            raise NotImplementedError  # as IPython asks: it is shown as other things are

    def _repr_png_(self) -> bytes | None:
        """Return the picture that has arrived last: notebooks show it. Local."""
        return None if self._last is None else self._last._repr_png_()

    def _repr_html_(self) -> str | None:
        return super()._repr_html_() if self._last is None else None
