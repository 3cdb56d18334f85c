"""What executes at this moment, and whether it still gives signs of life: for status lines and progress bars."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import field
from typing import Final

from async_paraview.records import dataclass

from ..streams import ProgressStep, ProgressStream
from .owner import SceneOwner

UNRESPONSIVE_S: Final = 10.0
"""An algorithm that has said nothing for so long is shown as unresponsive. It is not dead: many say nothing at all."""

_UNDER_WAY: Final = ("started", "running")


@dataclass(frozen=True, slots=True)
class Activity:
    """A proxy that executes. `fraction` is None, and a bar indeterminate, where VTK does not tell how far it is."""

    proxy: int
    name: str
    fraction: float | None
    began_s: float
    """When its first step arrived, by `time.monotonic`."""
    heard_s: float = field(compare=False)
    """When the algorithm itself said something last, by the same clock."""

    @property
    def elapsed_s(self) -> float:
        """Return for how many seconds it has been executing."""
        return time.monotonic() - self.began_s

    @property
    def silent_s(self) -> float:
        """Return for how many seconds nothing has been heard of the algorithm."""
        return time.monotonic() - self.heard_s

    @property
    def unresponsive(self) -> bool:
        """Return whether that is at least `UNRESPONSIVE_S`."""
        return self.silent_s >= UNRESPONSIVE_S


class ProgressObserver:
    """Follows the progress of a session, as a context: `async with ProgressObserver(session) as progress`.

    While it does, the states of the pipeline browser are those of all that executes, upstream and shown proxies
    included.
    """

    def __init__(self, session: SceneOwner) -> None:
        self._session = session
        self._executing: dict[int, Activity] = {}
        self._watchers: list[Callable[[ProgressStep], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._stream: ProgressStream | None = None

    @property
    def executing(self) -> tuple[Activity, ...]:
        """Return what executes now.

        The services execute proxies one after the other, so there is rarely more than one.
        """
        return tuple(self._executing.values())

    def activity(self, proxy: int) -> Activity | None:
        """Return what is known of a proxy by its id; None if it does not execute."""
        return self._executing.get(proxy)

    def watch(self, watcher: Callable[[ProgressStep], None]) -> None:
        """Have `watcher(step)` called for each step, after `executing` has changed."""
        self._watchers.append(watcher)

    def observe(self, step: ProgressStep) -> None:
        """Take a step into account."""
        self._session.scene.proxies.observe(step)
        if step.state in _UNDER_WAY:
            now_s, before = time.monotonic(), self._executing.get(step.proxy)
            began_s = now_s if before is None else before.began_s
            heard_s = now_s - step.silent_s
            self._executing[step.proxy] = Activity(step.proxy, step.name, step.fraction, began_s, heard_s)
        else:
            self._executing.pop(step.proxy, None)
        for watcher in list(self._watchers):
            watcher(step)

    def forget(self) -> None:
        """Forget what executes: nothing more is heard of it."""
        self._executing.clear()

    async def __aenter__(self) -> ProgressObserver:
        stream = self._stream = self._session.progress(standing=True)

        async def follow() -> None:
            async for step in stream:
                self.observe(step)

        self._task = asyncio.create_task(follow())
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Raise what ended the stream, ConnectionLost for example, unless something else is raised already."""
        task, stream = self._task, self._stream
        self._task = self._stream = None
        assert task is not None and stream is not None
        stream.close()  # here: a task that is cancelled before its first step closes nothing
        task.cancel()
        ended = (await asyncio.gather(task, return_exceptions=True))[0]
        self.forget()
        if exception[0] is None and isinstance(ended, Exception):
            raise ended
