"""What is selected, and its values; selecting by a query; and what a click has found, as lines of text."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...model.proxy import OutputPort, SourceProxy
from ...views.picking import PickResult
from ..owner import RowsOwner
from .spreadsheet_model import SheetPage, cell_text, columns_of, texts_of
from .watched import Watched

MOST_VALUES: Final = 100
"""So many rows of what is selected are shown if nothing else is asked for."""
ELEMENTS: Final = {"POINTS": "Point Data", "CELLS": "Cell Data", "ROWS": "Row Data"}
"""What queries are of, by association, as SelectionQuerySource has it."""


@dataclass(frozen=True, slots=True)
class SelectedOutput:
    """What is selected of an output: its name, and how it was selected, as a query or the type of the source."""

    output: OutputPort
    name: str
    how: str
    association: str


class SelectionModel(Watched):
    """The selections of a session. Methods that are no coroutines are local."""

    def __init__(self, session: RowsOwner) -> None:
        """Follow the selections of a session."""
        super().__init__()
        self._session = session
        self._ends.append(session.selections.watch(self._tell))

    @property
    def selected(self) -> tuple[SelectedOutput, ...]:
        """Return what is selected now."""
        return tuple(self._described(output, source) for output, source in self._session.selections.all().items())

    async def values(
        self, output: SourceProxy | OutputPort, association: str = "POINTS", count: int = MOST_VALUES
    ) -> SheetPage:
        """Return the first rows of what is selected of an output; no rows if nothing is. Raises RemoteError."""
        extracted = self._session.selections.extracted(output)
        if extracted is None:
            return SheetPage(0, 0, (), ())
        pages = self._session.rows(extracted, association=association, rows_per_page=count)
        async for rows in pages:
            return SheetPage(0, rows.total, columns_of(rows), texts_of(rows))
        return SheetPage(0, 0, (), ())

    async def counts(self, output: SourceProxy | OutputPort) -> tuple[int, int, int]:
        """Return how many points, cells and rows are selected of an output. Raises RemoteError."""
        extracted = self._session.selections.extracted(output)
        if extracted is None:
            return 0, 0, 0
        found = await extracted.update_pipeline()
        return found.number_of_points, found.number_of_cells, found.number_of_rows

    def query(
        self, output: SourceProxy | OutputPort, text: str, association: str = "CELLS", modifier: str | None = None
    ) -> None:
        """Select what a query is true of: "RTData > 200". What is wrong with it, values tell. Raises ValueError."""
        if association not in ELEMENTS:
            raise ValueError(f"queries are of {', '.join(ELEMENTS)}, not of {association!r}")
        if not text.strip():
            raise ValueError("a query is an expression of arrays, such as RTData > 200; this is empty")
        self._session.selections.make(
            output, "SelectionQuerySource", modifier, QueryString=text, ElementType=ELEMENTS[association]
        )

    def clear(self) -> None:
        """Select nothing."""
        for output in self._session.selections.all():
            self._session.selections.clear(output)

    def extract(self, output: SourceProxy | OutputPort) -> SourceProxy:
        """Make a filter of what is selected. Raises ValueError if nothing is."""
        return self._session.selections.extract(output)

    def _described(self, output: OutputPort, source: SourceProxy) -> SelectedOutput:
        values = source.set_values()
        how = str(values.get("QueryString") or source.type_name)
        kind = str(values.get("ElementType") or values.get("FieldType") or "CELL")
        association = next((one for one in ELEMENTS if kind.upper().startswith(one[:4])), "CELLS")
        return SelectedOutput(output, self._session.proxies.name(output.proxy), how, association)


def pick_lines(result: PickResult, name: str = "") -> tuple[tuple[str, str], ...]:
    """Return labels and texts of what a click has found: where it is, and all values there."""
    lines = [("Source", name or repr(result.source.proxy)), ("Point", str(result.point))]
    if result.cell is not None:
        lines.append(("Cell", str(result.cell)))
    if result.block:
        lines.append(("Block", str(result.block)))
    lines.append(("Position", ", ".join(cell_text(one) for one in result.position)))
    for what, values in (("point", result.point_values), ("cell", result.cell_values)):
        lines += [(f"{key} ({what})", _value_text(value)) for key, value in values.items()]
    return tuple(lines)


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(cell_text(one) for one in np.ravel(value).tolist())
