"""`apvpython doctor`: tries a server as a client does, over any way that leads to it, and times each step."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import platform
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from async_paraview.programs import parsed
from services_core import PROTOCOL_VERSION, ServicesError, __version__

EPILOG: Final = """\
examples:
  apvpython doctor                                  a session on threads of this process
  apvpython doctor --server-url auto                the newest server of this user on this machine
  apvpython doctor --server-url ssh://bigmachine    a server that is started there

What the server's machine has is told by apvserver doctor, there. The report names no host; the exit code is 0 if
nothing failed, else 1.
"""

SIZE: Final = (80, 60)
REQUESTS: Final = 20


class Surprise(Exception):
    """A step was answered, but not as it must be."""


def run(arguments: Sequence[str]) -> int:
    """Print the report, line by line as it is made. Returns the exit code."""
    made = argparse.ArgumentParser(
        prog="apvpython doctor",
        description="Try a session as a client does, and print a report to paste.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "--server-url", "--url", metavar="URL", help="as for connect(); without: APV_SERVER_URL, or built in"
    )
    told = parsed(made, arguments)
    _tell("ok", "async-paraview", f"{__version__}, protocol {'.'.join(map(str, PROTOCOL_VERSION))}")
    _tell("ok", "Python", f"{platform.python_version()} ({platform.python_implementation()}), {platform.platform()}")
    failed = asyncio.run(_failed(told.server_url))
    print("\nthis failed; what stands beside it says why" if failed else "\nnothing failed")
    return 1 if failed else 0


async def _failed(url: str | None) -> bool:
    """Try one step after the other. Returns whether one of them failed, after which there is no other."""
    from servermanager import connect  # late: --help answers without it

    trial = _Trial()
    steps: list[tuple[str, Callable[[], Awaitable[str]]]] = [
        ("session opened", lambda: trial.open(connect(url))),
        ("filter executed", trial.execute),
        ("data fetched", trial.fetch),
        ("picture drawn", trial.draw),
        ("image streamed", trial.watch),
        ("requests", trial.ask),
        ("session closed", trial.close),
    ]
    try:
        for what, step in steps:
            begun = time.perf_counter()
            try:
                seen = await step()
            except (ServicesError, Surprise) as error:
                _tell("FAILED", what, str(error))
                return True
            _tell("ok", what, f"{(time.perf_counter() - begun) * 1e3:7.1f} ms  {seen}".rstrip())
    finally:
        await trial.close()
    return False


class _Trial:
    """The steps, in their order. Each returns what is to be told of it."""

    def __init__(self) -> None:
        self._session: Any = None
        self._sphere: Any
        self._view: Any

    async def open(self, connecting: Awaitable[Any]) -> str:
        self._session = await connecting
        about = self._session.about
        return f"server {about['version']}, backend {about['backend']}"

    async def execute(self) -> str:
        self._sphere = self._session.sources.SphereSource(ThetaResolution=16)
        points = (await self._sphere.update_pipeline()).number_of_points
        if points != 98:
            raise Surprise(f"a sphere of 98 points has {points}")
        return "SphereSource"

    async def fetch(self) -> str:
        data = await self._sphere.fetch()
        if data.number_of_points != 98:
            raise Surprise(f"a sphere of 98 points has {data.number_of_points} here")
        return f"{data.number_of_points} points"

    async def draw(self) -> str:
        self._view = self._session.views.RenderView(ViewSize=list(SIZE))
        self._session.show(self._sphere, self._view, Color=[1.0, 0.0, 0.0])
        pixels = (await self._view.screenshot()).pixels
        red, green, blue = pixels[SIZE[1] // 2, SIZE[0] // 2, :3].tolist()
        if not (red > 120 and green < 60 and blue < 60):
            raise Surprise(f"the middle of a red sphere is drawn in the color ({red}, {green}, {blue})")
        mean = ", ".join(f"{part:.1f}" for part in pixels[..., :3].mean(axis=(0, 1)).tolist())
        digest = hashlib.sha256(pixels[..., :3].tobytes()).hexdigest()[:12]
        return f"{SIZE[0]} x {SIZE[1]}, mean color ({mean}), sha256 {digest}"

    async def watch(self) -> str:
        async with self._view.images() as images:
            self._view.reset_camera("-X")
            image = await anext(images)
            return f"{image.width} x {image.height}"

    async def ask(self) -> str:
        times = []
        for _ in range(REQUESTS):
            begun = time.perf_counter()
            await self._sphere.update_pipeline()
            times.append((time.perf_counter() - begun) * 1e3)
        return f"{REQUESTS} of them, {statistics.median(times):.2f} ms each, {max(times):.2f} ms the longest"

    async def close(self) -> str:
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        return ""


def _tell(verdict: str, what: str, seen: str) -> None:
    first, *others = seen.splitlines() or [""]
    print(
        "\n".join([f"{verdict:<6} {what:<22} {first}", *(f"{'':<30}{other.strip()}" for other in others)]), flush=True
    )
