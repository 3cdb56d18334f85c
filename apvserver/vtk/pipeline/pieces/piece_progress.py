"""What is told of an execution in pieces: one progress for all of them, and each message once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Final

from async_paraview.records import dataclass

from ...base.vtk_messages import Message
from ..progress import OnProgress, ProgressStep, State
from ..proxy import Proxy

OnMessage = Callable[[Message], None]
_OF_THE_WHOLE: Final = ("the result is empty", "DataSampler: none of the points", "DataSampler: the data has points")
"""Beginnings of what only counts if it is so of every piece."""


@dataclass(frozen=True)
class Told:
    """Who is told of progress and of messages; None: nobody."""

    on_progress: OnProgress | None = None
    on_message: OnMessage | None = None


@dataclass
class PieceProgress:
    """Makes of the progress of pieces that of a whole: `count` pieces, each in several parts."""

    outer: Told
    proxy: Proxy
    count: int
    _done: int = 0
    _part: int = 0
    _parts: int = 1
    _started: bool = False
    _said: set[Message] = field(default_factory=set)
    _of_all: dict[tuple[int, str], tuple[int, Message]] = field(default_factory=dict)

    @property
    def told(self) -> Told:
        """Return who executions of pieces tell."""
        return Told(self._on_progress, self._on_message)

    def begin_piece(self, parts: int) -> None:
        """Begin the next piece."""
        if self._started:
            self._done += 1
        self._part, self._parts = 0, parts
        self._tell(0.0, "running" if self._started else "started")
        self._started = True

    def next_part(self) -> None:
        """Tell that a part of a piece is done."""
        self._part += 1

    def end(self) -> None:
        """Tell that all is done, and what was said of all pieces."""
        for times, message in self._of_all.values():
            if self.outer.on_message is not None and times > self._done:
                self.outer.on_message(message)
        self._tell(1.0, "finished")

    def _on_progress(self, step: ProgressStep) -> None:
        state: State = "running" if step.state in ("started", "finished") else step.state
        self._tell(step.fraction or 0.0, state, step.silent_s)

    def _tell(self, fraction: float, state: State, silent_s: float = 0.0) -> None:
        if self.outer.on_progress is None or not self.count:
            return
        whole = (self._done + (self._part + fraction) / self._parts) / self.count
        total = 1.0 if state == "finished" else min(whole, 1.0)
        self.outer.on_progress(ProgressStep(self.proxy.id, self.proxy.type_name, total, state, silent_s))

    def _on_message(self, message: Message) -> None:
        begin = next((one for one in _OF_THE_WHOLE if message.text.startswith(one)), None)
        if begin is not None:
            key = message.proxy_id, begin
            self._of_all[key] = self._of_all.get(key, (0, message))[0] + 1, message
        elif message not in self._said and self.outer.on_message is not None:
            self._said.add(message)
            self.outer.on_message(message)
