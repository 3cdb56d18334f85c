"""What sections of the page have in common: a workspace, names in trame's state, handlers that tell of failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from trame.widgets import html

from ..parts.handling import handler
from ..parts.publishing import Publisher, new_name

if TYPE_CHECKING:
    from .content import PageContent


class Section:
    """A part of the page. `lay_out` places its widgets in the layout that is being made; `close` ends it."""

    def __init__(self, content: PageContent) -> None:
        self.content = content
        self.work = content.work
        self.session = content.session
        self.trame: Any = content.trame
        self.publisher = Publisher.of(content.trame)
        self.ends: list[Callable[[], None]] = []

    def own_name(self, what: str, value: Any) -> str:
        """Return a new name in trame's state, which has this value at first."""
        name = new_name(what)
        self.publisher.begin(name, value)
        return name

    def calls(self, what: str, call: Callable[..., Any], *kinds: Any) -> Callable[..., None]:
        """Return what widgets call: see `handler`. What goes wrong stands in the log of the page."""
        return handler(what, call, *kinds, refused=self.content.refused)

    def toggles(self, name: str) -> str:
        """Return the expression that turns a flag of trame's state."""
        return f"{name} = !{name}"

    def close(self) -> None:
        """End it."""
        for end in self.ends:
            end()


def tabs(name: str, entries: Sequence[tuple[str, str]], label: str, *, also: str = "") -> None:
    """Place tabs: buttons of which `name`, a name in trame's state, has the value of the chosen one.

    `entries` are values and texts; `also` is an expression for what happens with each click.
    """
    with html.Div(classes="apv-tabs", role="tablist", aria_label=label):
        for value, text in entries:
            html.Button(
                text,
                type="button",
                role="tab",
                click=f"{name} = '{value}'{'; ' + also if also else ''}",
                raw_attrs=[f":aria-selected=\"{name} === '{value}'\"", f'data-tab="{value}"'],
            )


def facts(each: str, key: str, head: str, text: str, label: str) -> None:
    """Place a table of two columns: a row for `each` ("one in lines"), of which `head` and `text` are templates."""
    with html.Table(classes="apv-facts", aria_label=label), html.Tbody(), html.Tr(v_for=each, key=key):
        html.Th(head, raw_attrs=['scope="row"'])
        html.Td(text)
