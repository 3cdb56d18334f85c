"""The lower part of the page: messages, the table of the active output, and what is selected or was clicked at."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from servermanager import SourceProxy
from servermanager.ui.editors.selection_model import SelectionModel, pick_lines
from servermanager.ui.editors.spreadsheet_model import ASSOCIATIONS, SpreadsheetModel
from servermanager.ui.pointing.happenings import Picked, Selected

from ..parts.widgets import RowElement, TableElement, all_told
from .section import Section, facts, tabs

if TYPE_CHECKING:
    from .content import PageContent

MOST_MESSAGES: Final = 200
ROWS: Final = 100
"""So many rows of the table are on the page at a time."""
MOST_VALUES: Final = 50


class Bottom(Section):
    """Tabs below the views. The table is read while its tab is open, and not else."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._tab = self.own_name("bottom_tab", "messages")
        self._open = self.own_name("bottom_open", False)
        self._messages = self.own_name("messages", [])
        self._table = self.own_name("table", {"columns": [], "rows": [], "first": 0, "at": 0, "total": 0})
        self._found = self.own_name("found", {"lines": [], "tables": []})
        self._seen = self.own_name("seen", 0)
        self._sheet = SpreadsheetModel(self.session)
        self._selection = SelectionModel(self.session)
        self._first = self._at = 0
        self._said: Sequence[tuple[str, str]] = []
        self.ends.append(self.work.log.watch(self._tell_messages))
        self._sheet.watch(self._tell_table)
        self._selection.watch(self._tell_selection)
        self.ends.append(self.session.proxies.active.watch(self._follow))
        for name in (self._tab, self._open):
            self.trame.state.change(name)(lambda **_: self._follow())

    def found(self, happening: Picked | Selected) -> None:
        """Show what a click, or a rectangle, has found."""
        if isinstance(happening, Picked):
            result = happening.result
            if result is None:
                return
            self._say(pick_lines(result, self.session.proxies.name_of(result.source.proxy.id)))
        elif not happening.outputs:
            self._say([("Selected", f"nothing: there are no {happening.kind.lower()} in the rectangle")])
        self._tell_tab("found", opens=isinstance(happening, Selected))

    def lay_out(self) -> None:
        """Place it."""
        tab, is_open = self._tab, self._open
        with html.Section(
            classes="apv-bottom",
            aria_label="Messages and values",
            raw_attrs=[f":class=\"{{ 'apv-open': {is_open} }}\""],
        ):
            with html.Div(classes="apv-bottom-bar"):
                messages = "Messages ({{ " + f"{self._messages}.length" + " }})"
                entries = (("messages", messages), ("table", "Table"), ("found", "Selection"))
                tabs(tab, entries, "Messages and values", also=f"{is_open} = true")
                v3.VSpacer()
                v3.VBtn(
                    icon=(f"{is_open} ? 'mdi-chevron-down' : 'mdi-chevron-up'",),
                    size="small",
                    variant="text",
                    click=self.toggles(is_open),
                    aria_label="Open or close messages and values",
                    raw_attrs=[f':aria-expanded="{is_open}"'],
                )
            with html.Div(v_if=is_open, classes="apv-bottom-content"):
                with html.Div(v_if=f"{tab} === 'messages'", classes="apv-scroll"):
                    self._lay_out_messages()
                with html.Div(v_if=f"{tab} === 'table'", classes="apv-scroll apv-column"):
                    self._lay_out_table()
                with html.Div(v_if=f"{tab} === 'found'", classes="apv-scroll"):
                    self._lay_out_found()

    def close(self) -> None:
        """End it."""
        super().close()
        self._sheet.close()
        self._selection.close()

    # --- messages

    def _lay_out_messages(self) -> None:
        with html.Div(classes="apv-side-actions"):
            html.Button(
                "Clear", type="button", classes="apv-small", click=self.calls("clear messages", self.work.log.clear)
            )
        html.P("No messages.", v_if=f"!{self._messages}.length", classes="apv-quiet apv-pad")
        with (
            html.Ul(classes="apv-messages", role="log", aria_label="Messages"),
            html.Li(v_for=f"one in {self._messages}", key="one.number", raw_attrs=[':data-severity="one.severity"']),
        ):
            html.Span("{{ one.time }}", classes="apv-quiet")
            html.Strong("{{ one.severity }}")
            html.Span("{{ [one.action, one.name].filter((part) => part).join(': ') }}", classes="apv-quiet")
            html.Span("{{ one.text }}")

    def _tell_messages(self) -> None:
        told = [
            {
                "number": one.number,
                "time": time.strftime("%H:%M:%S", time.localtime(one.time_s)),
                "severity": one.severity,
                "text": one.text,
                "action": one.action,
                "name": one.name,
            }
            for one in reversed(self.work.log.entries[-MOST_MESSAGES:])
        ]
        self.publisher.put(self._messages, told)
        last = self.work.log.last
        if last is not None and last.severity == "error":
            self.content.told("error", {"number": last.number, "text": str(last)})

    # --- the table

    def _lay_out_table(self) -> None:
        of = self._table
        with html.Div(classes="apv-side-actions", role="toolbar", aria_label="Of the table"):
            with (
                html.Label("Rows are "),
                html.Select(
                    classes="apv-field apv-auto",
                    raw_attrs=[f':value="{of}.association"'],
                    change=(self.calls("choose rows", self._associate, str), "[$event.target.value]"),
                ),
            ):
                html.Option(
                    "{{ one.toLowerCase() }}",
                    v_for=f"one in {of}.associations",
                    key="one",
                    raw_attrs=[':value="one"'],
                )
            with html.Label():
                html.Input(
                    type="checkbox",
                    raw_attrs=[f':checked="{of}.selected_only"'],
                    change=(self.calls("choose rows", self._select_only, bool), "[$event.target.checked]"),
                )
                html.Span(" selected only")
            self._lay_out_turning()
        html.P("{{ " + of + ".error }}", v_if=f"{of}.error", classes="apv-error apv-pad", role="alert")
        TableElement(
            columns=(f"{of}.columns",),
            rows=(f"{of}.rows",),
            label="Values of the active source",
            sortable=True,
            sorted=(f"{of}.sorted",),
            descending=(f"{of}.descending",),
            sort=all_told(self.trame, self.calls("sort", self._sort, str)),
            at=(f"{of}.at",),
        )

    def _lay_out_turning(self) -> None:
        """Place what goes through the pages of the table, and to a row by its number."""
        of = self._table
        go = self.calls("go to a row", self._go, int)
        last = f"{of}.first + {of}.rows.length >= {of}.total"
        for label, text, to, end in (
            ("First rows", "«", "0", f"{of}.first === 0"),
            ("Rows before", "‹", f"{of}.first - {ROWS}", f"{of}.first === 0"),
            ("Rows after", "›", f"{of}.first + {ROWS}", last),
            ("Last rows", "»", f"{of}.total", last),
        ):
            html.Button(
                text,
                type="button",
                classes="apv-small",
                aria_label=label,
                title=label,
                click=(go, f"[{to}]"),
                raw_attrs=[f':disabled="{end}"'],
            )
        with html.Label("Row "):
            RowElement(at=(f"{of}.at",), total=(f"{of}.total",), go=all_told(self.trame, go))
        html.Span(
            "{{ "
            + f"{of}.total ? 'of ' + {of}.total.toLocaleString('en-US') + ', ' + {of}.first.toLocaleString('en-US')"
            + f" + ' to ' + ({of}.first + {of}.rows.length - 1).toLocaleString('en-US') : ''"
            + " }}",
            classes="apv-quiet",
        )

    def _follow(self) -> None:
        """Have the table show the active source, while it is seen."""
        state = self.trame.state
        source = self.session.proxies.active.source
        seen = bool(state[self._open]) and state[self._tab] == "table" and isinstance(source, SourceProxy)
        shown = None if self._sheet.output is None else self._sheet.output.proxy
        if not seen:
            source = None
        if shown is not source:
            self._begin_anew()
            self._sheet.show(source)

    def _associate(self, association: str) -> None:
        self._begin_anew()
        self._sheet.association = association

    def _select_only(self, only: bool) -> None:
        self._begin_anew()
        self._sheet.selected_only = only

    def _go(self, row: int) -> None:
        """Show a row by its number, from 0; the first or the last one past these."""
        self._at = min(max(row, 0), max((self._sheet.total or 0) - 1, 0))
        self._first = self._at - self._at % ROWS
        self._tell_table()

    def _begin_anew(self) -> None:
        self._first = self._at = 0

    def _sort(self, column: str) -> None:
        name = next((one.name for one in self._sheet.columns if one.label == column), "")
        now, descending = self._sheet.order
        if now == name and descending:
            self._sheet.sort()
        else:
            self._sheet.sort(name, descending=now == name)

    def _tell_table(self) -> None:
        sheet = self._sheet
        total = sheet.total or 0
        numbers = range(self._first, min(self._first + ROWS, total))
        column, descending = sheet.order
        labels = [one.label for one in sheet.columns]
        told = {
            "columns": ["row", *labels],
            "rows": [[str(number), *(sheet.row(number) or ("…",) * len(labels))] for number in numbers],
            "first": self._first,
            "at": self._at,
            "total": total,
            "association": sheet.association,
            "associations": list(sheet.associations or ASSOCIATIONS),
            "selected_only": sheet.selected_only,
            "sorted": next((one.label for one in sheet.columns if one.name == column), ""),
            "descending": descending,
            "error": "" if sheet.error is None else str(sheet.error),
        }
        self.publisher.put(self._table, told)

    # --- what was found

    def _lay_out_found(self) -> None:
        of = self._found
        with html.Div(classes="apv-side-actions"):
            html.Button("Clear selection", type="button", classes="apv-small", click=self.calls("clear", self._clear))
            html.Button(
                "Extract selection", type="button", classes="apv-small", click=self.calls("extract", self._extract)
            )
        html.P(
            "Click into a view, or choose a rectangle in the toolbar and drag it, to see values.",
            v_if=f"!{of}.lines.length && !{of}.tables.length",
            classes="apv-quiet apv-pad",
        )
        with html.Div(v_if=f"{of}.lines.length", classes="apv-narrow"):
            facts(f"(line, at) in {of}.lines", "at", "{{ line[0] }}", "{{ line[1] }}", "What was clicked at")
        with html.Div(v_for=f"(one, at) in {of}.tables", key="at"):
            html.H3("{{ one.title }}", classes="apv-title")
            TableElement(columns=("one.columns",), rows=("one.rows",), label=("one.title",))

    def _tell_selection(self) -> None:
        self.work.do("look at the selection", self._look_at_selection())

    async def _look_at_selection(self) -> None:
        tables = []
        for one in self._selection.selected:
            points, cells, rows = await self._selection.counts(one.output)
            page = await self._selection.values(one.output, one.association, MOST_VALUES)
            counted = ", ".join(
                f"{n} {what}" for n, what in ((points, "points"), (cells, "cells"), (rows, "rows")) if n
            )
            tables.append(
                {
                    "title": f"{one.name}: {counted or 'nothing'} selected",
                    "columns": [column.label for column in page.columns],
                    "rows": page.cells,
                }
            )
        self.publisher.put(self._found, {"lines": [] if tables else self._said, "tables": tables})

    def _say(self, lines: Sequence[tuple[str, str]]) -> None:
        """Have lines stand there, until something is selected."""
        self._said = lines
        self.publisher.put(self._found, {"lines": lines, "tables": []})

    def _clear(self) -> None:
        self._say([])
        self._selection.clear()

    def _extract(self) -> None:
        selected = self._selection.selected
        if not selected:
            raise ValueError("nothing is selected: choose a rectangle in the toolbar, and drag it in the view")
        for one in selected:
            self._selection.extract(one.output)

    def _tell_tab(self, tab: str, *, opens: bool) -> None:
        self.publisher.put(self._tab, tab)
        if opens:
            self.publisher.put(self._open, True)
