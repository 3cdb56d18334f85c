"""What clients write, onto a disk that is full: `python -m tests.harness.full_disk_clients DISK MODE SHARES KIND...`.

As `full_disk`, for pictures, animations, states and scripts. MODE is "full" or "again", where there is room again
when a video is looked at; or a kind of `hindrances`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from async_paraview.credentials.private_files import write_private
from servermanager import Session, connect
from servermanager.views.animation import VideoFile
from services_core import ConfigurationError

from .full_disk import empty, fill, left_by
from .hindrances import hindered
from .saving import OLD

Write = Callable[[Session, Any, Path], Awaitable[object]]


def _video(suffix: str) -> Write:
    return lambda _session, view, place: view.save_animation(place / f"a.{suffix}", camera="orbit", count=40)


def _write_key(place: Path) -> None:
    try:
        write_private(place, "secret\n" * 1000)
    except ConfigurationError as error:
        raise OSError(str(error)) from error


KINDS: Final[dict[str, tuple[str, Write]]] = {
    "png": ("a.png", lambda _session, view, place: view.save_screenshot(place / "a.png")),
    "jpg": ("a.jpg", lambda _session, view, place: view.save_screenshot(place / "a.jpg")),
    "tif": ("a.tif", lambda _session, view, place: view.save_screenshot(place / "a.tif")),
    "state": ("a.json", lambda session, _view, place: session.save_state(place / "a.json")),
    "script": ("a.py", lambda session, _view, place: session.save_script(place / "a.py")),
    "frames": (
        "a_0000.png",
        lambda _session, view, place: view.save_animation(place / "a_%04d.png", camera="orbit", count=1),
    ),
    **{suffix: (f"a.{suffix}", _video(suffix)) for suffix in ("mp4", "mkv", "webm")},
    "key": ("a.key", lambda _session, _view, place: asyncio.to_thread(_write_key, place / "a.key")),
}
"""By kind: the file that is there at the end, and what writes it."""


async def main(disk: Path, mode: str, shares: list[float], kinds: list[str]) -> None:
    """Try each kind; see the module."""
    place = disk / "tried"
    place.mkdir()
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=(300, 200))
        for number in range(20):  # so that states take some pages
            session.show(session.sources.Sphere(Center=[number, 0, 0]), view)
        await view.screenshot()
        for kind in kinds:
            print(json.dumps({"extension": kind}), flush=True)
            name, write = KINDS[kind]
            await write(session, view, place)
            size = (place / name).stat().st_size
            for share in shares:
                empty(place)
                (place / name).write_bytes(OLD)
                if mode not in ("full", "again"):
                    with hindered(mode, disk, place / name):
                        outcome = await _outcome(write(session, view, place), None)
                        new = outcome == "refused" or (place / name).read_bytes() != OLD
                    told = {"outcome": outcome, **left_by(mode, place / name, outcome)}
                    print(json.dumps({**told, "harmed": told["harmed"] or not new}), flush=True)
                    continue
                fill(disk / "filler", int(share * size))
                outcome = await _outcome(write(session, view, place), disk / "filler" if mode == "again" else None)
                (disk / "filler").unlink(missing_ok=True)
                left = sorted(one.name for one in place.iterdir())
                harmed = outcome == "refused" and ((place / name).read_bytes() != OLD or left != [name])
                told = {"share": share, "size": size, "outcome": outcome, "harmed": harmed, "left": left}
                print(json.dumps(told), flush=True)
            empty(place)


async def _outcome(writing: Awaitable[object], freed: Path | None) -> str:
    """Return "refused", or that success was reported."""
    real = VideoFile.check

    def check(video: VideoFile) -> None:
        if freed is not None:
            freed.unlink()
        real(video)

    with patch.object(VideoFile, "check", check):
        try:
            await writing
        except OSError:
            return "refused"
    return "reported"


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], list(map(float, sys.argv[3].split(","))), sys.argv[4:]))
