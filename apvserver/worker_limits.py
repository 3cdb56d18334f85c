"""What a worker may reach and take, from plain data. From the standard library alone: see `limit_worker`."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .confinement import Policy, confine
from .memory import machine_bytes
from .memory_bound import bound_memory

_PACKAGES: Final = str(Path(__file__).resolve().parents[1])
_LIBRARIES: Final = ("/usr/lib*", "/lib*", "/usr/local/lib*")
_OF_THE_SYSTEM: Final = ("/", "/usr", "/usr/local")
"""Prefixes of a Python of the system's: its libraries are those of the system, and the rest is not needed."""
_READ: Final = (
    "/usr/share", "/usr/local/share",  # fonts, time zones, glvnd's list of OpenGL's vendors
    "/etc/ld.so.cache", "/etc/fonts", "/etc/glvnd", "/etc/localtime", "/var/cache/fontconfig",
    "/sys/devices", "/sys/dev/char", "/sys/class/drm",  # OpenGL looks for its devices
    "/proc/stat", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm",
    "/proc/self/stat", "/proc/self/statm", "/proc/self/status", "/proc/self/maps",  # not environ, which has secrets
    "/dev/urandom", "/dev/zero",
)  # fmt: skip
_CACHES: Final = (
    ("MPLCONFIGDIR", "matplotlib", ""),
    ("MESA_SHADER_CACHE_DIR", "mesa_shader_cache", "mesa_shader_cache"),
)
"""Libraries with files for the next process: the variable, the name in the user's cache, that below its value."""
_MOST_CACHED: Final = 2000
"""More files than this are not copied for a worker."""
_WRITTEN_BY_MPI: Final = ("/dev/shm",)
"""Memory that the ranks of a session share on one machine."""
_READ_BY_MPI: Final = ("/sys/devices", "/sys/class", "/sys/kernel", "/sys/fs/cgroup", "/sys/bus", "/etc/hosts", "/proc")
"""How libraries of MPI find out about the machine and each other."""
_DEVICES: Final = ("/dev/null", "/dev/dri", "/dev/nvidia*")


def limit_worker(told: Mapping[str, Any]) -> list[str]:
    """Bound this worker's memory and confine it to its roots; returns what there is to log of it.

    `told` is what a worker gets on its standard input: "settings", "directory" and "path" count. To be called while
    the process has one thread: before numpy, ZeroMQ or VTK are imported, or, in a process that was forked with them,
    before any of them has begun a thread there. Raises OSError if the kernel can do it and does not.
    """
    settings = told["settings"]
    machine_bytes()  # while it can be looked at
    bound_memory(settings["max_memory"], settings["vtk_threads"])
    policy = worker_policy(settings, told["directory"], told["path"])
    if policy is None:
        return []
    give_caches(told["directory"])
    held = confine(policy)
    if held is None:
        return ["this system has no Landlock: clients are kept below the roots by names of files alone"]
    return [f"Landlock {held.abi} cannot refuse {', '.join(held.lacks)}"] if held.lacks else []


def worker_policy(settings: Mapping[str, Any], directory: str, path: Sequence[str]) -> Policy | None:
    """Return what a worker may reach with these settings; None: whatever its user may.

    `directory` is its own, `path` where it looks for modules. Without data roots everything may be read, and only
    writing is confined.
    """
    roots, write_roots = settings["data_roots"], settings["write_roots"]
    if settings["confine"] == "off" or not (roots or write_roots):
        return None
    of_ranks = settings["ranks"] > 1
    devices = tuple(found for pattern in _DEVICES for found in sorted(glob.glob(pattern)))
    writable = (directory, *write_roots, *(_WRITTEN_BY_MPI if of_ranks else ()))
    if not roots:
        return Policy(run=("/",), write=writable, devices=devices)
    cache = [] if settings["cache"] == "off" else [settings["cache"] or _users_cache()]
    readable = (*_READ, *roots, *settings["definitions"], *cache, *(_READ_BY_MPI if of_ranks else ()))
    return Policy(run=_code(path, (directory, *roots, *write_roots)), read=readable, write=writable, devices=devices)


def _code(path: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return where Python, its modules and the system's libraries are.

    Not the current directory, which Python puts into its path by itself when it is started with -m, and no directory
    that holds one of `others`, such as that of a script in /tmp: nobody has said that clients may read them.
    """
    named = [os.path.realpath(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    kept = {*named, _PACKAGES}
    no_code = {os.path.realpath(os.curdir), *(str(above) for one in others for above in Path(one).resolve().parents)}
    modules = [one for one in path if os.path.realpath(one) not in no_code - kept]
    prefixes = [one for one in (sys.prefix, sys.base_prefix) if one not in _OF_THE_SYSTEM]
    libraries = [found for pattern in _LIBRARIES for found in sorted(glob.glob(pattern))]
    linked = [one for one in _linked_libraries(prefixes) if one not in no_code]
    return tuple(dict.fromkeys((*prefixes, sys.executable, *modules, _PACKAGES, *libraries, *linked)))


def _linked_libraries(prefixes: Sequence[str]) -> list[str]:
    """Return where libraries are that stand in a prefix as links: in environments that are views of a store."""
    links = [one for prefix in prefixes for one in glob.glob(os.path.join(glob.escape(prefix), "lib", "lib*.so*"))]
    return sorted({os.path.dirname(os.path.realpath(one)) for one in links if os.path.islink(one)})


def give_caches(directory: str) -> None:
    """Have libraries keep their caches in a worker's directory, each a copy of what the user's has now.

    What a worker wrote into that itself, others would read: shaders and lists of fonts, which take seconds to make.
    """
    for variable, name, below in _CACHES:
        given = os.environ.get(variable)
        source = os.path.join(given, below) if given else os.path.join(_cache_home(), name)
        target = os.environ[variable] = os.path.join(directory, variable.lower())
        if sum(len(files) for _, _, files in os.walk(source)) <= _MOST_CACHED:
            with contextlib.suppress(OSError):  # shutil.Error, too: what is missing is made anew
                shutil.copytree(source, os.path.join(target, below), dirs_exist_ok=True)


def _users_cache() -> str:
    """Return where `reflection_cache` has its files: it may be read, and not be written, which others would read."""
    return os.path.join(_cache_home(), "async-paraview")


def _cache_home() -> str:
    return os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
