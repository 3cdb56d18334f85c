"""The backends under test, each at every kind of address that it serves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from services_core import Backend, backend_name, known_backends, try_to_make


class Variant(NamedTuple):
    """A backend at one kind of address: a `scheme` it serves, "" if there is only one kind."""

    backend: str
    scheme: str
    own_process: bool
    main: bool
    """Whether it stands for its backend in scenarios that are not about addresses."""

    @property
    def label(self) -> str:
        """How tables call it."""
        return f"{self.backend} {self.scheme}".strip()

    def url(self, backend: Backend) -> str:
        """Where its server listens."""
        if self.scheme == "tcp":
            return "tcp://127.0.0.1:0"
        return backend.private_url(other_processes=self.own_process)


def variants(names: Iterable[str] = ()) -> list[Variant]:
    """Of the named backends: those known to the registry if none is named, and the one the environment chooses."""
    chosen = list(names) or list(dict.fromkeys([*known_backends(), backend_name()]))
    return [variant for name in chosen for variant in variants_of(name)]


def variants_of(name: str) -> list[Variant]:
    """One backend at all its kinds of address. Raises ConfigurationError for an unknown one."""
    found = try_to_make(name)
    if not found.crosses_processes:
        return [Variant(name, "", own_process=False, main=True)]
    probe = found()
    try:
        private = probe.private_url().partition("://")[0]
        shared = probe.private_url(other_processes=True).partition("://")[0]
    finally:
        probe.close()
    schemes = dict.fromkeys([*(["tcp"] if "tcp" in found.schemes else []), shared])
    across = [Variant(name, scheme, own_process=True, main=not index) for index, scheme in enumerate(schemes)]
    return across if private in schemes else [*across, Variant(name, private, own_process=False, main=False)]
