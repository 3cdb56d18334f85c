"""The other ranks of a session, as rank 0 has them: interrupts go to them, and how far they are comes back."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable
from typing import Final

from .communicator import begin_mpi

LISTEN_S: Final = 0.02
"""So often it is looked whether ranks have told how far they are."""

Heard = Callable[[int, int, float], None]


class Crew:
    """Begins MPI in this process, which is rank 0: the others do the same meanwhile. Raises ServicesError."""

    def __init__(self) -> None:
        world = begin_mpi()
        self.size = world.size
        self.data = world.duplicate()
        """By which the data services of all ranks speak to each other."""
        self._control = world.duplicate()
        self.drawing = world.duplicate()
        """By which those who draw on all ranks speak to each other."""
        self.members = [(one[0], one[1]) for one in world.gather([os.getpid(), platform.node()])]
        """The process and the host of each rank."""
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def interrupt(self, number: int) -> None:
        """Have the other ranks stop what they execute for the order of that number. From any thread."""
        for rank in range(1, self.size):
            self._control.signal(rank, number)

    def listen(self, heard: Heard) -> None:
        """Call `heard(rank, number, fraction)` from now on, on a thread, when a rank tells how far it is."""
        self._thread = threading.Thread(target=self._listen, args=[heard], name="ranks", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Have the other ranks end. The services have ended before: nobody else gives orders."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self.data.broadcast({"number": 0, "do": "end"})
        self.drawing.broadcast({"do": "end"})

    def _listen(self, heard: Heard) -> None:
        while not self._ended.wait(LISTEN_S):
            for rank, number, fraction in self._control.heard():
                heard(rank, number, fraction)
