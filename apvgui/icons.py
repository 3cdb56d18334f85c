"""The icons of the window: lines on a grid of 24, drawn in the color of texts, so that every theme has them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_SIZES: Final = (16, 20, 24, 32, 48)
_ACCENT: Final = "#3b82f6"
_WARM: Final = "#f59e0b"
_RED: Final = "#ef4444"
_ON_HIGHLIGHT: Final = "#ffffff"
"""Of icons in a line that is chosen, as its text."""

_PATHS: Final = {
    "add": '<path d="M12 5v14M5 12h14"/>',
    "apply": '<path d="M4 12.5l5 5L20 6.5"/>',
    "box": '<path d="M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5"/>',
    "calculator": (
        '<rect x="5" y="3" width="14" height="18" rx="2"/>'
        '<path d="M8.5 7h7M8.5 11.5h.1M12 11.5h.1M15.5 11.5h.1M8.5 15h.1M12 15h.1M15.5 15h.1M8.5 18h.1M12 '
        '18h3.5"/>'
    ),
    "camera": (
        '<path d="M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z"/>'
        '<circle cx="12" cy="13" r="3.5"/>'
    ),
    "cells": (
        '<path d="M4 4h16v16H4zM4 12h16M12 4v16"/>'
        '<rect x="12" y="4" width="8" height="8" fill="ACCENT" stroke="none" opacity=".55"/>'
    ),
    "chart": '<path d="M4 4v16h16"/><path d="M7 15l4-5 3 3 5-7" stroke="ACCENT"/>',
    "clip": (
        '<path d="M12 3a9 9 0 0 0 0 18z" fill="ACCENT" opacity=".45" stroke="none"/>'
        '<circle cx="12" cy="12" r="9"/><path d="M12 1.5v21"/>'
    ),
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "colors": (
        '<rect x="3" y="8" width="18" height="8" rx="1"/><path d="M9 8v8M15 8v8"/>'
        '<rect x="3.7" y="8.7" width="4.6" height="6.6" fill="ACCENT" stroke="none"/>'
        '<rect x="15.7" y="8.7" width="4.6" height="6.6" fill="RED" stroke="none"/>'
    ),
    "connect": '<path d="M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4"/>',
    "console": '<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M7 9l3 3-3 3M12.5 15H17"/>',
    "contour": (
        '<path d="M4 12c0-5 4-8 8.5-8S20 7 20 12s-3 8-8 8-8-3-8-8z"/>'
        '<path d="M8 12c0-2.5 2-4.5 4.5-4.5S16.5 9.5 16.5 12 15 16.5 12 16.5 8 14.5 8 12z" stroke="ACCENT"/>'
        '<path d="M11 12.200a1.3 1.3 0 1 1 2.6 0"/>'
    ),
    "delete": '<path d="M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6"/>',
    "disconnect": '<path d="M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4"/><path d="M4 20L20 4" stroke="RED"/>',
    "error": '<circle cx="12" cy="12" r="9" stroke="RED"/><path d="M12 7v6M12 16.5v.1" stroke="RED"/>',
    "eye": (
        '<path d="M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12z"/>'
        '<circle cx="12" cy="12" r="3" fill="FORE" stroke="none"/>'
    ),
    "eye_off": (
        '<g opacity=".4"><path d="M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12z"/>'
        '<path d="M4 20L20 4"/></g>'
    ),
    "filter": '<path d="M3 5h18l-7 8v6l-4 2v-8z"/>',
    "first": '<path d="M18 5L9 12l9 7zM6 5v14"/>',
    "fit": '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/><circle cx="12" cy="12" r="3.2" stroke="ACCENT"/>',
    "folder": '<path d="M3 6a1 1 0 0 1 1-1h5l2 2h9a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z"/>',
    "gear": (
        '<circle cx="12" cy="12" r="3"/>'
        '<path d="M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.300l2.1 2.100M16.6 16.600l2.1 2.100M5.3 '
        '18.700l2.1-2.100M16.6 7.400l2.1-2.1"/>'
    ),
    "glyph": '<path d="M4 20l6-6M10 14v4.5M10 14H5.5"/><path d="M12 12l8-8M20 4v5M20 4h-5" stroke="ACCENT"/>',
    "handles": (
        '<path d="M4 17l5-9h11l-5 9z" stroke-dasharray="3 2"/>'
        '<path d="M12 12.5V4M12 4l-2.5 3M12 4l2.5 3" stroke="ACCENT"/>'
        '<circle cx="12" cy="12.5" r="2" fill="RED" stroke="none"/>'
    ),
    "information": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.5v.1"/>',
    "last": '<path d="M6 5l9 7-9 7zM18 5v14"/>',
    "legend": (
        '<rect x="9" y="3" width="6" height="18" rx="1"/>'
        '<path d="M9 9h6M9 15h6M17.5 5H20M17.5 12H20M17.5 19H20"/>'
        '<rect x="9.7" y="15.5" width="4.6" height="4.8" fill="ACCENT" stroke="none"/>'
        '<rect x="9.7" y="3.7" width="4.6" height="4.8" fill="RED" stroke="none"/>'
    ),
    "loop": (
        '<path d="M4 12a8 8 0 0 1 13.5-5.800L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.5 5.800L4 15.5M4 20v-4.5h4.5"/>'
    ),
    "maximize": '<rect x="4" y="5" width="16" height="14" rx="1"/><path d="M4 9h16"/>',
    "message": '<path d="M4 5h16v11h-9l-4 4v-4H4z"/>',
    "next": '<path d="M6 5l9 7-9 7zM17.5 5v14" stroke-width="1.5"/>',
    "open": '<path d="M3 19V6a1 1 0 0 1 1-1h5l2 2h7a1 1 0 0 1 1 1v2"/><path d="M3 19l3-9h16l-3 9z"/>',
    "pause": '<path d="M8 5v14M16 5v14" stroke-width="3"/>',
    "play": '<path d="M7 4.5l12 7.5-12 7.5z" fill="ACCENT" stroke="ACCENT"/>',
    "points": (
        '<path d="M4 4h16v16H4z" stroke-dasharray="2.5 2"/>'
        '<circle cx="9" cy="10" r="1.8" fill="ACCENT" stroke="none"/>'
        '<circle cx="15" cy="8.5" r="1.8" fill="ACCENT" stroke="none"/>'
        '<circle cx="13.5" cy="15" r="1.8" fill="ACCENT" stroke="none"/>'
    ),
    "previous": '<path d="M18 5l-9 7 9 7zM6.5 5v14" stroke-width="1.5"/>',
    "range": ('<path d="M3 12h18M6.5 8.5L3 12l3.5 3.5M17.5 8.5L21 12l-3.5 3.5"/><path d="M12 6v12" stroke="ACCENT"/>'),
    "redo": '<path d="M20 9H9a5 5 0 0 0 0 10h4M20 9l-4-4M20 9l-4 4"/>',
    "render_view": (
        '<rect x="3" y="4" width="18" height="16" rx="1"/>'
        '<path d="M12 8l4 2.200v4.600L12 17l-4-2.200v-4.600zM12 12.5l4-2.300M12 12.5V17M12 12.5L8 10.2" '
        'stroke="ACCENT"/>'
    ),
    "reset": '<path d="M4 12a8 8 0 1 0 2.5-5.800L4 8.5M4 4v4.5h4.5"/>',
    "save": '<path d="M4 4h12l4 4v12H4zM8 4v5h7V4M7 20v-7h10v7"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l6 6"/>',
    "slice": (
        '<path d="M12 3l8 4.5v9L12 21l-8-4.5v-9z" opacity=".55"/>'
        '<path d="M4 14.5l8-4.5 8 4.5-8 4.5z" fill="ACCENT" stroke="ACCENT" fill-opacity=".5"/>'
    ),
    "source": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12c3 2.6 14 2.6 17 0M12 3.5c-3.5 3-3.5 14 0 17"/>',
    "split_horizontal": '<rect x="3" y="5" width="18" height="14" rx="1"/><path d="M12 5v14"/>',
    "split_vertical": '<rect x="3" y="5" width="18" height="14" rx="1"/><path d="M3 12h18"/>',
    "spreadsheet": '<rect x="3" y="4" width="18" height="16" rx="1"/><path d="M3 9h18M3 14.5h18M9 4v16M15 4v16"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="1.5" fill="RED" stroke="RED"/>',
    "streamlines": (
        '<path d="M3 7c5-4 9 3 18-1"/><path d="M3 13c5-4 9 3 18-1" stroke="ACCENT"/><path d="M3 19c5-4 9 3 18-1"/>'
    ),
    "subset": (
        '<rect x="3" y="3" width="18" height="18" rx="1" stroke-dasharray="3 2"/>'
        '<rect x="8" y="8" width="8" height="8" stroke="ACCENT" fill="ACCENT" fill-opacity=".4"/>'
    ),
    "threshold": (
        '<path d="M4 19h16"/><path d="M6 19v-6M10 19V7M14 19V10M18 19V4"/>'
        '<path d="M3 11.5h18" stroke="RED" stroke-dasharray="2.5 2"/>'
    ),
    "undo": '<path d="M4 9h11a5 5 0 0 1 0 10h-4M4 9l4-4M4 9l4 4"/>',
    "warning": '<path d="M12 4l9.5 16h-19z" stroke="WARM"/><path d="M12 10v5M12 17.5v.1" stroke="WARM"/>',
    "warp": (
        '<path d="M3 18h18"/><path d="M3 12c3.5 0 4-7 9-7s5.5 7 9 7" stroke="ACCENT"/>'
        '<path d="M12 15.5V8M9.5 10.5L12 8l2.5 2.5"/>'
    ),
}
"""What is drawn, in the words of SVG: ACCENT, WARM, RED and FORE are colors."""

NAMES: Final = frozenset(_PATHS)


def icon(name: str) -> QIcon:
    """Return an icon, in the colors of the present theme. Raises KeyError for one that there is not."""
    color = QGuiApplication.palette().color(QPalette.ColorRole.WindowText)
    return _icon(name, color.name())


def text_icon(text: str, color: str = "") -> QIcon:
    """Return an icon that is a short text, such as "+X", in the color of texts or in another."""
    fore = color or QGuiApplication.palette().color(QPalette.ColorRole.WindowText).name()
    return _drawn(
        f'<text x="12" y="17" text-anchor="middle" font-family="sans-serif" font-weight="bold" font-size="13" '
        f'fill="{fore}" stroke="none">{text}</text>',
        fore,
    )


@lru_cache(maxsize=512)
def _icon(name: str, color: str) -> QIcon:
    return _drawn(_PATHS[name], color)


def _drawn(path: str, color: str) -> QIcon:
    renderer, chosen = _renderer(path, color), _renderer(path, _ON_HIGHLIGHT)
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_pixmap(renderer, size))
        made.addPixmap(_faded(_pixmap(renderer, size)), QIcon.Mode.Disabled)
        made.addPixmap(_pixmap(chosen, size), QIcon.Mode.Selected)
    return made


def _renderer(path: str, color: str) -> QSvgRenderer:
    for word, meant in (("ACCENT", _ACCENT), ("WARM", _WARM), ("RED", _RED), ("FORE", color)):
        path = path.replace(word, meant)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{color}" stroke-width="1.8" '
        f'stroke-linecap="round" stroke-linejoin="round">{path}</svg>'
    )
    return QSvgRenderer(QByteArray(drawing.encode()))


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _faded(pixmap: QPixmap) -> QPixmap:
    faded = QPixmap(pixmap.size())
    faded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(faded)
    painter.setOpacity(0.35)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return faded


def swatch(color: QColor, size: int = 16) -> QIcon:
    """Return an icon that is one color, with a frame."""
    pixmap = QPixmap(size, size)
    pixmap.fill(color)
    painter = QPainter(pixmap)
    painter.setPen(QGuiApplication.palette().color(QPalette.ColorRole.Mid))
    painter.drawRect(0, 0, size - 1, size - 1)
    painter.end()
    return QIcon(pixmap)
