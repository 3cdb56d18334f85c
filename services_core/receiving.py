"""Who receives: a thread of the backend, or in turn with it the thread of a service that has nothing else to do.

This is the pattern called leader/followers, with one follower at a time (docs/adr/0032). Neither side needs to know the
other: who holds the role of receiving says so on its own thread, and a service that gets work there finds it.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Protocol


class Follower(Protocol):
    """Who may take over receiving: a service's thread, which else would sleep until others bring it work."""

    ident: int
    """Its thread, as `threading.get_ident` names it."""

    @property
    def idle(self) -> bool:
        """Return whether its thread has nothing to do, or only what has just begun, and may receive at all."""

    def offer(self, role: ReceivingRole) -> None:
        """Take note that `role.lead(self)` takes the role, on the follower's thread. On any thread."""

    def wanted(self) -> bool:
        """Return whether it has work of its own, or is to end. Asked after each turn of receiving."""


class ReceivingRole(ABC):
    """The role of receiving for a backend: one thread at a time holds it, by default one of the backend's own.

    Work that a follower gets while it holds the role it begins itself, without a change of thread. Nobody holds the
    role then, for so short a time that nobody notices; if the work lasts, the backend's thread takes it again.
    """

    @abstractmethod
    def note_work(self, follower: Follower) -> None:
        """Note that work for this follower has arrived. By the holder, before the follower has it."""

    @abstractmethod
    def lead(self, follower: Follower) -> bool:
        """Hold the role until the follower is wanted; False at once if it is not offered, or not any more."""

    @abstractmethod
    def awaken(self) -> None:
        """Have the holder ask whether it is wanted. From any thread, never blocks."""

    @abstractmethod
    def give_up(self) -> None:
        """Say that this thread will wait, or ends: if it has left the role for its work, another takes it at once."""


_here = threading.local()


def role_here() -> ReceivingRole | None:
    """Return the role that this thread holds, or has left to do what it has received; None on all other threads."""
    return getattr(_here, "role", None)


def set_role_here(role: ReceivingRole | None) -> None:
    """Say which role this thread holds, or has left for its work. By those who implement it."""
    _here.role = role


def about_to_wait() -> None:
    """Say that this thread will wait for what others bring: it must not be the one that is to receive it."""
    role = role_here()
    if role is not None:
        role.give_up()
