"""The images of one view for those who look at it: drawn when worth it, refined at rest, the newest for everyone."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from async_paraview.records import dataclass
from services_core import Closed, LimitedLog, Packet, StreamWriter

from ..vtk.base.errors import PictureInterrupted
from .image_formats import (
    AUTO,
    CHANNELS,
    DEFAULT_QUALITY,
    H264,
    LOSSLESS,
    PACKED,
    TAKING_PADDED,
    check_format,
    encode,
    next_quality,
    packing,
)
from .refinement import Refinement, Step
from .video import H264Encoder, require_video

if TYPE_CHECKING:
    from ..vtk.rendering.images import RenderedImage
    from ..vtk.rendering.view import View

_log = logging.getLogger(__name__)
_limited_log = LimitedLog(_log)  # a client brings these about

UNDER_WAY: Final = 2
"""Frames of a video that its reader has not shown yet."""
REDUCED: Final = 0
WHOLE: Final = 1

Reader = tuple[int, int]
"""A client, and the number by which it knows one of its subscribers of a video."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that is worth an image. `level`: 0 reduced, 1 whole, n the mean of n drawings."""

    drawn: RenderedImage
    sequence: int
    level: int
    lossless: bool
    requested: float
    rendered: float
    updates: Mapping[int, int]
    """By client, the number of the last change of the view's properties that it shows."""


class Watcher:
    """One subscriber: what it wants, and how its link has done."""

    def __init__(
        self, stream: StreamWriter, image_format: str, quality: int | None, client: int, unpacks: Sequence[str]
    ) -> None:
        self.stream = stream
        self.client = client
        self._unpacks = unpacks
        self.shown = -1
        """The sequence number of the picture that it was sent last."""
        self._format = image_format
        self._fixed = quality
        self._quality = DEFAULT_QUALITY if quality is None else quality
        self._sent_at: float | None = None

    @property
    def is_ready(self) -> bool:
        """Whether an image would leave at once."""
        return self.stream.wants_item()

    def packet(self, picture: Picture, encoded: dict[tuple[str, int], Packet], frame_s: float) -> Packet:
        """Return a picture for it; `encoded` has what others got of the same picture."""
        image_format = self._format
        if image_format == AUTO:
            image_format = PACKED if picture.lossless else "jpeg"
        key = (packing(image_format, self._unpacks), self._quality)
        if key not in encoded:
            encoded[key] = image_packet(picture, *key, client=self.client)
            return encoded[key]
        return _for_client(encoded[key], picture, self.client)

    def seen(self, sequence: int) -> None:
        """Note that the subscriber has shown that picture."""

    def sent(self, picture: Picture, now: float) -> None:
        """Note that it was given a picture."""
        self.shown = picture.sequence
        self._sent_at = now

    def room_made(self, now: float, frame_s: float) -> None:
        """Note that it can take another: learn from how long that took."""
        if self._sent_at is not None and self._fixed is None:
            self._quality = next_quality(self._quality, transfer_s=now - self._sent_at, frame_s=frame_s)
        self._sent_at = None


class VideoWatcher(Watcher):
    """A subscriber of a video.

    Its frames depend on each other, so that none may be dropped on the way: it says what it has seen, and no more than
    two are under way. What stays it gets packed.
    """

    def __init__(self, stream: StreamWriter, quality: int | None, client: int, unpacks: Sequence[str]) -> None:
        require_video()
        super().__init__(stream, H264, DEFAULT_QUALITY if quality is None else quality, client, unpacks)
        self._encoder: H264Encoder | None = None
        self._under_way: deque[int] = deque()

    @property
    def is_ready(self) -> bool:
        return super().is_ready and len(self._under_way) < UNDER_WAY

    def packet(self, picture: Picture, encoded: dict[tuple[str, int], Packet], frame_s: float) -> Packet:
        if picture.lossless:
            return image_packet(picture, packing(PACKED, self._unpacks), self._quality, client=self.client)
        drawn = picture.drawn
        if self._encoder is None or self._encoder.size != (drawn.width, drawn.height):
            self._encoder = H264Encoder(drawn.width, drawn.height, frame_rate=1 / frame_s, quality=self._quality)
        return image_packet(picture, H264, self._quality, self._encoder.encode, client=self.client)

    def seen(self, sequence: int) -> None:
        while self._under_way and self._under_way[0] <= sequence:
            self._under_way.popleft()

    def sent(self, picture: Picture, now: float) -> None:
        super().sent(picture, now)
        self._under_way.append(picture.sequence)


class ViewImages:
    """Everything happens on the render service's thread, in turn with what the client sends: a step at a time.

    Nothing is drawn while nobody looks, or while nobody could take an image.
    """

    def __init__(
        self,
        view: View,
        *,
        sequence: Iterator[int],
        call_soon: Callable[[Callable[[], None]], None],
        call_later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self._view = view
        self._sequence = sequence
        self._call_soon = call_soon
        self._call_later = call_later
        self._watchers: dict[StreamWriter, Watcher] = {}
        self._readers: WeakValueDictionary[Reader, Watcher] = WeakValueDictionary()
        self._refinement = Refinement(frame_s=view.frame_s, samples=view.samples)
        self._whole: RenderedImage | None = None
        self._picture: Picture | None = None
        self._requested: float | None = None
        self._scheduled = False
        self._alarm_at = float("inf")
        self.changed()

    def watch(
        self,
        stream: StreamWriter,
        image_format: str,
        quality: int | None,
        reader: tuple[int, int | None],
        unpacks: Sequence[str] = (PACKED,),
    ) -> None:
        """Send images to this stream from now on, what the view shows at present first. Raises UnknownFormat.

        `reader` is a client, and the number by which its subscriber of a video says what it has seen; `unpacks`: see
        `packing`.
        """
        check_format(image_format, stream=True)
        video = image_format == H264
        if stream.newest == video:
            raise ValueError(f"images of format {image_format!r} are a stream with newest={not video}")
        client, number = reader
        if video:
            watcher: Watcher = VideoWatcher(stream, quality, client, unpacks)
        else:
            watcher = Watcher(stream, image_format, quality, client, unpacks)
        self._watchers[stream] = watcher
        if number is not None:
            self._readers[client, number] = watcher
        stream.watch_room(lambda: self._call_soon(lambda: self._room_made(stream)))
        if self._picture is not None:
            self._deliver(watcher, self._picture)
        self._schedule()

    def changed(self) -> None:
        """Note that the view looks different now: nobody gets what was drawn before any more."""
        self._picture = self._whole = None
        self._requested = self._requested or time.time()
        self._refinement.frame_s, self._refinement.samples = self._view.frame_s, self._view.samples
        self._refinement.is_traced = self._view.is_traced
        self._refinement.changed(time.monotonic())
        self._schedule()

    def seen(self, reader: Reader, sequence: int) -> None:
        """Note that the subscriber `reader` has shown the picture `sequence`."""
        watcher = self._readers.get(reader)
        if watcher is not None:
            watcher.seen(sequence)
            self._room_made(watcher.stream)

    def hold(self) -> None:
        """Hold refinement until `release`: a person moves something."""
        self._refinement.hold(time.monotonic())

    def release(self) -> None:
        """Release refinement: the person has let go."""
        self._refinement.release(time.monotonic())
        self._schedule()

    def end(self, error: BaseException | None = None) -> None:
        """End the streams: there will be no more images."""
        for stream in self._watchers:
            stream.end(error)
        self._watchers.clear()

    # --- one step after the other

    def _schedule(self) -> None:
        if not self._scheduled and self._watchers:
            self._scheduled = True
            self._call_soon(self._go_on)

    def _wake_in(self, wait_s: float) -> None:
        """Ask again in a while, unless that happens anyway."""
        at = time.monotonic() + wait_s
        if at < self._alarm_at:
            self._alarm_at = at
            self._call_later(wait_s, self._woken)

    def _woken(self) -> None:
        self._alarm_at = float("inf")
        self._schedule()

    def _go_on(self) -> None:
        self._scheduled = False
        self._forget_those_who_left()
        if not any(watcher.is_ready for watcher in self._watchers.values()):
            return  # `_room_made` goes on
        began = time.monotonic()
        cells = self._view.drawn_cells
        step = self._refinement.next_step(began, has_level_of_detail=self._view.has_level_of_detail, cells=cells)
        if step is None:
            return
        if not isinstance(step, Step):
            self._wake_in(step)
            return
        try:
            drawn = self._draw(step)
        except PictureInterrupted:  # by what waits to be processed, which may not be of this view
            self._schedule()
            return
        except Exception as error:
            _limited_log.exception("a view could not be rendered")
            self.end(error)
            return
        self._refinement.drawn(step, began=began, now=time.monotonic(), cells=cells)
        if step.publish:
            self._publish(drawn, step)
        self._schedule()

    def _draw(self, step: Step) -> RenderedImage:
        if not step.draw and self._whole is not None:
            return self._whole
        drawn = self._view.render(reduced=step.reduced, sample=step.sample)
        if not step.reduced and not step.sample:
            self._whole = drawn
        return drawn

    def _publish(self, drawn: RenderedImage, step: Step) -> None:
        now = time.time()
        level = REDUCED if step.reduced else max(WHOLE, step.sample)
        requested, self._requested = self._requested or now, None
        self._picture = Picture(drawn, next(self._sequence), level, step.lossless, requested, now, self._view.updates)
        encoded: dict[tuple[str, int], Packet] = {}
        for watcher in list(self._watchers.values()):
            if watcher.is_ready:
                self._deliver(watcher, self._picture, encoded)

    def _room_made(self, stream: StreamWriter) -> None:
        watcher = self._watchers.get(stream)
        if watcher is None or not watcher.is_ready:
            return
        watcher.room_made(time.monotonic(), self._refinement.frame_s)
        if self._picture is not None and watcher.shown < self._picture.sequence:
            self._deliver(watcher, self._picture)
        self._schedule()

    def _deliver(
        self, watcher: Watcher, picture: Picture, encoded: dict[tuple[str, int], Packet] | None = None
    ) -> None:
        """Give a watcher a picture. One that cannot have it loses its stream, and the others theirs not."""
        try:
            watcher.stream.put(watcher.packet(picture, {} if encoded is None else encoded, self._refinement.frame_s))
        except Closed:
            self._watchers.pop(watcher.stream, None)
            return
        except Exception as error:
            _limited_log.exception("an image could not be sent")
            self._watchers.pop(watcher.stream, None)
            watcher.stream.end(error)
            return
        watcher.sent(picture, time.monotonic())

    def _forget_those_who_left(self) -> None:
        for stream in [stream for stream in self._watchers if stream.over]:
            del self._watchers[stream]


def _for_client(packet: Packet, picture: Picture, client: int) -> Packet:
    """Return what another client gets, for this one."""
    header = packet.header
    update = picture.updates.get(client, 0)
    return packet if header["update"] == update else Packet({**header, "update": update}, packet.buffers)


def image_packet(
    picture: Picture,
    image_format: str,
    quality: int,
    encoder: Callable[[Any], bytes] | None = None,
    *,
    client: int = 0,
) -> Packet:
    """Return a picture as it travels: what it shows and when, and one buffer. Times are `time.time()` of the server."""
    drawn = picture.drawn
    began = time.perf_counter()
    if encoder is None:
        pixels = drawn.read if image_format in TAKING_PADDED else drawn.pixels
        data = encode(pixels, image_format, quality, dots_per_inch=drawn.dots_per_inch)
    else:
        data = encoder(drawn.pixels)
    encode_s = time.perf_counter() - began
    header: dict[str, Any] = {
        "width": drawn.width,
        "height": drawn.height,
        "dots_per_inch": drawn.dots_per_inch,
        "remarks": drawn.remarks,
        "channels": CHANNELS.get(image_format) or drawn.pixels.shape[2],
        "format": image_format,
        "quality": None if image_format in LOSSLESS else quality,
        "sequence": picture.sequence,
        "level": picture.level,
        "still": picture.lossless,
        "camera": {} if drawn.camera is None else dict(vars(drawn.camera)),
        "camera_placed": drawn.camera_placed,
        "requested": picture.requested,
        "rendered": picture.rendered,
        "update": picture.updates.get(client, 0),
        "sent": time.time(),
        "render_s": drawn.render_seconds,
        "encode_s": encode_s,
    }
    return Packet(header, [data])
