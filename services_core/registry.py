"""Finding backends: the one reader of APV_COMMUNICATION_BACKEND."""

from __future__ import annotations

import importlib
import itertools
import os
from collections.abc import Iterator
from typing import Final

from .backend import Backend
from .errors import ConfigurationError

VARIABLE: Final = "APV_COMMUNICATION_BACKEND"
"""The environment variable that chooses the backend of built-in sessions and of a server's services."""

DEFAULT: Final = "inproc"
ENTRY_POINT_GROUP: Final = "apv.backends"
_BUILT_IN: Final = {
    "inproc": "services_inproc:InprocBackend",
    "zmq": "services_zmq:ZmqBackend",
}


def known_backends() -> list[str]:
    """Return the names that can be chosen here, built-in names first."""
    return [*_BUILT_IN, *_other_names()]


def backend_name(name: str | None = None, *, default: str = DEFAULT) -> str:
    """Return `name`, or what the environment variable says, or the default."""
    return name or os.environ.get(VARIABLE) or default


def backend_class(name: str | None = None) -> type[Backend]:
    """Return the backend that `name` means: built in, an entry point of the group `apv.backends`, or `module:Class`.

    Without a name the environment variable decides. Raises ConfigurationError, which lists what is known.
    """
    chosen = backend_name(name)
    target = _BUILT_IN.get(chosen)
    if target is None:
        target = _entry_points().get(chosen)
    if target is None and ":" not in chosen:
        raise ConfigurationError(
            f"unknown backend {chosen!r}; known are {', '.join(known_backends())}, or 'module:Class' "
            f"(set {VARIABLE}, or pass the name)"
        )
    return _load(chosen, target or chosen)


def backend_class_for_url(url: str, preferred: type[Backend] | None = None) -> type[Backend]:
    """Return the backend that serves the scheme of `url`: `preferred` if it does, else the first known that does.

    Raises ConfigurationError if the URL is malformed or its scheme unknown.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or not rest:
        raise ConfigurationError(f"{url!r} is no URL; it looks like tcp://127.0.0.1:11111")
    if preferred is not None and scheme in preferred.schemes:
        return preferred
    schemes: list[str] = []
    for candidate in _loadable_backends():
        if scheme in candidate.schemes:
            return candidate
        schemes += candidate.schemes
    raise ConfigurationError(f"no backend serves {scheme}:// (asked for {url!r}); known are {', '.join(schemes)}")


def _loadable_backends() -> Iterator[type[Backend]]:
    """Yield the backends that are installed here, those built in first: looking for others reads every distribution."""
    for name in itertools.chain(_BUILT_IN, _other_names()):
        try:
            yield backend_class(name)
        except ConfigurationError:
            continue  # not installed here; an error that lists what is known tells what is


def _other_names() -> Iterator[str]:
    yield from sorted(_entry_points().keys() - _BUILT_IN.keys())


def _entry_points() -> dict[str, str]:
    """Return what each entry point of the group means, by its name."""
    from importlib.metadata import entry_points  # late: most programs never get here, and it costs 20 ms

    return {point.name: point.value for point in entry_points(group=ENTRY_POINT_GROUP)}


def _load(name: str, target: str) -> type[Backend]:
    module_name, _, class_name = target.partition(":")
    known = ", ".join(known_backends())
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"backend {name!r} cannot be loaded: {error}; known are {known}") from error
    if not (isinstance(found, type) and issubclass(found, Backend)):
        raise ConfigurationError(f"backend {name!r} is no class derived from services_core.Backend; known are {known}")
    return found
