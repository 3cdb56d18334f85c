"""Finds out, without risking this process, how this machine can render off screen.

VTK ends the process with a segmentation fault when a window renders without a usable OpenGL, so the
first picture is drawn by a child process. `start_probe()` lets that child work (about half a second)
while the caller goes on; `require_opengl()` waits for its verdict. A process that knows the verdict hands
it to the processes it starts by `OpenGLReport.environment()`, which makes theirs free.

`python -m apvserver.vtk.rendering.opengl` prints the verdict: exit code 0 if rendering works, else 1.
"""

from __future__ import annotations

import atexit
import gc
import json
import logging
import os
import platform
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_logger = logging.getLogger(__name__)

KNOWN_WINDOW_VARIABLE = "APV_OPENGL_WINDOW"
"""Environment variable: the window class a parent process has already seen working."""
RETRY_S = 30.0
"""So long after a probe should have ended that found nothing, the next who asks has it done again: a display, a driver,
or a machine that is less busy may be there by then."""
_DETAIL_LINES = 2
_COLOR_CODES = re.compile(r"\x1b\[[0-9;]*m")

_PACKAGES = {
    "debian": "apt-get install libegl1 libgl1-mesa-dri",
    "fedora": "dnf install mesa-libEGL mesa-dri-drivers",
    "suse": "zypper install Mesa-libEGL1 Mesa-dri",
    "arch": "pacman -S mesa libglvnd",
    "alpine": "apk add mesa-egl mesa-gl mesa-dri-gallium",
}
_FAMILIES = {"ubuntu": "debian", "rhel": "fedora", "centos": "fedora", "opensuse": "suse", "sles": "suse"}


class OpenGLUnavailable(RuntimeError):
    """Nothing can be rendered on this machine; the message says what was tried and what to install.

    Not below `VtkError`: this file also runs by itself, as the probing child, and imports no other.
    """


@dataclass(frozen=True)
class OpenGLReport:
    """How to render off screen here.

    `window_class` names the class of `vtkRenderingOpenGL2` (or `vtkRenderWindow`, VTK's own choice) that
    drew a correct picture; `renderer`, `version` and `vendor` are OpenGL's words for itself, `libraries` what it has
    loaded to draw in software: all empty if a parent process did the probing.
    """

    window_class: str
    renderer: str = ""
    version: str = ""
    libraries: tuple[str, ...] = ()
    vendor: str = ""

    def environment(self) -> dict[str, str]:
        """Return variables for child processes of this machine, so that they need not probe again."""
        return {KNOWN_WINDOW_VARIABLE: self.window_class}


def candidate_windows(system: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return window classes worth trying, best first.

    On Linux EGL comes before X even if there is a display: it needs no server, no permission, and
    prints no warning when DISPLAY is empty or wrong. `VTK_DEFAULT_OPENGL_WINDOW` overrules all.
    """
    if chosen := environment.get("VTK_DEFAULT_OPENGL_WINDOW"):
        return (chosen,)
    if system in {"Darwin", "Windows"}:
        return ("vtkRenderWindow",)
    x11 = ("vtkXOpenGLRenderWindow",) if environment.get("DISPLAY") else ()
    return ("vtkEGLRenderWindow", *x11, "vtkOSOpenGLRenderWindow")


def installation_hint(system: str, distributions: Iterable[str]) -> str:
    """Return one sentence: what to install. `distributions` are ID and ID_LIKE of /etc/os-release, nearest first."""
    if system == "Darwin":
        return "Run the server in the session of a user logged in to the desktop, not as a daemon or over ssh."
    if system == "Windows":
        return (
            "Install the graphics card's driver. Without a card, or over Remote Desktop (OpenGL 1.1 only), put "
            "Mesa's opengl32.dll and libgallium_wgl.dll (github.com/pal1000/mesa-dist-win) beside python.exe."
        )
    families = [_FAMILIES.get(stem := name.split("-")[0], stem) for name in distributions]
    if known := next((_PACKAGES[name] for name in families if name in _PACKAGES), None):
        return f"Install Mesa's software OpenGL: {known}"
    choices = "; ".join(f"{family}: {command}" for family, command in _PACKAGES.items())
    return f"Install libEGL and Mesa's software drivers ({choices})."


def create_window(window_class: str) -> Any:
    """Return a new, not yet initialized VTK render window of the class a report names."""
    import vtkmodules.vtkRenderingOpenGL2 as opengl2
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

    if window_class == "vtkRenderWindow":
        return vtkRenderWindow()
    try:
        return getattr(opengl2, window_class)()
    except AttributeError:
        known = ", ".join(name for name in dir(opengl2) if name.endswith("RenderWindow"))
        message = f"this VTK has no window class {window_class!r}; it has {known}"
        raise OpenGLUnavailable(message) from None


class OpenGLProbe:
    """A probe under way in a child process. Thread-safe; made by `start_probe()`.

    `told`: another process looks, and its verdict is told by `hear`; this one looks only if that does not come.
    """

    def __init__(self, *, told: bool = False) -> None:
        self._lock = threading.Lock()
        self._report: OpenGLReport | None = None
        self._failure: str | None = None
        self._wait_s = _wait_s()
        self._deadline = time.monotonic() + self._wait_s
        self._child: subprocess.Popen[str] | None = None
        self._candidates = list(candidate_windows(platform.system(), os.environ))
        if known := os.environ.get(KNOWN_WINDOW_VARIABLE):
            self._report = OpenGLReport(known)
        elif not told:
            self._child = _start_child(self._candidates[0])
        self._told = threading.Event() if told else None
        self._pid = os.getpid()
        self._ended = False
        atexit.register(self.end)

    def result(self) -> OpenGLReport:
        """Wait, at most as long as the settings say (30 s) from the start, and return the report.

        Raises `OpenGLUnavailable` if no candidate drew the test picture, each time it is called; after `RETRY_S` it
        looks again. Raises RequestCancelled if this process is about to end.
        """
        with self._lock:
            if self._told is not None:
                self._told.wait(max(0.0, self._deadline - time.monotonic()))
            if self._failure is not None and time.monotonic() - self._deadline >= RETRY_S:
                self._failure, self._deadline = None, time.monotonic() + self._wait_s
            if self._report is None and self._failure is None:
                self._try_candidates()
            if self._report is not None:
                return self._report
            if self._ended:
                from services_core import RequestCancelled  # here: the child that draws needs none of it

                raise RequestCancelled("whether anything can be rendered here was not found out: this process ends")
            raise OpenGLUnavailable(self._failure)

    def hear(self, window_class: str, failure: str) -> None:
        """Take the verdict of another process: a window class, or why there is none. Never waits."""
        if window_class:
            self._report = OpenGLReport(window_class)
        else:
            self._failure = failure
        if self._told is not None:
            self._told.set()

    def environment(self) -> dict[str, str]:
        """Return what the report's `environment` will be; empty while there is none. Never waits."""
        return {} if self._report is None else self._report.environment()

    def _try_candidates(self) -> None:
        tried = []
        for name in self._candidates:
            if self._ended:
                break
            if self._child is None:
                self._child = _start_child(name)
            verdict = self._verdict(self._child, name)
            self._child = None
            if isinstance(verdict, OpenGLReport):
                self._report = verdict
                _logger.info("rendering with %s on %s", verdict.window_class, verdict.renderer)
                return
            tried.append(f"  {name}: {verdict}")
        self._failure = _failure_message(tried)

    def _verdict(self, child: subprocess.Popen[str], name: str) -> OpenGLReport | str:
        try:
            output, errors = child.communicate(timeout=max(0.1, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            return f"no picture within {self._wait_s:g} s; if this machine is slow, or busy, set APV_OPENGL_WAIT"
        return read_verdict(name, child.returncode, output, errors)

    def end(self) -> None:
        """Give up: this process is about to end."""
        if os.getpid() != self._pid:
            return  # it is of the process that this one was forked from
        self._ended = True
        child = self._child
        if child is not None:
            child.kill()
        if child is not None and self._lock.acquire(blocking=False):  # else a thread waits for it, and reaps it
            try:
                child.communicate()
            finally:
                self._lock.release()


def _wait_s() -> float:
    from ...settings import adopted  # here: the child that draws is no part of a package

    return adopted().opengl_wait_s


_probe: OpenGLProbe | None = None
_probe_lock = threading.Lock()


def start_probe() -> OpenGLProbe:
    """Start probing, once per process, and return at once; later calls return the same handle."""
    global _probe
    with _probe_lock:
        if _probe is None:
            _probe = OpenGLProbe()
        return _probe


def expect_verdict() -> None:
    """Have this process told how to render, by `hear_verdict`, in place of finding it out."""
    global _probe
    with _probe_lock:
        _probe = OpenGLProbe(told=True)


def hear_verdict(window_class: str, failure: str = "") -> None:
    """Take the verdict that is expected: a window class, or, if that is empty, why nothing can be rendered."""
    if _probe is not None:
        _probe.hear(window_class, failure)


def end_probe() -> None:
    """End the probe under way, if there is one: this process is about to end without what it does at exit."""
    if _probe is not None:
        _probe.end()


def known_environment() -> dict[str, str]:
    """Return variables for processes started now: with them they need not probe. Empty if this one knows nothing."""
    return {} if _probe is None else _probe.environment()


def _forget_probe() -> None:
    """Forget, in a forked process, the probe under way: it is another's, and its lock may be held for ever."""
    global _probe, _probe_lock
    _probe, _probe_lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_probe)


def require_opengl() -> OpenGLReport:
    """Return how to render here; waits for the probe and starts it if nobody has. Cached per process.

    Raises `OpenGLUnavailable` with what to install. Never crashes this process.
    """
    return start_probe().result()


def read_verdict(name: str, exit_code: int, output: str, errors: str) -> OpenGLReport | str:
    """Return what a child that tried window class `name` found: a report, or why not."""
    if exit_code == 0:
        for line in reversed(output.splitlines()):
            if line.startswith('{"renderer"'):
                found = json.loads(line)
                libraries = tuple(found.get("libraries", ()))
                return OpenGLReport(name, found["renderer"], found["version"], libraries, found.get("vendor", ""))
    lines = [_COLOR_CODES.sub("", line).rpartition("| ")[2].strip() for line in errors.splitlines()]
    detail = " / ".join([line for line in lines if line][-_DETAIL_LINES:])
    ending = f"crashed with signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
    return f"{ending}{': ' if detail else ''}{detail}"


def _failure_message(tried: list[str]) -> str:
    system = platform.system()
    lines = ["no usable OpenGL: nothing can be rendered on this machine.", *tried]
    if chosen := os.environ.get("VTK_DEFAULT_OPENGL_WINDOW"):
        lines.append(f"Unset VTK_DEFAULT_OPENGL_WINDOW (now {chosen!r}) to try the other ways, or:")
    lines.append(installation_hint(system, _distributions() if system == "Linux" else ()))
    return "\n".join(lines)


def _distributions() -> list[str]:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return []
    return [release.get("ID", ""), *release.get("ID_LIKE", "").split()]


def _start_child(window_class: str) -> subprocess.Popen[str]:
    from async_paraview.interpreter.module_path import python_path  # here: this file is run by its path

    # By path, not by -m: works wherever the package was imported from. -P keeps this folder off sys.path.
    command = [sys.executable, "-P", os.path.abspath(__file__), "--draw", window_class]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        env={**os.environ, **python_path()},
    )


def _forbid_core_dump() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _draw(window_class: str) -> int:
    """Do the child's work: a red triangle over the whole window, whose middle must be red. May crash."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # VTK imports it if it is there; it is a quarter of the time
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

    try:
        window = create_window(window_class)
    except OpenGLUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    window.SetOffScreenRendering(True)
    window.SetSize(16, 16)
    window.AddRenderer(_test_scene())
    window.Render()
    pixel = vtkUnsignedCharArray()
    window.GetPixelData(8, 8, 8, 8, 1, pixel, 0)
    if pixel.GetNumberOfTuples() != 1 or pixel.GetTuple3(0) != (255, 0, 0):
        print("the test picture came out wrong", file=sys.stderr)
        return 1
    lines = (line.partition(" string:") for line in window.ReportCapabilities().splitlines())
    words = {key: value.strip() for key, _separator, value in lines}
    found = {"renderer": words.get("OpenGL renderer", ""), "version": words.get("OpenGL version", "")}
    told = {**found, "vendor": words.get("OpenGL vendor", ""), "libraries": _libraries_of(found["renderer"])}
    print(json.dumps(told))
    window.Finalize()
    return 0


def _libraries_of(renderer: str) -> list[str]:
    """Return the large libraries that are loaded to draw in software; those of a device are for its driver to load."""
    maps = "/proc/self/maps"
    if not renderer.startswith("llvmpipe") or not os.path.exists(maps):
        return []
    try:
        with open(maps, encoding="utf-8", errors="replace") as lines:
            loaded = {line.split(maxsplit=5)[5].strip() for line in lines if "/" in line}
    except PermissionError:  # of a worker that is confined: nobody shares libraries with it
        return []
    return sorted(path for path in loaded if re.search(r"/(libLLVM|libgallium|swrast_dri)[^/]*$", path))


def _test_scene() -> Any:
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

    points, triangle = vtkPoints(), vtkCellArray()
    for corner in ((-9, -9, 0), (9, -9, 0), (0, 9, 0)):
        points.InsertNextPoint(corner)
    triangle.InsertNextCell(3, (0, 1, 2))
    surface, mapper, actor, renderer = vtkPolyData(), vtkPolyDataMapper(), vtkActor(), vtkRenderer()
    surface.SetPoints(points)
    surface.SetPolys(triangle)
    mapper.SetInputData(surface)
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(1, 0, 0)
    actor.GetProperty().LightingOff()
    renderer.AddActor(actor)
    renderer.GetActiveCamera().SetPosition(0, 0, 5)
    return renderer


def main(arguments: list[str]) -> int:
    """Print whether, and how, this machine can render; return 0 if it can."""
    if len(arguments) == 2 and arguments[0] == "--draw":
        _forbid_core_dump()
        code = _draw(arguments[1])
        gc.freeze()  # or Python would go through all classes of VTK at its end, three times: an eighth of all it takes
        return code
    try:
        report = require_opengl()
    except OpenGLUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    print(f"OpenGL works: {report.window_class}, {report.renderer}, {report.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
