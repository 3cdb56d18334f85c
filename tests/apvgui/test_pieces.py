"""What the window is made of and needs no window: tables, files as they are given, colors, what is remembered."""

from __future__ import annotations

import asyncio
import gc
import re
import threading
from weakref import ref

import pytest
from PySide6.QtCore import QByteArray, qInstallMessageHandler
from PySide6.QtGui import QIcon, QKeySequence

from apvgui.appearance import DARK, ERROR, LIGHT, WARNING, use_theme
from apvgui.application import close_loop, make_application, make_loop
from apvgui.colors.axis import Axis, nearest
from apvgui.command_line import parser
from apvgui.files_given import grouped, is_state
from apvgui.icons import NAMES, icon
from apvgui.memory import MOST_RECENT, Memory
from apvgui.panels.making import _EDITORS, _OF_FILES
from apvgui.views.fitting import looking_at
from apvgui.window.banner import COLORS
from apvgui.window.commands import BARS, CAMERA, COMMANDS, COMMON, MENUS, SEPARATOR
from apvgui.window.doing import _OF_SESSION, _OF_WINDOW, MODES
from servermanager.ui.panels.panel_line import EDITORS

from ..harness.time_limits import scaled


def test_every_command_is_done_shown_and_has_an_icon_that_there_is() -> None:
    done = {*_OF_SESSION, *_OF_WINDOW, *MODES, *(name for name in COMMANDS if name.startswith("look_"))}
    assert done == set(COMMANDS)
    seen = {name for names in MENUS.values() for name in names} | set(CAMERA)
    listed = {name for name in seen if name != SEPARATOR and not name.startswith("menu:")}
    assert listed == set(COMMANDS)
    assert {name for names in BARS.values() for name in names if name} <= set(COMMANDS)
    icons = {one.icon for one in COMMANDS.values() if one.icon and not one.icon.startswith("text:")}
    assert icons | set(COMMON.values()) <= NAMES


def test_no_key_means_two_things() -> None:
    make_application()
    keys = [key for one in COMMANDS.values() for key in one.keys.split(" | ") if key]
    assert len({QKeySequence(key).toString() for key in keys}) == len(keys)
    assert all(QKeySequence(key).toString() for key in keys)


def test_every_icon_can_be_drawn() -> None:
    make_application()
    for name in NAMES:
        image = icon(name).pixmap(32, 32).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(32) for y in range(32)), name


def test_icons_of_a_chosen_line_are_seen_in_front_of_its_color() -> None:
    application = make_application()
    for theme, colors in (("dark", DARK), ("light", LIGHT)):
        use_theme(application, theme)
        for name in ("eye", "eye_off"):
            image = icon(name).pixmap(32, 32, QIcon.Mode.Selected).toImage()
            pixels = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
            drawn = [one for one in pixels if one.alpha() > 60]
            assert drawn and all(contrast(one.name(), colors["Highlight"]) >= 4 for one in drawn), (theme, name)


def test_every_editor_of_the_model_has_a_widget() -> None:
    assert {*_EDITORS, *_OF_FILES, "input"} == set(EDITORS)


def luminance(color: str) -> float:
    """The relative luminance of WCAG."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colors, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("name", "colors"), [("dark", DARK), ("light", LIGHT)])
def test_texts_of_both_themes_can_be_read(name: str, colors: dict[str, str]) -> None:
    pairs = (
        ("WindowText", "Window"), ("Text", "Base"), ("Text", "AlternateBase"), ("ButtonText", "Button"),
        ("ToolTipText", "ToolTipBase"), ("HighlightedText", "Highlight"), ("Link", "Base"), ("PlaceholderText", "Base"),
    )  # fmt: skip
    found = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in pairs}
    assert all(one >= 4.5 for one in found.values()), found
    for told in (ERROR[name], WARNING[name]):
        assert contrast(told, colors["Base"]) >= 4.5 and contrast(told, colors["Window"]) >= 4.5


def test_banners_can_be_read() -> None:
    assert all(contrast(back, fore) >= 4.5 for back, fore in COLORS.values())


def test_numbered_files_are_one_series_in_the_order_of_their_numbers() -> None:
    given = ["b.vtu", "flow_10.vtu", "flow_2.vtu", "state1.pvsm", "state2.pvsm", "/d/flow_2.vtu"]
    assert grouped(given) == [
        ["b.vtu"],
        ["flow_2.vtu", "flow_10.vtu"],
        ["state1.pvsm"],
        ["state2.pvsm"],
        ["/d/flow_2.vtu"],
    ]
    assert is_state("A.PVSM") and is_state("a.json") and not is_state("a.vtu")


def test_what_was_opened_last_is_remembered_and_not_too_much_of_it() -> None:
    memory = Memory()
    assert memory.recent_files == () and memory.arrangement() is None and memory.theme == "system"
    for number in range(MOST_RECENT + 2):
        memory.add_file(f"/data/{number}.vtu")
    memory.add_file("/data/5.vtu")
    memory.theme = "dark"
    memory.keep_arrangement(QByteArray(b"here"), QByteArray(b"so"))
    again = Memory()
    assert again.recent_files[:2] == ("/data/5.vtu", f"/data/{MOST_RECENT + 1}.vtu")
    assert len(again.recent_files) == MOST_RECENT
    assert again.theme == "dark" and again.arrangement() == (QByteArray(b"here"), QByteArray(b"so"))
    again.forget_arrangement()
    assert Memory().arrangement() is None


def test_help_names_every_option_and_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    for word in ("--server-url", "--token-file", "--session", "ssh://", ".pvsm", "Ctrl+Space", "examples:"):
        assert word in told
    assert max(map(len, told.splitlines())) <= 120 and not re.search(r"\s$", told.splitlines()[0])


def test_a_camera_that_fits_a_box_looks_from_where_it_looked() -> None:
    camera = {"CameraPosition": [0.0, 0.0, 9.0], "CameraFocalPoint": [0.0, 0.0, 0.0], "CameraViewAngle": 60.0}
    found = looking_at([1.0, 3.0, -1.0, 1.0, 4.0, 4.0], camera)
    assert found["CameraFocalPoint"] == [2.0, 0.0, 4.0]
    radius = 2.0**0.5
    assert found["CameraParallelScale"] == pytest.approx(radius)
    assert found["CameraPosition"] == pytest.approx([2.0, 0.0, 4.0 + 2.0 * radius])


def test_places_along_an_axis_are_values_and_back() -> None:
    plain, logarithmic = Axis(10.0, 1000.0), Axis(10.0, 1000.0, logarithmic=True)
    assert plain.part(505.0) == 0.5 and plain.value(0.5) == 505.0
    assert logarithmic.part(100.0) == pytest.approx(0.5) and logarithmic.value(0.5) == pytest.approx(100.0)
    assert not Axis(-1.0, 1.0, logarithmic=True).is_logarithmic and Axis(2.0, 2.0).part(7.0) == 0.5
    assert plain.value(-3.0) == 10.0 and plain.value(3.0) == 1000.0
    assert (
        nearest([0.0, 0.4, 1.0], 0.43, 0.05) == 1
        and nearest([0.0, 0.4], 0.6, 0.05) is None
        and nearest([], 0, 1) is None
    )


def test_a_loop_that_was_closed_leaves_no_timer_to_the_thread_that_finds_it() -> None:
    """Timers are for their own thread only: of a deadline that was kept one is left, and goes with the loop."""
    told: list[str] = []
    before = qInstallMessageHandler(lambda kind, context, text: told.append(text))
    try:
        loop = make_loop(make_application())
        gone = ref(loop)

        async def in_time() -> None:
            async with asyncio.timeout(scaled(3600)):
                await asyncio.sleep(0)

        loop.run_until_complete(in_time())
        close_loop(loop)
        del loop
        collector = threading.Thread(target=gc.collect)
        collector.start()
        collector.join()
    finally:
        qInstallMessageHandler(before)
    assert gone() is None and told == []
