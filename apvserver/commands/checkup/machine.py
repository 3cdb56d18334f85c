"""What a server needs of its machine: versions, OpenGL, backends, ports and limits."""

from __future__ import annotations

import platform
import socket
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Final

from async_paraview.credentials import ConnectionFile, config_directory, new_token, runtime_directory
from async_paraview.interpreter.lock import gil_enabled
from services_core import PROTOCOL_VERSION, Backend, ConfigurationError, __version__, backend_class, known_backends

from ...confinement import landlock_abi
from ...vtk.rendering.opengl import OpenGLUnavailable, require_opengl
from .finding import Finding, Verdict

DEFAULT_PORT: Final = 11111
FEW_FILES: Final = 512
"""A session takes about ten descriptors of the server."""

PACKAGES: Final = ("vtk", "numpy", "pyzmq", "msgpack", "pillow")
CODECS: Final = {
    "JPEG": ("simplejpeg", "Pillow, which takes longer", "fast"),
    "exact images": ("lz4", "zlib, which takes longer", "fast"),
    "H.264": ("av", "none", "video"),
}
"""What makes images of a kind, what there is without that package, and by which extra it comes."""


def look_at_machine() -> Iterator[Finding]:
    """Yield what is found, in the order of the report."""
    yield from versions()
    yield from backends()
    yield opengl()
    yield port()
    yield from limits()
    yield landlock()
    yield from directories()


def versions() -> Iterator[Finding]:
    """Yield the versions of all that takes part."""
    protocol = ".".join(map(str, PROTOCOL_VERSION))
    yield Finding("async-paraview", f"{__version__}, protocol {protocol}")
    yield Finding("Python", f"{platform.python_version()} ({platform.python_implementation()}), {sys.executable}")
    yield Finding("system", platform.platform())
    for name in PACKAGES:
        try:
            yield Finding(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            told = f"not installed: pip install {name}; or this Python is not the one that async-paraview was given"
            yield Finding(name, told, Verdict.FAILED)
    yield codecs()


def codecs() -> Finding:
    """Return what images are made with here, and read; that one takes longer, or is not there, is worth a note."""
    told, extras = [], []
    for kind, (package, instead, extra) in CODECS.items():
        try:
            told.append(f"{kind} by {package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            told.append(f"{kind} by {instead}")
            extras += [extra] if extra not in extras else []
    seen = ", ".join(told)
    if not extras:
        return Finding("image codecs", seen)
    return Finding("image codecs", f"{seen}: pip install 'async-paraview[{','.join(extras)}]'", Verdict.NOTE)


def backends() -> Iterator[Finding]:
    """Yield every backend that can be chosen, and whether it can be loaded."""
    for name in known_backends():
        try:
            found = backend_class(name)
        except ConfigurationError as error:
            yield Finding(f"backend {name}", str(error), Verdict.FAILED)
        else:
            yield Finding(f"backend {name}", f"{', '.join(found.schemes)}; {_place(found)}")


def _place(backend: type[Backend]) -> str:
    if backend.crosses_processes:
        return "sessions in worker processes"
    return "sessions in threads" if gil_enabled() else "no sessions: this Python has no lock (GIL), which VTK needs"


def opengl() -> Finding:
    """Return how pictures are drawn here."""
    try:
        report = require_opengl()
    except (OpenGLUnavailable, ConfigurationError) as error:
        return Finding("OpenGL", str(error), Verdict.FAILED)
    named = [part for part in (report.renderer, report.version) if part]
    return Finding("OpenGL", f"{report.window_class}: {', '.join(named) or 'as the environment says'}")


def port(number: int = DEFAULT_PORT) -> Finding:
    """Return whether the port that servers take unless told is free."""
    what = f"port {number}"
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            told = f"cannot be taken: {error.strerror}; perhaps by a server that runs: choose another with -p"
            return Finding(what, told, Verdict.NOTE)
    return Finding(what, "free on 127.0.0.1")


def limits() -> Iterator[Finding]:
    """Yield what the system allows a process."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < FEW_FILES:
        told = f"{soft}, which is enough for about {soft // 10} sessions: ulimit -n {min(4096, hard)}"
        yield Finding("open files", told, Verdict.NOTE)
    else:
        yield Finding("open files", f"{_amount(soft)} (at most {_amount(hard)})")
    memory, _ = resource.getrlimit(resource.RLIMIT_AS)
    if memory >= 0:
        yield Finding("memory of a process", f"{memory / 2**30:.1f} GiB (ulimit -v)", Verdict.NOTE)


def landlock() -> Finding:
    """Return whether the kernel can hold workers to the directories that --data-root names."""
    abi = landlock_abi()
    if abi:
        return Finding("Landlock", f"ABI {abi}")
    told = "none here: --data-root is kept by the names of files alone (docs/security.md)"
    return Finding("Landlock", told, Verdict.NOTE if sys.platform == "linux" else Verdict.FINE)


def directories() -> Iterator[Finding]:
    """Yield where connection files and keys are, and whether a connection file can be written that no other reads."""
    yield Finding("keys", f"in {config_directory()}")
    trial = ConnectionFile(url="tcp://127.0.0.1:0", token=new_token())
    try:
        trial.write()
    except ConfigurationError as error:
        yield Finding("connection files", str(error), Verdict.FAILED)
    else:
        trial.remove()
        yield Finding("connection files", f"in {runtime_directory()}")


def _amount(limit: int) -> str:
    return str(limit) if limit >= 0 else "any"
