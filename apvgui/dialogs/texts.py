"""Dialogs that only tell something: keys, documentation, about the program."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget


def show_text(parent: QWidget | None, title: str, html: str, *, height: int = 520) -> QDialog:
    """Show a text in a dialog of its own, which does not hold up the window; returns the dialog."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(640, height)
    text = QTextBrowser()
    text.setOpenExternalLinks(True)
    text.setHtml(html)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(text, 1)
    column.addWidget(buttons)
    dialog.show()
    return dialog


def table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    """Return rows of two columns below a title, as HTML."""
    lines = "".join(
        f"<tr><td style='padding: 2px 18px 2px 0'><b>{escape(left)}</b></td><td>{escape(right)}</td></tr>"
        for left, right in rows
    )
    return (f"<h3>{escape(title)}</h3>" if title else "") + f"<table>{lines}</table>"


def preformatted(text: str) -> str:
    """Return a text as it is, as HTML."""
    return f"<pre style='white-space: pre-wrap'>{escape(text)}</pre>"
