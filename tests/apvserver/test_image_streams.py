"""Images of one view for several who look at it: what is wrong with one of them is that one's."""

from __future__ import annotations

import itertools
import types
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from apvserver.render.image_streams import ViewImages
from apvserver.vtk.rendering.images import RenderedImage
from apvserver.vtk.rendering.view import View
from services_core import Packet, StreamWriter


class Look:
    """A view of one pixel, which shows how often it was drawn."""

    frame_s, samples, is_traced, has_level_of_detail, drawn_cells = 0.05, 1, False, False, 0
    updates = types.MappingProxyType({0: 0})

    def __init__(self) -> None:
        self.drawn = 0

    def render(self, *, reduced: bool = False, sample: int = 0) -> RenderedImage:
        self.drawn += 1
        return RenderedImage(1, 1, np.full((1, 1, 3), self.drawn, np.uint8), None, 0.0)


class Reader:
    """One who always has room."""

    newest, over = True, False

    def __init__(self) -> None:
        self.got: list[Packet] = []
        self.ended: BaseException | None = None

    def watch_room(self, watcher: Callable[[], None]) -> None:
        pass

    def wants_item(self) -> bool:
        return True

    def put(self, packet: Packet) -> None:
        self.got.append(packet)

    def end(self, error: BaseException | None = None) -> None:
        self.ended = error

    def shows(self) -> list[int]:
        return [bytes(packet.buffers[0])[0] for packet in self.got]


class Unlucky(Reader):
    """One whose images cannot be handed over."""

    def put(self, packet: Packet) -> None:
        raise MemoryError("no room for an image")


def images(look: Look) -> tuple[ViewImages, list[Callable[[], None]]]:
    """Of a view, and what it wants done soon."""
    soon: list[Callable[[], None]] = []
    made = ViewImages(
        cast("View", look), sequence=itertools.count(1), call_soon=soon.append, call_later=lambda s, work: None
    )
    return made, soon


def do_all(soon: list[Any]) -> None:
    while soon:
        soon.pop(0)()


def watch(made: ViewImages, reader: Reader) -> None:
    made.watch(cast("StreamWriter", reader), "rgb", None, (0, None))


def test_one_who_cannot_have_an_image_loses_the_stream_and_the_others_go_on() -> None:
    look, unlucky, reader = Look(), Unlucky(), Reader()
    made, soon = images(look)
    watch(made, unlucky)
    watch(made, reader)
    do_all(soon)
    assert isinstance(unlucky.ended, MemoryError) and reader.shows() == [1]
    made.changed()
    made._refinement._drawn_at = float("-inf")  # as if a frame's time had passed
    do_all(soon)
    assert reader.shows() == [1, 2] and reader.ended is None


def test_who_comes_after_a_change_gets_nothing_that_was_drawn_before_it() -> None:
    look, early, late = Look(), Reader(), Reader()
    made, soon = images(look)
    watch(made, early)
    do_all(soon)
    made.changed()
    made._refinement._drawn_at = float("-inf")
    watch(made, late)
    assert late.shows() == []
    do_all(soon)
    assert early.shows() == [1, 2] and late.shows() == [2]
