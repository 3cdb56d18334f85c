"""What a person does, as values: messages of browsers are read strictly, and decisions need no view."""

from __future__ import annotations

import math
from typing import Any

import pytest

from servermanager.ui.feeding.link import LOOKED_AT, QUALITIES, LinkQuality
from servermanager.ui.pointing.bindings import (
    BINDINGS_2D,
    BINDINGS_3D,
    ZOOM_OF_HEIGHT,
    ZOOM_OF_NOTCH,
    gesture,
    movement,
    turned,
    wheel_movement,
)
from servermanager.ui.pointing.events import InputEvent, Surface
from servermanager.ui.pointing.touches import TWIST_BEGINS, Fingers, movements


def test_a_message_of_a_browser_is_an_event() -> None:
    message = {
        "kind": "press", "x": 10.5, "y": 3, "button": "left", "modifiers": ["ctrl", "shift"], "pointer": 7,
        "touch": True, "more": {"is": "not read"},
    }  # fmt: skip
    assert InputEvent.from_message(message) == InputEvent(
        "press", 10.5, 3.0, "left", frozenset({"shift", "ctrl"}), 7, touch=True
    )
    assert InputEvent.from_message({"kind": "wheel", "notches": 1e9}).notches == 20.0  # gathered while it was busy
    assert InputEvent.from_message({"kind": "key", "key": "r"}) == InputEvent("key", key="r")


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ({}, "kind of an event"),
        ({"kind": "explode"}, "press, move, release, cancel, wheel, key, not 'explode'"),
        ({"kind": ["press"]}, "kind of an event is a text"),
        ({"kind": "press", "x": "1"}, "x of an event is a number"),
        ({"kind": "press", "x": True}, "x of an event is a number"),
        ({"kind": "press", "y": math.nan}, "y of an event is a number that browsers count to"),
        ({"kind": "press", "x": 10**400}, "x of an event is a number that browsers count to"),
        ({"kind": "press", "x": 1e7}, "within"),
        ({"kind": "press", "button": "fourth"}, "left, middle, right"),
        ({"kind": "press", "modifiers": "shift"}, "a list of shift"),
        ({"kind": "press", "modifiers": ["hyper"]}, "shift, ctrl, alt, meta"),
        ({"kind": "press", "modifiers": [["shift"]]}, "a list of shift"),
        ({"kind": "press", "pointer": 1e300}, "browsers count to"),
        ({"kind": "key", "key": "x" * 33}, "at most 32 characters"),
    ],
)
def test_what_is_no_event_is_refused(message: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        InputEvent.from_message(message)


@pytest.mark.parametrize(
    ("surface", "pixels"),
    [
        (Surface(100.4, 50.6), (100, 51)),
        (Surface(100.4, 50.6, 1.5), (151, 76)),
        (Surface(0, 0), (1, 1)),
        (Surface(1e6, 3, 3), (16384, 9)),
    ],
)
def test_sizes_are_rounded_to_device_pixels_and_are_at_least_one(surface: Surface, pixels: tuple[int, int]) -> None:
    assert surface.pixels == pixels


@pytest.mark.parametrize("size", [(math.nan, 1.0), (-1.0, 1.0), (1.0, math.inf), (True, 1.0), ("1", 1.0)])
def test_what_is_no_size_is_refused(size: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError, match="of a place is a number from 0"):
        Surface(*size)


def test_places_are_pixels_of_the_picture() -> None:
    surface = Surface(100, 50, 2)
    assert surface.pixel(0, 0) == (0, 0) and surface.pixel(99.9, 49.9) == (199, 99)
    assert surface.pixel(-5, 70) == (0, 99)
    assert surface.offset(100, 0) == (1.0, -0.5)


def same(found: object, expected: object) -> None:
    assert found == expected


def test_drags_do_what_paraview_does() -> None:
    none = frozenset[str]()
    assert gesture(BINDINGS_3D, "left", none) == "rotate" and gesture(BINDINGS_2D, "left", none) == "pan"
    assert gesture(BINDINGS_3D, "middle", none) == gesture(BINDINGS_3D, "left", frozenset({"shift"})) == "pan"
    assert gesture(BINDINGS_3D, "right", none) == gesture(BINDINGS_3D, "left", frozenset({"ctrl", "alt"})) == "zoom"
    assert gesture(BINDINGS_3D, "right", frozenset({"ctrl"})) == "zoom to pointer"
    assert gesture(BINDINGS_3D, "", none) is None
    same(movement("rotate", (0, 0), (0.1, 0.1), (0.3, 0.0)), ("rotate", {"dx": pytest.approx(0.2), "dy": -0.1}))
    same(movement("zoom", (0, 0), (0.0, 0.5), (0.2, -0.5)), ("zoom", {"factor": pytest.approx(ZOOM_OF_HEIGHT)}))
    to_pointer = movement("zoom to pointer", (0.25, -0.5), (0.0, 0.0), (0.0, 0.0))
    assert to_pointer == ("zoom_at", {"factor": 1.0, "dx": 0.25, "dy": -0.5})
    same(movement("roll", (0, 0), (0.5, 0.0), (0.0, 0.5)), ("roll", {"degrees": pytest.approx(90.0)}))
    assert movement("roll", (0, 0), (0.0, 0.0), (0.0, 0.5)) is None
    assert wheel_movement(-2, (0.1, 0.2)) == (
        "zoom_at",
        {"factor": pytest.approx(ZOOM_OF_NOTCH**-2), "dx": 0.1, "dy": 0.2},
    )


def test_turning_past_the_left_is_a_small_angle() -> None:
    assert turned((-1.0, 0.01), (-1.0, -0.01)) == pytest.approx(2 * math.degrees(math.atan(0.01)))


def test_two_fingers_pull_spread_and_only_then_turn() -> None:
    before = Fingers((-0.1, 0.0), (0.1, 0.0))
    assert movements(before, before) == []
    pulled = movements(before, before.moved((0.0, 0.1), (0.2, 0.1)))
    same(pulled, [("pan", {"dx": pytest.approx(0.1), "dy": pytest.approx(0.1)})])
    ((kind, numbers),) = movements(before, before.moved((-0.2, 0.0), (0.2, 0.0)))
    assert kind == "zoom_at" and numbers == {"factor": pytest.approx(2.0), "dx": 0.0, "dy": 0.0}

    def at(degrees: float) -> tuple[tuple[float, float], tuple[float, float]]:
        x, y = 0.1 * math.cos(math.radians(degrees)), 0.1 * math.sin(math.radians(degrees))
        return (-x, -y), (x, y)

    a_little = before.moved(*at(TWIST_BEGINS - 2))
    assert "roll" not in dict(movements(before, a_little))
    more = a_little.moved(*at(TWIST_BEGINS + 8))
    assert dict(movements(a_little, more))["roll"] == {"degrees": pytest.approx(10.0)}


def test_pictures_get_smaller_where_they_are_painted_late_and_better_again_where_not() -> None:
    link = LinkQuality()
    assert link.quality is None
    for _ in range(LOOKED_AT):
        link.painted(0.5)
    assert link.quality == QUALITIES[1]
    for _ in range(10 * LOOKED_AT):
        link.painted(0.5)
    assert link.quality == QUALITIES[-1]
    for _ in range(10 * LOOKED_AT):
        link.painted(0.1)
    assert link.quality == QUALITIES[-1]  # neither late nor soon
    for _ in range(10 * LOOKED_AT):
        link.painted(0.01)
    assert link.quality is None
