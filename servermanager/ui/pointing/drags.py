"""What goes on between press and release: the camera moves, a rectangle grows, or something in the view is dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from async_paraview.records import dataclass
from services_core import Busy

from ...views.render_view import RenderViewProxy
from .bindings import Movement, call, movement
from .events import InputEvent, Surface
from .touches import Fingers, Place, movements

CLICK_PIXELS: Final = 4.0
"""A pointer that has moved less than so many CSS pixels between press and release was not dragged."""


@dataclass(frozen=True, slots=True)
class PointerAt:
    """Where a pointer is, as what stands in a view needs it: `x`, `y` in pixels of the picture from its top left.

    `width` and `height` are those of the picture, `button` the one that is held, pressed or let go, "" for none.
    """

    x: float
    y: float
    width: int
    height: int
    button: str
    modifiers: frozenset[str]
    touch: bool

    @classmethod
    def of(cls, event: InputEvent, surface: Surface) -> PointerAt:
        """Return where an event is."""
        width, height = surface.pixels
        x, y = event.x * width / max(surface.width, 1.0), event.y * height / max(surface.height, 1.0)
        return cls(x, y, width, height, event.button, event.modifiers, event.touch)


class InView(Protocol):
    """Something in a view that is dragged, such as the handles of a plane. Nothing of it waits."""

    def press(self, pointer: PointerAt) -> bool:
        """Return whether it takes the pointer: then it is told what follows, up to the release, and nobody else."""

    def move(self, pointer: PointerAt) -> bool:
        """Follow the pointer; without a button held, return whether something of it is under that."""

    def release(self, pointer: PointerAt) -> bool:
        """Let go; returns whether anything was held."""

    def key(self, name: str) -> bool:
        """Return whether a key that is pressed while it is held means anything to it."""


class Drag(Protocol):
    """What goes on between press and release."""

    def move(self, event: InputEvent) -> None:
        """Follow the pointer."""

    def release(self, event: InputEvent) -> None:
        """Come to the end."""

    def cancel(self) -> None:
        """End without doing anything more."""


class Steps:
    """Movements of a camera by a person: said once they begin, and once they end."""

    def __init__(self, view: RenderViewProxy, end_later: Callable[[], None]) -> None:
        self._view = view
        self._end_later = end_later
        self.begun = False

    def take(self, steps: Sequence[Movement]) -> bool:
        """Move the camera; returns whether it was: False while the way to the server is full."""
        try:
            if not self.begun:
                self._view.start_interaction()
                self.begun = True
            for one in steps:
                call(self._view, one)
        except Busy:
            return False
        return True

    def end(self) -> None:
        """Say that the person has let go, if any movement was begun."""
        if not self.begun:
            return
        self.begun = False
        try:
            self._view.end_interaction()
        except Busy:
            self._end_later()


class CameraDrag:
    """One pointer moves the camera."""

    def __init__(self, steps: Steps, what: str, surface: Surface, event: InputEvent) -> None:
        self._steps = steps
        self._what = what
        self._surface = surface
        self._began = self._last = surface.offset(event.x, event.y)

    def move(self, event: InputEvent) -> None:
        """Follow the pointer; what could not be told is told with the next move."""
        place = self._surface.offset(event.x, event.y)
        step = movement(self._what, self._began, self._last, place)
        if step is None or self._steps.take([step]):
            self._last = place

    def release(self, event: InputEvent) -> None:
        """Go to where it was let go, and say so."""
        if self._surface.offset(event.x, event.y) != self._last:
            self.move(event)
        self._steps.end()

    def cancel(self) -> None:
        """Stay where it is, and say that it was let go."""
        self._steps.end()


class TwoFingers:
    """Two fingers move the camera."""

    def __init__(self, steps: Steps, surface: Surface, places: dict[int, Place]) -> None:
        """Begin with the places of the two fingers by their numbers."""
        self._steps = steps
        self._surface = surface
        self._places = dict(places)
        first, second = self._places.values()
        self._fingers = Fingers(first, second)

    def move(self, event: InputEvent) -> None:
        """Follow one of them."""
        if event.pointer not in self._places:
            return
        self._places[event.pointer] = self._surface.offset(event.x, event.y)
        first, second = self._places.values()
        after = self._fingers.moved(first, second)
        if self._steps.take(movements(self._fingers, after)):
            self._fingers = after

    def release(self, event: InputEvent) -> None:
        """Say that one was lifted."""
        self._steps.end()

    def cancel(self) -> None:
        """Say that they were lifted."""
        self._steps.end()


class BandDrag:
    """A rectangle grows, and something is done with it in the end."""

    def __init__(
        self,
        event: InputEvent,
        grow: Callable[[tuple[float, float, float, float] | None], None],
        done: Callable[[tuple[float, float, float, float]], None],
    ) -> None:
        self._corner = event.x, event.y
        self._grow = grow
        self._done = done

    def move(self, event: InputEvent) -> None:
        """Show the rectangle."""
        self._grow(self._rectangle(event))

    def release(self, event: InputEvent) -> None:
        """Take the rectangle away, and do what it is for."""
        self._grow(None)
        self._done(self._rectangle(event))

    def cancel(self) -> None:
        """Take the rectangle away."""
        self._grow(None)

    def _rectangle(self, event: InputEvent) -> tuple[float, float, float, float]:
        (x0, x1), (y0, y1) = sorted((self._corner[0], event.x)), sorted((self._corner[1], event.y))
        return x0, y0, x1, y1


class WidgetDrag:
    """Something in the view is dragged."""

    def __init__(self, dragged: InView, surface: Surface, event: InputEvent) -> None:
        self._dragged = dragged
        self._surface = surface
        self._last = PointerAt.of(event, surface)

    def move(self, event: InputEvent) -> None:
        """Have it follow."""
        self._last = PointerAt.of(event, self._surface)
        self._dragged.move(self._last)

    def key(self, name: str) -> bool:
        """Return whether a key means anything to it."""
        return self._dragged.key(name)

    def release(self, event: InputEvent) -> None:
        """Have it let go."""
        self._dragged.release(PointerAt.of(event, self._surface))

    def cancel(self) -> None:
        """Have it let go where it is."""
        self._dragged.release(self._last)
