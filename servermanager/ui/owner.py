"""What parts of a user interface need of the session that they are made for; the session itself stands above them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from services_core import ServiceEndpoint

from ..model.proxy import Proxy, SourceProxy
from ..scene import Scene
from ..streams import ProgressStream


class DataClient(Protocol):
    """Whoever is connected to a data service."""

    @property
    def data(self) -> ServiceEndpoint:
        """Return the endpoint of the data service: another after a restart."""


class SceneOwner(Protocol):
    """A session, as tools for its pipelines know it."""

    @property
    def scene(self) -> Scene:
        """Return what there is."""

    async def open(self, path: str | Path | Sequence[str | Path], *, series: bool = False) -> SourceProxy:
        """Make a reader for files of the server."""

    def delete(self, proxy: Proxy, *, dependents: bool = False) -> None:
        """Delete a proxy."""

    def progress(self) -> ProgressStream:
        """Subscribe to how far executions are."""
