"""Numbers and titles of axes, rulers and bars as vectors: texts as text, lines as boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..axes.text_sheet import SOLID, TextSheet
from .sheet import Sheet


@contextmanager
def hidden(sheets: Sequence[TextSheet]) -> Iterator[None]:
    """Have all else drawn."""
    before = [one.prop.GetVisibility() for one in sheets]
    for one in sheets:
        one.prop.VisibilityOff()
    try:
        yield
    finally:
        for one, was in zip(sheets, before, strict=True):
            one.prop.SetVisibility(was)


def write_axes(page: Sheet, sheets: Sequence[TextSheet]) -> None:
    """Write what sheets show at the places where it is drawn."""
    for drawn in (text for one in sheets for text in one.texts):
        *color, opacity = drawn.color
        if drawn.mask is SOLID:
            width, height = drawn.size
            place = drawn.left, drawn.bottom, drawn.left + width, drawn.bottom + height
            page.add_box(place, color, opacity)
        else:
            page.add_letters(drawn.mask, (drawn.left, drawn.bottom), color, opacity)
