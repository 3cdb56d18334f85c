"""What the parts of the model need of the scene that they belong to: it makes and finds proxies of known kinds."""

from __future__ import annotations

from typing import Any, Protocol

from .definitions import DefinitionManager
from .owner import Owner
from .proxy import ObjectProxy, OutputPort, Proxy, SourceProxy


class Maker(Owner[Proxy], Protocol):
    """A scene, as managers of proxies, transfers and views know it."""

    @property
    def definitions(self) -> DefinitionManager:
        """Return the types of proxies."""

    def create(self, type_name: str, **properties: Any) -> SourceProxy:
        """Make a source, filter, reader or writer."""

    def create_object(self, type_name: str, **properties: Any) -> ObjectProxy:
        """Make an object."""

    def output(self, id_: int, port: int) -> OutputPort:
        """Return an output by the number of its proxy. Raises KeyError if the proxy was deleted."""
