"""The state of a session, kept beside it: should its server end, another session gets what was in this one."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from services_core import ServicesError

from .owner import WorkSession

REST_S: Final = 1.0
"""A state is looked at when nothing has changed for so long."""


class Keeper:
    """Has `keep` take the state of a session as a file, after changes. Belongs to the loop; `close` ends it."""

    def __init__(self, session: WorkSession, keep: Callable[[bytes], Awaitable[None]]) -> None:
        self._session = session
        self._keep = keep
        self._handle: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def changed(self) -> None:
        """Note that something has changed."""
        if self._closed:
            return
        if self._handle is not None:
            self._handle.cancel()
        self._handle = asyncio.get_running_loop().call_later(REST_S, self._look)

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        if self._handle is not None:
            self._handle.cancel()
        if self._looking is not None:
            self._looking.cancel()

    def _look(self) -> None:
        if self._looking is not None and not self._looking.done():
            self.changed()  # the state is being asked for: later once more
        elif self._session.connection.kind == "connected":
            self._looking = asyncio.get_running_loop().create_task(self._save())

    async def _save(self) -> None:
        try:
            await self._keep(await state_of(self._session))
        except (ServicesError, OSError, ValueError):
            self.changed()  # what was refused is being taken back, or the link is down: the one before is kept


async def state_of(session: WorkSession) -> bytes:
    """Return the state of a session, as a file has it. Raises as `Session.save_state`."""
    with tempfile.TemporaryDirectory(prefix="async-paraview-") as directory:
        path = Path(directory) / "state.json"
        await session.save_state(path)
        return path.read_bytes()


async def load_state(session: WorkSession, state: bytes) -> None:
    """Make what a state describes. Raises as `Session.load_state`."""
    with tempfile.TemporaryDirectory(prefix="async-paraview-") as directory:
        path = Path(directory) / "state.json"
        path.write_bytes(state)
        await session.load_state(path)


def views_in(state: bytes) -> list[int]:
    """Return the numbers that the views had which a state of `state_of` describes, in the order in which they are made.

    None of what is no such state.
    """
    try:
        return [int(one["id"]) for one in json.loads(state)["views"]]
    except (ValueError, KeyError, TypeError):
        return []
