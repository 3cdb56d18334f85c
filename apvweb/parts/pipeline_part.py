"""The pipeline browser as a part of a page."""

from __future__ import annotations

import dataclasses
from typing import Any

from servermanager import Workspace

from .handling import Refused, handler
from .publishing import Publisher, new_name
from .widgets import PipelineElement, all_told


class PipelinePart:
    """The pipeline browser of a workspace, on pages of a trame server. Belongs to the loop; `close` ends it."""

    def __init__(self, server: Any, workspace: Workspace, *, refused: Refused | None = None) -> None:
        """Show it. `refused(what, why)` is told of what a page cannot have done."""
        self._server = server
        self._workspace = workspace
        self._refused = refused
        self._publisher = Publisher.of(server)
        self._name = new_name("pipeline")
        self._publisher.begin(self._name, [])
        self._unwatch = workspace.browser.watch(self.tell)
        self.tell()

    def tell(self) -> None:
        """Have pages told the rows as they are now."""
        rows = self._workspace.browser.rows
        told = [
            {"key": f"{at}-{row.id}" if row.repeated else str(row.id), **dataclasses.asdict(row)}
            for at, row in enumerate(rows)
        ]
        self._publisher.put(self._name, told)

    def widget(self, **attributes: Any) -> PipelineElement:
        """Place it in the layout that is being made; `attributes` as of any widget of trame."""
        work = self._workspace
        handlers = {
            "activate": handler("choose", work.browser.activate, int, refused=self._refused),
            "visible": handler("show", work.set_visible, int, bool, refused=self._refused),
            "rename": handler("rename", work.rename, int, str, refused=self._refused),
            "remove": handler("delete", work.delete, int, refused=self._refused),
            "stop": handler("stop", work.stop, int, refused=self._refused),
        }
        told = {name: all_told(self._server, one) for name, one in handlers.items()}
        return PipelineElement(rows=(self._name,), **told, **attributes)

    def close(self) -> None:
        """Watch the workspace no more."""
        self._unwatch()
