"""Make docs/static/streamlines.mp4: a minute of examples/web/streamlines.py in a browser, as it happened.

    python -m tools.film_of_streamlines [FILE]

The application, its server and the browser are real, and so is the time: frames come as the browser paints them, and
are shown for as long as they were seen. A dot is drawn where the mouse is, which browsers leave out of their pictures.
It needs chromium (a package of the system) and the extras web and video.
"""

from __future__ import annotations

import base64
import io
import math
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from tests.harness.notebook_page import browser

from .pictures_of_faces import DEADLINE_S, PAINTED, ROOT, link_of, program

SIZE = (1120, 630)
LASTS_S = 60.0
FRAMES_PER_S = 15
BIT_RATE = 310_000
"""Of the film: a minute is about 2.3 MB."""
STEPS_TO_BALL, STEP_PIXELS, HOVERED_MS = 40, 3.0, 100
POINTER = """() => {
    const dot = document.createElement("div");
    dot.style.cssText = "position: fixed; width: 16px; height: 16px; border-radius: 50%; z-index: 9999; " +
        "margin: -8px 0 0 -8px; border: 2px solid white; background: rgba(230, 80, 30, 0.8); pointer-events: none";
    document.body.append(dot);
    const follow = (event) => { dot.style.left = `${event.clientX}px`; dot.style.top = `${event.clientY}px`; };
    window.addEventListener("pointermove", follow, true);
    window.addEventListener("pointerdown", () => (dot.style.transform = "scale(0.7)"), true);
    window.addEventListener("pointerup", () => (dot.style.transform = ""), true);
}"""

Place = tuple[float, float]


class Screencast:
    """What a page of chromium paints, with the seconds since the first frame."""

    def __init__(self, page: Any) -> None:
        self.frames: list[tuple[float, bytes]] = []
        self._devices = page.context.new_cdp_session(page)
        self._devices.on("Page.screencastFrame", self._take)
        self._devices.send("Page.startScreencast", {"format": "jpeg", "quality": 92})

    def _take(self, told: dict[str, Any]) -> None:
        self.frames.append((float(told["metadata"]["timestamp"]), base64.b64decode(told["data"])))
        self._devices.send("Page.screencastFrameAck", {"sessionId": told["sessionId"]})

    def end(self) -> list[tuple[float, bytes]]:
        """Return the frames."""
        self._devices.send("Page.stopScreencast")
        began = self.frames[0][0]
        return [(at - began, data) for at, data in self.frames]


class Hand:
    """Moves the mouse as a person does: along a way, in a time."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.at: Place = (SIZE[0] / 2, SIZE[1] / 2)

    def go(self, to: Place, seconds: float) -> None:
        """Move straight to a place, slowly at both ends."""
        begins = self.at
        self.along(
            lambda share: tuple(
                a + (b - a) * (1 - math.cos(math.pi * share)) / 2 for a, b in zip(begins, to, strict=True)
            ),
            seconds,
        )

    def along(self, way: Any, seconds: float) -> None:
        """Move along `way(share)`, with shares from 0 to 1."""
        began = time.monotonic()
        while (share := (time.monotonic() - began) / seconds) < 1.0:
            self._move(way(share))
            self.page.wait_for_timeout(25)
        self._move(way(1.0))

    def circle(self, width: float, height: float, seconds: float, turns: float = 1.0) -> None:
        """Move around, back to where it began."""
        x, y = self.at

        def way(share: float) -> Place:
            angle = 2 * math.pi * turns * share
            return x + width * math.sin(angle), y - height * (1 - math.cos(angle))

        self.along(way, seconds)

    def _move(self, to: Place) -> None:
        self.page.mouse.move(*to)
        self.at = to

    def held(self, button: str = "left") -> Any:
        """Hold a button in a block."""
        return _Held(self.page.mouse, button)


class _Held:
    def __init__(self, mouse: Any, button: str) -> None:
        self._mouse, self._button = mouse, button

    def __enter__(self) -> None:
        self._mouse.down(button=self._button)

    def __exit__(self, *exception: object) -> None:
        self._mouse.up(button=self._button)


def play(page: Any) -> None:
    """Do what is seen, for `LASTS_S` seconds: the seeds are dragged, the scene turns, numbers are entered."""
    box = page.locator("canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    beside = box["x"] + 0.12 * box["width"], box["y"] + 0.85 * box["height"]
    hand = Hand(page)
    began = time.monotonic()
    ball = find_ball(page, hand, middle)
    with hand.held():
        hand.circle(0.2 * box["width"], 0.12 * box["height"], 12.0, turns=1.5)
        hand.go(ball, 2.0)
    turn(hand, beside, (0.55 * box["width"], -60.0))
    number(page, "Number Of Points", "200")
    page.wait_for_timeout(2000)
    turn(hand, beside, (0.3 * box["width"], -0.3 * box["height"]))
    for axis in ("Center 1", "Center 2", "Center 3"):
        number(page, axis, "23.5")
    number(page, "Number Of Points", "80")
    page.locator("canvas").focus()
    page.keyboard.press("r")
    page.wait_for_timeout(1500)
    find_ball(page, hand, middle)
    while time.monotonic() - began < LASTS_S - 10.0:
        with hand.held():
            hand.circle(0.15 * box["width"], 0.15 * box["height"], 7.0)
    turn(hand, beside, (0.4 * box["width"], -0.1 * box["height"]))
    page.wait_for_timeout(max(0.0, 1000 * (LASTS_S - (time.monotonic() - began))))


def find_ball(page: Any, hand: Hand, middle: Place) -> Place:
    """Move to the middle of the scene, beside which the legend is, until the ball there says that it can be dragged.

    Raises LookupError if no handle is there.
    """
    hand.go(middle, 1.0)
    for step in range(STEPS_TO_BALL):
        page.wait_for_timeout(HOVERED_MS)
        if page.locator(".apv-view[data-over=true]").count():
            return hand.at
        hand.go((middle[0] - STEP_PIXELS * (step + 1), middle[1]), 0.05)
    raise LookupError(f"no handle within {STEPS_TO_BALL * STEP_PIXELS:g} pixels of the middle of the view")


def turn(hand: Hand, at: Place, by: Place) -> None:
    """Turn the scene, from a place beside what is in it."""
    hand.go(at, 1.0)
    with hand.held():
        hand.go((at[0] + by[0], at[1] + by[1]), 5.0)


def number(page: Any, label: str, value: str) -> None:
    """Enter a number into a panel."""
    entry = page.get_by_label(label, exact=True)
    entry.fill(value)
    entry.press("Enter")


def evenly(frames: list[tuple[float, bytes]]) -> Iterator[bytes]:
    """Yield what was seen at each moment of the film, `FRAMES_PER_S` of them a second."""
    at = 0
    for moment in np.arange(0.0, LASTS_S, 1.0 / FRAMES_PER_S):
        while at + 1 < len(frames) and frames[at + 1][0] <= moment:
            at += 1
        yield frames[at][1]


def write(frames: list[tuple[float, bytes]], file: Path) -> None:
    """Write a film in H.264 that browsers play."""
    with av.open(str(file), "w", options={"movflags": "+faststart"}) as film:
        stream = film.add_stream("libx264", rate=FRAMES_PER_S, options={"preset": "slow", "profile": "high"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.bit_rate, stream.time_base = BIT_RATE, Fraction(1, FRAMES_PER_S)
        for data in evenly(frames):
            with Image.open(io.BytesIO(data)) as picture:
                shown = picture.convert("RGB").resize(SIZE)
            film.mux(stream.encode(av.VideoFrame.from_image(shown)))
        film.mux(stream.encode())


def main(file: Path) -> None:
    """Run the application, film it, and say how the film is."""
    application = str(ROOT / "examples" / "web" / "streamlines.py")
    with program(application, "--no-browser", "--side", "48") as server, browser() as chromium:
        page = chromium.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(link_of(server))
        page.wait_for_selector(PAINTED, timeout=1000 * DEADLINE_S)
        page.evaluate(POINTER)
        cast = Screencast(page)
        play(page)
        frames = cast.end()
    write(frames, file)
    print(f"{file}: {LASTS_S:g} s of {len(frames)} frames, {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "static" / "streamlines.mp4")
