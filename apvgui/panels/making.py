"""Which widget an editor of the model is: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from servermanager.ui.panels.panel_line import Editor, PanelLine

from .editor import Give, LineEditor
from .number_editors import NumberEditor, NumbersEditor, VectorEditor
from .simple_editors import (
    ArraysEditor,
    ChoiceEditor,
    ColorEditor,
    FlagEditor,
    LongTextEditor,
    ShownEditor,
    TextEditor,
)
from .structured_editors import Browse, FileEditor, FilesEditor, InputEditor, InputsEditor

_EDITORS: Final[Mapping[Editor, Callable[[PanelLine, Give], LineEditor]]] = {
    "flag": FlagEditor,
    "integer": NumberEditor,
    "number": NumberEditor,
    "text": TextEditor,
    "script": LongTextEditor,
    "choice": ChoiceEditor,
    "vector": VectorEditor,
    "numbers": NumbersEditor,
    "texts": LongTextEditor,
    "array": ChoiceEditor,
    "arrays": ArraysEditor,
    "object": ChoiceEditor,
    "color": ColorEditor,
    "parts": ShownEditor,
    "shown": ShownEditor,
}
_OF_FILES: Final[Mapping[Editor, Callable[[PanelLine, Give, Browse], LineEditor]]] = {
    "file": FileEditor,
    "files": FilesEditor,
}
WIDE: Final[frozenset[Editor]] = frozenset({"numbers", "texts", "script", "arrays", "files"})
"""Editors that have a line of their own, below their label."""


def make_editor(line: PanelLine, give: Give, browse: Browse) -> LineEditor:
    """Return the widget for a line, which shows it already."""
    if line.editor == "input":
        made: LineEditor = (InputsEditor if len(line.value or ()) > 1 else InputEditor)(line, give)
    elif line.editor in _OF_FILES:
        made = _OF_FILES[line.editor](line, give, browse)
    else:
        made = _EDITORS[line.editor](line, give)
    made.show_line(line)
    return made


def signature(line: PanelLine) -> tuple[object, ...]:
    """Return what must be the same for an editor to show another line."""
    several = line.editor == "input" and len(line.value or ()) > 1
    return line.name, line.editor, line.columns, several
