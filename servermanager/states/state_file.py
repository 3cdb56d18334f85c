"""The whole state of a session as a readable file: saved, loaded again, written as a script."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from async_paraview.atomic_files import write_file

from ..scene import Scene
from .paraview.report import LoadedState, Report, StateWarning
from .state_capture import capture_state
from .state_check import StateError, from_text

if TYPE_CHECKING:
    from .paraview.files import Paths

__all__ = ["StateError", "capture_state", "from_text", "load", "save", "to_script", "to_text"]


def to_text(state: Mapping[str, Any]) -> str:
    """Return the text of a state file."""
    return json.dumps(state, indent=1, ensure_ascii=False) + "\n"


def to_script(state: Mapping[str, Any]) -> str:
    """Return the text of a script that makes what the state has."""
    from .state_script import to_script  # late, as `_import_paraview` is

    return to_script(state)


def _import_paraview() -> None:
    """Import what reads and writes states of ParaView, on a thread: few programs do, and a loop is not to wait."""
    from . import state_load  # noqa: F401  so that it is there
    from .paraview import reading, writing  # noqa: F401  as above


async def save_for_paraview(scene: Scene, path: str | Path, *, partial: bool) -> None:
    """Write what there is now as a state of ParaView, executing what is out of date. See Session.save_state."""
    state = await capture_state(scene)
    await asyncio.get_running_loop().run_in_executor(None, _import_paraview)
    from .paraview.writing import Writer

    writer = Writer(scene, state, partial=partial)
    text = await writer.written()
    await asyncio.get_running_loop().run_in_executor(None, lambda: _write(Path(path), text))
    if parts := writer.report.parts():
        lines = "\n".join(map(str, parts))
        warnings.warn(f"{path}: {len(parts)} parts have no place in ParaView:\n{lines}", StateWarning, stacklevel=3)


async def save(scene: Scene, path: str | Path, as_text: Callable[[Mapping[str, Any]], str]) -> None:
    """Write what there is now, as `as_text` puts it.

    Raises OSError, with the file that was there as it was, and as `capture_state`.
    """
    state = await capture_state(scene)
    await asyncio.get_running_loop().run_in_executor(None, lambda: _write(Path(path), as_text(state)))


def _write(path: Path, text: str) -> None:
    # half of a character, as in names of files that are no text, is written as \udcff
    write_file(path, text.encode("utf-8", "backslashreplace"))


async def load(scene: Scene, path: str | Path, paths: Paths, *, partial: bool) -> LoadedState:
    """See Session.load_state."""
    loop, where = asyncio.get_running_loop(), str(path)
    await loop.run_in_executor(None, _import_paraview)
    from .paraview.files import beginnings
    from .paraview.reading import translated
    from .paraview.xml_state import is_paraview
    from .state_load import check_with_server, make, with_paths

    text = await loop.run_in_executor(None, Path(path).read_bytes)
    report = Report()
    if is_paraview(text):
        state, report = await translated(scene, text, where, paths, partial=partial)
    else:
        state = await loop.run_in_executor(None, from_text, text, where)
        state = with_paths(state, beginnings(paths))
    await check_with_server(scene, state, where)
    made = LoadedState(make(scene, state), report.parts())
    if made.not_understood:
        told = f"{where}: {len(made.not_understood)} parts were not understood:\n{made.report()}"
        warnings.warn(told, StateWarning, stacklevel=3)
    return made
