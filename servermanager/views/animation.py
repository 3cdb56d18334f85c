"""Animations: pictures of a view at times, along a path of the camera, or while anything else changes; as files."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np

from async_paraview.atomic_files import AtomicFile, write_file
from async_paraview.records import dataclass
from async_paraview.video_colors import mark_colors, video_frame
from services_core import Closed

from ..model.undo import UndoStack
from .images import Image, check_suffix

VIDEO_SUFFIXES: Final = (".mp4", ".mkv", ".mov", ".webm")
GIF: Final = ".gif"
_GIF_TICKS: Final = 100
"""Times in GIF files are hundredths of a second; programs take what is shorter than two of them for ten."""
ORBIT: Final = "orbit"
_QUALITY: Final = "18"
"""Constant rate factor: 0 is exact, 23 usual, 51 the worst."""

KeyCamera = Mapping[str, Any]
"""Camera properties of a view: CameraPosition, CameraFocalPoint, CameraViewUp, CameraViewAngle, CameraParallelScale."""

Camera = Literal["orbit"] | Sequence[KeyCamera]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of an animation: number `index` of `count`, at a time of the data (None: as it was)."""

    index: int
    count: int
    time: float | None
    image: Image


class Pictured(Protocol):
    """A view, or a layout of several, as far as pictures are made of it."""

    @property
    def screenshot(self) -> Callable[..., Awaitable[Image]]:
        """Return what makes a picture of what is there now."""


class Animated(Pictured, Protocol):
    """A view, as far as animations know it."""

    @property
    def kind(self) -> str:
        """Return the kind of view."""

    def update(self, **properties: Any) -> None:
        """Set properties."""


class Timed(Protocol):
    """A scene, as far as animations know it."""

    time: float | None

    @property
    def undo(self) -> UndoStack:
        """Return what remembers steps, to take them back."""


async def frames(
    view: Animated,
    scene: Timed,
    *,
    count: int | None = None,
    times: Sequence[float] | None = None,
    camera: Camera | None = None,
    change: Callable[[float], object] | None = None,
    **options: Any,
) -> AsyncGenerator[Frame, None]:
    """See ViewProxy.frames."""
    number = _count(count, times, camera, change)
    before, turn, turned = scene.time, getattr(view, "orbit", None), 0
    if camera is not None and turn is None:
        raise ValueError(f"a {view.kind} has no camera that could move")
    try:
        for index in range(number):
            fraction = index / max(1, number - 1)
            if times is not None:
                scene.time = float(times[index * len(times) // number])
            if change is not None:
                change(fraction)
            if camera == ORBIT and turn is not None:
                if index:
                    turn(360.0 / number)
                    turned += 1
            elif camera is not None and not isinstance(camera, str):
                with scene.undo.paused():
                    view.update(**between(camera, fraction))
            yield Frame(index, number, scene.time, await view.screenshot(**{"format": "lz4"} | options))
    finally:
        with suppress(Closed):  # then there is nothing left to be set back
            scene.time = before
            if turned and turn is not None:
                turn(360.0 - turned * 360.0 / number)


def between(keys: Sequence[KeyCamera], fraction: float) -> dict[str, Any]:
    """Return the camera on the way along the keys, at a fraction of it from 0 to 1.

    Each key takes as long to reach as any other; numbers change evenly.
    """
    place = fraction * (len(keys) - 1)
    first = min(int(place), max(0, len(keys) - 2))
    low, high = keys[first], keys[min(first + 1, len(keys) - 1)]
    part = place - first
    return {
        name: (np.asarray(low[name], float) * (1 - part) + np.asarray(high[name], float) * part).tolist()
        for name in low.keys() & high.keys()
    }


def _count(
    count: int | None, times: Sequence[float] | None, camera: Camera | None, change: Callable[[float], object] | None
) -> int:
    if times is None and camera is None and change is None:
        raise ValueError("nothing would change: give an animation times, a camera or a change; or no count either")
    if times is not None and not len(times):
        raise ValueError("there are no times: the data does not change with time")
    if isinstance(camera, str) and camera != ORBIT:
        raise ValueError(f"a camera is 'orbit' or a list of key cameras, not {camera!r}")
    if camera is not None and not isinstance(camera, str) and len(camera) < 2:
        raise ValueError("a path of the camera needs at least two key cameras")
    if count is None:
        count = len(times) if times is not None else 100
    if count < 1:
        raise ValueError(f"an animation has at least one frame, not {count}")
    return count


class Writer(Protocol):
    """Takes pictures one after the other. All methods block."""

    def write(self, index: int, image: Image) -> None:
        """Write the next picture."""

    def finish(self) -> None:
        """Have what was written appear under its name: there are no more pictures."""

    def abandon(self) -> None:
        """Leave nothing half written behind."""


class FrameFiles:
    """A file for each picture; the name has a place for the number, such as frame_%04d.png."""

    def __init__(self, path: Path) -> None:
        self._pattern = path
        try:
            self._name(0)
        except (TypeError, ValueError):
            raise ValueError(
                f"an animation is one file as {', '.join(VIDEO_SUFFIXES)} or {GIF}, and else a picture for each frame, "
                f"whose name needs a place for their number, as in frame_%04d.png; {path.name} has none"
            ) from None
        check_suffix(path)

    def write(self, index: int, image: Image) -> None:
        """Write a file, which appears when it is complete."""
        image.save(self._name(index))

    def finish(self) -> None:
        """Do nothing: nothing is left to do."""

    def abandon(self) -> None:
        """Leave the files that are complete."""

    def _name(self, index: int) -> Path:
        return self._pattern.with_name(self._pattern.name % index)


class GifFile:
    """One animated GIF (CompuServe, 89a), of at most 256 colors for each picture, that runs again and again."""

    def __init__(self, path: Path, frame_rate: float) -> None:
        if not 0.1 <= frame_rate <= _GIF_TICKS / 2:
            raise ValueError(f"a GIF has 0.1 to {_GIF_TICKS // 2} pictures a second, not {frame_rate:g}")
        self._path = path
        self._duration_ms = 1000 // _GIF_TICKS * round(_GIF_TICKS / frame_rate)
        self._pictures: list[Any] = []

    def write(self, index: int, image: Image) -> None:
        """Add a picture, of the size of the first. Raises ValueError for another size."""
        from PIL import Image as Pillow

        picture = Pillow.fromarray(np.ascontiguousarray(image.pixels[:, :, :3]))
        if self._pictures and picture.size != self._pictures[0].size:
            raise ValueError(
                f"all pictures of a GIF have one size: {self._pictures[0].size} was followed by {picture.size}"
            )
        self._pictures.append(picture.quantize(256))

    def finish(self) -> None:
        """Write the file, which appears when it is complete. Raises OSError."""
        written = BytesIO()
        first, *others = self._pictures
        first.save(
            written, "GIF", save_all=True, append_images=others, duration=self._duration_ms, loop=0, optimize=False
        )
        write_file(self._path, written.getvalue())

    def abandon(self) -> None:
        """Forget the pictures: nothing was written."""
        self._pictures.clear()


class VideoFile:
    """A video by PyAV (extra `video`), of H.264 where the kind of file takes it."""

    def __init__(self, path: Path, frame_rate: float) -> None:
        try:
            import av
        except ImportError:
            raise ValueError(
                f"{path.name} is a video, which needs PyAV: pip install 'async-paraview[video]'; "
                "or write frames, as in frame_%04d.png"
            ) from None
        from fractions import Fraction

        codec = "libvpx-vp9" if path.suffix.lower() == ".webm" else "libx264"
        rate = Fraction(frame_rate).limit_denominator(1001)
        self._path = path
        self._file = AtomicFile(path)
        try:
            self._container: Any = av.open(str(self._file.path), "w")
            stream: Any = self._container.add_stream(codec, rate=rate, options={"crf": _QUALITY})
        except BaseException:
            self._file.discard()
            raise
        mark_colors(stream.codec_context)
        self._stream = stream
        self._size: tuple[int, int] | None = None
        self._count = 0

    def write(self, index: int, image: Image) -> None:
        """Add a picture, of the size of the first.

        Of an odd size the last row or column is left out, as videos want it. Raises ValueError for another size.
        """
        import av

        pixels = image.pixels[: image.height // 2 * 2, : image.width // 2 * 2, :3]
        size = (pixels.shape[1], pixels.shape[0])
        if self._size is None:
            self._stream.width, self._stream.height = self._size = size
        if size != self._size:
            raise ValueError(f"all pictures of a video have one size: {self._size} was followed by {size}")
        with self._told():
            self._container.mux(self._stream.encode(video_frame(av, pixels)))
        self._count += 1

    def finish(self) -> None:
        """Write the end; the file appears."""
        with self._told():
            self._container.mux(self._stream.encode(None))
            self._container.close()
            self.check()
        self._file.commit()

    def check(self) -> None:
        """Raise OSError unless there is a packet for each picture: libraries forget what a full disk did not take."""
        import av

        with av.open(str(self._file.path)) as written:
            found = sum(packet.size > 0 for packet in written.demux(video=0))
        if found != self._count:
            raise OSError(errno.EIO, f"{found} of {self._count} pictures are in the video")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Have errors of PyAV speak of the video."""
        try:
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._path)) from error

    def abandon(self) -> None:
        """Leave no file."""
        with suppress(OSError, ValueError):  # PyAV's errors are among them: what was begun is thrown away
            self._container.close()
        self._file.discard()


def writer(path: Path, frame_rate: float) -> Writer:
    """Return what writes files of that name. Raises ValueError for a name that says nothing, OSError."""
    if path.suffix.lower() in VIDEO_SUFFIXES:
        return VideoFile(path, frame_rate)
    if path.suffix.lower() == GIF and "%" not in path.name:
        return GifFile(path, frame_rate)
    return FrameFiles(path)


async def save(
    pictures: AsyncGenerator[Frame, None], path: Path, frame_rate: float, progress: Callable[[int, int], object] | None
) -> int:
    """Write what comes, and return how many there were; the next picture is made while another is written."""
    loop, count = asyncio.get_running_loop(), 0
    target = await loop.run_in_executor(None, writer, path, frame_rate)
    writing: asyncio.Future[None] | None = None
    try:
        async with aclosing(pictures):  # so that the time is set back at once, however this ends
            async for frame in pictures:
                if writing is not None:
                    await writing
                writing = loop.run_in_executor(None, target.write, frame.index, frame.image)
                count += 1
                if progress is not None:
                    progress(count, frame.count)
        if writing is not None:
            await writing
        await loop.run_in_executor(None, target.finish)
    except BaseException:
        if writing is not None:
            await asyncio.wait([writing])
        target.abandon()
        raise
    return count
