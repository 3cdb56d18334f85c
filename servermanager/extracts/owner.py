"""What extractors need of the scene that they belong to; the scene itself stands above them."""

from __future__ import annotations

from typing import Any, Protocol

from ..model.proxy import OutputPort, SourceProxy
from ..views.owner import ViewOwner
from ..views.view_proxy import ViewProxy


class ExtractOwner(ViewOwner, Protocol):
    """A scene, as extractors know it."""

    @property
    def proxies(self) -> Any:
        """Return the proxies by name."""

    def own_port(self, source: SourceProxy | OutputPort) -> OutputPort:
        """Return an output. Raises ValueError unless it is of this session, and was not deleted."""

    def all_views(self) -> list[ViewProxy]:
        """Return the views that were not deleted."""

    def update_vtk_objects(self, proxies: Any = None) -> None:
        """Tell the server what was set."""
