"""The rows of what an output holds, page by page, as a reader wants them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import numpy as np

from async_paraview.datasets import Assembler
from async_paraview.displays import table
from async_paraview.operations import data
from async_paraview.records import dataclass
from services_core import Packet

from ..model.maker import Maker
from ..model.proxy import OutputPort

PAGE_LIMIT_BYTES: Final = 1024**3
MOST_ROWS: Final = 20
MOST_COLUMNS: Final = 20
"""So many are shown in a notebook; what is left out is counted there."""


@dataclass(frozen=True, slots=True, repr=False)
class Rows:
    """A page of a spreadsheet: its columns by name.

    A column is a read-only array with an entry (or a row of components) for each row; texts are objects of type str.
    """

    first: int
    """The number of its first row."""
    total: int
    """How many rows there are in all."""
    columns: dict[str, Any]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __repr__(self) -> str:
        return f"<Rows: {self._which()}; {', '.join(self.columns) or 'no columns'}>"

    def _repr_html_(self) -> str:
        shown = dict(list(self.columns.items())[:MOST_COLUMNS])
        cut = ("...",) if len(shown) < len(self.columns) else ()
        rows = [
            (self.first + at, *(_cell(column[at]) for column in shown.values()), *cut)
            for at in range(min(len(self), MOST_ROWS))
        ]
        more = [("...", f"{len(self) - len(rows)} more of this page")] if len(rows) < len(self) else []
        ends = f", {len(self.columns) - len(shown)} more columns" if cut else ""
        return table(f"{self._which()}{ends}", [*rows, *more], ("row", *shown, *cut))

    def _which(self) -> str:
        held = len(self)
        return f"{self.first} to {self.first + held - 1} of {self.total}" if held else f"none of {self.total}"


def _cell(value: Any) -> str:
    """Return a value with all its digits, the components of a row of them."""
    return str(value) if isinstance(value, str) or np.ndim(value) == 0 else ", ".join(map(str, np.ravel(value)))


async def pages(
    scene: Maker,
    source: OutputPort,
    association: str,
    columns: Sequence[str] | None,
    rows_per_page: int,
    first: int,
    order: tuple[str, bool] = ("", False),
) -> AsyncIterator[Rows]:
    """See Session.rows."""
    source.proxy.update_vtk_objects()
    await scene.data_arrived(source.proxy)
    wanted = data.Rows(
        id=source.proxy.id,
        port=source.port,
        time=scene.time_or(None),
        association=association,
        columns=None if columns is None else tuple(columns),
        first=first,
        rows=rows_per_page,
        sort_by=order[0],
        descending=order[1],
    )
    with scene.data.subscribe(wanted.packet()) as items:
        assembler = Assembler(PAGE_LIMIT_BYTES)
        async for item in items:
            assembler.add(item.header["piece"], item.buffers)
            if assembler.complete:
                yield _page(item, assembler)
                assembler = Assembler(PAGE_LIMIT_BYTES)


def _page(item: Packet, assembler: Assembler) -> Rows:
    return Rows(item.header["first"], item.header["total"], dict(assembler.finish().row_data))
