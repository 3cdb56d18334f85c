"""Undo and redo: changes of properties, creations and deletions, of proxies of all kinds. Local, as those are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from async_paraview.displays import table
from services_core import ServicesError

from .holding.set_properties import UNSET
from .property_holder import PropertyHolder, end_watching
from .proxy import Proxy

MOST_STEPS: Final = 200
"""How many steps are remembered."""


class Existing(Protocol):
    """A scene, in which proxies are made and deleted again."""

    def take_out(self, proxy: Proxy) -> Any:
        """Delete a proxy; returns what there was of it, for `recreate`. Raises ValueError if others depend on it."""

    def recreate(self, proxy: Proxy, remains: Any = None) -> None:
        """Make a deleted proxy again, as it was."""

    def update_vtk_objects(self) -> None:
        """Tell the server what was changed."""


class _Change(NamedTuple):
    """One thing that was done, and how to do it back and again."""

    back: Callable[[], object]
    again: Callable[[], object]
    about: tuple[int, str] | None = None
    """The number of a proxy, and the name of its property; "" of its being there."""
    setting: tuple[PropertyHolder, str, Any, Any] | None = None
    """Of a property that was set: whose, its name, what it was before, and after."""

    def reversed(self) -> _Change:
        """Return what takes it back, and how to do that back and again."""
        return _Change(self.again, self.back, self.about)


def _setting(proxy: PropertyHolder, name: str, before: Any, after: Any) -> _Change:
    return _Change(
        lambda: proxy.restore(name, before),
        lambda: proxy.restore(name, after),
        (proxy.id, name),
        (proxy, name, before, after),
    )


class _Creation:
    """That a proxy was made: a change. What was there when it was deleted is there when it is made again."""

    __slots__ = ("_proxy", "_remains", "_scene")

    setting: Final = None

    def __init__(self, scene: Existing, proxy: Proxy, remains: Any = None) -> None:
        self._scene = scene
        self._proxy = proxy
        self._remains = remains

    @property
    def about(self) -> tuple[int, str]:
        """Return the number of the proxy, and "": it is about its being there."""
        return self._proxy.id, ""

    def back(self) -> None:
        """Delete the proxy. Raises ValueError if others depend on it."""
        self._remains = self._scene.take_out(self._proxy)

    def again(self) -> None:
        """Make it again."""
        self._scene.recreate(self._proxy, self._remains)
        self._remains = None

    def reversed(self) -> _Change:
        """Return that it was deleted, or is to be."""
        return _Change(self.again, self.back, self.about)


_Done = _Change | _Creation


class Step(NamedTuple):
    """What one undo takes back."""

    label: str
    changes: tuple[_Done, ...]


class _Group:
    """What `UndoStack.group` returns: a class, since each proxy that is made enters one."""

    __slots__ = ("_all_or_nothing", "_before", "_changes", "_is_outer", "_label", "_stack")

    def __init__(self, stack: UndoStack, label: str, *, all_or_nothing: bool) -> None:
        self._stack = stack
        self._label = label
        self._all_or_nothing = all_or_nothing

    def __enter__(self) -> None:
        self._changes, self._is_outer = self._stack.begin_group()
        self._before = 0 if self._is_outer else len(self._changes)

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        try:
            if error_type is not None and self._all_or_nothing:
                taken_back = self._changes[self._before :]
                del self._changes[self._before :]
                self._stack.take_back(taken_back)
        finally:
            if self._is_outer:
                self._stack.end_group(self._label)


class UndoStack:
    """Remembers what was done to the proxies of a session.

    A change of a property is a step of its own, unless a group encloses it: then all of the group is a step. The newest
    `MOST_STEPS` steps are kept.
    """

    def __init__(self, scene: Existing) -> None:
        self._scene = scene
        self._done: deque[Step] = deque(maxlen=MOST_STEPS)
        self._undone: list[Step] = []
        self._open: list[_Done] | None = None
        self._replaying = False
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called after each step that is made, undone, done again or forgotten.

        Calling what is returned ends it.
        """
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    def _tell(self) -> None:
        for watcher in list(self._watchers):
            watcher()

    @property
    def undone_labels(self) -> tuple[str, ...]:
        """Return what can be done again, what was undone last as the last."""
        return tuple(step.label for step in self._undone)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what can be undone, the oldest first."""
        return tuple(step.label for step in self._done)

    def __repr__(self) -> str:
        return f"<undo: {len(self._done)} steps, {len(self._undone)} can be done again>"

    def _repr_html_(self) -> str:
        done = [("can be undone", label) for label in self.labels]
        return table("undo", [*done, *(("can be done again", label) for label in reversed(self.undone_labels))])

    def group(self, label: str) -> AbstractContextManager[None]:
        """Make one step of all that is changed inside. A group inside a group belongs to the outer one."""
        return _Group(self, label, all_or_nothing=False)

    def all_or_nothing(self, label: str) -> AbstractContextManager[None]:
        """Make a group of which nothing stays, here and on the server, if the block raises."""
        return _Group(self, label, all_or_nothing=True)

    def begin_group(self) -> tuple[list[_Done], bool]:
        """Return the changes of the group that is open now, and whether it is the outermost."""
        is_outer = self._open is None
        if self._open is None:
            self._open = []
        return self._open, is_outer

    def end_group(self, label: str) -> None:
        """Make a step of the outermost group."""
        changes, self._open = self._open, None
        if changes:
            self._push(Step(label, tuple(changes)))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Remember nothing of what is changed inside."""
        before, self._replaying = self._replaying, True
        try:
            yield
        finally:
            self._replaying = before

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
        self._tell()
        self._scene.update_vtk_objects()
        return step.label

    def redo(self) -> str | None:
        """Do again what was undone last; returns its label, None if there is nothing. Raises as `undo` does."""
        if not self._undone:
            return None
        step = self._undone[-1]
        self._replay(step.changes)
        self._done.append(self._undone.pop())
        self._tell()
        self._scene.update_vtk_objects()
        return step.label

    def clear(self) -> None:
        """Forget all steps."""
        self._done.clear()
        self._undone.clear()
        self._tell()

    # --- what turns out to be otherwise

    @contextmanager
    def aside(self) -> Iterator[list[_Done]]:
        """Have what is changed inside be no step; gives the changes, for `revise`."""
        outer, self._open = self._open, []
        try:
            yield self._open
        finally:
            self._open = outer

    def revise(self, about: tuple[int, str], changes: Sequence[_Done]) -> None:
        """Have what a property was set to be what the last of the changes sets it to; the others go before it.

        If it was set when its proxy was made, they go before that.
        """
        others = [one for one in changes if one.about != about]
        last = next((one for one in reversed(changes) if one.about == about), None)
        old = self._newest(about)
        if old is not None and last is not None:
            setting = old.setting and last.setting and (*old.setting[:3], last.setting[3])
            self._put_in(old, [*others, _Change(old.back, last.again, about, setting)])
        elif (made := self._newest((about[0], ""))) is not None:
            self._put_in(made, [*others, made])

    def join(self, about: tuple[int, str], changes: Sequence[_Done]) -> None:
        """Have changes, of `aside`, belong to the step of another one; if that is not there they can not be undone."""
        if (step := self._newest(about)) is not None:
            self._put_in(step, [step, *changes])
            self._tell()

    def drop(self, about: tuple[int, str]) -> _Done | None:
        """Forget the newest change of a property, and return it; None if there is none."""
        old = self._newest(about)
        if old is not None:
            self._put_in(old, [])
        return old

    def pass_over(self, wrong: Callable[[PropertyHolder, str, Any], bool]) -> None:
        """Have no step lead to values of properties that turned out to be wrong: right ones follow right ones."""
        last: dict[tuple[int, str], Any] = {}
        for one in self._all():
            if one.setting is None:
                continue
            of, name, before, after = one.setting
            right = last.get((of.id, name), UNSET) if wrong(of, name, before) else before
            last[of.id, name] = right if wrong(of, name, after) else after
            if last[of.id, name] is not after:
                self._put_in(one, [])
            elif right is not before:
                self._put_in(one, [_setting(of, name, right, after)])

    def forget(self, id_: int) -> None:
        """Forget all that was done to a proxy."""
        for one in [one for one in self._all() if one.about is not None and one.about[0] == id_]:
            self._put_in(one, [])

    def _all(self) -> list[_Done]:
        """Return all changes, the oldest first."""
        steps = (*self._done, *reversed(self._undone))
        return [*(one for step in steps for one in step.changes), *(self._open or ())]

    def _newest(self, about: tuple[int, str]) -> _Done | None:
        return next((one for one in reversed(self._all()) if one.about == about), None)

    def _put_in(self, old: _Done, new: Sequence[_Done]) -> None:
        """Put changes into the place of another one; a step that has no changes left is gone."""

        def revised(changes: Sequence[_Done]) -> list[_Done]:
            return [one for each in changes for one in (new if each is old else (each,))]

        if self._open is not None:
            self._open[:] = revised(self._open)
        for steps in (self._done, self._undone):
            kept = [Step(step.label, tuple(revised(step.changes))) for step in steps]
            steps.clear()
            steps.extend(step for step in kept if step.changes)

    # --- told by the session

    def done(self, label: str, back: Callable[[], object], again: Callable[[], object]) -> None:
        """Note that something else was done, or is about to be: how to take it back, and to do it again."""
        self._take(label, _Change(back, again))

    def property_changed(self, proxy: PropertyHolder, name: str, before: Any, after: Any) -> None:
        """Note that a property was set."""
        self._take(f"set {proxy.type_name}.{name}", _setting(proxy, name, before, after))

    def created(self, proxy: Proxy) -> None:
        """Note that a proxy was made."""
        self._take(f"create {proxy.type_name}", _Creation(self._scene, proxy))

    def deleted(self, proxy: Proxy, remains: object) -> None:
        """Note that a proxy was deleted, and what there was of it."""
        self._take(f"delete {proxy.type_name}", _Creation(self._scene, proxy, remains).reversed())

    def _take(self, label: str, change: _Done) -> None:
        if self._replaying:
            return
        if self._open is not None:
            self._open.append(change)
        else:
            self._push(Step(label, (change,)))

    def _push(self, step: Step) -> None:
        self._done.append(step)
        self._undone.clear()
        if self._watchers:
            self._tell()

    def take_back(self, changes: list[_Done]) -> None:
        """Take changes back that are no step yet."""
        self._replaying = True
        try:
            for change in reversed(changes):
                with suppress(ServicesError):  # the server that cannot be told has lost it all, or was never told
                    change.back()
        finally:
            self._replaying = False

    def _replay(self, changes: Sequence[_Done]) -> None:
        done: list[_Done] = []
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
