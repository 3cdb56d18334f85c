"""The rows of an output as a table shows them: pages as they are scrolled to, columns, order, selected rows only."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from async_paraview.information import DataInformation
from async_paraview.records import dataclass

from ...model.proxy import OutputPort, SourceProxy
from ...views.spreadsheet import Rows
from ..owner import RowsOwner
from .watched import Watched

PAGE: Final = 200
"""How many rows a page has."""
MOST_PAGES: Final = 50
"""So many are kept, those that were looked at last."""
DIGITS: Final = 6
ASSOCIATIONS: Final = ("POINTS", "CELLS", "ROWS")

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: a component of an array, or one of its own. `name` is what rows are sorted by."""

    name: str
    component: int | None
    label: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Rows of a table: the number of the first, how many there are in all, columns, and texts row by row."""

    first: int
    total: int
    columns: tuple[Column, ...]
    cells: tuple[tuple[str, ...], ...]


def columns_of(rows: Rows) -> tuple[Column, ...]:
    """Return the columns of a page: one for each component of a vector."""
    found: list[Column] = []
    for name, values in rows.columns.items():
        array = np.asarray(values)
        if array.ndim == 1:
            found.append(Column(name, None, name))
        else:
            found += [Column(name, at, f"{name}_{at}") for at in range(array.shape[1])]
    return tuple(found)


def texts_of(rows: Rows, digits: int = DIGITS) -> tuple[tuple[str, ...], ...]:
    """Return the texts of a page row by row: numbers with so many digits, whole numbers with all of theirs."""
    columns = []
    for values in rows.columns.values():
        array = np.asarray(values)
        flat = array.reshape(len(array), -1) if len(array) else array.reshape(0, 1)
        columns += [[cell_text(value, digits) for value in flat[:, at].tolist()] for at in range(flat.shape[1])]
    return tuple(zip(*columns, strict=True))


def cell_text(value: Cell, digits: int = DIGITS) -> str:
    """Return the text of a number, or a text."""
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


class SpreadsheetModel(Watched):
    """A table of an output. `row` is local, and has what is not here yet fetched; then who watches is told.

    What went wrong is `error`. Made in the loop of the session; `close` ends it.
    """

    def __init__(self, session: RowsOwner) -> None:
        """Show nothing yet."""
        super().__init__()
        self._session = session
        self._output: OutputPort | None = None
        self._association = "POINTS"
        self._chosen: tuple[str, ...] | None = None
        self._order = ("", False)
        self._selected_only = False
        self._digits = DIGITS
        self._pages: OrderedDict[int, Rows] = OrderedDict()
        self._texts: dict[int, tuple[tuple[str, ...], ...]] = {}
        self._wanted: list[int] = []
        self._fetching: asyncio.Task[None] | None = None
        self._total: int | None = None
        self._columns: tuple[Column, ...] = ()
        self._ends.append(session.watch_proxies(self._property_changed))
        self._ends.append(session.watch_time(self.refresh))
        self._ends.append(session.selections.watch(self._selection_changed))

    # --- what is shown

    @property
    def output(self) -> OutputPort | None:
        """Return the output that is shown."""
        return self._output

    @property
    def association(self) -> str:
        """What there is a row for: "POINTS", "CELLS" or "ROWS". Setting it raises ValueError for anything else."""
        return self._association

    @association.setter
    def association(self, association: str) -> None:
        if association not in ASSOCIATIONS:
            raise ValueError(f"rows are of {', '.join(ASSOCIATIONS)}, not of {association!r}")
        if association != self._association:
            self._association, self._chosen, self._order = association, None, ("", False)
            self.refresh()

    @property
    def associations(self) -> tuple[str, ...]:
        """Return those that the output has, as far as it is known by now."""
        found = None if self._output is None else self._output.proxy.information.get(self._output.port)
        return ASSOCIATIONS if found is None else associations_of(found)

    @property
    def order(self) -> tuple[str, bool]:
        """Return the name of the column that rows are sorted by, "" for none, and whether the largest comes first."""
        return self._order

    @property
    def selected_only(self) -> bool:
        """Whether only what is selected of the output is shown."""
        return self._selected_only

    @selected_only.setter
    def selected_only(self, selected_only: bool) -> None:
        if selected_only != self._selected_only:
            self._selected_only = selected_only
            self.refresh()

    @property
    def digits(self) -> int:
        """How many digits numbers have, 1 to 17."""
        return self._digits

    @digits.setter
    def digits(self, digits: int) -> None:
        if not 1 <= digits <= 17:
            raise ValueError(f"numbers have 1 to 17 digits, not {digits}")
        self._digits = digits
        self._texts.clear()
        self._tell()

    def show(self, output: SourceProxy | OutputPort | None, association: str | None = None) -> None:
        """Show another output; None: none."""
        self._output = output.port(0) if isinstance(output, SourceProxy) else output
        self._chosen, self._order = None, ("", False)
        found = None if self._output is None else self._output.proxy.information.get(self._output.port)
        offered = ASSOCIATIONS if found is None else associations_of(found)
        self._association = association or (self._association if self._association in offered else offered[0])
        self.refresh()

    def choose(self, columns: Sequence[str] | None) -> None:
        """Show just these columns, by name; None: all."""
        self._chosen = None if columns is None else tuple(columns)
        self.refresh()

    def sort(self, column: str = "", *, descending: bool = False) -> None:
        """Have rows in the order of a column; "": as they are in the output."""
        self._order = (column, descending)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Forget the rows that are here: others are fetched when they are looked at. The first page is, at once."""
        self._pages.clear()
        self._texts.clear()
        self._total, self.error = None, None
        if self._fetching is not None:
            self._fetching.cancel()
            self._fetching = None
        self._wanted = [] if self._output is None or self._is_closed else [0]
        self._fetch()
        self._tell()

    # --- what a table asks for

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns, as far as they are known by now."""
        return self._columns

    @property
    def total(self) -> int | None:
        """Return how many rows there are; None as long as that is not known."""
        return self._total

    def row(self, number: int) -> tuple[str, ...] | None:
        """Return the texts of a row, from 0; None if it is not here yet, which is fetched then."""
        begin = number - number % PAGE
        rows = self._pages.get(begin)
        if rows is None:
            if self._output is not None and begin not in self._wanted and not self._is_closed:
                self._wanted = [*self._wanted[-1:], begin]  # what was scrolled past is not fetched
                self._fetch()
            return None
        self._pages.move_to_end(begin)
        if begin not in self._texts:
            self._texts[begin] = texts_of(rows, self._digits)
        texts = self._texts[begin]
        return texts[number - begin] if number - begin < len(texts) else None

    async def page(self, first: int, count: int = PAGE) -> SheetPage:
        """Return `count` rows from `first` on, as they are now. Raises RemoteError, and ValueError if none is shown."""
        rows = await self._read(first, count)
        return SheetPage(first, rows.total, columns_of(rows), texts_of(rows, self._digits))

    # --- inside

    async def _read(self, first: int, count: int) -> Rows:
        if self._output is None:
            raise ValueError("no output is shown in this table: show() says which")
        source: SourceProxy | OutputPort | None = self._output
        if self._selected_only:
            source = self._session.selections.extracted(self._output)
        if source is None:
            return Rows(first, 0, {})
        column, descending = self._order
        pages = self._session.rows(
            source,
            association=self._association,
            columns=self._chosen,
            rows_per_page=count,
            first=first,
            sort_by=column,
            descending=descending,
        )
        async for rows in pages:
            return rows
        return Rows(first, 0, {})

    def _fetch(self) -> None:
        if self._fetching is None and self._wanted:
            self._fetching = self._start(self._fetch_wanted)

    async def _fetch_wanted(self) -> None:
        mine = asyncio.current_task()
        try:
            while self._wanted and self._fetching is mine:
                begin = self._wanted.pop()
                rows = await self._read(begin, PAGE)
                if self._fetching is not mine:
                    return
                self._take(begin, rows)
        finally:
            if self._fetching is mine:
                self._fetching = None

    def _take(self, begin: int, rows: Rows) -> None:
        self._pages[begin], self._total = rows, rows.total
        self._texts.pop(begin, None)
        while len(self._pages) > MOST_PAGES:
            oldest, _ = self._pages.popitem(last=False)
            self._texts.pop(oldest, None)
        self._columns = columns_of(rows)
        self._tell()

    def _selection_changed(self) -> None:
        if self._selected_only:
            self.refresh()

    def _property_changed(self, proxy: Any, *_: object) -> None:
        """Fetch anew what depends on a property that was set."""
        if self._output is not None and proxy in _upstream(self._output.proxy):
            self.refresh()


def associations_of(information: DataInformation) -> tuple[str, ...]:
    """Return what an output has rows for."""
    if information.number_of_rows or information.data_type == "vtkTable":
        return ("ROWS",)
    return ("POINTS", "CELLS")


def _upstream(proxy: SourceProxy) -> list[Any]:
    """Return a proxy, and all that its output depends on."""
    found: list[Any] = [proxy]
    for one in found:
        inputs = (
            [port.proxy for ports in one.inputs().values() for port in ports] if isinstance(one, SourceProxy) else []
        )
        found += [above for above in inputs if above not in found]
    return found
