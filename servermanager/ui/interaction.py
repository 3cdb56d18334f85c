"""What a person does in a view with pointer, wheel, fingers and keys: the camera moves, things are picked, selected."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from services_core import Busy, ServicesError

from ..model.proxy import OutputPort
from ..views.render_view import RenderViewProxy
from .pointing import keys
from .pointing.bindings import BINDINGS_2D, BINDINGS_3D, Bindings, call, gesture, wheel_movement
from .pointing.drags import (
    CLICK_PIXELS,
    BandDrag,
    CameraDrag,
    Drag,
    InView,
    PointerAt,
    Steps,
    TwoFingers,
    WidgetDrag,
)
from .pointing.events import CANCEL, KEY, MOVE, PRESS, RELEASE, WHEEL, InputEvent
from .pointing.happenings import Band, Picked, Selected
from .pointing.person import CAMERA, Interaction, Rectangle
from .widget_pointer import WidgetPointer

_log = logging.getLogger(__name__)

ZOOM_TO_BOX: Final = "zoom to box"
SELECTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "select points": ("select_surface", "POINTS"),
    "select cells": ("select_surface", "CELLS"),
    "select blocks": ("select_surface", "BLOCKS"),
    "select points through": ("select_through", "POINTS"),
    "select cells through": ("select_through", "CELLS"),
}
"""By mode, how a rectangle selects, and what; "through" also what is hidden."""
MODES: Final = (CAMERA, *SELECTIONS, ZOOM_TO_BOX)

MODIFIERS_OF_SELECTIONS: Final[Mapping[frozenset[str], str]] = {
    frozenset({"ctrl"}): "ADD", frozenset({"shift"}): "SUBTRACT", frozenset({"ctrl", "shift"}): "TOGGLE",
}  # fmt: skip
"""How a rectangle that is drawn with keys held changes the selection that there is, as in ParaView."""

_RETRY_S: Final = 0.05
_TRIES: Final = 200


class ViewInteraction(Interaction):
    """Makes of events what they mean in a render view: see `Interaction`. Of charts `ChartInteraction` does."""

    def __init__(self, view: RenderViewProxy, *, bindings: Bindings | None = None, picks: bool = True) -> None:
        """Interact with a view.

        `bindings` say what drags do; None: as ParaView, by the InteractionMode of the view ("3D" or "2D"). With `picks`
        a click finds what is there.
        """
        super().__init__(view.ViewSize, MODES, "moving the camera")
        self.view = view
        self.picks = picks
        self.in_view: list[InView] = [WidgetPointer(view)]
        """What stands in the view and can be dragged, its widgets first: the first that takes the pointer has it."""
        self.hovered: InView | None = None
        """What of it is under the pointer."""
        self._bindings = bindings
        self._pressed: dict[int, InputEvent] = {}
        self._last = InputEvent(MOVE)
        self._drag: Drag | None = None
        self._travelled = False
        self._handlers: Final[Mapping[str, Callable[[InputEvent], bool]]] = {
            PRESS: self._press, MOVE: self._move, RELEASE: self._release, CANCEL: self._cancel,
            WHEEL: self._wheel, KEY: self._key,
        }  # fmt: skip
        self._picking: asyncio.Task[None] | None = None

    def pick(self, x: float, y: float) -> None:
        """Find what is at a place, in CSS pixels: told as `Picked`. A newer one takes its place."""
        if self._picking is not None:
            self._picking.cancel()
        self._picking = self._start("picking", lambda: self._pick(x, y))

    def _do(self, event: InputEvent) -> bool:
        if event.kind != KEY:
            self._last = event
        return self._handlers[event.kind](event)

    def _press(self, event: InputEvent) -> bool:
        self._pressed[event.pointer] = event
        if event.touch and len(self._pressed) == 2:
            self._give_up_drag()
            self._travelled = True
            offsets = {one: self._surface.offset(at.x, at.y) for one, at in self._pressed.items()}
            self._drag = TwoFingers(self._steps(), self._surface, offsets)
            return True
        if len(self._pressed) > 1:
            return True  # another button, or a third finger: what goes on goes on
        self._travelled = False
        self._drag = self._dragged(event)
        return self._drag is not None

    def _dragged(self, event: InputEvent) -> Drag | None:
        """Return what goes on from this press."""
        taking = next((one for one in self.in_view if one.press(PointerAt.of(event, self._surface))), None)
        if taking is not None:
            self._travelled = True  # a press on it is no click on what is behind
            return WidgetDrag(taking, self._surface, event)
        if self._mode != CAMERA and event.button == "left":
            return BandDrag(event, lambda grown: self._tell(Band(grown)), lambda band: self._banded(band, event))
        what = gesture(self._used_bindings(), event.button, event.modifiers)
        return None if what is None else CameraDrag(self._steps(), what, self._surface, event)

    def _move(self, event: InputEvent) -> bool:
        began = self._pressed.get(event.pointer)
        if began is None:
            return self._hover(event)
        if not self._travelled and _distance(began, event) < CLICK_PIXELS:
            return True
        self._travelled = True
        if self._drag is not None:
            self._drag.move(event)
        if event.pointer in self._pressed and isinstance(self._drag, TwoFingers):
            self._pressed[event.pointer] = event
        return True

    def _hover(self, event: InputEvent) -> bool:
        at = PointerAt.of(event, self._surface)
        self.hovered = next((one for one in self.in_view if one.move(at)), None)
        return self.hovered is not None

    def _release(self, event: InputEvent) -> bool:
        began = self._pressed.pop(event.pointer, None)
        if began is None:
            return False
        if self._pressed and not isinstance(self._drag, TwoFingers):
            return True  # the first button, or finger, is still held
        drag, self._drag = self._drag, None
        if isinstance(drag, WidgetDrag | BandDrag) or (drag is not None and self._travelled):
            drag.release(event)
        elif drag is not None:
            drag.cancel()
        if not self._travelled and began.button == "left" and self._mode == CAMERA and self.picks:
            self.pick(event.x, event.y)
        return True

    def _cancel(self, _event: InputEvent) -> bool:
        self._abandon()
        return True

    def _wheel(self, event: InputEvent) -> bool:
        if event.notches:
            call(self.view, wheel_movement(event.notches, self._surface.offset(event.x, event.y)))
        return True

    def _key(self, event: InputEvent) -> bool:
        if isinstance(self._drag, WidgetDrag) and self._drag.key(event.key):
            return True
        found = keys.KEYS.get(event.key, ("",))
        if found[0] == keys.CANCEL:
            self.mode = CAMERA
            return True
        if found[0] == keys.PICK and not event.modifiers - {"shift"}:
            self.pick(self._last.x, self._last.y)
            return True
        return keys.do(self.view, event.key, event.modifiers)

    # --- what comes of it

    def _banded(self, band: Rectangle, event: InputEvent) -> None:
        """Do what a rectangle is for that was drawn."""
        if self._mode == ZOOM_TO_BOX:
            self._zoom_to(band)
        else:
            how = MODIFIERS_OF_SELECTIONS.get(event.modifiers & {"ctrl", "shift"})
            mode = self._mode
            self._start("selecting", lambda: self._select(mode, band, how))
        if not self.sticky:
            self.mode = CAMERA

    def _zoom_to(self, band: Rectangle) -> None:
        x0, y0, x1, y1 = band
        across, down = x1 - x0, y1 - y0
        if max(across, down) < CLICK_PIXELS:
            return
        factor = min(self._surface.width / max(across, 1.0), self._surface.height / max(down, 1.0))
        right, below = self._surface.offset((x0 + x1) / 2.0, (y0 + y1) / 2.0)
        self.view.pan(-right, -below)
        self.view.zoom(factor)

    async def _select(self, mode: str, band: Rectangle, modifier: str | None) -> None:
        how, kind = SELECTIONS[mode]
        x0, y0, x1, y1 = band
        rectangle = [*self._surface.pixel(x0, y0), *self._surface.pixel(x1, y1)]
        selections = self.view.session.selections
        before: Sequence[OutputPort] = tuple(selections.all())
        outputs = await getattr(selections, how)(self.view, rectangle, kind, modifier)
        if modifier is None:
            for output in before:
                if output not in outputs:
                    selections.clear(output)
        self._tell(Selected(tuple(outputs), kind))

    async def _pick(self, x: float, y: float) -> None:
        found = await self.view.pick(*self._surface.pixel(x, y))
        self._tell(Picked(found, x, y))

    # --- inside

    def _used_bindings(self) -> Bindings:
        if self._bindings is not None:
            return self._bindings
        return BINDINGS_2D if self.view.InteractionMode == "2D" else BINDINGS_3D

    def _steps(self) -> Steps:
        def end_later() -> None:
            self._keep(self._end_later)

        return Steps(self.view, end_later)

    async def _end_later(self) -> None:
        """Say that the person has let go, as soon as there is room for it."""
        for _ in range(_TRIES):
            await asyncio.sleep(_RETRY_S)
            with suppress(Busy):
                self.view.end_interaction()
                return
        _log.warning("%r: the server could not be told that the camera was let go", self.view)

    def _give_up_drag(self) -> None:
        drag, self._drag = self._drag, None
        if drag is not None:
            with suppress(ServicesError, ValueError):  # whoever moves next is told what is wrong
                drag.cancel()

    def _abandon(self) -> None:
        self._give_up_drag()
        self._pressed.clear()


def _distance(one: InputEvent, other: InputEvent) -> float:
    return max(abs(one.x - other.x), abs(one.y - other.y))
