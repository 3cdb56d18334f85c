"""The blocking face of one session: everything that is handed out of it, and taken in, is translated here."""

from __future__ import annotations

import copy
import dataclasses
import functools
import inspect
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final
from weakref import WeakValueDictionary

from services_core import Closed

from ..session import Session
from .blocking import Blocking, blocking_class
from .loop_thread import LoopThread
from .preparing import prepare_call, prepare_names, prepare_property
from .timeouts import time_left

_FUNCTIONS: Final = (types.FunctionType, types.MethodType, types.BuiltinMethodType, functools.partial)
_CONTAINERS: Final = (list, tuple, dict, set, frozenset)
_CLOSES: Final = frozenset({"close", "end", "__aexit__"})
"""Methods of a session that end it."""
_ENDED: Final = object()


class Face:
    """Stands between blocking programs and the objects of one session, which live in a loop.

    Objects of this package come out as `Blocking`, always the same for the same one; what can be awaited is waited for;
    lists and maps are translated item by item, functions so that they may be called from any thread. What goes in is
    translated back; functions are called in the loop. Plain values pass.
    """

    def __init__(self, thread: LoopThread, more: Mapping[type, type] | None = None) -> None:
        """Translate for a loop. `more` has, by class of the asynchronous side, a class with more names."""
        self._thread = thread
        self._more = more or {}
        self._made: WeakValueDictionary[int, Blocking] = WeakValueDictionary()
        self.timeout_s: float | None = None
        """How many seconds a blocking call may take; None: any."""
        self.when_closed: Callable[[], None] = thread.stop
        """Called when the session was closed."""

    # --- what is done

    def do(self, what: str, work: Callable[[], Any]) -> Any:
        """Have `work()` called in the loop, wait for it, and return what comes out. Raises as LoopThread.do."""
        return self._thread.do(what, work, self.wrap, time_left(self.timeout_s))

    def call_soon(self, work: Callable[[], object]) -> None:
        """Have `work()` called in the loop, and wait for nothing. Raises Closed when that has ended."""
        self._thread.call_soon(work)

    def local(self, work: Callable[[], Any]) -> Any:
        """Have what awaits nothing done in the loop, or here if that has ended."""
        if self._thread.ended:
            return self.wrap(work())
        return self._thread.do("a local call", work, self.wrap)

    def call(self, target: Any, name: str, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """Call a method."""
        taken = [self.unwrap(one) for one in arguments]
        taken_named = {key: self.unwrap(one) for key, one in named.items()}
        what = f"{_name_of(target)}.{name}()"
        preparing = None if self._thread.is_current else prepare_call(target, name, taken, taken_named)

        async def prepared() -> Any:
            assert preparing is not None
            await preparing()
            value = getattr(target, name)(*taken, **taken_named)
            return await value if inspect.isawaitable(value) else value

        closes = name in _CLOSES and isinstance(target, Session)
        try:
            return self.do(what, prepared if preparing else lambda: getattr(target, name)(*taken, **taken_named))
        except Closed:
            if not closes:  # else it was closed before, or is by another thread
                raise
            return None
        finally:
            if closes:
                self.when_closed()

    def read(self, target: Any, name: str) -> Any:
        """Return an attribute."""
        return self._with_property(target, name, lambda: getattr(target, name))

    def write(self, target: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        plain = self.unwrap(value)
        self._with_property(target, name, lambda: setattr(target, name, plain))

    def take_back(self, target: Any, name: str) -> None:
        """Delete an attribute."""
        self._with_property(target, name, lambda: delattr(target, name))

    def _with_property(self, target: Any, name: str, work: Callable[[], Any]) -> Any:
        """Do something with an attribute, as soon as it is known what there is."""
        preparing = None if self._thread.is_current or self._thread.ended else prepare_property(target, name)
        if preparing is None:
            return self.local(work)

        async def prepared() -> Any:
            await preparing()
            return work()

        return self.do(f"{_name_of(target)}.{name}", prepared)

    def names(self, target: Any) -> list[str]:
        """Return the names of all attributes."""
        preparing = None if self._thread.is_current or self._thread.ended else prepare_names(target)
        if preparing is not None:
            self.do(f"dir({_name_of(target)})", preparing)
        return list(self.local(lambda: dir(target)))

    def read_documentation(self, target: Any) -> str | None:
        """Return what help tells of it."""
        preparing = None if self._thread.is_current or self._thread.ended else prepare_names(target)
        if preparing is not None:
            self.do(f"help({_name_of(target)})", preparing)
        documentation: str | None = self.local(lambda: target.__doc__)
        return documentation

    def next_of(self, target: Any) -> Any:
        """Wait for the next item of a stream. Raises StopIteration at its end."""

        async def one() -> Any:
            try:
                return await target.__anext__()
            except StopAsyncIteration:
                return _ENDED

        if self._thread.ended:
            raise StopIteration
        try:
            item = self.do("the next item of a stream", one)
        except Closed:
            raise StopIteration from None
        if item is _ENDED:
            raise StopIteration
        return item

    # --- what is handed out, and taken in

    def wrap(self, value: Any) -> Any:
        """Return what a blocking program gets for a value."""
        kind = type(value)
        if kind in _CONTAINERS or isinstance(value, list):
            return _mapped(value, self.wrap)
        if isinstance(value, (Blocking, type)):
            return value
        if isinstance(value, _FUNCTIONS):
            return self._outer(value)
        if kind.__module__ == "builtins" and hasattr(kind, "__next__"):
            return iter([self.wrap(one) for one in value])
        if not is_live(value):
            return value
        known = self._made.get(id(value))
        if known is not None and known._target is value:
            return known
        made = self._class_of(kind)(self, value)
        self._made[id(value)] = made
        return made

    def unwrap(self, value: Any) -> Any:
        """Return what the asynchronous side takes for a value."""
        kind = type(value)
        if isinstance(value, Blocking):
            return value._target
        if kind in _CONTAINERS:
            return _mapped(value, self.unwrap)
        if isinstance(value, _FUNCTIONS):
            return self._inner(value)
        return value

    def _class_of(self, kind: type) -> type[Blocking]:
        more = next((self._more[one] for one in kind.__mro__ if one in self._more), None)
        return _class_of(kind, more)

    def _outer(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that has another one called in the loop."""

        def call(*arguments: Any, **named: Any) -> Any:
            taken = [self.unwrap(one) for one in arguments]
            taken_named = {key: self.unwrap(one) for key, one in named.items()}
            return self.do(getattr(function, "__name__", "a call"), lambda: function(*taken, **taken_named))

        with suppress(AttributeError):
            functools.update_wrapper(call, function)
        call.__dict__["_of_loop"] = function
        return call

    def _inner(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function for the loop, which calls one of the program."""
        if isinstance(function, types.FunctionType):
            own: Callable[..., Any] | None = function.__dict__.get("_of_loop")
            if own is not None:
                return own

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            told = [self.wrap(one) for one in arguments]
            return self.unwrap(function(*told, **{key: self.wrap(one) for key, one in named.items()}))

        return call


@functools.cache
def _class_of(kind: type[Any], more: type[Any] | None) -> type[Blocking]:
    return blocking_class(kind, more)


def is_live(value: Any) -> bool:
    """Return whether a value belongs to a session's loop: it is of this package, or is iterated or entered there.

    Frozen values are, if they hold something that is.
    """
    kind = type(value)
    if dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        held = (getattr(value, one.name) for one in dataclasses.fields(kind))
        return any(is_live(one) for each in held for one in (each if isinstance(each, tuple) else (each,)))
    return _is_live_class(kind)  # type: ignore[arg-type]  # mypy takes this class for one without a hash


@functools.cache
def _is_live_class(kind: type) -> bool:
    if issubclass(kind, (BaseException, Blocking, int, str, tuple)):
        return False
    ours = kind.__module__.partition(".")[0] == "servermanager"
    return ours or any(hasattr(kind, name) for name in ("__anext__", "__aenter__"))


def _mapped(value: Any, one: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: one(held) for key, held in value.items()}
    if isinstance(value, list) and type(value) is not list:  # one with more to it than its items
        made = copy.copy(value)
        made[:] = [one(held) for held in value]
        return made
    return type(value)([one(held) for held in value])


def _name_of(target: Any) -> str:
    name = getattr(type(target), "__name__", "")
    type_name = vars(type(target)).get("type_name") is None and getattr(target, "type_name", None)
    return str(type_name or name)
