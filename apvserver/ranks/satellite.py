"""The program of every rank but the first: it follows rank 0 until that ends. Started by a launcher, not by hand."""

from __future__ import annotations

import logging
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from services_core import ServicesError

from .. import activity
from ..log_format import begin_log
from ..settings import Settings, adopt
from .communicator import Communicator, begin_mpi
from .kept_pieces import KeptPieces

_log = logging.getLogger(__name__)

LOOK_S: Final = 0.001
"""So often it is looked whether rank 0 interrupts, while something executes; else less often."""
IDLE_LOOK_S: Final = 0.02
TELL_S: Final = 0.1
"""So often rank 0 is told how far an execution is."""


def run(told: Mapping[str, Any]) -> int:
    """Run until rank 0 ends. Returns the exit code."""
    settings = Settings.from_dict(told["settings"])
    begin_log(settings.log_level, settings.log_format, program="worker", text="rank %(process)d %(name)s: %(message)s")
    adopt(settings)
    activity.keep_in(Path(tempfile.mkdtemp(prefix="apv-rank-", dir=told.get("directory"))))
    try:
        world = begin_mpi()
    except ServicesError as error:
        sys.stderr.write(f"apvserver: {error}\n")
        return 1
    data, control, drawing = world.duplicate(), world.duplicate(), world.duplicate()
    world.gather([os.getpid(), platform.node()])
    try:
        Satellite(data, control, drawing).run()
    except Exception:
        _log.exception("rank %d of %d cannot go on, and ends", world.rank, world.size)
        sys.stderr.flush()
        os._exit(1)  # not by way of MPI's end, which would wait for the others
    return 0


class Satellite:
    """One rank: its thread that executes, one that listens for interrupts meanwhile, and one that draws."""

    def __init__(self, data: Communicator, control: Communicator, drawing: Communicator) -> None:
        self._data = data
        self._drawing = drawing
        self._kept = KeptPieces()
        self._control = control
        self._busy = False
        self._ended = threading.Event()
        self._told_s = 0.0

    def run(self) -> None:
        """Follow orders until one says that it is over."""
        from ..vtk import find_libraries

        find_libraries()
        from ..data.drawn_pieces import give_surface
        from ..data.follower import Follower
        from ..render.pieces_follower import PiecesFollower  # all of it here: threads do not import VTK side by side
        from ..vtk.base.threads import yield_to_others

        follower = Follower(self._data, self._tell, self._kept)
        listener = threading.Thread(target=self._listen, args=[follower.stop], name="interrupts", daemon=True)
        listener.start()
        drawing = PiecesFollower(self._drawing, self._kept, give_surface)
        drawer = threading.Thread(target=self._draw, args=[drawing.follow], name="drawing", daemon=True)
        drawer.start()
        yield_to_others()  # as rank 0's thread that executes does; the threads above keep what they have
        try:
            while (order := self._data.broadcast())["do"] != "end":
                self._busy = True
                follower.follow(order)
                self._busy = False
        finally:
            self._ended.set()
            listener.join()
        drawer.join()  # it is told to end as well
        follower.close()

    def _draw(self, follow: Callable[[], None]) -> None:
        """Follow the orders of who draws on rank 0. Ends the process, and with it the session, if that cannot be."""
        try:
            follow()
        except Exception:
            _log.exception("rank %d of %d can draw no more, and ends", self._drawing.rank, self._drawing.size)
            sys.stderr.flush()
            os._exit(1)

    def _tell(self, number: int, fraction: float) -> None:
        now = time.monotonic()
        if now - self._told_s >= TELL_S:
            self._told_s = now
            self._control.signal(0, number, fraction)

    def _listen(self, stop: Callable[[int], None]) -> None:
        while not self._ended.wait(LOOK_S if self._busy else IDLE_LOOK_S):
            for _, number, _ in self._control.heard():
                stop(number)
