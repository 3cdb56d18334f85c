"""Builds scenes for path tracing on a thread of its own, the newest that is wanted, while OpenGL goes on drawing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from typing import Final

from ...base.errors import afresh
from .mitsuba_engine import Engine

_log = logging.getLogger(__name__)
_ASKED_EVERY_S: Final = 0.05

Make = Callable[[], Engine]
"""Builds a scene, on the builder's thread, of what was read for it on the window's."""


class Builder:
    """Keeps the scene that was built last. Its methods are for one thread, but `when_ready` is called on another."""

    def __init__(self, when_ready: Callable[[], object]) -> None:
        """Have nothing built; `when_ready` is called whenever something was, or could not be."""
        self._when_ready = when_ready
        self._changed = threading.Condition()
        self._built: tuple[Hashable, Engine | Exception] | None = None
        self._wanted: tuple[Hashable, Make] | None = None
        self._is_building = False

    def found(self, key: Hashable) -> Engine | None:
        """Return the scene of that key, if it is built."""
        built = self._built
        return built[1] if built is not None and built[0] == key and isinstance(built[1], Engine) else None

    def failure(self, key: Hashable) -> Exception | None:
        """Return what kept the scene of that key from being built."""
        built = self._built
        return built[1] if built is not None and built[0] == key and isinstance(built[1], Exception) else None

    def is_known(self, key: Hashable) -> bool:
        """Return whether a scene was built, or could not be, or is to be."""
        with self._changed:
            return any(one is not None and one[0] == key for one in (self._built, self._wanted))

    def want(self, key: Hashable, make: Make) -> None:
        """Have a scene built; one that was wanted before and was not begun is given up."""
        with self._changed:
            self._wanted = key, make
            if not self._is_building:
                self._is_building = True
                threading.Thread(target=self._build, name="path-tracing-scene").start()

    def wait(self, key: Hashable, go_on: Callable[[], None]) -> Engine | None:
        """Return the scene of a key that was wanted when it is built; None if it was given up for another.

        `go_on` is called at times, and raises if nobody waits any more. Raises what kept it from being built.
        """
        while self.is_known(key):
            go_on()
            if (found := self.found(key)) is not None:
                return found
            if (failure := self.failure(key)) is not None:
                raise afresh(failure)
            with self._changed:
                self._changed.wait(_ASKED_EVERY_S)
        return None

    def interrupt(self) -> None:
        """Have the samples that are taken of it end soon. From any thread; never waits."""
        built = self._built
        if built is not None and isinstance(built[1], Engine):
            built[1].interrupt()

    def forget(self) -> None:
        """Free what was built, and want nothing; what is being built ends by itself."""
        with self._changed:
            self._built = self._wanted = None

    def close(self) -> None:
        """Forget all, and call nobody any more."""
        self._when_ready = lambda: None
        self.forget()

    def _build(self) -> None:
        while (wanted := self._next()) is not None:
            key, make = wanted
            built: Engine | Exception
            try:
                built = make()
            except Exception as error:
                _log.exception("a scene could not be built for path tracing")
                built = afresh(error)
            with self._changed:
                if self._wanted is None or self._wanted[0] != key:
                    continue  # a newer one is wanted, or none any more
                self._built, self._wanted = (key, built), None
                ready = self._when_ready
                self._changed.notify_all()
            del make, built, wanted
            ready()

    def _next(self) -> tuple[Hashable, Make] | None:
        with self._changed:
            self._is_building = self._wanted is not None
            return self._wanted
