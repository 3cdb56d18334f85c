"""Undo and redo of changes of properties, creations and deletions. Local; what changes goes to the server as usual."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from services_core import ServicesError

from .proxy import Proxy

MOST_STEPS: Final = 200
"""How many steps are remembered."""


class Existing(Protocol):
    """A scene, in which proxies are made and deleted again."""

    def take_out(self, proxy: Proxy) -> Any:
        """Delete a proxy; returns what there was of it, for `revive`. Raises ValueError if others depend on it."""

    def revive(self, proxy: Proxy, remains: Any = None) -> None:
        """Make a deleted proxy again, as it was."""

    def update_vtk_objects(self) -> None:
        """Tell the server what was changed."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One thing that was done, and how to do it back and again."""

    back: Callable[[], object]
    again: Callable[[], object]
    about: tuple[int, str] | None = None
    """The number of a proxy, and the name of its property; "" of its being there."""

    def reversed(self) -> _Change:
        """What takes it back, and how to do that back and again."""
        return _Change(self.again, self.back, self.about)


class _Existence:
    """A proxy that is made and deleted in turn: what was there when it was deleted is there again."""

    def __init__(self, scene: Existing, proxy: Proxy, remains: Any = None) -> None:
        self._scene = scene
        self._proxy = proxy
        self._remains = remains

    def delete(self) -> None:
        """Delete the proxy. Raises ValueError if others depend on it."""
        self._remains = self._scene.take_out(self._proxy)

    def revive(self) -> None:
        """Make it again."""
        self._scene.revive(self._proxy, self._remains)
        self._remains = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one undo takes back."""

    label: str
    changes: tuple[_Change, ...]


class UndoStack:
    """Remembers what was done to the proxies of a session.

    A change of a property is a step of its own, unless a group encloses it: then all of the group is one step.
    """

    def __init__(self, scene: Existing) -> None:
        self._scene = scene
        self._done: deque[Step] = deque(maxlen=MOST_STEPS)
        self._undone: list[Step] = []
        self._open: list[_Change] | None = None
        self._replaying = False

    @property
    def labels(self) -> tuple[str, ...]:
        """What can be undone, the oldest first."""
        return tuple(step.label for step in self._done)

    @contextmanager
    def group(self, label: str) -> Iterator[None]:
        """Make one step of all that is changed inside. A group inside a group belongs to the outer one."""
        if self._open is not None:
            yield
            return
        self._open = []
        try:
            yield
        finally:
            changes, self._open = self._open, None
            if changes:
                self._push(Step(label, tuple(changes)))

    @contextmanager
    def all_or_nothing(self, label: str) -> Iterator[None]:
        """A group of which nothing stays, here and on the server, if the block raises."""
        with self.group(label):
            assert self._open is not None
            changes, before = self._open, len(self._open)
            try:
                yield
            except BaseException:
                taken_back = changes[before:]
                del changes[before:]
                self._take_back(taken_back)
                raise

    def undo(self) -> str | None:
        """Take the last step back, here and on the server; returns its label, None if there is none.

        All of it or, if something of it cannot be taken back, nothing: then it raises, and the step stays. Raises also
        what `Session.update_vtk_objects` does, Busy for instance: then it is taken back here, and told by a later call.
        """
        if not self._done:
            return None
        step = self._done[-1]
        self._replay([change.reversed() for change in reversed(step.changes)])
        self._undone.append(self._done.pop())
        self._scene.update_vtk_objects()
        return step.label

    def redo(self) -> str | None:
        """Do again what was undone last; returns its label, None if there is nothing. Raises as `undo` does."""
        if not self._undone:
            return None
        step = self._undone[-1]
        self._replay(step.changes)
        self._done.append(self._undone.pop())
        self._scene.update_vtk_objects()
        return step.label

    def clear(self) -> None:
        """Forget all steps."""
        self._done.clear()
        self._undone.clear()

    # --- what turns out to be otherwise

    @contextmanager
    def aside(self) -> Iterator[list[_Change]]:
        """Have what is changed inside be no step; gives the changes, for `replace`."""
        outer, self._open = self._open, []
        try:
            yield self._open
        finally:
            self._open = outer

    def replace(self, about: tuple[int, str], changes: Sequence[_Change] | None = None) -> None:
        """Have other changes in the place of that one, or none; steps that have none left are gone.

        What is changed of other proxies comes before the proxy was made, if the property was set then.
        """

        def revised(old: _Change) -> list[_Change]:
            new = list(changes or ())
            if old.about == about:
                return [_Change(old.back, one.again, about) if one.about == about else one for one in new]
            if old.about == (about[0], "") and changes:
                return [*(one for one in new if one.about != about), old]
            return [old]

        target = about if self._has(about) else (about[0], "")
        self._revise(lambda old: revised(old) if old.about == target else [old])

    def forget(self, id_: int) -> None:
        """Forget all that was done to a proxy."""
        self._revise(lambda old: [] if old.about is not None and old.about[0] == id_ else [old])

    def _has(self, about: tuple[int, str]) -> bool:
        there = [*(self._open or ()), *(one for step in (*self._done, *self._undone) for one in step.changes)]
        return any(one.about == about for one in there)

    def _revise(self, revised: Callable[[_Change], list[_Change]]) -> None:
        if self._open is not None:
            self._open[:] = [one for old in self._open for one in revised(old)]
        for steps in (self._done, self._undone):
            new = [Step(step.label, tuple(one for old in step.changes for one in revised(old))) for step in steps]
            steps.clear()
            steps.extend(step for step in new if step.changes)

    # --- told by the session

    def done(self, label: str, back: Callable[[], object], again: Callable[[], object]) -> None:
        """Something else was done, or is about to be: how to take it back, and how to do it again."""
        self._add(label, back, again)

    def property_changed(self, proxy: Proxy, name: str, before: Any, after: Any) -> None:
        """A property was set."""
        self._add(
            f"set {proxy.type_name}.{name}",
            lambda: proxy.restore(name, before),
            lambda: proxy.restore(name, after),
            (proxy.id, name),
        )

    def created(self, proxy: Proxy) -> None:
        """A proxy was made."""
        existence = _Existence(self._scene, proxy)
        self._add(f"create {proxy.type_name}", existence.delete, existence.revive, (proxy.id, ""))

    def deleted(self, proxy: Proxy, remains: object) -> None:
        """A proxy was deleted, and what there was of it."""
        existence = _Existence(self._scene, proxy, remains)
        self._add(f"delete {proxy.type_name}", existence.revive, existence.delete, (proxy.id, ""))

    def _add(
        self,
        label: str,
        back: Callable[[], object],
        again: Callable[[], object],
        about: tuple[int, str] | None = None,
    ) -> None:
        if self._replaying:
            return
        if self._open is not None:
            self._open.append(_Change(back, again, about))
        else:
            self._push(Step(label, (_Change(back, again, about),)))

    def _push(self, step: Step) -> None:
        self._done.append(step)
        self._undone.clear()

    def _take_back(self, changes: list[_Change]) -> None:
        self._replaying = True
        try:
            for change in reversed(changes):
                with suppress(ServicesError):  # the server that cannot be told has lost it all, or was never told
                    change.back()
        finally:
            self._replaying = False

    def _replay(self, changes: Sequence[_Change]) -> None:
        done: list[_Change] = []
        self._replaying = True
        try:
            for change in changes:
                change.again()
                done.append(change)
        except BaseException:
            for change in reversed(done):
                change.back()
            raise
        finally:
            self._replaying = False
