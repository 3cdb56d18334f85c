"""Landlock: what a process, and all that it starts, may do with files and the network, held by Linux.

Three system calls by ctypes; from the standard library alone, because it is called before anything else is imported.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import sys
from collections.abc import Iterable
from typing import Any, Final

from async_paraview.records import dataclass

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same wherever Linux has one table of system calls
_VERSION: Final = 1
_BENEATH, _PORT = 1, 2
_NO_NEW_PRIVS: Final = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHARACTER_DEVICE, _MAKE_BLOCK_DEVICE = 1 << 6, 1 << 11
_TRUNCATE, _DEVICE_CONTROL = 1 << 14, 1 << 15
_OF_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_CONTROL
_READING: Final = _READ_FILE | _READ_DIR
_NO_FILES_OF_DATA: Final = _MAKE_CHARACTER_DEVICE | _MAKE_BLOCK_DEVICE | _DEVICE_CONTROL | _EXECUTE
_RIGHTS_KNOWN: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many of the rights, from bit 0 on, an ABI knows; later ones as many as the last."""
_BIND_TCP, _CONNECT_TCP = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2
_LACKING: Final = (
    (2, "renaming into other directories"),
    (3, "truncating files"),
    (4, "TCP"),
    (5, "control of devices"),
    (6, "signals and abstract sockets"),
)
"""From which ABI on Landlock can refuse what; before, renaming is always refused, and the others never are."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("descriptor", ctypes.c_int32))


class _Port(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What stays allowed: files and directories with all that is below them; a link counts as what it leads to."""

    run: tuple[str, ...] = ()
    """To be read and executed."""
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    """To be read, written, made and removed, not executed."""
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds for this process until it ends, and for all that it starts."""

    abi: int
    """Of Landlock. Reading and writing files are refused from 1 on."""
    missing: tuple[str, ...]
    """Paths of the policy that are not there."""
    lacks: tuple[str, ...]
    """What this kernel cannot refuse."""


_held: Confinement | None = None


def held() -> Confinement | None:
    """Return how this process is confined; None if it is not."""
    return _held


def landlock_abi() -> int:
    """Return the ABI of the kernel's Landlock; 0 where there is none, or it was left out when the machine started."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM):  # the last is said by filters of containers
            return 0
        raise


def confine(policy: Policy, *, most_abi: int | None = None) -> Confinement | None:
    """Confine this thread, and all threads and processes that it begins from now on, for ever.

    To be called while the process has this one thread: numpy, ZeroMQ and VTK begin others, which stay free. What is
    open stays open. No TCP connection can be made any more, and only free ports can be listened on. `most_abi` makes
    do with what an older kernel has.

    Returns None where the kernel has no Landlock; raises OSError where it has and does not do it.
    """
    global _held
    abi = landlock_abi() if most_abi is None else min(landlock_abi(), most_abi)
    if not abi:
        return None
    rights = (1 << _RIGHTS_KNOWN[min(abi, max(_RIGHTS_KNOWN))]) - 1
    ruleset = _ruleset(abi, rights)
    try:
        missing = _allow_files(ruleset, policy, rights)
        if abi >= 4:
            free = _Port(_BIND_TCP, 0)
            _call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PORT), ctypes.byref(free), ctypes.c_uint32(0))
        if _library().prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "this process cannot give up to gain privileges, as Landlock demands")
        _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    _held = Confinement(abi, tuple(missing), tuple(what for since, what in _LACKING if abi < since))
    return _held


def _ruleset(abi: int, rights: int) -> int:
    network = _BIND_TCP | _CONNECT_TCP if abi >= 4 else 0
    scope = _ABSTRACT_SOCKETS | _SIGNALS if abi >= 6 else 0
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    wanted = _Ruleset(rights, network, scope)
    return _call(_CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), ctypes.c_uint32(0))


def _allow_files(ruleset: int, policy: Policy, rights: int) -> list[str]:
    """Add the rules; returns the paths that are not there."""
    allowed: tuple[tuple[Iterable[str], int], ...] = (
        (policy.run, _READING | _EXECUTE),
        (policy.read, _READING),
        (policy.write, ~_NO_FILES_OF_DATA),
        (policy.devices, _READING | _WRITE_FILE | _DEVICE_CONTROL),
    )
    return [path for paths, wanted in allowed for path in paths if not _allow(ruleset, path, wanted & rights)]


def _allow(ruleset: int, path: str, rights: int) -> bool:
    """Add a rule; tells whether the path is there."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        if not os.path.isdir(f"/proc/self/fd/{opened}"):
            rights &= _OF_FILES
        rule = _Beneath(rights, opened)
        _call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(opened)
    return True


@functools.cache
def _library() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    value = int(_library().syscall(ctypes.c_long(number), *arguments))
    if value < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return value
