"""How a process that serves many lets each have its turn: at the interpreter, and with Python's search for cycles."""

from __future__ import annotations

import gc
import sys
import threading
from typing import Final

EVERY_S: Final = 30.0
"""So often, at most, everything is looked through: it takes 0.1 s while one client has all that it may under way."""

SWITCH_S: Final = 0.0005
"""How long a thread may keep the interpreter while others want it: those that serve are among them."""

_NEVER: Final = 1 << 30


def take_short_turns() -> None:
    """Have the threads of this process wait for each other for SWITCH_S at most, where they are in Python."""
    sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_S))


class SeldomCollecting:
    """Has everything looked through on a thread of its own, until it is closed, and not whenever much was made.

    By itself Python does that each time objects have become a quarter more, and everybody waits meanwhile: one client
    that floods the server makes that happen several times a second. What is there already is never looked at again:
    modules and what they hold stay. The search among what is young goes on as usual; it takes a millisecond.
    """

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._closed = threading.Event()
        self._before = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(self._before[0], self._before[1], _NEVER)
        self._thread = threading.Thread(target=self._run, name="collecting", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, and let Python do as it did before."""
        self._closed.set()
        self._thread.join()
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def _run(self) -> None:
        while not self._closed.wait(self._every_s):
            if gc.get_count()[2] >= self._before[2]:  # as many searches among what is young as Python itself waits for
                gc.collect()
