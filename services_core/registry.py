"""Finding backends, by name and by URL: the one reader of APV_COMMUNICATION_BACKEND."""

from __future__ import annotations

import importlib
import itertools
import os
from collections.abc import Iterable, Iterator
from typing import Final

from .backend import Backend
from .errors import ConfigurationError

VARIABLE: Final = "APV_COMMUNICATION_BACKEND"
"""The environment variable that chooses the backend of built-in sessions and of a server's services."""

DEFAULT: Final = "inproc"
ENTRY_POINT_GROUP: Final = "apv.backends"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
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
    if target is None and ":" not in chosen:
        target = _entry_points().get(chosen)
    if target is None and ":" not in chosen:
        raise ConfigurationError(
            f"unknown backend {chosen!r}; known are {', '.join(known_backends())}, or 'module:Class' "
            f"(set {VARIABLE}, or pass the name)"
        )
    return _load(chosen, target or chosen)


def try_to_make(name: str | None = None) -> type[Backend]:
    """Return the backend that `name` means, after one was made and closed. Raises ConfigurationError, in one line."""
    found = backend_class(name)
    try:
        found().close()
    except Exception as error:  # whatever the backend does as it is made
        raise ConfigurationError(f"backend {backend_name(name)!r} cannot be made: {_in_one_line(error)}") from error
    return found


def split_url(url: str) -> tuple[str, str]:
    """Return the backend that a URL names before its scheme, "" if none, and the URL that the backend is to be given.

    `pipes+tcp://host:1` names the backend "pipes", and means `tcp://host:1` to it.
    """
    before, separator, rest = url.partition("://")
    name, _, scheme = before.rpartition("+")
    return name, f"{scheme}{separator}{rest}"


def is_exposed(url: str) -> bool:
    """Return whether strangers could reach a server that listens at `url`: a host and a port beyond loopback.

    Whatever the scheme, but for that which asks for keys: a backend of others may listen at the network, too.
    """
    plain = split_url(url)[1]
    return not plain.startswith("curve://") and not is_loopback(plain)


def is_loopback(url: str) -> bool:
    """Return whether only this host can reach `url`: it names the loopback device, or no host with a port."""
    host, _, port = split_url(url)[1].partition("://")[2].rpartition(":")
    return not host or "/" in host or not (port.isdigit() or port == "*") or host in _LOOPBACK


def resolve_url(url: str, preferred: type[Backend] | None = None) -> tuple[type[Backend], str]:
    """Return the backend that serves `url`, and the URL as that backend is to be given it.

    That is the backend that the URL names, as in `module:Class+tcp://host:1`; without one, `preferred` if it serves the
    scheme, else the first known that does. Raises ConfigurationError if the URL is malformed, its scheme unknown, or
    not the named backend's.
    """
    name, plain = split_url(url)
    scheme, separator, rest = plain.partition("://")
    if not (scheme and separator and rest):
        raise ConfigurationError(f"{plain!r} is no URL; it looks like tcp://127.0.0.1:11111")
    if name:
        named = backend_class(name)
        if scheme not in named.schemes:
            raise ConfigurationError(
                f"{url!r}: the backend {name!r} does not serve {scheme}://, but {', '.join(named.schemes)}"
            )
        return named, plain
    if preferred is not None and scheme in preferred.schemes:
        return preferred, plain
    schemes: list[str] = []
    for candidate in _loadable(itertools.chain(_BUILT_IN, _other_names())):
        if scheme in candidate.schemes:
            return candidate, plain
        schemes += candidate.schemes
    raise ConfigurationError(f"no backend serves {scheme}:// (asked for {url!r}); known are {', '.join(schemes)}")


def check_address(url: str, *, listening: bool) -> None:
    """Raise ConfigurationError if no backend could listen at an address, or connect to it, as it is written."""
    found, plain = resolve_url(url)
    found.check_url(plain, listening=listening)


def public_url(url: str) -> str:
    """Return a URL that means the same to every engine, whatever backend it prefers, for servers and their clients.

    A scheme of a backend that is built in, such as tcp, is served by that one, unless the URL names another.
    """
    if not split_url(url)[0]:
        for name in _BUILT_IN:
            for candidate in _loadable([name]):
                if url.partition("://")[0] in candidate.schemes:
                    return f"{name}+{url}"
    return url


def _loadable(names: Iterable[str]) -> Iterator[type[Backend]]:
    """Yield those of these backends that are installed here."""
    for name in names:
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
    """Return the class. What is known is looked for only to say so: each connection comes by here."""
    module_name, _, class_name = target.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(
            f"backend {name!r} cannot be loaded: {error}; known are {', '.join(known_backends())}, or module:Class, "
            "whose module is looked for where the program finds modules: installed, in a directory that PYTHONPATH "
            "names, or beside the script"
        ) from error
    except Exception as error:  # whatever the module does as it is imported
        raise ConfigurationError(
            f"backend {name!r} cannot be loaded: importing {module_name} raised {_in_one_line(error)}"
        ) from error
    if not (isinstance(found, type) and issubclass(found, Backend)):
        known = ", ".join(known_backends())
        raise ConfigurationError(f"backend {name!r} is no class derived from services_core.Backend; known are {known}")
    if lacks := _lacks(found):
        raise ConfigurationError(f"backend {name!r} is not complete: {class_name} lacks {', '.join(lacks)}")
    return found


def _lacks(found: type[Backend]) -> list[str]:
    """Return what a class of backends has not defined: methods and attributes."""
    methods: Iterable[str] = getattr(found, "__abstractmethods__", ())
    return [*sorted(methods), *(name for name in ("schemes", "crosses_processes") if not hasattr(found, name))]


def _in_one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
