"""What parts of a user interface need of the session that they are made for; the session itself stands above them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from services_core import ConnectionState, ServiceEndpoint

from ..animations.animation_scene import AnimationSceneProxy
from ..following.following import RemoteChange
from ..histograms import Histogram
from ..model.definitions import DefinitionManager
from ..model.proxy import OutputPort, Proxy, SourceProxy, Watcher
from ..model.proxy_manager import ProxyManager
from ..model.undo import UndoStack
from ..scene import Scene
from ..selecting.selections import SelectionManager
from ..states.paraview.report import LoadedState
from ..streams import MessageStream, ProgressStream
from ..views.representation import RepresentationProxy
from ..views.spreadsheet import Rows
from ..views.view_proxy import ViewProxy
from .file_system import FileSystem


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

    def progress(self, *, standing: bool = ...) -> ProgressStream:
        """Subscribe to how far executions are."""


class WorkSession(SceneOwner, Protocol):
    """A session, as an application around it knows it."""

    definitions: DefinitionManager
    files: FileSystem
    proxies: ProxyManager[ViewProxy]
    undo: UndoStack

    @property
    def role(self) -> str:
        """Return what this program may do."""

    @property
    def connection(self) -> ConnectionState:
        """Return how the connection to the server is."""

    @property
    def data(self) -> ServiceEndpoint:
        """Return the endpoint of the data service."""

    def on_connection(self, watcher: Callable[[ConnectionState], None]) -> Callable[[], None]:
        """Have `watcher(state)` called when that changes."""

    def on_change(self, watcher: Callable[[RemoteChange], None]) -> Callable[[], None]:
        """Have `watcher(change)` called after what others have changed."""

    def watch_proxies(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher(proxy, name, before, after)` called after every change of a property."""

    def update_vtk_objects(self, proxies: Iterable[Proxy] | None = None) -> None:
        """Send changed properties to the server."""

    def messages(self, *, standing: bool = ...) -> MessageStream:
        """Subscribe to warnings and errors of algorithms."""

    async def save_data(self, path: str | Path, source: SourceProxy | OutputPort, **options: Any) -> int:
        """Write an output to a file of the server."""

    async def save_state(self, path: str | Path, *, partial: bool = False) -> None:
        """Write all there is to a local file."""

    async def load_state(
        self, path: str | Path, *, paths: Mapping[str, str] | Iterable[str] | None = None, partial: bool = False
    ) -> LoadedState:
        """Make what a state file describes."""

    async def restart(self) -> None:
        """Go on in a new worker process."""


class ColorOwner(Protocol):
    """A session, as editors of its colors know it."""

    @property
    def undo(self) -> UndoStack:
        """Return what remembers steps, to take them back."""

    async def histogram(
        self, source: OutputPort, array: str, *, association: str = ..., component: int = ..., bins: int = ...
    ) -> Histogram:
        """Count the values of an array."""

    def all_representations(self) -> list[RepresentationProxy]:
        """Return what is shown."""

    async def color_presets(self) -> list[str]:
        """Return the names of presets."""


class TimesOwner(Protocol):
    """A session, as what goes through its times knows it."""

    @property
    def undo(self) -> UndoStack:
        """Return what remembers steps, to take them back."""

    @property
    def animation(self) -> AnimationSceneProxy:
        """Return the animation."""

    def all_views(self) -> list[ViewProxy]:
        """Return the views."""

    def watch_time(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called when the time of the data is another."""


class RowsOwner(TimesOwner, Protocol):
    """A session, as tables of its outputs know it."""

    proxies: ProxyManager[ViewProxy]
    selections: SelectionManager

    def watch_proxies(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher(proxy, name, before, after)` called after every change of a property."""

    def rows(
        self,
        source: SourceProxy | OutputPort,
        *,
        association: str = ...,
        columns: Sequence[str] | None = ...,
        rows_per_page: int = ...,
        first: int = ...,
        sort_by: str = ...,
        descending: bool = ...,
    ) -> AsyncIterator[Rows]:
        """Read what an output holds as pages."""
