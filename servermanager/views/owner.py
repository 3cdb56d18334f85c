"""What views and representations need of the scene that they belong to; the scene itself stands above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ..model.maker import Maker
from ..model.proxy import Proxy, Watcher
from ..model.sending.outbox import Outbox
from ..model.undo import UndoStack


class ViewOwner(Maker, Protocol):
    """A scene, as views and representations know it."""

    @property
    def outbox(self) -> Outbox:
        """Return what the server could not be told yet."""

    @property
    def undo(self) -> UndoStack:
        """Return what remembers steps, to take them back."""

    time: float | None

    is_told: bool
    """Whether what changes now was changed by another client of the session."""

    def watch_proxies(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher(proxy, name, before, after)` called after every change; returns what ends that."""

    def find_referred(self, kind: str, of: Any) -> Any:
        """Return the thing of that kind and number, or name; None if there is none."""

    def tell_changes_of(self, proxy: Proxy) -> None:
        """Send what has changed of a proxy and upstream, before it is shown."""

    async def view_ready(self, id_: int) -> None:
        """Wait for all that a view needs of the data: definitions, and data that is sent again."""

    def forget_view(self, id_: int) -> None:
        """Take a deleted view, and what it shows, out of the scene."""

    def forget_representation(self, id_: int) -> bool:
        """Take what is shown no more out of the scene; returns whether it was there."""

    def new_id(self) -> int:
        """Return a number for the next proxy of any kind."""

    def has_view(self, view: Any) -> bool:
        """Return whether it is a view of this scene that was not deleted."""

    def has_representation(self, representation: Any) -> bool:
        """Return whether it is shown."""

    def take_in_view(self, view: Any) -> None:
        """Take a view that was deleted into the scene again."""

    def take_in_representation(self, representation: Any) -> None:
        """Take into the scene again what was shown no more."""

    def all_representations(self) -> Sequence[Any]:
        """Return what is shown."""

    @property
    def extractors(self) -> Any:
        """Return what writes outputs, and pictures of views."""

    @property
    def color_maps(self) -> Any:
        """Return the color maps by name."""

    @property
    def opacity_functions(self) -> Any:
        """Return the opacity functions by name."""

    def shown_with(self, shared: Any) -> Sequence[Any]:
        """Return what is colored by a color map, or opaque by an opacity function."""

    @property
    def animation(self) -> Any:
        """Return the animation of the session."""

    @property
    def layouts(self) -> Any:
        """Return the layouts of the session."""


class InScene(Protocol):
    """A view, or what is shown in one, as what belongs to it knows it."""

    @property
    def scene(self) -> ViewOwner:
        """Return the scene that it belongs to."""

    @property
    def id(self) -> int:
        """Return its number."""

    @property
    def session(self) -> Any:
        """Return the session that it belongs to."""
