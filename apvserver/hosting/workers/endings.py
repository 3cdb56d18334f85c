"""How a worker ended, said for people, and what of it is to be blamed for it: plain functions."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any, Final

from async_paraview.records import dataclass

from ...activity import Activity
from ...memory import OTHER_EXCEPTION
from ...ranks.launching import LostRank

_FROM_OUTSIDE: Final = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""Signals that a process does not bring upon itself by what it executes."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How one worker ended: its exit code, negative for a signal, None if nobody knows; and what it was at.

    Ends for want of memory have their reason from `memory.memory_reason`.
    """

    code: int | None
    activities: tuple[Activity, ...] = ()
    reason: str = ""
    """What whoever ended it says, in place of what the code says: words that follow "the worker process"."""
    by_what_it_executed: bool | None = None
    """Whether what it was at is to blame for it; None: as the code says."""
    lost: LostRank | None = None
    """The rank whose death ended the others."""

    @property
    def is_own_fault(self) -> bool:
        """Return whether it ended by what it executed: then that would end the next worker, too."""
        if self.by_what_it_executed is not None:
            return self.by_what_it_executed
        return not self.reason and self.code is not None and signal_name(self.code) not in _FROM_OUTSIDE

    def suspects(self, before: Ending | None) -> tuple[Activity, ...]:
        """Return what is not to be executed again by itself.

        After a death from outside that is what was executing at the death before as well.
        """
        if self.is_own_fault:
            return self.activities
        return tuple(one for one in self.activities if before is not None and one in before.activities)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        name = None if self.code is None else signal_name(self.code)
        found = {"code": self.code, "signal": name, "activities": [one.to_dict() for one in self.activities]}
        lost = self.lost
        return found if lost is None else {**found, "peer": {"rank": lost.rank, "pid": lost.pid, "host": lost.host}}


def ending_of_rank(lost: LostRank, ranks: int, activities: tuple[Activity, ...]) -> Ending:
    """Return how a session's processes ended of which one has died by itself, and the others were ended for that."""
    reason = (
        f"has lost a rank (PeerDied): rank {lost.rank} of {ranks}, process {lost.pid} on {lost.host}, "
        f"{_of_code(lost.code)}"
    )
    own_fault = signal_name(lost.code) not in _FROM_OUTSIDE
    return Ending(lost.code, activities, reason=reason, by_what_it_executed=own_fault, lost=lost)


def how_it_ended(ending: Ending) -> str:
    """Return it in words that follow "the worker process of this session"."""
    return f"{ending.reason or _of_code(ending.code)}{_while(ending.activities)}"


def signal_name(code: int) -> str | None:
    """Return the name of the signal that an exit code stands for, None if it is none."""
    if code >= 0:
        return None
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _of_code(code: int | None) -> str:
    if code is None:
        return "has ended, and how is not known: the process that could tell has ended, too"
    if code == OTHER_EXCEPTION:
        return "was ended by an exception of C++ that nothing has caught"
    name = signal_name(code)
    return f"was ended by {name}" if name else f"ended with exit code {code}"


def _while(activities: Sequence[Activity]) -> str:
    return f", while {' and '.join(one.what for one in activities)}" if activities else ""
