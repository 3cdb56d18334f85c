"""Where what stands on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trame.ui.vuetify3 import VAppLayout
from trame.widgets import html
from trame.widgets import vuetify3 as v3

from ..parts.widgets import ShortcutsElement
from .toolbar import IS_DARK

if TYPE_CHECKING:
    from .content import PageContent

THEMES: Final = {
    "theme": {
        "themes": {
            "light": {"colors": {"primary": "#0b5cad", "error": "#b3261e", "surface": "#ffffff"}},
            "dark": {
                "dark": True,
                "colors": {"primary": "#7db8f5", "error": "#ff8a80", "surface": "#20242b", "background": "#16191e"},
            },
        }
    }
}
AWAY: Final = "<apv-away></apv-away>"
"""What trame shows in the place of the page when its connection is cut: it waits, and loads the page again."""


def lay_out(content: PageContent) -> None:
    """Lay out the page of who may change things."""
    state = content.trame.state
    state.trame__template_error = AWAY
    with VAppLayout(content.trame, vuetify_config=THEMES, classes="apv-page", theme=(f"{IS_DARK} ? 'dark' : 'light'",)):
        html.A(
            "To the view",
            href="#apv-main",
            classes="apv-skip",
            raw_attrs=["@click.prevent=\"utils && window.document.querySelector('canvas.apv-canvas').focus()\""],
        )
        content.toolbar.lay_out()
        content.sidebar.lay_out()
        with v3.VMain(classes="apv-main", id="apv-main"), html.Div(classes="apv-middle"):
            content.stage.lay_out()
            content.times.lay_out()
            content.bottom.lay_out()
        content.files.lay_out()
        content.menus.lay_out()
        content.sharing.lay_out()
        _lay_out_error()
        ShortcutsElement(
            undo=(content.toolbar.calls("undo", content.work.undo), "[]"),
            redo=(content.toolbar.calls("redo", content.work.redo), "[]"),
            open=(content.toolbar.calls("open a file", content.files.open), "[]"),
            narrow="apv_drawer = false",
            dark="apv_system_dark = $event",
            find=(content.toolbar.calls("add a filter", lambda: content.menus.open("filters")), "[]"),
        )


def _lay_out_error() -> None:
    """Place what tells the newest error, until it is put away."""
    with html.Div(v_if="apv_error", classes="apv-told", role="alert"):
        html.Span("{{ apv_error.text }}")
        html.Button("Put away", type="button", classes="apv-small", click="apv_error = null")
