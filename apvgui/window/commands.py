"""What can be done by menus, tool bars and keys: one table. Knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Needs = Literal["", "session", "source", "handles", "view", "scene", "undo", "redo", "executing"]
"""What has to be there: a session, an active source, an active view, one that is a scene, something to take back."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done. `keys` as Qt writes them, several between " | ", "" for none."""

    text: str
    tip: str = ""
    icon: str = ""
    keys: str = ""
    needs: Needs = "session"
    checkable: bool = False


COMMANDS: Final[Mapping[str, Command]] = {
    # File
    "open": Command("&Open...", "Open files of the server", "open", "Ctrl+O"),
    "load_state": Command(
        "&Load State...", "Make what a state file describes: .json, or .pvsm of ParaView", "", "Ctrl+L"
    ),
    "save_state": Command("&Save State...", "Write all there is: .json, or .pvsm for ParaView", "save", "Ctrl+S"),
    "save_script": Command("Save as &Python Script...", "Write a script for apvpython that makes all this"),
    "save_data": Command(
        "Save &Data...", "Write the output of the active source to a file of the server", "", "", "source"
    ),
    "save_screenshot": Command(
        "Save Screens&hot...", "Write a picture of the active view", "camera", "Ctrl+Shift+S", "view"
    ),
    "export": Command("&Export View...", "Write what the active view shows: glTF, SVG, PDF, ...", "", "", "view"),
    "save_animation": Command("Save &Animation...", "Write pictures of all times, or a video", "", "", "view"),
    "connect": Command("&Connect...", "Choose where the session is", "connect", "", ""),
    "disconnect": Command("&Disconnect", "Close the session", "disconnect"),
    "restart": Command("&Restart Session", "End the process of the session, and go on in a new one with all there is"),
    "quit": Command("&Quit", "Close the session and the window", "", "Ctrl+Q", ""),
    # Edit
    "undo": Command("&Undo", "Take back the last change", "undo", "Ctrl+Z", "undo"),
    "redo": Command("&Redo", "Do again what was taken back", "redo", "Ctrl+Shift+Z | Ctrl+Y", "redo"),
    "auto_apply": Command("&Apply at Once", "Set what is entered at once; else it waits for Apply", "", "", "", True),
    "delete": Command("&Delete", "Delete the active source", "delete", "", "source"),
    "rename": Command("Re&name", "Give the active source another name", "", "F2", "source"),
    "copy": Command("Dupl&icate", "Make another source with the same properties and inputs", "", "Ctrl+D", "source"),
    "stop": Command("&Stop", "Interrupt what executes", "stop", "Esc", "executing"),
    "search": Command("&Search Sources and Filters...", "Find a type by a part of its name", "search", "Ctrl+Space"),
    # View
    "fit": Command("&Fit", "Fit the camera to all that is visible", "fit", "", "scene"),
    "fit_data": Command("Fit &Active Source", "Fit the camera to the active source", "", "", "scene"),
    "look_+X": Command("Look along +X", "", "text:+X", "", "scene"),
    "look_-X": Command("Look along -X", "", "text:-X", "", "scene"),
    "look_+Y": Command("Look along +Y", "", "text:+Y", "", "scene"),
    "look_-Y": Command("Look along -Y", "", "text:-Y", "", "scene"),
    "look_+Z": Command("Look along +Z", "", "text:+Z", "", "scene"),
    "look_-Z": Command("Look along -Z", "", "text:-Z", "", "scene"),
    "turn_left": Command("Turn 90 Degrees Counterclockwise", "", "undo", "", "scene"),
    "turn_right": Command("Turn 90 Degrees Clockwise", "", "redo", "", "scene"),
    "select_points": Command(
        "Select &Points", "Select points that are seen, in a rectangle", "points", "", "scene", True
    ),
    "select_cells": Command("Select &Cells", "Select cells that are seen, in a rectangle", "cells", "", "scene", True),
    "widget": Command(
        "&Handles of the Active Source",
        "Show, in the view, what moves its plane, line, seeds, ...",
        "handles",
        "",
        "handles",
        True,
    ),
    "orientation_axes": Command(
        "Orientation A&xes", "Show small axes at the lower left of the active view", "", "", "scene", True
    ),
    "zoom_to_box": Command("&Zoom to Box", "Zoom to a rectangle", "search", "", "scene", True),
    "clear_selection": Command("Clear Selection", "Select nothing any more"),
    "new_layout": Command("New &Layout", "Another tab with an empty cell", "add", "Ctrl+T"),
    "split_right": Command(
        "Split &Right", "An empty cell at the right of the active view", "split_horizontal", "", "view"
    ),
    "split_below": Command("Split &Below", "An empty cell below the active view", "split_vertical", "", "view"),
    "maximize": Command("&Maximize View", "Show the active view alone, or all again", "maximize", "", "view"),
    "full_screen": Command("F&ull Screen", "", "", "F11", ""),
    # Time
    "time_first": Command("First", "Go to the first time", "first", "Ctrl+Home"),
    "time_previous": Command("Previous", "Go to the time before", "previous", "Ctrl+Left"),
    "time_play": Command("Play", "Go through all times", "play", "Ctrl+P"),
    "time_next": Command("Next", "Go to the next time", "next", "Ctrl+Right"),
    "time_last": Command("Last", "Go to the last time", "last", "Ctrl+End"),
    "time_loop": Command("Loop", "Begin again after the last time", "loop", "", "session", True),
    # Help
    "keys": Command("&Keys and Mouse", "What keys and mouse buttons do", "", "F1", ""),
    "help_type": Command(
        "Help on the &Active Type", "Documentation of the active source's type", "", "Shift+F1", "source"
    ),
    "about": Command("&About", "", "", "", ""),
}

SEPARATOR: Final = ""
MENUS: Final[Mapping[str, tuple[str, ...]]] = {
    "&File": (
        "open", "menu:recent", SEPARATOR, "load_state", "save_state", "save_script", SEPARATOR, "save_data",
        "save_screenshot", "save_animation", "export", SEPARATOR, "connect", "disconnect", "restart", SEPARATOR, "quit",
    ),
    "&Edit": (
        "undo", "redo", SEPARATOR, "stop", SEPARATOR, "rename", "copy", "delete", SEPARATOR,
        "auto_apply", SEPARATOR, "search",
    ),
    "&View": (
        "menu:docks", "menu:bars", "menu:theme", SEPARATOR, "fit", "fit_data", "menu:camera", "orientation_axes",
        "widget", SEPARATOR, "select_points", "select_cells", "zoom_to_box", "clear_selection", SEPARATOR, "new_layout",
        "split_right", "split_below", "maximize", "full_screen",
    ),
    "&Sources": (),
    "Fi&lters": (),
    "&Time": ("time_first", "time_previous", "time_play", "time_next", "time_last", "time_loop"),
    "&Help": ("keys", "help_type", SEPARATOR, "about"),
}  # fmt: skip
CAMERA: Final = (
    "look_+X", "look_-X", "look_+Y", "look_-Y", "look_+Z", "look_-Z", "turn_left", "turn_right",
)  # fmt: skip
BARS: Final[Mapping[str, tuple[str, ...]]] = {
    "Main": (
        "open", "save_state", "save_screenshot", SEPARATOR, "connect", SEPARATOR, "undo", "redo", "stop",
        SEPARATOR, "search",
    ),
    "Camera": ("fit", *CAMERA[:6], SEPARATOR, "select_points", "select_cells", "zoom_to_box", SEPARATOR,
        "widget",
    ),
    "Time": ("time_first", "time_previous", "time_play", "time_next", "time_last", "time_loop"),
}  # fmt: skip
COMMON: Final[Mapping[str, str]] = {
    "Calculator": "calculator", "Contour": "contour", "Clip": "clip", "Slice": "slice", "Threshold": "threshold",
    "ExtractSubset": "subset", "Glyph": "glyph", "StreamTracer": "streamlines", "WarpByVector": "warp",
}  # fmt: skip
"""Filters that have a button, and its icon."""

MOUSE: Final = (
    ("Left button", "rotate; in a view whose InteractionMode is 2D, pan"),
    ("Middle button, Shift + left", "pan"),
    ("Right button, Ctrl + left, wheel", "zoom; the wheel about the pointer"),
    ("Ctrl + Shift + left, Shift + middle", "roll"),
    ("Click", "what is there, with its values"),
    ("Two fingers", "pan, zoom and roll"),
)
KEYS_OF_VIEWS: Final = (
    ("R", "fit the camera"),
    ("X, Y, Z; with Shift", "look along an axis; from the other side"),
    ("S, W, E, V", "show as surface, wireframe, surface with edges, points"),
    ("Arrows; with Shift", "turn; pan"),
    ("+, -, [, ]", "zoom and roll"),
    ("P", "what is under the pointer"),
    ("Esc", "leave a mode of selecting"),
)
