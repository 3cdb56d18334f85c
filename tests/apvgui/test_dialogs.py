"""Dialogs: where the session is, files of the server, searching types; none holds up the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from apvgui.background import Background
from apvgui.dialogs.connect import ConnectDialog
from apvgui.dialogs.files import FilesDialog
from apvgui.dialogs.type_search import TypeSearch
from apvgui.window.main_window import MainWindow
from apvgui.window.server_choice import ServerChoice

from ..harness.apvtest import Server, poll_async
from .driving import first_view, in_window_loop, made, room_of, settled, window


def dialog_of(shown: MainWindow, kind: type[QDialog]) -> QDialog:
    """The dialog of a kind that is open."""
    found = [one for one in shown.findChildren(kind) if one.isVisible()]
    assert len(found) == 1
    return found[0]


@in_window_loop
async def test_a_wrong_address_is_said_in_the_dialog_and_a_right_one_is_chosen() -> None:
    failed: list[str] = []
    background = Background(lambda about, error: failed.append(f"{about}: {error}"))
    dialog = ConnectDialog(None, background.start, ["tcp://here:1"], ServerChoice(url="udp://nowhere"))
    chosen: list[ServerChoice] = []
    dialog.chosen.connect(chosen.append)
    dialog.show()
    dialog.try_choice()
    told = await poll_async(lambda: dialog.error, what="what is wrong")
    assert "udp://nowhere" in told and not chosen and dialog.isVisible()
    right = ConnectDialog(None, background.start, [], ServerChoice(url="ssh://me@bigmachine"))
    right.chosen.connect(chosen.append)
    right.show()
    right.try_choice()
    await poll_async(lambda: chosen, what="what was chosen")
    assert chosen == [ServerChoice(url="ssh://me@bigmachine")] and not right.isVisible()
    waits = ConnectDialog(None, background.start, [], ServerChoice(url="reverse+tcp://127.0.0.1:4321"))
    assert waits.choice().url == "reverse+tcp://127.0.0.1:11111"
    assert ConnectDialog(None, background.start, [], ServerChoice(backend="zmq")).choice() == ServerChoice(
        backend="zmq"
    )
    await background.end()
    assert not failed


@in_window_loop
async def test_a_server_is_connected_to_in_the_place_of_the_session_that_there_was() -> None:
    with Server("zmq") as server:
        async with window() as shown:
            await made(shown, "Sphere")
            before = room_of(shown)
            shown.do("connect")
            dialog = dialog_of(shown, ConnectDialog)
            assert isinstance(dialog, ConnectDialog)
            dialog.chosen.emit(ServerChoice(url=server.url))
            dialog.reject()
            await poll_async(lambda: shown.room not in (None, before), deadline_s=60, what="the other session")
            room = room_of(shown)
            assert room.session.about["url"] == server.url and not room.session.proxies.sources()
            assert server.url in shown.status.connection and server.url in shown.windowTitle()
            assert shown.memory.recent_servers == (server.url,)
            assert shown.console.interpreter.names["session"] is room.session
            await made(shown, "Cone")
            await settled(first_view(shown))
            shown.do("disconnect")
            await poll_async(lambda: shown.room is None, what="the end of the session")
            assert shown.status.connection == "no session" and not shown.menus.actions["open"].isEnabled()


@in_window_loop
async def test_files_of_the_server_are_listed_searched_and_opened(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "notes.txt~").write_text("none")
    async with window() as shown:
        room = room_of(shown)
        sphere = await made(shown, "Sphere")
        for number in (1, 2, 10):
            await room.session.save_data(tmp_path / f"ball_{number}.vtp", sphere)
        shown.do("open")
        dialog = dialog_of(shown, FilesDialog)
        assert isinstance(dialog, FilesDialog)
        dialog.go(str(tmp_path))
        names = await poll_async(lambda: _names(dialog) if "below" in _names(dialog) else None, what="the files")
        assert len(names) == 2 and "(3 files)" in names[1]  # a folder, and a series; what no reader takes is left out
        dialog.go(str(tmp_path / "none"))
        await poll_async(lambda: "none" in dialog.error, what="the error")
        assert _names(dialog) == names
        item = dialog.list.topLevelItem(1)
        assert item is not None
        item.setSelected(True)
        dialog.decide()
        await poll_async(lambda: len(room.session.proxies.sources()) == 2, what="the reader")
        reader = room.session.proxies.sources()[1]
        files = reader.set_values()["FileNames"]
        assert [Path(one).name for one in files] == ["ball_1.vtp", "ball_2.vtp", "ball_10.vtp"]
        await poll_async(lambda: "of 3" in shown.times.text, deadline_s=30, what="three times")
        assert room.session.undo.labels == ("add Sphere", "create FileSeriesReader"), "times are found by themselves"
        shown.do("time_last")
        await poll_async(lambda: "3 of 3" in shown.times.text, deadline_s=30, what="the last time")


def _names(dialog: FilesDialog) -> list[str]:
    items = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
    return [one.text(0) for one in items if one is not None]


@in_window_loop
async def test_a_filter_is_found_by_a_part_of_its_name_and_made_by_the_keyboard() -> None:
    async with window() as shown:
        await made(shown, "Sphere")
        shown.do("search")
        dialog = dialog_of(shown, TypeSearch)
        assert isinstance(dialog, TypeSearch)
        QTest.keyClicks(dialog.field, "shrin")
        await poll_async(lambda: dialog.list.count() and dialog.list.item(0).text().startswith("Shrink"), what="Shrink")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        browser = room_of(shown).workspace.browser
        await poll_async(lambda: [one.name for one in browser.rows] == ["Sphere1", "Shrink1"], what="the filter")
