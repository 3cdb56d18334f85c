"""What stands for a part of a session in blocking programs: the same names, done in the session's loop."""

from __future__ import annotations

import functools
import inspect
import re
import threading
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, Protocol

from services_core import Closed

_SPECIAL: Final = frozenset({
    "__call__", "__contains__", "__delitem__", "__enter__", "__exit__", "__getitem__", "__iter__", "__len__",
    "__setitem__", "__str__", "_repr_html_", "_repr_png_",
})  # fmt: skip
"""What is taken over of names that begin with an underscore."""
_ASYNCHRONOUS: Final = {"__aenter__": "__enter__", "__aexit__": "__exit__", "__anext__": "__next__", "aclose": "close"}
"""What has another name where it blocks."""
_ANNOTATIONS: Final = (
    (re.compile(r"\bAsync(Iterator|Generator|Iterable)\["), r"\1["),
    (re.compile(r"\bExecution\b"), "DataInformation"),
)


class Translating(Protocol):
    """Whoever does something with the parts of a session that blocking ones stand for: see Face."""

    def call(self, target: Any, name: str, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """Call a method."""

    def read(self, target: Any, name: str) -> Any:
        """Return an attribute."""

    def write(self, target: Any, name: str, value: Any) -> None:
        """Set an attribute."""

    def take_back(self, target: Any, name: str) -> None:
        """Delete an attribute."""

    def names(self, target: Any) -> list[str]:
        """Return the names of all attributes."""

    def read_documentation(self, target: Any) -> str | None:
        """Return what help tells of it."""

    def local(self, work: Callable[[], Any]) -> Any:
        """Have what awaits nothing done in the loop."""

    def next_of(self, target: Any) -> Any:
        """Wait for the next item of a stream."""


class Blocking:
    """A part of a session, of which everything is done in the session's loop: methods return when it is done.

    Which part is told by the class: it has the methods of the asynchronous one, with their documentation. Any thread
    may use it, but for a callback that runs in the loop: there whatever waits for the server raises RuntimeError.
    """

    __slots__ = ("__weakref__", "_face", "_target")

    _face: Translating
    _target: Any

    def __init__(self, face: Translating, target: Any) -> None:
        """Stand for `target` in `face`. Called by that."""
        object.__setattr__(self, "_face", face)
        object.__setattr__(self, "_target", target)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._face.read(self._target, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(getattr(type(self), name, None), property):
            object.__setattr__(self, name, value)
            return
        self._face.write(self._target, name, value)

    def __delattr__(self, name: str) -> None:
        self._face.take_back(self._target, name)

    def __dir__(self) -> list[str]:
        own = [name for name in object.__dir__(self) if name not in Blocking.__slots__]
        return sorted({*own, *(one for one in self._face.names(self._target) if not one.startswith("_"))})

    def __repr__(self) -> str:
        return str(self._face.local(lambda: repr(self._target)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blocking) and bool(self._target == other._target)

    def __hash__(self) -> int:
        return hash(self._target)


class BlockingStream(Blocking):
    """An iterator over what comes: each step waits for the next item. Leaving its `with` block ends it."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        """Wait for the next item."""
        return self._face.next_of(self._target)

    def each(self, tell: Callable[[Any], object]) -> Callable[[], None]:
        """Have `tell(item)` called for each item that comes, on a thread of its own; calling what is returned ends it.

        It may make any call. An error in it, or of the stream, ends the calls, and is told as of any thread.
        """

        def run() -> None:
            for item in self:
                tell(item)

        def end() -> None:
            with suppress(Closed):  # then it has ended
                self.close()

        threading.Thread(target=run, name=f"items of {self!r}", daemon=True).start()
        return end


class _Documentation:
    """`__doc__`: of a class, what that is; of one that stands for something, that one's own."""

    def __init__(self, of_class: str | None) -> None:
        self._of_class = of_class

    def __get__(self, one: Blocking | None, owner: Any = None) -> str | None:
        if one is None:
            return self._of_class
        face, target = one._face, one._target
        return face.read_documentation(target)


class _Signature:
    """`__signature__`: what a factory takes, as far as that is known."""

    def __get__(self, one: Blocking | None, owner: Any = None) -> Any:
        if one is None:
            raise AttributeError("__signature__")
        face, target = one._face, one._target
        return face.read(target, "__signature__")


def blocking_class(of: type, more: type | None = None) -> type[Blocking]:
    """Return the class that stands for another one: its methods block, its properties are read and set in the loop.

    `more` is a class with names of its own, which come first.
    """
    base = BlockingStream if hasattr(of, "__anext__") else Blocking
    members: dict[str, Any] = {"__slots__": (), "__module__": of.__module__, "__doc__": _Documentation(of.__doc__)}
    for name in dir(of):
        member = inspect.getattr_static(of, name)
        blocking = _ASYNCHRONOUS.get(name, name)
        taken = base is BlockingStream and blocking in vars(BlockingStream)
        if (name.startswith("_") and blocking not in _SPECIAL) or taken:
            continue
        if isinstance(member, types.FunctionType) or (inspect.ismethoddescriptor(member) and name not in _SPECIAL):
            members[blocking] = _method(name, blocking, member)
        elif isinstance(member, property):
            members[name] = _property(name, member)
    if "__signature__" in dir(of):
        members["__signature__"] = _Signature()
    bases = (base,) if more is None else (more, base)
    return type(of.__name__, bases, members if more is None else _without(members, more))


def _without(members: dict[str, Any], more: type) -> dict[str, Any]:
    """Leave out what another class has by itself."""
    own = [one for one in more.__mro__ if one not in (Blocking, BlockingStream, object)]
    there = {name for one in own for name in vars(one)} - {"__slots__", "__module__", "__doc__"}
    return {name: member for name, member in members.items() if name not in there}


def _method(name: str, blocking: str, member: Any) -> Any:
    waits = inspect.iscoroutinefunction(member)

    def method(self: Blocking, *arguments: Any, **named: Any) -> Any:
        return self._face.call(self._target, name, arguments, named)

    if isinstance(member, types.FunctionType):
        functools.update_wrapper(method, member)
        method.__annotations__ = _annotations(member.__annotations__)
        signature = inspect.signature(member)
        method.__signature__ = signature.replace(  # type: ignore[attr-defined]  # `inspect` reads it
            return_annotation=_annotation(signature.return_annotation)
        )
        del method.__wrapped__  # type: ignore[attr-defined]  # else `inspect` would follow it
    method.__name__ = blocking
    if waits and member.__doc__:
        method.__doc__ = f"{inspect.cleandoc(member.__doc__)}\n\nBlocks until it is done."
    return method


def _annotations(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _annotation(one) for name, one in plain.items()}


def _annotation(one: Any) -> Any:
    if isinstance(one, str):
        for pattern, instead in _ANNOTATIONS:
            one = pattern.sub(instead, one)
    return one


def _property(name: str, member: property) -> property:
    def read(self: Blocking) -> Any:
        return self._face.read(self._target, name)

    def write(self: Blocking, value: Any) -> None:
        self._face.write(self._target, name, value)

    return property(read, None if member.fset is None else write, doc=member.__doc__)
