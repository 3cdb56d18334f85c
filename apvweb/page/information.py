"""What is known of the active output, as a section of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trame.widgets import html

from servermanager.ui.editors.information_model import InformationModel

from .section import Section, facts

if TYPE_CHECKING:
    from .content import PageContent


class Information(Section):
    """Counts, bounds, arrays with their ranges, times and memory of the active output."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._name = self.own_name("information", None)
        self.model = InformationModel(self.session, self.work.progress)
        self.model.watch(self._tell)
        self._tell()

    def lay_out(self) -> None:
        """Place it."""
        of = self._name
        with html.Div(classes="apv-information"):
            html.P("Nothing is known yet: it was not executed.", v_if=f"!{of}", classes="apv-quiet apv-pad")
            with html.Div(v_else=True):
                html.H2("{{ " + of + ".source }}", classes="apv-title")
                html.P(
                    "Something has changed since this was executed.",
                    v_if=f"!{of}.is_current",
                    classes="apv-quiet apv-pad",
                )
                facts(f"(line, at) in {of}.lines", "at", "{{ line[0] }}", "{{ line[1] }}", "Of the output")
                html.H3("Arrays", classes="apv-title")
                text = "{{ one.association.toLowerCase() }}, {{ one.data_type }}<br>{{ one.text }}"
                facts(f"one in {of}.arrays", "one.association + one.name", "{{ one.name }}", text, "Arrays")

    def close(self) -> None:
        """End it."""
        super().close()
        self.model.close()

    def _tell(self) -> None:
        self.publisher.put(self._name, self.model.sheet)
