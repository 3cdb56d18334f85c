"""Pictures of layouts: what stands beside views is measured, all of it is arranged, drawn, and put together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from async_paraview.operations import render
from async_paraview.records import dataclass
from async_paraview.scene.layouts import ABOVE
from services_core import ServiceEndpoint

from ..exports.export import drawn_page
from ..views.images import Image, Pixels
from ..views.view_proxy import ViewProxy
from .cells import Place
from .composition import Arranging, Composition, Lettered, Measured, label

POINTS_PER_INCH: Final = 72
_LETTER: Final = ("FontSize", "FontFamily", "FontFile", "Bold", "Italic", "Color")


@dataclass(frozen=True)
class Drawing:
    """Something that letters are part of, of a size in pixels."""

    size: tuple[int, int]
    content: memoryview
    """Its pixels, or an SVG file."""
    colors: tuple[int, int, int, int] | None = None
    """Of a legend: left, top, right and bottom of its colors, in pixels from its top left."""
    ticks: tuple[tuple[Any, int], ...] = ()
    """Of a legend: each number that is written, and the pixel along its colors that it belongs to."""
    remarks: tuple[str, ...] = ()

    @property
    def pixels(self) -> Pixels:
        """Return red, green, blue and opacity, of shape (height, width, 4), top row first."""
        return np.frombuffer(self.content, np.uint8).reshape(self.size[1], self.size[0], 4)


@dataclass(frozen=True)
class Page:
    """How a picture is wanted. Sizes of it are in pixels before they are magnified."""

    size: tuple[int, int] | None
    """None: so large that views are as large as they are."""
    dpi: float
    magnification: int
    paper: tuple[float, float, float]
    has_paper: bool
    """Whether what is between and around the views is drawn."""
    palette: str = ""
    """Of this picture alone; empty for that of the session."""
    is_vectors: bool = False
    """Whether texts and legends are wanted as SVG files, not as pixels."""

    @property
    def format(self) -> str:
        """Return what texts and legends are asked for as."""
        return "svg" if self.is_vectors else "rgba"

    @property
    def all_dpi(self) -> float:
        """How many pixels 72 points have in the picture that is made."""
        return self.dpi * self.magnification


class Picture:
    """One picture of some views, of which `tree` has the cells. Made for one picture, and thrown away."""

    def __init__(
        self,
        service: ServiceEndpoint,
        arranging: Arranging,
        views: Mapping[int, ViewProxy],
        order: Sequence[int],
        natural: Callable[[int, int], Lettered],
        page: Page,
    ) -> None:
        """Take all that is known; `natural(gap, strip)` is the area of cells whose views are as they are.

        `order` are the cells with views, as they are labelled.
        """
        self._service = service
        self._arranging = arranging
        self._views = views
        self._order = order
        self._natural = natural
        self._page = page
        self._title: Drawing | None = None
        self._labels: dict[int, Drawing] = {}
        self.legends: dict[str, Drawing] = {}
        """By the names of their color maps, once they are arranged."""

    async def arranged(self) -> Composition:
        """Measure what is beside the views, and return where all of it is. Raises ValueError, RemoteError."""
        get = self._arranging.get
        texts: list[Awaitable[Drawing]] = []
        if get["Title"]:
            texts.append(self._text(get["Title"], "Title", self._page.paper))
        labelled = self._order if get["LabelFormat"] else ()
        texts += [
            self._text(label(get["LabelFormat"], index), "Label", self._page.paper) for index, _ in enumerate(labelled)
        ]
        drawn = list(await asyncio.gather(*texts))
        self._title = drawn.pop(0) if get["Title"] else None
        self._labels = dict(zip(labelled, drawn, strict=True))
        size = self._page.size or self._natural_size(self._measured())
        room = self._arranging.for_legends(size, self._measured())
        names = list(self._arranging.legends)
        self.legends = dict(zip(names, await asyncio.gather(*(self._legend(one, room) for one in names)), strict=True))
        measured = self._measured()
        size = self._page.size or self._natural_size(measured)
        return self._arranging.composed(size, measured)

    def _natural_size(self, measured: Measured) -> tuple[int, int]:
        arranging = self._arranging
        whole = arranging.whole(self._natural(arranging.gap, arranging.strip(measured)), measured)
        return whole.width, whole.height

    def _measured(self) -> Measured:
        return Measured(
            None if self._title is None else self._size_of(self._title),
            {at: self._size_of(one) for at, one in self._labels.items()},
            {name: self._size_of(one) for name, one in self.legends.items()},
        )

    def _size_of(self, drawn: Drawing) -> Lettered:
        """Return how large it is before it is magnified: rounded up."""
        (width, height), by = drawn.size, self._page.magnification
        return Lettered(-(-width // by), -(-height // by))

    async def _text(self, text: str, what: str, behind: Sequence[float]) -> Drawing:
        get = self._arranging.get
        red, green, blue = (float(one) for one in behind)
        wanted = render.TextPicture(
            text=text,
            properties={name: get[f"{what}{name}"] for name in _LETTER} | {"Justification": "Center"},
            dpi=float(self._page.all_dpi),
            background=(red, green, blue),
            palette=self._page.palette,
            format=self._page.format,
        )
        return _drawing(await self._service.send_request(wanted.packet()))

    async def _legend(self, name: str, room: tuple[int, int]) -> Drawing:
        by = self._page.magnification
        wanted = render.LegendPicture(
            name=name,
            views=tuple(one.id for one in self._views.values()),
            size=(room[0] * by, room[1] * by),
            properties={one: value for one, value in self._arranging.legends[name].items() if one != "Visibility"},
            dpi=float(self._page.all_dpi),
            background=self._page.paper,
            palette=self._page.palette,
            format=self._page.format,
        )
        return _drawing(await self._service.send_request(wanted.packet()))

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what is to be said of the title, the labels and the legends, such as characters that no font has."""
        drawn = [*([] if self._title is None else [self._title]), *self._labels.values(), *self.legends.values()]
        return tuple(dict.fromkeys(remark for one in drawn for remark in one.remarks))

    def measured_numbers(self, large: Composition) -> dict[str, list[tuple[Any, tuple[int, int]]]]:
        """Return, for each legend of a magnified composition, its numbers with the pixels that have their colors."""
        found = {}
        for name, one in self.legends.items():
            assert one.colors is not None  # it is a legend
            (left, top, right, bottom), place = one.colors, large.legends[name]
            lies = self._arranging.legends[name].get("Orientation") == "Horizontal"
            x, y = place.left + (left + right) // 2, place.top + (top + bottom) // 2
            found[name] = [
                (value, (place.left + left + at, y) if lies else (x, place.top + bottom - 1 - at))
                for value, at in one.ticks
            ]
        return found

    async def put_together(self, made: Composition, options: Mapping[str, Any]) -> Pixels:
        """Draw all views, and return the picture: uint8, (height, width, 3 or 4), top row first."""
        whole = await self._views_alone(made, options, self._page)
        await self._lay_over(whole, made.magnified(self._page.magnification))
        return whole

    async def _views_alone(self, made: Composition, options: Mapping[str, Any], page: Page) -> Pixels:
        """Draw all views upon a page."""
        wanted = {"format": "lz4", **options, "without_legends": tuple(self._arranging.legends)}
        if wanted.get("dpi") is None and (self._page.size is not None or self._page.is_vectors):
            wanted["dpi"] = self._page.dpi  # else each is as on its screen
        images: list[Image] = await asyncio.gather(
            *(
                view.screenshot(**wanted, size=(made.views[at].width, made.views[at].height))
                for at, view in self._views.items()
            )
        )
        parts = [one.pixels for one in images]
        large, channels = made.magnified(page.magnification), max(one.shape[2] for one in parts)
        paper = [int(255 * one) for one in page.paper]  # cut off, as in ParaView
        paper += [255 * page.has_paper] * (channels - 3)
        whole: Pixels = np.full((large.height, large.width, channels), paper, np.uint8)
        for at, part in zip(self._views, parts, strict=True):
            place = large.views[at]
            whole[place.top : place.top + part.shape[0], place.left : place.left + part.shape[1]] = part
        return whole

    async def on_page(self, made: Composition, dpi: float, style: str, palette: str | None) -> bytes:
        """Return it as an SVG file, with points as its units; what is a picture in it has so many dots to an inch.

        The views are as large as their places.
        """
        from ..exports.composed_pages import Placed, composed  # late: few figures become pages

        asked = [
            render.Export(
                view=view.id,
                format="svg",
                dpi=float(dpi),
                style=style,
                palette=palette or "",
                without_legends=tuple(self._arranging.legends),
            )
            for view in self._views.values()
        ]
        drawn = await asyncio.gather(*(drawn_page(self._service, one) for one in asked))
        pages = [Placed(one, *made.views[at][:2]) for at, one in zip(self._views, drawn, strict=True)]
        if self._title is not None and made.title is not None:
            pages.append(Placed(bytes(self._title.content), *made.title[:2]))
        pages += [Placed(bytes(one.content), *made.legends[name][:2]) for name, one in self.legends.items()]
        labels = self._labels
        if labels and self._arranging.get["LabelLocation"] != ABOVE:
            by = replace(self._page, magnification=1, is_vectors=False)
            under = await self._views_alone(made, {"format": "rgb", "palette": palette}, by)
            labels = await self._labels_upon(under, made)
        pages += [Placed(bytes(one.content), *made.labels[at][:2]) for at, one in labels.items()]
        return composed((made.width, made.height), self._page.paper, pages)

    async def _lay_over(self, whole: Pixels, large: Composition) -> None:
        """Lay the title, labels and legends over what is there."""
        if self._title is not None and large.title is not None:
            lay_over(whole, self._title.pixels, large.title)
        for name, one in self.legends.items():
            lay_over(whole, one.pixels, large.legends[name])
        labels = self._labels
        if labels and self._arranging.get["LabelLocation"] != ABOVE:
            labels = await self._labels_upon(whole, large)
        for at, one in labels.items():
            lay_over(whole, one.pixels, large.labels[at])

    async def _labels_upon(self, whole: Pixels, large: Composition) -> dict[int, Drawing]:
        """Return the labels that stand in front of views, in ink that is seen on what is behind each."""
        form = self._arranging.get["LabelFormat"]
        drawn = await asyncio.gather(
            *(
                self._text(label(form, index), "Label", behind(whole, large.labels[at]))
                for index, at in enumerate(self._order)
            )
        )
        return dict(zip(self._order, drawn, strict=True))


def _drawing(answer: Any) -> Drawing:
    header = answer.header
    colors = tuple(header["colors"]) if "colors" in header else None
    ticks = tuple((value, at) for value, at in header.get("ticks", ()))
    return Drawing((header["width"], header["height"]), answer.buffers[0], colors, ticks, tuple(header["remarks"]))


def behind(whole: Pixels, place: Place) -> tuple[float, float, float]:
    """Return the mean color of a part of a picture; what is left out of it is white, as paper."""
    part = whole[place.top : place.top + place.height, place.left : place.left + place.width].astype(np.float64) / 255
    alpha = part[..., 3:] if part.shape[2] == 4 else np.ones((*part.shape[:2], 1))
    red, green, blue = (part[..., :3] * alpha + (1.0 - alpha)).mean(axis=(0, 1))
    return float(red), float(green), float(blue)


def lay_over(whole: Pixels, drawn: Pixels, place: Place) -> None:
    """Lay something with straight alpha over a part of a picture, from the top left of a place on."""
    rows = slice(place.top, place.top + drawn.shape[0])
    columns = slice(place.left, place.left + drawn.shape[1])
    there = whole[rows, columns]
    over = drawn[: there.shape[0], : there.shape[1]].astype(np.float64)
    alpha = over[..., 3:] / 255.0
    below = there[..., 3:] / 255.0 if there.shape[2] == 4 else np.ones_like(alpha)
    rest = below * (1.0 - alpha)
    total = alpha + rest
    colors = (over[..., :3] * alpha + there[..., :3] * rest) / np.maximum(total, 1e-9)
    there[..., :3] = np.rint(colors)
    if there.shape[2] == 4:
        there[..., 3:] = np.rint(255.0 * total)
