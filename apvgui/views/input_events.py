"""What Qt tells of mouse, wheel, fingers and keys, in the words of the model: plain functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEventPoint, QKeyEvent, QMouseEvent, QTouchEvent, QWheelEvent

from servermanager.ui.pointing.events import CANCEL, KEY, MOVE, PRESS, RELEASE, WHEEL, InputEvent

NOTCH: Final = 120.0
"""What a wheel tells for one notch, in eighths of a degree."""

_BUTTONS: Final = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
_MODIFIERS: Final = (
    (Qt.KeyboardModifier.ShiftModifier, "shift"),
    (Qt.KeyboardModifier.ControlModifier, "ctrl"),
    (Qt.KeyboardModifier.AltModifier, "alt"),
    (Qt.KeyboardModifier.MetaModifier, "meta"),
)
_KINDS: Final = {
    QEvent.Type.MouseButtonPress: PRESS,
    QEvent.Type.MouseButtonDblClick: PRESS,
    QEvent.Type.MouseMove: MOVE,
    QEvent.Type.MouseButtonRelease: RELEASE,
}
_KEYS: Final = {
    Qt.Key.Key_Left: "ArrowLeft", Qt.Key.Key_Right: "ArrowRight", Qt.Key.Key_Up: "ArrowUp",
    Qt.Key.Key_Down: "ArrowDown", Qt.Key.Key_Escape: "Escape",
}  # fmt: skip
_TOUCHES: Final = {
    QEventPoint.State.Pressed: PRESS,
    QEventPoint.State.Updated: MOVE,
    QEventPoint.State.Released: RELEASE,
}


def modifiers_of(held: Qt.KeyboardModifier) -> frozenset[str]:
    """Return which modifiers are held."""
    return frozenset(name for flag, name in _MODIFIERS if held & flag)


def of_mouse(event: QMouseEvent) -> InputEvent | None:
    """Return what a mouse does; None for a button that means nothing here."""
    kind = _KINDS[event.type()]
    button = _BUTTONS.get(event.button(), "") if kind != MOVE else _held(event.buttons())
    if kind != MOVE and not button:
        return None
    place = event.position()
    return InputEvent(kind, place.x(), place.y(), button=button, modifiers=modifiers_of(event.modifiers()))


def _held(buttons: Qt.MouseButton) -> str:
    return next((name for button, name in _BUTTONS.items() if buttons & button), "")


def of_wheel(event: QWheelEvent) -> InputEvent:
    """Return by how many notches a wheel was turned."""
    place, turned = event.position(), event.angleDelta()
    notches = (turned.y() or turned.x()) / NOTCH
    return InputEvent(
        WHEEL, place.x(), place.y(), modifiers=modifiers_of(event.modifiers()), notches=max(-20.0, min(20.0, notches))
    )


def of_key(event: QKeyEvent) -> InputEvent | None:
    """Return which key was pressed, as browsers name it; None for one that has no such name."""
    name = _KEYS.get(Qt.Key(event.key())) or event.text()
    if not name or not name.isprintable():
        return None
    return InputEvent(KEY, key=name, modifiers=modifiers_of(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier))


def of_touch(event: QTouchEvent) -> Iterator[InputEvent]:
    """Return what each finger does that has not stayed where it was."""
    if event.type() == QEvent.Type.TouchCancel:
        yield InputEvent(CANCEL)
        return
    for point in event.points():
        kind = _TOUCHES.get(point.state())
        if kind is not None:
            place = point.position()
            yield InputEvent(
                kind,
                place.x(),
                place.y(),
                button="left",
                modifiers=modifiers_of(event.modifiers()),
                pointer=point.id(),
                touch=True,
            )
