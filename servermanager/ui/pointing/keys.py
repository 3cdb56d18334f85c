"""What keys do in a view: a table of names, and the actions behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...views.render_view import RenderViewProxy
from ...views.representation import RepresentationProxy

STEP_DEGREES: Final = 5.0
STEP_OF_HEIGHT: Final = 0.05
STEP_FACTOR: Final = 1.1
CANCEL: Final = "cancel"
PICK: Final = "pick"

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "r": ("reset",), "R": ("reset",),
    "x": ("look", "+X"), "X": ("look", "-X"), "y": ("look", "+Y"), "Y": ("look", "-Y"),
    "z": ("look", "+Z"), "Z": ("look", "-Z"),
    "s": ("represent", "Surface"), "w": ("represent", "Wireframe"), "e": ("represent", "Surface With Edges"),
    "v": ("represent", "Points"),
    "ArrowLeft": ("turn", "left"), "ArrowRight": ("turn", "right"), "ArrowUp": ("turn", "up"),
    "ArrowDown": ("turn", "down"),
    "+": ("zoom", "in"), "=": ("zoom", "in"), "-": ("zoom", "out"),
    "[": ("roll", "left"), "]": ("roll", "right"),
    "p": (PICK,), "Escape": (CANCEL,),
}  # fmt: skip
"""By the names that browsers give keys: what is done, and with what. Where the scene turns, shift moves it instead."""

_WAYS: Final = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def do(view: RenderViewProxy, key: str, modifiers: frozenset[str]) -> bool:
    """Do what a key says; returns whether it says anything that is done here."""
    found = KEYS.get(key)
    if found is None or found[0] not in _DO or modifiers & {"ctrl", "alt", "meta"}:
        return False
    _DO[found[0]](view, *found[1:], "shift" in modifiers)
    return True


def represent(view: RenderViewProxy, kind: str) -> int:
    """Show all that is visible in a view as Surface, Wireframe, ...: one step of undo. Returns how many there were."""
    session = view.session
    shown = [
        one
        for one in session.all_representations()
        if one.view is view and isinstance(one, RepresentationProxy) and one.Visibility
    ]
    with session.undo.group(f"show as {kind}"):
        for one in shown:
            one.Representation = kind
    return len(shown)


def _reset(view: RenderViewProxy, _shift: bool) -> None:
    view.reset_camera()


def _look(view: RenderViewProxy, direction: str, _shift: bool) -> None:
    view.reset_camera(direction)


def _represent(view: RenderViewProxy, kind: str, _shift: bool) -> None:
    represent(view, kind)


def _turn(view: RenderViewProxy, way: str, shift: bool) -> None:
    right, down = _WAYS[way]
    if shift:
        view.pan(STEP_OF_HEIGHT * right, STEP_OF_HEIGHT * down)
    else:
        view.orbit(-STEP_DEGREES * right, STEP_DEGREES * down)


def _zoom(view: RenderViewProxy, way: str, _shift: bool) -> None:
    view.zoom(STEP_FACTOR if way == "in" else 1.0 / STEP_FACTOR)


def _roll(view: RenderViewProxy, way: str, _shift: bool) -> None:
    view.roll(STEP_DEGREES if way == "right" else -STEP_DEGREES)


_DO: Final[Mapping[str, Callable[..., Any]]] = {
    "reset": _reset, "look": _look, "represent": _represent, "turn": _turn, "zoom": _zoom, "roll": _roll,
}  # fmt: skip
