"""Files that a client writes appear when they are complete; a full disk leaves what was there before."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from servermanager import connect

from ..harness.apvtest import in_loop, pixels

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and limits of files are POSIX's")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may become larger than 16 bytes."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@POSIX
@in_loop
async def test_a_full_disk_destroys_nothing(tmp_path: Path) -> None:
    names = ("scene.json", "scene.py", "picture.png", "picture.jpg", "frame_0000.png", "turn.mp4")
    for name in names:
        (tmp_path / name).write_text("as it was")
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=(40, 30))
        session.show(session.sources.Sphere(), view)
        await view.screenshot()
        writers: list[tuple[Callable[[], Awaitable[object]], str]] = [
            (lambda: session.save_state(tmp_path / "scene.json"), "scene.json"),
            (lambda: session.save_script(tmp_path / "scene.py"), "scene.py"),
            (lambda: view.save_screenshot(tmp_path / "picture.png"), "picture.png"),
            (lambda: view.save_screenshot(tmp_path / "picture.jpg"), "picture.jpg"),
            (lambda: view.save_animation(tmp_path / "frame_%04d.png", camera="orbit", count=2), "frame_0000.png"),
        ]
        with full_disk():
            for write, name in writers:
                with pytest.raises(OSError, match=name.replace(".", r"\.")):
                    await write()
        if _has_video():
            with full_disk(), pytest.raises(OSError, match=r"turn\.mp4"):
                await view.save_animation(tmp_path / "turn.mp4", camera="orbit", count=2)
        assert _contents(tmp_path) == dict.fromkeys(names, "as it was")
        await view.save_screenshot(tmp_path / "picture.png")
        assert pixels(tmp_path / "picture.png").shape == (30, 40, 3)


def _contents(directory: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in directory.iterdir()}


def _has_video() -> bool:
    try:
        import av  # noqa: F401
    except ImportError:
        return False
    return True


@in_loop
async def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        with pytest.raises(FileNotFoundError, match=r"scene\.json cannot be written: there is no directory .*nowhere"):
            await session.save_state(tmp_path / "nowhere" / "scene.json")
