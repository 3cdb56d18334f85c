"""What changed between two runs by more than chance.

The spreads of the repetitions must not overlap; where there is a floor, the ratio to it must have changed too, or it
was the machine that changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from rich.table import Table

from .results import Row
from .table import number

SMALLEST: Final = 0.05
"""Changes below this are not shown even if the repetitions of each run agree that well."""


class Change(NamedTuple):
    """One contender that became better or worse; `factor` is new / old."""

    scenario: str
    backend: str
    unit: str
    old: float
    new: float
    factor: float
    better: bool


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return the changes, largest first."""
    before = _by_contender(old)
    found: list[Change] = []
    for key, row in _by_contender(new).items():
        was = before.get(key)
        if was is None or not was["median"] or not row["median"]:
            continue
        apart = row["low"] > was["high"] or row["high"] < was["low"]
        factor = row["median"] / was["median"]
        if apart and _large(factor) and _large(_ratios(was, row), like=factor):
            better = (factor < 1) == row["lower_is_better"]
            found.append(Change(*key, row["unit"], was["median"], row["median"], factor, better))
    return sorted(found, key=lambda change: -max(change.factor, 1 / change.factor))


def changes_table(found: list[Change]) -> Table:
    """Return a table of the changes for a terminal."""
    table = Table(title=f"{len(found)} changes beyond noise", title_justify="left", header_style="bold")
    for name in ("scenario", "backend", "old", "new", "new/old", ""):
        table.add_column(name)
    for one in found:
        table.add_row(
            one.scenario,
            one.backend,
            f"{number(one.old)} {one.unit}",
            f"{number(one.new)} {one.unit}",
            f"{one.factor:.2f}",
            "better" if one.better else "worse",
            style="green" if one.better else "red",
        )
    return table


def _large(factor: float | None, like: float | None = None) -> bool:
    """Whether a factor is worth a line, and in the direction of another; None counts as one that is."""
    if factor is None:
        return True
    return not 1 / (1 + SMALLEST) < factor < 1 + SMALLEST and (like is None or (factor > 1) == (like > 1))


def _ratios(old: Row, new: Row) -> float | None:
    before, after = old.get("ratio"), new.get("ratio")
    if not before or not after or (old["against"], old["statistic"]) != (new["against"], new["statistic"]):
        return None
    return float(after / before)


def _by_contender(document: Mapping[str, Any]) -> dict[tuple[str, str], Row]:
    """Return the first row of each: the one with its floor."""
    return {(row["scenario"], row["backend"]): row for row in reversed(document["scenarios"])}
