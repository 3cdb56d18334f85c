"""Results on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from .results import Row

_WITHOUT_TERMINAL = 150


def console() -> Console:
    """Where tables go: as wide as the terminal, wide enough in a file."""
    found = Console()
    return found if found.is_terminal else Console(width=_WITHOUT_TERMINAL)


def number(value: float | None) -> str:
    """Three or four digits that matter."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def verdict(row: Row) -> str:
    """Whether a target was met, in a word."""
    return {True: "yes", False: "NO", None: ""}[row["met"]]


def table(rows: Iterable[Row], title: str = "") -> Table:
    """Return a table: a heading for each scenario, a line for each row; values stand in the first of a contender."""
    shown = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    shown.add_column("", no_wrap=True)
    for name in ("median", "spread", "p99", "ratio"):
        shown.add_column(name, justify="right", no_wrap=True)
    for name in ("to", "target", "met"):
        shown.add_column(name)
    scenario = label = None
    for row in rows:
        if row["scenario"] != scenario:
            scenario, label = row["scenario"], None
            shown.add_row()
            shown.add_row(scenario, row["unit"], style="bold")
        first, label = row["backend"] != label, row["backend"]
        color = {True: "green", False: "red", None: "" if row["kind"] == "backend" else "dim"}[row["met"]]
        shown.add_row(*_cells(row, first=first), style=color or None)
    return shown


def _cells(row: Row, *, first: bool) -> list[str]:
    values = [""] * 4
    if first:
        p99 = f"{number(row['p99'])} {row['p99_unit']}" if row["p99"] is not None else ""
        spread = f"{number(row['low'])}..{number(row['high'])}"
        values = [f"  {row['backend']}", number(row["median"]), spread, p99]
    compared = (row["against"] or "") if row["ratio"] is not None else ""
    return [*values, number(row["ratio"]), compared, _short(row["target_text"] or ""), verdict(row)]


def _short(target: str) -> str:
    """Return a target beside the column that names what it compares with."""
    return target.partition(" x ")[0].replace("at most", "<=").replace("at least", ">=")
