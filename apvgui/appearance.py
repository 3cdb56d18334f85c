"""How the window looks: a light and a dark palette, both readable, and the few rules beside them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

ACCENT: Final = "#2563eb"
DARK: Final = {
    "Window": "#23262b", "WindowText": "#e4e6ea", "Base": "#1a1c20", "AlternateBase": "#202328", "Text": "#e4e6ea",
    "Button": "#2d3137", "ButtonText": "#e4e6ea", "BrightText": "#ffffff", "ToolTipBase": "#31353c",
    "ToolTipText": "#e4e6ea", "Highlight": "#2f6fe0", "HighlightedText": "#ffffff", "Link": "#7cb0ff",
    "LinkVisited": "#b9a3ff", "PlaceholderText": "#8d949f", "Light": "#3a3f47", "Midlight": "#333840", "Mid": "#454b55",
    "Dark": "#7a828f", "Shadow": "#0c0d0f", "Accent": "#2f6fe0",
}  # fmt: skip
LIGHT: Final = {
    "Window": "#f3f4f6", "WindowText": "#1c1f24", "Base": "#ffffff", "AlternateBase": "#f7f8fa", "Text": "#1c1f24",
    "Button": "#fbfbfc", "ButtonText": "#1c1f24", "BrightText": "#000000", "ToolTipBase": "#ffffff",
    "ToolTipText": "#1c1f24", "Highlight": ACCENT, "HighlightedText": "#ffffff", "Link": "#1d4ed8",
    "LinkVisited": "#6d28d9", "PlaceholderText": "#6b7280", "Light": "#ffffff", "Midlight": "#e9ebee", "Mid": "#c4c9d1",
    "Dark": "#8b929d", "Shadow": "#6b7280", "Accent": ACCENT,
}  # fmt: skip
_DISABLED: Final = {"dark": "#767d88", "light": "#9299a3"}

ERROR: Final = {"dark": "#ff8a80", "light": "#b91c1c"}
WARNING: Final = {"dark": "#fbbf5d", "light": "#92500b"}
"""Colors of what went wrong, and of what is only to be said: at least 4.5 : 1 on the background of lists."""

_RULES: Final = """
QMainWindow::separator {{ background: {Window}; width: 5px; height: 5px; }}
QMainWindow::separator:hover {{ background: {Highlight}; }}
QDockWidget {{ font-weight: 600; }}
QDockWidget > QWidget {{ font-weight: normal; }}
QDockWidget::title {{ background: {Midlight}; padding: 5px 8px; text-align: left; border-bottom: 1px solid {Mid}; }}
QToolBar {{ border: 0; border-bottom: 1px solid {Mid}; spacing: 2px; padding: 2px 4px; background: {Window}; }}
QToolBar::separator {{ background: {Mid}; width: 1px; margin: 4px 4px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 3px; }}
QToolButton:hover:enabled {{ background: {Midlight}; border-color: {Mid}; }}
QToolButton:checked {{ background: {Mid}; }}
QToolButton:pressed {{ background: {Mid}; }}
QToolButton:focus {{ border-color: {Highlight}; }}
QStatusBar {{ border-top: 1px solid {Mid}; }}
QStatusBar::item {{ border: 0; }}
QTabBar::tab {{ padding: 5px 12px; border: 0; border-bottom: 2px solid transparent; background: transparent; }}
QTabBar::tab:selected {{ border-bottom-color: {Highlight}; }}
QTabBar::tab:hover {{ background: {Midlight}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {Mid}; }}
QSplitter::handle {{ background: {Window}; }}
QSplitter::handle:hover {{ background: {Highlight}; }}
QLineEdit {{ border: 1px solid {Mid}; border-radius: 3px; padding: 2px 4px; background: {Base}; }}
QLineEdit:focus {{ border-color: {Highlight}; }}
QLineEdit:disabled {{ background: {Window}; }}
QCheckBox::indicator:unchecked, QListView::indicator:unchecked {{ border: 1px solid {Dark}; border-radius: 3px;
    background: {Base}; width: 13px; height: 13px; }}
QCheckBox::indicator:unchecked:hover {{ border-color: {Highlight}; }}
QTreeView, QTableView, QListView, QPlainTextEdit, QTextBrowser {{ border: 1px solid {Mid}; }}
QDockWidget QTreeView, QDockWidget QTableView, QDockWidget QPlainTextEdit, QDockWidget QTextBrowser {{ border: 0; }}
QHeaderView::section {{ background: {Window}; border: 0; border-right: 1px solid {Mid};
    border-bottom: 1px solid {Mid}; padding: 3px 6px; }}
QScrollArea {{ border: 0; }}
QToolButton#section {{ background: transparent; border: 0; font-weight: 600; padding: 4px 2px; }}
QToolButton#section:hover {{ color: {Link}; }}
QLabel#heading {{ font-weight: 600; color: {PlaceholderText}; padding-top: 6px; }}
QMenu::item:disabled {{ color: {PlaceholderText}; }}
QToolTip {{ border: 1px solid {Mid}; padding: 4px; }}
"""


def use_theme(application: QApplication, theme: str) -> None:
    """Give the application the colors of "light" or "dark", or those of the system ("system")."""
    application.setStyle("Fusion")
    name = scheme_of(application) if theme == "system" else theme
    colors = DARK if name == "dark" else LIGHT
    application.setPalette(_palette(colors, _DISABLED[name]))
    application.setStyleSheet(_RULES.format(**colors))


def scheme_of(application: QApplication) -> str:
    """Return whether the system's colors are "dark" or "light"."""
    return "dark" if application.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"


def is_dark(palette: QPalette) -> bool:
    """Return whether texts are lighter than what they stand on."""
    return (
        palette.color(QPalette.ColorRole.Window).lightness() < palette.color(QPalette.ColorRole.WindowText).lightness()
    )


def error_color(palette: QPalette) -> QColor:
    """Return the color of what went wrong, on this palette."""
    return QColor(ERROR["dark" if is_dark(palette) else "light"])


def warning_color(palette: QPalette) -> QColor:
    """Return the color of what is only to be said, on this palette."""
    return QColor(WARNING["dark" if is_dark(palette) else "light"])


def _palette(colors: dict[str, str], disabled: str) -> QPalette:
    palette = QPalette()
    for role, color in colors.items():
        palette.setColor(QPalette.ColorRole[role], QColor(color))
    for role in ("WindowText", "Text", "ButtonText"):
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[role], QColor(disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(colors["Mid"]))
    return palette
