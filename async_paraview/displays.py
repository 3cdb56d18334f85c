"""Tables for notebooks: what `_repr_html_` of information, proxies and sessions is made of. Local."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST_CHARACTERS = 120
"""So much is shown of a value."""


def escape(text: str) -> str:
    """Return a text as HTML has it."""
    import html  # late: 2,000 names of characters, for those who look at tables in notebooks

    return html.escape(text)


def table(caption: str, rows: Iterable[Sequence[object]], head: Sequence[str] = ()) -> str:
    """Return a table in HTML, of texts that are shown as they are; the first of each row names it."""
    top = f"<tr>{''.join(f'<th>{escape(one)}</th>' for one in head)}</tr>" if head else ""
    lines = "".join(_row([shortened(str(cell)) for cell in row]) for row in rows)
    style = "text-align: left; font-weight: bold"
    return f'<table><caption style="{style}">{escape(caption)}</caption>{top}{lines}</table>'


def shortened(text: str) -> str:
    """Return a text that is not longer than what is shown of one."""
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 3]}..."


def numbers(values: Iterable[float] | None) -> str:
    """Return numbers with the digits that tell something, "none" of nothing."""
    return "none" if values is None else ", ".join(f"{value:g}" for value in values)


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(one)}</td>' for one in others)}</tr>"
