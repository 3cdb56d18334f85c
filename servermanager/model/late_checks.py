"""Checks of what was set before the definition of its type had arrived: the same line has the same outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Protocol

from services_core import RemoteError, ServicesError, in_loop

from .definitions import DefinitionManager
from .proxy import Proxy
from .undo import UndoStack


class Names(Protocol):
    """Whoever knows the names of proxies."""

    def name(self, proxy: Proxy) -> str:
        """Return the name of a proxy."""


class LateChecks:
    """The proxies of one scene whose definitions are on their way, and what turned out to be wrong of them.

    When a definition arrives, values are checked as setting them would have done, and those that are wrong are set
    back; a proxy of a type that does not exist is given up. Whoever awaits something of the proxy next is told.
    """

    def __init__(
        self,
        definitions: DefinitionManager,
        names: Names,
        undo: UndoStack,
        give_up: Callable[[Proxy, RemoteError], None],
    ) -> None:
        """Begin without proxies; `give_up` takes a proxy out of the scene, whose type is none."""
        self._definitions = definitions
        self._names = names
        self._undo = undo
        self._give_up = give_up
        self._open: dict[int, Proxy] = {}
        self._unfinished: set[int] = set()
        """The numbers of those that were deleted before they were checked: they may be made again."""
        self._faults: dict[tuple[int, str], RemoteError] = {}

    def add(self, proxy: Proxy) -> None:
        """Have a new proxy checked as soon as its definition arrives, if that is not there yet."""
        known = self._definitions.is_known(proxy.wire_type)
        if known and not self._unfinished and not proxy.has_unchecked:
            return  # as most are
        if known and not proxy.has_unchecked and proxy.id not in self._unfinished:
            return
        self._open[proxy.id] = proxy
        self._unfinished.discard(proxy.id)
        if known:
            return  # it was set while it was deleted: the next call that tells anything checks it
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # no loop runs: whoever awaits something comes here again
        self._definitions.when_answered(proxy.wire_type, in_loop(loop, self.check_arrived))

    def drop(self, proxy: Proxy) -> None:
        """Forget a proxy: it was deleted."""
        if self._open.pop(proxy.id, None) is not None:
            self._unfinished.add(proxy.id)
        for key in [one for one in self._faults if one[0] == proxy.id]:
            del self._faults[key]

    def set_right(self, proxy: Proxy, name: str) -> None:
        """Forget what was wrong with a property: it was set anew."""
        if self._faults:
            self._faults.pop((proxy.id, name), None)

    def note(self, proxy: Proxy, name: str, error: RemoteError) -> None:
        """Have whoever awaits something of a proxy next told that a property was wrong."""
        told = f"{self._names.name(proxy)}.{name}: {error.message}"
        self._faults[proxy.id, name] = RemoteError(error.type_name, told, details=error.details)

    def wanting(self, proxies: Iterable[Proxy]) -> bool:
        """Return whether anything of these, or upstream, is to be waited for, or told."""
        if not self._open and not self._faults:
            return False
        concerned = {id_ for id_, _ in self._faults} | self._open.keys()
        return any(one.id in concerned for one in _upstream(proxies))

    async def finished(self, proxies: Iterable[Proxy]) -> None:
        """Wait for the definitions of these proxies and of what they depend on, and raise what was wrong with them.

        Where a definition cannot be had, the server checks. Raises RemoteError: UnknownProperty, InvalidProperty, once
        for each wrong value, and UnknownType.
        """
        wanted = list(proxies)
        asked: set[str] = set()
        while missing := {one.wire_type for one in _upstream(wanted) if one.id in self._open} - asked:
            asked |= missing
            for type_name in missing:
                with suppress(ServicesError):  # a refusal is noted; of any other, the request that follows tells
                    await self._definitions.answered(type_name)
            self.check_arrived()
        for one in _upstream(wanted):
            if one.standing.refusal is not None:
                raise one.standing.refusal.anew()
            for key in [key for key in self._faults if key[0] == one.id]:
                raise self._faults.pop(key)

    def check_arrived(self) -> None:
        """Check the proxies whose definitions have arrived by now."""
        if not self._open:
            return
        checked: dict[int, Proxy] = {}
        for id_, proxy in list(self._open.items()):
            refusal = self._definitions.refusal(proxy.wire_type)
            if refusal is not None:
                del self._open[id_]
                self._give_up(proxy, refusal)
            elif self._definitions.is_known(proxy.wire_type):
                del self._open[id_]
                self._check(proxy)
                checked[id_] = proxy
        if checked:  # once for all of them: it goes through all steps
            self._undo.pass_over(
                lambda of, name, value: checked.get(of.id) is of and checked[of.id].is_wrong(name, value)
            )

    def _check(self, proxy: Proxy) -> None:
        for name, unchecked in proxy.take_unchecked().items():
            with self._undo.aside() as changes:
                wrong = proxy.check_late(name, unchecked)
            for _ in wrong:
                self._undo.drop((proxy.id, name))
            if wrong:
                self.note(proxy, name, _as_told(wrong[0]))
            elif changes:
                self._undo.revise((proxy.id, name), changes)


def _as_told(error: Exception) -> RemoteError:
    if isinstance(error, RemoteError):
        return error
    return RemoteError("UnknownProperty" if isinstance(error, AttributeError) else "InvalidProperty", str(error))


def _upstream(proxies: Iterable[Proxy]) -> Iterator[Proxy]:
    seen: dict[int, Proxy] = {}
    for proxy in proxies:
        proxy.upstream(seen)
    return iter(seen.values())
