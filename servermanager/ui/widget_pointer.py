"""What a pointer does with the widgets of a view: it is over one, takes it, drags it and lets it go. Nothing waits.

What is hit is known here, by the camera of the picture that is seen: no answer of the server is waited for.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from async_paraview.scene.props.screens import POINTS_PER_INCH
from async_paraview.scene.props.widget import ACTIVE
from async_paraview.widgets.drags import ALONG, AXES, Drag, clicked, dragged
from async_paraview.widgets.figures import figure_of
from async_paraview.widgets.hits import NEAR_PIXELS, Hit, hit_by
from async_paraview.widgets.sight import CameraState, Pixel, Sight
from services_core import Busy

from ..views.render_view import RenderViewProxy
from ..views.widgets.one_step import OneStep
from ..views.widgets.widget import WidgetProxy

LEFT: Final = "left"
NEAR_FINGER_PIXELS: Final = 20.0
"""So far beside a handle a finger is upon it."""


class Pointing(Protocol):
    """Where a pointer is: `x`, `y` in pixels from the top left of a picture of `width` and `height`."""

    @property
    def x(self) -> float:
        """Return how far from the left it is."""

    @property
    def y(self) -> float:
        """Return how far from the top it is."""

    @property
    def width(self) -> int:
        """Return how wide the picture is."""

    @property
    def height(self) -> int:
        """Return how high the picture is."""

    @property
    def button(self) -> str:
        """Return the button that is held, pressed or let go: "left", ...; empty for none."""

    @property
    def modifiers(self) -> frozenset[str]:
        """Return the modifiers that are held: "shift", "ctrl"."""

    @property
    def touch(self) -> bool:
        """Return whether it is a finger."""


@dataclass
class _Held:
    """What is held: a widget, the drag, and the step of undo that it is."""

    widget: WidgetProxy
    drag: Drag
    step: OneStep
    is_moved: bool = False


class WidgetPointer:
    """The pointer in one view, as far as it is about widgets.

    Each method returns whether the pointer was theirs: then it does nothing else in the view. All of a drag is one step
    of undo; what is set by a move is told at once, and a later one interrupts what it makes useless. With "shift" held
    things move along an axis of the scene, with "ctrl" along a direction of their own. A press of "x", "y" or "z" has
    what is held move along that axis from then on, another press of it sets that free.
    """

    def __init__(self, view: RenderViewProxy) -> None:
        """Begin with nothing held."""
        self._view = view
        self._held: _Held | None = None
        self._axis: frozenset[str] = frozenset()
        self._over: WidgetProxy | None = None

    @property
    def widget(self) -> WidgetProxy | None:
        """Return the widget that is held, else that which the pointer is over; None for none."""
        return self._over if self._held is None else self._held.widget

    def press(self, pointer: Pointing) -> bool:
        """Take what is under the pointer; returns whether there was anything to take."""
        if pointer.button != LEFT or self._held is not None:
            return self._held is not None
        found = self._hit(pointer)
        if found is None:
            return False
        widget, hit, sight = found
        get, begin = widget.all_values(), pixel_in(pointer, sight)
        step = OneStep(self._view.session.undo, f"drag {get['Kind']} of {_whose(widget)}")
        if ALONG in pointer.modifiers and (click := clicked(get, hit)) is not None:
            places, hit = click
            widget.put(places, step)
            get = {**get, **places}
        self._axis = frozenset()
        self._held = _Held(widget, Drag(get, sight, hit, begin, begin), step)
        with suppress(Busy):  # then the view refines meanwhile
            self._view.start_interaction()
        self._point_at(widget, hit.part)
        return True

    def move(self, pointer: Pointing) -> bool:
        """Drag what is held; with nothing held, have what is under the pointer look so, and return whether it is."""
        held = self._held
        if held is not None:
            self._drag(held, pointer)
            return True
        found = self._hit(pointer)
        if found is None:
            self._point_at(None, "")
            return False
        self._point_at(found[0], found[1].part)
        return True

    def release(self, pointer: Pointing) -> bool:
        """Let go of what is held, where the pointer is; returns whether anything was."""
        held, self._held = self._held, None
        if held is None:
            return False  # nothing was held, or what was is gone
        end = pixel_in(pointer, held.drag.sight)
        if held.drag.hit.part and (held.is_moved or end != held.drag.begin):
            self._put(held, held.drag.to(end, self._modifiers(pointer)))
        with suppress(Busy):  # the next call of the view says it
            self._view.end_interaction()
        return True

    def leave(self) -> None:
        """Note that the pointer has left the view."""
        if self._held is None:
            self._point_at(None, "")

    def key(self, name: str) -> bool:
        """Have what is held move along an axis alone, or again along all; returns whether the key means that now."""
        pressed = frozenset({name.lower()})
        if self._held is None or not pressed <= AXES.keys():
            return False
        self._axis = frozenset() if self._axis == pressed else pressed
        return True

    # --- inside

    def _modifiers(self, pointer: Pointing) -> frozenset[str]:
        return pointer.modifiers | self._axis

    def _drag(self, held: _Held, pointer: Pointing) -> None:
        if not held.drag.hit.part:
            return  # what was taken away is not dragged
        drag = held.drag.to(pixel_in(pointer, held.drag.sight), self._modifiers(pointer))
        held.is_moved = True
        if held.widget.AtRelease:
            held.widget.show_at(dragged(drag))
        else:
            self._put(held, drag)

    def _put(self, held: _Held, drag: Drag) -> None:
        """Set the places that a drag leads to. One whose proxy was deleted meanwhile is not held any more."""
        if not held.widget.is_held():
            self._held = None
            return
        held.widget.put(dragged(drag), held.step)

    def _hit(self, pointer: Pointing) -> tuple[WidgetProxy, Hit, Sight] | None:
        """Return what the pointer is over in the picture that is seen; None for nothing that can be dragged."""
        sight = self._sight()
        if sight is None or not self._view.scene.connection.membership.may_change:
            return None
        pixel = pixel_in(pointer, sight)
        scale = self._view.PPI / POINTS_PER_INCH
        near = scale * (NEAR_FINGER_PIXELS if pointer.touch else NEAR_PIXELS)
        best: tuple[WidgetProxy, Hit, Sight] | None = None
        for widget in reversed([*self._view.widgets]):  # what is drawn last lies above
            if not widget.can_be_dragged:
                continue
            get = widget.all_values()
            figure = figure_of(get, sight)
            hit = hit_by(figure, sight, pixel, handle=scale * get["HandleSize"] / 2, near=near)
            if hit is None:
                continue
            if any(hit.part == one.part for one in figure.handles):
                return widget, hit, sight
            best = best or (widget, hit, sight)  # a handle of another one comes before a line of this one
        return best

    def _sight(self) -> Sight | None:
        image = self._view.last_image
        if image is None or not image.camera:
            return None
        width, height = self._view.ViewSize  # a screenshot may have had another
        return Sight(CameraState.of(image.camera), (width, height))

    def _point_at(self, widget: WidgetProxy | None, part: str) -> None:
        """Have what the pointer is over look so, and nothing else."""
        before, self._over = self._over, widget
        if before is not None and before is not widget and before.is_held():
            before.show_at({ACTIVE: ""})
        if widget is not None and widget.value_set(ACTIVE) != part:
            widget.show_at({ACTIVE: part})


def pixel_in(pointer: Pointing, sight: Sight) -> Pixel:
    """Return where a pointer is in a picture, which may be shown in another size: from its left and its bottom."""
    width, height = sight.size
    return pointer.x / max(pointer.width, 1) * width, height - pointer.y / max(pointer.height, 1) * height


def _whose(widget: WidgetProxy) -> Any:
    return "a view" if widget.proxy is None else widget.proxy.type_name
