"""A property panel as a part of a page: lines made from definitions, of one proxy or of whatever is active."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from servermanager import Panel

from .handling import Refused, handler
from .publishing import Publisher, new_name
from .widgets import PanelElement, all_told

Change = Callable[[Panel, str, Any], object]


class PanelPart:
    """A panel on pages of a trame server. Belongs to the loop of the session; `close` ends it."""

    def __init__(
        self,
        server: Any,
        panel: Panel | None = None,
        *,
        names: Sequence[str] = (),
        first: Sequence[str] = (),
        label: str = "Properties",
        change: Change = Panel.change,
        browse: Callable[[Panel, str], object] | None = None,
        refused: Refused | None = None,
    ) -> None:
        """Show a panel, or those of its lines that have these names, in that order. Those of `first` come first.

        `change(panel, name, given)` sets what was entered; `browse(panel, name)` is called where a file is looked for;
        `refused(what, why)` is told of what a page cannot have done.
        """
        self._server = server
        self._publisher = Publisher.of(server)
        self._name = new_name("panel")
        self._names = tuple(names)
        self._first = tuple(first)
        self._label = label
        self._change = change
        self._browse = browse
        self._refused = refused
        self._panel: Panel | None = None
        self._unwatch: Callable[[], None] = _nothing
        self._search = ""
        self._advanced = False
        self._publisher.begin(self._name, [])
        if panel is not None:
            self.show(panel)

    @property
    def panel(self) -> Panel | None:
        """Return what is shown."""
        return self._panel

    def show(self, panel: Panel | None) -> None:
        """Show another panel, or none."""
        if panel is self._panel:
            return
        self._unwatch()
        self._panel = panel
        self._unwatch = _nothing if panel is None else panel.watch(self.tell)
        self.tell()

    def search(self, text: str) -> None:
        """Show the lines that have this text in their name or label; "": those that matter."""
        self._search = text
        self.tell()

    def advance(self, advanced: bool) -> None:
        """Show also the lines for experts, or not."""
        self._advanced = advanced
        self.tell()

    def tell(self) -> None:
        """Have pages told the lines as they are now."""
        self._publisher.put(self._name, self._lines())

    def widget(self, **attributes: Any) -> PanelElement:
        """Place it in the layout that is being made; `attributes` as of any widget of trame."""
        handlers = {
            "change": handler("change a property", self._changed, str, object, refused=self._refused),
            "reset": handler("reset a property", self._reset, str, refused=self._refused),
            "browse": handler("look for a file", self._browsed, str, refused=self._refused),
        }
        told = {name: all_told(self._server, one) for name, one in handlers.items()}
        headings = (str(not self._names).lower(),)
        return PanelElement(lines=(self._name,), label=self._label, headings=headings, **told, **attributes)

    def close(self) -> None:
        """Watch the panel no more."""
        self._unwatch()
        self._unwatch = _nothing
        self._panel = None

    def _lines(self) -> list[Any]:
        if self._panel is None:
            return []
        if self._names:
            return [self._panel.line(name) for name in self._names]
        lines = self._panel.lines(self._search, advanced=self._advanced)
        return sorted(lines, key=lambda line: line.name not in self._first)

    def _changed(self, name: str, given: Any) -> None:
        if self._panel is not None:
            self._change(self._panel, name, given)
            self.tell()  # also of a value that has stayed: the page has shown another one

    def _reset(self, name: str) -> None:
        if self._panel is not None:
            self._panel.reset(name)

    def _browsed(self, name: str) -> None:
        if self._panel is not None and self._browse is not None:
            self._browse(self._panel, name)


def _nothing() -> None:
    """Do nothing: nobody is watched."""
