"""The elements of pages that are ours, as widgets of trame."""

from __future__ import annotations

from typing import Any

from trame_client.widgets.core import AbstractElement

from .view_sockets import MODULE

for _name in ("role", "aria_label", "aria_live"):  # trame would leave them out of what it does not expect to have them
    AbstractElement.register_directive(_name, _name.replace("_", "-"))


class _Element(AbstractElement):  # type: ignore[misc]  # trame has no types
    """An element whose script is loaded with the page."""

    def __init__(self, name: str, properties: tuple[str, ...], events: tuple[str, ...], **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.server.enable_module(MODULE)
        self._attr_names += list(properties)
        self._event_names += list(events)


class ViewElement(_Element):
    """A live picture: `address` is that of a `LiveView`, `label` what screen readers say, `mode` what a drag does."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-view", ("address", "label", "mode", "fixed"), ("told", "ended"), **attributes)


class PanelElement(_Element):
    """The lines of a panel; tells `change` (name, value), `reset` (name) and `browse` (name)."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-panel", ("lines", "label", "headings"), ("change", "reset", "browse"), **attributes)


class PipelineElement(_Element):
    """The pipeline browser; tells `activate`, `visible`, `rename`, `remove` and `stop`, each with a number first."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(
            "apv-pipeline", ("rows", "fixed"), ("activate", "visible", "rename", "remove", "stop"), **attributes
        )


class TableElement(_Element):
    """Rows of cells below the names of their columns; tells `sort` (column). `at` is the row to be seen first."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(
            "apv-table", ("columns", "rows", "label", "sorted", "descending", "sortable", "at"), ("sort",), **attributes
        )


class RowElement(_Element):
    """A field for the number of a row, one of `total`; tells `go` (number). `at` is the one that is seen first."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-row", ("at", "total"), ("go",), **attributes)


class ColorsElement(_Element):
    """The editor of a color map: `state` is a `ColorState`, `presets` are names."""

    def __init__(self, **attributes: Any) -> None:
        events = (
            "preset",
            "rescale",
            "fit",
            "set",
            "opacity",
            "add",
            "remove",
            "color",
            "move",
            "addcolor",
            "removecolor",
        )
        super().__init__("apv-colors", ("state", "presets"), events, **attributes)


class FilesElement(_Element):
    """A directory of the server; tells `go` (path), `choose` (path, if it is a series), `more`, `search`, `all`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-files", ("state",), ("go", "choose", "more", "search", "all"), **attributes)


class UploadElement(_Element):
    """Reads a file of the browser when `asked` has grown; tells `read` (name, text) and `toolarge` (name, bytes)."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-upload", ("asked", "accept"), ("read", "toolarge"), **attributes)


class DownloadElement(_Element):
    """Has the browser save a file when there is another one: `number`, `path` as seen from the page, and `name`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-download", ("file",), (), **attributes)


class LinkElement(_Element):
    """A link of this server to be copied: `path` as seen from its files, and a `label`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-link", ("path", "label"), (), **attributes)


class SearchElement(_Element):
    """A field to search in, which has the keys once `open`; tells `search` (text) and, of Enter, `take` (text)."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-search", ("value", "open", "label"), ("search", "take"), **attributes)


class ShortcutsElement(_Element):
    """Keys of the whole page: `undo` (Ctrl-Z), `redo` (Ctrl-Y), `open` (Ctrl-O), `find` (Ctrl-Space).

    At the beginning: `narrow` of a page without room for panels beside views. `dark` tells whether the system is set to
    dark, at the beginning and whenever that changes.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__("apv-shortcuts", (), ("undo", "redo", "open", "find", "narrow", "dark"), **attributes)


def all_told(server: Any, handle: Any) -> str:
    """Return the expression by which all that an event tells comes to a handler, as its arguments."""
    return f"(...told) => trigger('{server.trigger_name(handle)}', told)"
