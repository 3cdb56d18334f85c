"""The role of receiving: held by the communication thread, lent to a service's thread while that is idle."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from services_core.receiving import Follower, ReceivingRole, set_role_here

LENDS: Final = sys.platform != "win32"
"""There a wait of 2 ms takes up to 16: for so long nobody would receive when work lasts."""

STREAK: Final = 8
"""So many times in a row one service alone got work, and was idle, until its thread may receive."""

MOST_STREAK: Final = 512
"""If it has to be taken back soon the streak has to be twice as long the next time, up to this."""

WORTHWHILE: Final = 64
"""After so much work that was begun without a change of thread it did not have to be taken back soon."""

LEFT_S: Final = 1.5e-3
"""So long a follower may work until the communication thread receives again: an interruption waits for it."""

HAND_OVER_S: Final = 1e-3
"""So long a follower waits for the role that it was offered."""

GUARD_S: Final = 5e-3
"""After so long the communication thread wakes a follower again that is to let go of the role."""

QUIET_LOOKS: Final = 20
"""After so many looks without any work the communication thread sleeps until the follower leaves for the next."""


class Turns(Protocol):
    """Whose role it is."""

    def turn(self, *, wait: bool) -> None:
        """Receive what is there, waiting for something if there is nothing, and make the calls that were posted."""

    def awaken(self) -> None:
        """End the wait of that turn. From any thread, never blocks."""

    @property
    def called(self) -> bool:
        """Return whether it was awakened for calls, and they are not made yet."""


class LentRole(ReceivingRole):
    """See ReceivingRole. There are three states: the communication thread holds it; a follower does; or it is away.

    Away it is while the follower is at work. The communication thread then stands by, and takes the role back when it
    has been away for too long, or is withdrawn: because others get work, or have posted a call.

    Each of the two looks at what the other sets after it has set its own (docs/architecture.md, "Handing over without a
    lock"): who posts a call looks whether the role is away, and the follower, when it is, whether a call was posted.
    """

    def __init__(self, turns: Turns, *, lends: bool = LENDS) -> None:
        self._turns = turns
        self._lends = lends
        self._held = threading.Lock()
        self._holder = 0  # the thread that holds it; 0 while it is away
        self._responsible = 0  # the thread that holds it, or has left it and is expected back
        self._away = False
        self._left_at = 0.0
        self._left = 0  # so often it was left
        self._left_before = 0  # when it was offered
        self._dozing = False
        self._nudges: SimpleQueue[None] = SimpleQueue()
        self._offered: Follower | None = None
        self._candidate = 0
        self._streak = 0
        self._needed = STREAK

    def is_current(self) -> bool:
        """Return whether the caller holds the role."""
        return threading.get_ident() == self._holder

    # --- what others do meanwhile

    def note_call(self) -> None:
        """Have a call that was posted made soon. On the thread that posted it, after it did."""
        if threading.get_ident() == self._responsible:
            return  # it makes it itself, before it waits: now, or when it comes back from its work
        if not self._away:
            self._turns.awaken()
            if not self._turns.called:
                return  # it is made already
        if self._is_away():  # still, or it was left at this moment
            self._withdraw()

    def awaken(self) -> None:
        """See ReceivingRole.awaken."""
        self._turns.awaken()

    # --- by the communication thread

    def take(self) -> None:
        """Hold the role: at the beginning, and again after it was lent."""
        self._held.acquire()
        self._taken()

    @property
    def offered(self) -> bool:
        """Return whether it is to be lent: `stand_by` does that."""
        return self._offered is not None

    def stand_by(self) -> None:
        """Let the follower hold the role, until it is withdrawn or was away for too long; then hold it again."""
        self._leave()
        self._watch()
        self._offered, self._streak = None, 0
        if not self._held.acquire(blocking=False):
            self._turns.awaken()
            while not self._held.acquire(timeout=GUARD_S):  # it looks after each turn whether it is still offered
                self._turns.awaken()
        self._taken()
        while not self._nudges.empty():
            self._nudges.get()

    def end(self) -> None:
        """Lend it no more. By the holder."""
        self._lends = False
        self._withdraw()

    def _watch(self) -> None:
        seen, quiet = self._left, 0
        while self._offered is not None:
            wait_s = LEFT_S
            if self._away and (wait_s := self._left_at + LEFT_S - time.monotonic()) <= 0:
                self._distrust()
                return
            self._dozing = quiet >= QUIET_LOOKS
            if self._dozing and not self._away:  # in this order: who leaves looks whether it dozes
                self._nudges.get()
            else:
                with contextlib.suppress(Empty):
                    self._nudges.get(timeout=wait_s)
            self._dozing = False
            quiet = quiet + 1 if self._left == seen else 0
            seen = self._left

    def _distrust(self) -> None:
        """Have the streak be longer the next time, if the follower was too long at its work soon after it had begun."""
        worthwhile = self._left - self._left_before >= WORTHWHILE
        self._needed = STREAK if worthwhile else min(2 * self._needed, MOST_STREAK)

    # --- by the holder

    def note_work(self, follower: Follower) -> None:
        """See ReceivingRole.note_work."""
        if follower is self._offered or threading.get_ident() != self._holder:
            return
        if self._offered is not None:
            self._withdraw()
        if not self._lends or follower.ident != self._candidate or not follower.idle:
            self._candidate, self._streak = follower.ident, 0
            return
        self._streak += 1
        if self._streak >= self._needed:
            self._left_before = self._left
            self._offered = follower
            follower.offer(self)

    # --- by the follower

    def lead(self, follower: Follower) -> bool:
        """See ReceivingRole.lead."""
        if follower is not self._offered:
            set_role_here(None)
            return False
        if not self._held.acquire(timeout=HAND_OVER_S):
            set_role_here(None)
            self._withdraw()
            return False
        self._taken()
        try:
            self._take_turns(follower)
        finally:
            self._leave()
        return True

    def _take_turns(self, follower: Follower) -> None:
        turn = self._turns.turn
        while follower is self._offered:
            wanted = follower.wanted()
            turn(wait=not wanted)  # also if it is wanted at once: no socket waits for the end of all its work
            if wanted or follower.wanted():
                return

    def give_up(self) -> None:
        """See ReceivingRole.give_up."""
        if self._away and threading.get_ident() == self._responsible:
            self._distrust()
            self._withdraw()

    # --- inside

    def _taken(self) -> None:
        self._holder = self._responsible = threading.get_ident()
        self._away = False  # before it is looked which calls were posted
        set_role_here(self)

    def _is_away(self) -> bool:
        """Return whether the role is away now, whatever it was a moment ago."""
        return self._away

    def _leave(self) -> None:
        """Let go of the role, and see that what others want of it meanwhile is not left behind."""
        self._holder = 0
        self._left_at = time.monotonic()
        self._left += 1
        self._away = True
        self._held.release()
        if self._turns.called:
            self._withdraw()
        elif self._dozing:
            self._dozing = False
            self._nudges.put(None)

    def _withdraw(self) -> None:
        """Have the communication thread take the role again. From any thread."""
        if self._offered is not None:
            self._offered = None
            self._streak = 0
            self._nudges.put(None)
