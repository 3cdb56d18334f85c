"""What a person does in a chart: axes are pulled and zoomed, and rows are selected by a rectangle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from ..views.chart_view import ChartViewProxy, Plot
from ..views.render_view import RenderViewProxy
from ..views.view_proxy import ViewProxy
from .interaction import MODIFIERS_OF_SELECTIONS, ZOOM_TO_BOX, ViewInteraction
from .pointing import chart_moves
from .pointing.chart_moves import Ranges
from .pointing.chart_rows import select_rows
from .pointing.drags import CLICK_PIXELS
from .pointing.events import CANCEL, KEY, MOVE, PRESS, RELEASE, WHEEL, InputEvent
from .pointing.happenings import Band, Selected
from .pointing.person import CAMERA, Interaction, Rectangle

SELECT_ROWS: Final = "select rows"
CHART_MODES: Final = (CAMERA, SELECT_ROWS, ZOOM_TO_BOX)

PAN: Final = "pan"
ZOOM: Final = "zoom"
BOX: Final = "box"
BINDINGS: Final[Mapping[tuple[str, frozenset[str]], str]] = {
    ("left", frozenset()): PAN,
    ("left", frozenset({"shift"})): BOX,
    ("left", frozenset({"ctrl"})): ZOOM,
    ("middle", frozenset()): BOX,
    ("right", frozenset()): ZOOM,
}
"""What drags do by button and modifiers, beside the modes."""

Place = tuple[float, float]
Move = Callable[[Plot], Ranges | None]


def interaction_with(view: ViewProxy) -> Interaction:
    """Return what makes of events what they mean in a view of any kind."""
    if isinstance(view, RenderViewProxy):
        return ViewInteraction(view)
    if isinstance(view, ChartViewProxy):
        return ChartInteraction(view)
    raise TypeError(f"a view is interacted with, not {view!r:.80}")


class ChartInteraction(Interaction):
    """Makes of events what they mean in a chart: see `Interaction`.

    What axes span is a matter of the person who looks, as a camera is: no step of undo. Where a chart has no axes along
    its sides, nothing moves.
    """

    def __init__(self, view: ChartViewProxy) -> None:
        """Interact with a chart."""
        super().__init__(view.ViewSize, CHART_MODES, "moving the axes")
        self.view = view
        self._press: InputEvent | None = None
        self._gesture: str | None = None
        self._travelled = False
        self._plot: asyncio.Task[Plot | None] | None = None
        """That of the chart when the drag began."""
        self._wanted: Move | None = None
        self._notches: tuple[float, Place] | None = None
        self._moving_now: asyncio.Task[None] | None = None
        self._handlers: Final[Mapping[str, Callable[[InputEvent], bool]]] = {
            PRESS: self._pressed, MOVE: self._moved, RELEASE: self._released, CANCEL: self._cancelled,
            WHEEL: self._turned, KEY: self._key,
        }  # fmt: skip

    def reset(self) -> None:
        """Have all axes span what is shown, as by themselves."""
        names = [name for name in self.view.set_values() if name.endswith("AxisUseCustomRange")]
        if names:
            with self.view.session.undo.paused():
                self.view.update(**dict.fromkeys(names, False))

    # --- what a person does

    def _do(self, event: InputEvent) -> bool:
        return self._handlers[event.kind](event)

    def _pressed(self, event: InputEvent) -> bool:
        if self._press is not None:
            return True
        self._press, self._travelled = event, False
        held = event.modifiers & {"shift", "ctrl"}
        if self._mode != CAMERA and event.button == "left":
            self._gesture = BOX
        else:
            self._gesture = BINDINGS.get((event.button, held))
        if self._gesture is not None:
            self._plot = asyncio.get_running_loop().create_task(self._ask())
            self._tasks.add(self._plot)
            self._plot.add_done_callback(self._asked)
        return self._gesture is not None

    def _moved(self, event: InputEvent) -> bool:
        began = self._press
        if began is None or event.pointer != began.pointer or self._gesture is None:
            return False
        if not self._travelled and max(abs(event.x - began.x), abs(event.y - began.y)) < CLICK_PIXELS:
            return True
        self._travelled = True
        if self._gesture == BOX:
            self._tell(Band(_rectangle(began, event)))
        else:
            self._drag_to(began, event)
        return True

    def _released(self, event: InputEvent) -> bool:
        began, what = self._press, self._gesture
        if began is None or event.pointer != began.pointer:
            return False
        if what == BOX:
            self._abandon()
            self._boxed(began, event)
        elif what is not None and self._travelled:
            self._drag_to(began, event)
        self._press = self._gesture = None
        return what is not None

    def _cancelled(self, _event: InputEvent) -> bool:
        self._abandon()
        return True

    def _turned(self, event: InputEvent) -> bool:
        before = 0.0 if self._notches is None else self._notches[0]
        self._notches = before + event.notches, self._pixel(event.x, event.y)
        self._go_on()
        return True

    def _key(self, event: InputEvent) -> bool:
        if event.key == "Escape":
            self.mode = CAMERA
            return True
        if event.key.lower() == "r" and not event.modifiers - {"shift"}:
            self.reset()
            return True
        return False

    # --- what comes of it

    def _drag_to(self, began: InputEvent, event: InputEvent) -> None:
        begin, end, what = self._pixel(began.x, began.y), self._pixel(event.x, event.y), self._gesture

        def move(plot: Plot) -> Ranges | None:
            if what == PAN:
                return chart_moves.panned(plot, begin, end)
            left, top, right, bottom = plot.area
            across = chart_moves.drag_factor(end[0] - begin[0], right - left)
            upward = chart_moves.drag_factor(begin[1] - end[1], bottom - top)
            return chart_moves.zoomed(plot, begin, across, upward)

        self._wanted = move
        self._go_on()

    def _boxed(self, began: InputEvent, event: InputEvent) -> None:
        begin, end = self._pixel(began.x, began.y), self._pixel(event.x, event.y)
        selects, plot = self._mode == SELECT_ROWS and began.button == "left", self._plot
        if selects:
            modifier = MODIFIERS_OF_SELECTIONS.get(began.modifiers & {"ctrl", "shift"})
            self._start("selecting", lambda: self._select(plot, begin, end, modifier))
        elif self._travelled:
            self._wanted = lambda plot: chart_moves.boxed(plot, begin, end)
            self._go_on()
        if self._mode != CAMERA and not self.sticky:
            self.mode = CAMERA

    async def _select(
        self, plot: asyncio.Task[Plot | None] | None, begin: Place, end: Place, modifier: str | None
    ) -> None:
        found = None if plot is None else await plot
        if found is not None:
            outputs = await select_rows(self.view, chart_moves.boxed(found, begin, end), modifier)
            self._tell(Selected(outputs, "ROWS"))

    def _go_on(self) -> None:
        """Have axes moved: of what is wanted meanwhile the last is next."""
        if self._moving_now is None:
            self._moving_now = self._start("moving the axes", self._move_axes)
            self._moving_now.add_done_callback(self._ended)

    def _ended(self, _: asyncio.Task[None]) -> None:
        self._moving_now = None

    async def _move_axes(self) -> None:
        while self._wanted is not None or self._notches is not None:
            if self._wanted is not None:
                move, self._wanted = self._wanted, None
                plot = None if self._plot is None else await self._plot
                self._span({} if plot is None else move(plot) or {})
            if self._notches is not None:
                plot = await self._ask()
                notches, place = self._notches
                self._notches = None
                factor = chart_moves.ZOOM_OF_NOTCH**notches
                self._span({} if plot is None else chart_moves.zoomed(plot, place, factor, factor))

    def _span(self, ranges: Ranges) -> None:
        if ranges:
            with self.view.session.undo.paused():
                self.view.update(**chart_moves.properties(ranges))

    def _asked(self, task: asyncio.Task[Plot | None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever awaits it tells it; who only pressed is not told

    async def _ask(self) -> Plot | None:
        return next(iter(await self.view.plots()), None)

    # --- inside

    def _pixel(self, x: float, y: float) -> Place:
        """Return a place in pixels of the picture, which may be outside."""
        width, height = self._surface.pixels
        return x * width / max(self._surface.width, 1.0), y * height / max(self._surface.height, 1.0)

    def _abandon(self) -> None:
        if self._gesture == BOX and self._travelled and self._press is not None:
            self._tell(Band(None))
        self._press = self._gesture = None


def _rectangle(began: InputEvent, event: InputEvent) -> Rectangle:
    (x0, x1), (y0, y1) = sorted((began.x, event.x)), sorted((began.y, event.y))
    return x0, y0, x1, y1
