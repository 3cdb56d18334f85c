"""What tests need to know of a backend: asked of the backend, whatever its name."""

from __future__ import annotations

from services_core import backend_class


def crosses_processes(backend: str) -> bool:
    """Return whether other processes can connect, so that sessions have workers."""
    return backend_class(backend).crosses_processes


def listening_url(backend: str, name: str) -> str:
    """Return an address to listen at: tcp on this host, or one with that name within this process."""
    return "tcp://127.0.0.1:0" if "tcp" in backend_class(backend).schemes else f"thread://{name}"
