"""Files are replaced whole or not at all: full disks, links, modes, killed processes, several files at once."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from async_paraview import atomic_files, turns
from async_paraview.atomic_files import PREFIX, SUFFIX, AtomicFile, Staging, write_file

from ..harness.apvtest import environment
from ..harness.time_limits import scaled

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and limits of files are POSIX's")


def contents(directory: Path) -> dict[str, str]:
    return {one.relative_to(directory).as_posix(): one.read_text() for one in directory.rglob("*") if one.is_file()}


def test_a_block_that_raises_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    file.write_text("old")

    def write_and_fail() -> None:
        with AtomicFile(file) as path:
            assert path.name == file.name and path != file
            path.write_text("new")
            assert file.read_text() == "old"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert contents(tmp_path) == {"scene.json": "old"} and os.listdir(tmp_path) == ["scene.json"]
    write_file(file, "new")
    assert contents(tmp_path) == {"scene.json": "new"} and os.listdir(tmp_path) == ["scene.json"]


@POSIX
def test_a_disk_that_is_full_is_told_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    file.write_text("old")

    def fill() -> None:
        with AtomicFile(file) as path:
            path.symlink_to("/dev/full")
            path.write_bytes(bytes(100_000))

    with pytest.raises(OSError, match=r"No space left on device: .*scene\.json'$") as caught:
        fill()
    assert caught.value.errno == errno.ENOSPC and ".part" not in str(caught.value)
    assert os.listdir(tmp_path) == ["scene.json"] and file.read_text() == "old"


def test_what_cannot_be_made_durable_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File systems of networks tell of a full disk when they are asked to have it written."""
    file = tmp_path / "scene.json"
    file.write_text("old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match=r"scene\.json"):
            write_file(file, "new")
    assert contents(tmp_path) == {"scene.json": "old"} and os.listdir(tmp_path) == ["scene.json"]


def test_everything_is_on_the_disk_before_the_file_appears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        done.append("sync")
        real_fsync(handle)

    def replace(source: Path, target: Path) -> None:
        done.append("replace")
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    write_file(tmp_path / "a", b"new")
    assert done == (["sync", "replace", "sync"] if hasattr(os, "O_DIRECTORY") else ["sync", "replace"])


def test_a_file_that_others_have_open_for_a_moment_is_replaced_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where programs that look for viruses open each new file."""
    real, looks = os.replace, 3
    (tmp_path / "a").write_text("old")

    def replace(new: Path, place: Path) -> None:
        nonlocal looks
        looks -= 1
        if looks > 0:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        real(new, place)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(atomic_files, "OPEN_ELSEWHERE_S", 60.0)
    write_file(tmp_path / "a", "new")
    assert (contents(tmp_path), looks) == ({"a": "new"}, 0)
    monkeypatch.setattr(atomic_files, "OPEN_ELSEWHERE_S", 0.0)
    looks = 3
    with pytest.raises(PermissionError):
        write_file(tmp_path / "a", "newer")
    assert (contents(tmp_path), looks) == ({"a": "new"}, 2)


@POSIX
def test_modes_links_and_devices_stay_what_they_are(tmp_path: Path) -> None:
    file, link = tmp_path / "scene.json", tmp_path / "link.json"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to("scene.json")
    write_file(link, "new")
    assert link.is_symlink() and file.read_text() == "new" and file.stat().st_mode & 0o777 == 0o640
    write_file("/dev/null", "into nothing")
    assert Path("/dev/null").is_char_device()
    umask = os.umask(0o027)
    os.umask(umask)
    write_file(tmp_path / "fresh", "new")
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o666 & ~umask


@POSIX
def test_content_of_somebody_else_gets_no_right_to_act_as_the_owner(tmp_path: Path) -> None:
    file = tmp_path / "tool"
    file.write_text("old")
    file.chmod(0o6755)
    write_file(file, "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o755


@POSIX
def test_a_secret_is_never_readable_by_others(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("old")
    file.chmod(0o644)
    with AtomicFile(file, mode=0o600) as path:
        path.write_text("secret")
        assert path.parent.stat().st_mode & 0o077 == 0
    assert file.stat().st_mode & 0o777 == 0o600 and file.read_text() == "secret"


def test_a_file_that_is_not_to_be_replaced_is_not(tmp_path: Path) -> None:
    write_file(tmp_path / "key", "first", replace=False)
    with pytest.raises(FileExistsError, match="key"):
        write_file(tmp_path / "key", "second", replace=False)
    assert contents(tmp_path) == {"key": "first"} and os.listdir(tmp_path) == ["key"]


@pytest.mark.skipif(os.name == "nt" or IS_ROOT, reason="who may write everything is never refused")
def test_a_write_protected_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    file.write_text("old")
    file.chmod(0o444)
    with pytest.raises(PermissionError, match=r"scene\.json"):
        AtomicFile(file)


@pytest.mark.skipif(not IS_ROOT, reason="only root gives files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    file.write_text("old")
    os.chown(file, 12345, 23456)
    write_file(file, "new")
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)


def test_a_directory_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "scene").mkdir()
    with pytest.raises(IsADirectoryError, match="scene"):
        write_file(tmp_path / "scene", "new")
    with pytest.raises(FileNotFoundError, match="there is no directory"):
        write_file(tmp_path / "nowhere" / "scene", "new")
    assert os.listdir(tmp_path) == ["scene"]


def written(staging: Staging, *names: str) -> None:
    for name in names:
        path = staging.directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("new")


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("fails_at", range(5))
def test_several_files_are_replaced_together_or_not(
    fails_at: int, links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where old files cannot be kept by links, and the fourth of the moves is the list of the others."""
    old = {"a_0": "old", "gone": "old", "list": "old", "mine": "mine"}
    for name, text in old.items():
        (tmp_path / name).write_text(text)
    real, moves = os.replace, 0

    def replace(source: Path, target: Path) -> None:
        nonlocal moves
        if PREFIX in str(source) and PREFIX not in str(target):
            moves += 1
            if moves == fails_at:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(source, target)

    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "replace", replace)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with Staging(tmp_path / "list") as staging:
        written(staging, "pieces/0", "a_0", "a_1", "list")
        if fails_at:
            with pytest.raises(OSError, match="list"):
                staging.publish(["pieces", "a_0", "a_1", "list"], removed=["gone"])
        else:
            staging.publish(["pieces", "a_0", "a_1", "list"], removed=["gone"])
    new = {"pieces/0": "new", "a_0": "new", "a_1": "new", "list": "new", "mine": "mine"}
    assert contents(tmp_path) == (old if fails_at else new)
    assert not list(tmp_path.glob(f"{PREFIX}*"))


KILLED = """
import os, signal, sys
from async_paraview.atomic_files import AtomicFile
with AtomicFile(sys.argv[1]) as path:
    path.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@POSIX
def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    file.write_text("old")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(file)], env=environment(), timeout=scaled(30))
    assert ended.returncode == -signal.SIGKILL and file.read_text() == "old"
    left = next(iter(tmp_path.glob(f"{PREFIX}*{SUFFIX}")))
    write_file(file, "new")
    assert left.is_dir(), "it may be of a process that has just begun"
    before = time.time() - 1000
    os.utime(left, (before, before))
    with Staging(file) as in_use:
        os.utime(in_use.directory, (before, before))
        write_file(file, "newer")
        assert in_use.directory.is_dir() and not left.exists()
    assert os.listdir(tmp_path) == ["scene.json"] and file.read_text() == "newer"


@POSIX
def test_old_files_that_a_killed_process_had_put_aside_are_kept(tmp_path: Path) -> None:
    left = tmp_path / f"{PREFIX}x{SUFFIX}"
    (left / ".kept").mkdir(parents=True)
    (left / ".kept" / "a").write_text("precious")
    before = time.time() - 1000
    os.utime(left, (before, before))
    write_file(tmp_path / "b", "new")
    assert (left / ".kept" / "a").read_text() == "precious"


def test_directories_that_cannot_be_synced_are_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync
    directories = atomic_files.sync_directory

    def fsync(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    directories(tmp_path)
    write_file(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"


@pytest.mark.parametrize("write", [lambda file: write_file(file, "x" * 10), lambda file: write_file(file, b"x" * 10)])
def test_less_than_all_is_no_success(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda self, data: real(self, bytes(data)[:5]))
    with pytest.raises(OSError, match="5 of 10 bytes were written"):
        write(tmp_path / "a")
    assert os.listdir(tmp_path) == []


@POSIX
def test_one_at_a_time_replaces_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes later waits, is told if that takes too long, and finds whatever the first has made."""
    first, second = Staging(tmp_path / "list"), Staging(tmp_path / "list")
    with first, second:
        for staging, text in ((first, "first"), (second, "second")):
            for name in ("a", "list"):
                (staging.directory / name).write_text(text)
        with first.alone():
            first.publish(["a", "list"])
            with monkeypatch.context() as patch:
                patch.setattr(turns, "WAIT_S", 0.0)
                with pytest.raises(TimeoutError, match="another program has been about to replace files there"):
                    second.publish(["a", "list"])
            assert contents(second.directory) == {"a": "second", "list": "second"}
            write_file(tmp_path / "alone", "single files do not wait")
        second.publish(["a", "list"])
    assert contents(tmp_path) == {"a": "second", "list": "second", "alone": "single files do not wait"}


def test_a_name_is_reserved_for_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    first, second = Staging(tmp_path / "list"), Staging(tmp_path / "list")
    with second:
        with first:
            assert first.reserve(["a", "a_1", "a_2"]) == "a_1"
            assert second.reserve(["a", "a_1", "a_2"]) == "a_2"
            assert second.reserve(["a", "a_1"]) is None
            assert first.written() == second.written() == []
        assert second.reserve(["a", "a_1"]) == "a_1"
    assert os.listdir(tmp_path) == ["a"]


@POSIX
@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.EXDEV])
def test_where_there_are_no_hard_links_a_new_file_appears_all_the_same(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on FAT, and on directories of other machines: keys and tokens could not be made there."""

    def link(*_names: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", link)
    write_file(tmp_path / "key", "new", mode=0o600, replace=False)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "key", "newer", replace=False)
    assert contents(tmp_path) == {"key": "new"} and os.listdir(tmp_path) == ["key"]

    def fails(_new: Path, place: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(place))

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match=r"other'$"):
        write_file(tmp_path / "other", "new", replace=False)
    assert os.listdir(tmp_path) == ["key"]


@POSIX
def test_a_disk_that_nothing_can_be_written_to_is_no_lack_of_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")
    found = os.statvfs(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_asked: False)
    with pytest.raises(PermissionError):
        write_file(tmp_path / "a", "new")
    read_only = os.statvfs_result([*found[:8], found.f_flag | os.ST_RDONLY, *found[9:]])
    monkeypatch.setattr(os, "statvfs", lambda _path: read_only)
    with pytest.raises(OSError, match=r"Read-only file system: .*a'$") as raised:
        write_file(tmp_path / "a", "new")
    assert raised.value.errno == errno.EROFS and contents(tmp_path) == {"a": "old"}
