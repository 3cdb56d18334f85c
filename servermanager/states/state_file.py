"""The whole state of a session as a readable file: saved, loaded again, written as a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from async_paraview.atomic_files import write_file

from ..model.proxy import SourceProxy
from ..scene import Scene
from .state_capture import capture_state
from .state_check import StateError, from_text
from .state_load import check_with_server, make, with_paths
from .state_script import to_script

__all__ = ["StateError", "capture_state", "from_text", "load", "save", "to_script", "to_text"]


def to_text(state: Mapping[str, Any]) -> str:
    """Return the text of a state file."""
    return json.dumps(state, indent=1, ensure_ascii=False) + "\n"


async def save(scene: Scene, path: str | Path, as_text: Callable[[Mapping[str, Any]], str]) -> None:
    """Write what there is now, as `as_text` puts it.

    Raises OSError, with the file that was there as it was, and as `capture_state`.
    """
    state = await capture_state(scene)
    await asyncio.get_running_loop().run_in_executor(None, lambda: _write(Path(path), as_text(state)))


def _write(path: Path, text: str) -> None:
    # half of a character, as in names of files that are no text, is written as \udcff
    write_file(path, text.encode("utf-8", "backslashreplace"))


async def load(scene: Scene, path: str | Path, paths: Mapping[str, str]) -> list[SourceProxy]:
    """See Session.load_state."""
    loop, where = asyncio.get_running_loop(), str(path)
    state = await loop.run_in_executor(None, lambda: from_text(Path(path).read_bytes(), where))
    state = with_paths(state, paths)
    await check_with_server(scene, state, where)
    return make(scene, state)
